"""The parts below the screens: lines, the editor, the registry of actions, answer sheets."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.view import Shown
from studyapp.tui.actions import ACTIONS, CONTEXT_WORDS
from studyapp.tui.app import SCREENS, StudyApp
from studyapp.tui.cards.make import sheet_for
from studyapp.tui.fit import can_run, too_small
from studyapp.tui.keymap import Keys
from studyapp.tui.sheets.chosen import ChoiceSheet, MultiSheet, OrderSheet, TrueFalseSheet
from studyapp.tui.sheets.typed import AloudSheet, BlanksSheet, LineSheet, ListSheet
from studyapp.tui.text.edit import Edit
from studyapp.tui.text.ink import Block, Piece, beside, cell_width, heading, lay, line_text, rule, width_of
from studyapp.tui.text.md import inline, markdown
from studyapp.tui.text.words import count, meter, share, when
from studyapp.tui.themes import PALETTES, PLAIN_ROLES, role_styles

SHOWN = dict(key="c:i", section="s", ask="Ask ____ and ____?", draw="00000000")
OPTIONS = (("a", "one"), ("b", "two"), ("c", "three"))


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, "Identity drift   What scores see  2 of 4"),
        (32, "Identity drift   What s…  2 of 4"),
        (18, "Identity drift   …"),
        (12, "Identity dr…"),
    ],
)
def test_a_heading_keeps_its_right_while_the_title_fits(room: int, shown: str) -> None:
    title, number = (Piece("Identity drift"), Piece("   What scores see")), (Piece(" 2 of 4"),)
    assert line_text(lay([heading(title, number, room)], room)[0]) == shown


@given(st.text(max_size=200), st.integers(8, 100))
def test_no_line_is_wider_than_it_may_be(text: str, width: int) -> None:
    for line in lay(markdown(text, width), width):
        assert width_of(line) <= width


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_control_characters_never_reach_a_line(text: str) -> None:
    shown = "".join(line_text(line) for line in lay([Block(tuple(inline(text)))], 40))
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)


def test_brackets_are_text() -> None:
    assert "".join(piece.text for piece in inline("[CLS] token [/b] [red]")) == "[CLS] token [/b] [red]"


def test_hanging_prefix_right_part_and_crop() -> None:
    long = Block((Piece("aaa bbb ccc ddd"),), first=(Piece("1 "),), rest=(Piece("  "),), right=(Piece("R"),))
    assert [line_text(line) for line in lay([long], 12)] == ["1 aaa bbb  R", "  ccc ddd"]
    assert line_text(lay([Block((Piece("a long line of text"),), wrap=False)], 10)[0]).endswith("…")
    assert line_text(beside([(Piece("a"),)], [(Piece("b"),)], 3)[0]) == "a     b"


def test_rule_is_a_progress_bar() -> None:
    assert line_text(rule(10, 0.3)) == "━━━───────"
    assert line_text(rule(4)) == "────"


@given(
    st.lists(
        st.sampled_from(
            [
                "left",
                "right",
                "home",
                "end",
                "backspace",
                "delete",
                "ctrl+w",
                "ctrl+u",
                "ctrl+k",
                "ctrl+left",
                "ctrl+right",
                "up",
                "down",
                "enter",
                "a",
                " ",
                "漢",
            ]
        ),
        max_size=60,
    ),
    st.booleans(),
    st.integers(12, 40),
)
def test_the_editor_keeps_its_cursor_in_the_text_and_paints_every_row_full(keys: list[str], lines: bool, width: int) -> None:
    edit = Edit("some text", lines=lines)
    for key in keys:
        edit.key(key, key if len(key) == 1 else None)
        assert 0 <= edit.at <= len(edit.text)
        rows = edit.painted(width)
        assert all(width_of(row) == width for row in rows)
        assert sum("edit" in piece.role for row in rows for piece in row) == 1


def test_the_editor_edits_as_one_expects() -> None:
    edit = Edit("patch token")
    edit.key("ctrl+w", None)
    assert edit.text == "patch "
    edit.key("home", None)
    edit.key("x", "x")
    assert edit.text == "xpatch "
    edit.key("ctrl+k", None)
    assert (edit.text, edit.at) == ("x", 1)
    edit.insert("two\nlines\x1b[31m")
    assert edit.text == "xtwo lines[31m"
    assert not edit.key("enter", None)


def test_every_action_has_a_handler_and_its_own_key() -> None:
    from importlib import import_module

    screens = [getattr(import_module(f"studyapp.tui.screens.{path.split(':')[0]}"), path.split(":")[1]) for path in SCREENS.values()]
    screens += [import_module("studyapp.tui.screens.dialog").LineDialog, import_module("studyapp.tui.screens.code").CodeScreen]
    screens.append(import_module("studyapp.tui.screens.pictures").PicturesScreen)
    sheets = ("ask.", "type.")  # done by the answer sheets
    for action in ACTIONS:
        handled = action.id.startswith(sheets) or any(hasattr(screen, "do_" + action.id.replace(".", "_")) for screen in screens)
        assert handled, action.id
        assert action.group in CONTEXT_WORDS
        assert action.help.endswith((".", ")"))
    assert Keys().clashes() == []
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_remapping_moves_a_key_and_names_a_clash() -> None:
    keys = Keys({"rate.good": "g, z", "rate.easy": "g"})
    assert keys.resolve(["rate"], "3", "3") is None
    assert keys.resolve(["rate"], "z", "z") == (keys.actions["rate.good"], 1)
    assert keys.written("rate.good") == "g"
    assert keys.clashes() == ["g is both rate.good and rate.easy"]


def test_footer_leaves_out_keys_that_would_type() -> None:
    keys = Keys()
    assert keys.written("card.hint") == "h"
    assert keys.written("card.hint", typing=True) == "F6"
    assert "card.page" not in [action.id for action in keys.footer(["typing", "card"], typing=True)]


@pytest.mark.parametrize(
    ("sheet", "draft", "value"),
    [
        (LineSheet(Shown(kind="short", form="short", **SHOWN)), "patch token", "patch token"),
        (BlanksSheet(Shown(kind="cloze", form="cloze", blanks=2, **SHOWN)), "a\nb", ["a", "b"]),
        (ListSheet(Shown(kind="list", form="list", slots=2, **SHOWN)), "a\nb", ["a", "b"]),
        (AloudSheet(Shown(kind="explain", form="explain", **SHOWN)), "two\nlines", "two\nlines"),
        (OrderSheet(Shown(kind="order", form="order", steps=OPTIONS, **SHOWN)), "c\na\nb", ["c", "a", "b"]),
        (MultiSheet(Shown(kind="choice", form="choice", options=OPTIONS, choose=2, **SHOWN)), "a\nc", ["a", "c"]),
        (TrueFalseSheet(Shown(kind="true-false-repair", form="true-false-repair", **SHOWN)), "false\nso", {"value": False, "repair": "so"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_draft_brings_a_sheet_back(sheet: object, draft: str, value: object) -> None:
    sheet.restore(draft)  # type: ignore[attr-defined]
    assert sheet.draft() == draft  # type: ignore[attr-defined]
    assert sheet.value() == value  # type: ignore[attr-defined]


def test_arrows_and_x_mark_what_lies_beyond_the_ninth_option() -> None:
    options = tuple((letter, f"picture {letter}") for letter in "abcdefghijkl")
    sheet = MultiSheet(Shown(kind="pick", form="pick", options=options, **SHOWN), count=2)
    keys = Keys()
    for key in ["2", *["down"] * 12, "x"]:
        found = keys.resolve(sheet.contexts(), key, None)
        assert found is not None
        sheet.act(found[0].id, found[1])
    assert sheet.value() == ["b", "l"]
    rows = [line_text(line) for line in lay(list(sheet.blocks(60)), 60)]
    assert " ▸ 12  [x] picture l" in rows
    assert any("x marks" in row for row in rows)


def test_a_word_left_half_typed_is_gone_on_with() -> None:
    sheet = BlanksSheet(Shown(kind="cloze", form="cloze", blanks=2, **SHOWN))
    sheet.restore("sequ")
    assert (sheet.at, sheet.field_text()) == (0, "sequ")


@pytest.mark.parametrize("draft", ["", "nonsense", "x\ny\nz", "\n\n\n"])
@pytest.mark.parametrize(
    "form", ["basic", "choice", "order", "list", "cloze", "short", "true-false-repair", "explain", "number", "missing"]
)
def test_a_draft_of_another_version_of_the_card_does_no_harm(form: str, draft: str) -> None:
    from studyapp.api.views import CardView

    shown = Shown(kind=form, form=form, options=OPTIONS, steps=OPTIONS, slots=2, blanks=2, **SHOWN)
    card = CardView("c:i", "i", form, "s", "S", "new", shown, False, draft=draft)
    sheet = sheet_for(card)
    lay(list(sheet.blocks(40)), 40)
    sheet.value()


def test_choice_letters_belong_to_rows() -> None:
    sheet = ChoiceSheet(Shown(kind="choice", form="choice", options=OPTIONS, **SHOWN), True)
    sheet.act("ask.choose_likely", 2)
    assert (sheet.value(), sheet.confidence) == ("c", 70)


def test_where_the_screen_can_run() -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    tty, file = Tty(), io.StringIO()
    assert can_run(tty, tty, {"TERM": "xterm-256color"}, tty) is None
    assert "TERM=dumb" in str(can_run(tty, tty, {"TERM": "dumb"}, tty))
    assert "standard input" in str(can_run(file, tty, {}, tty))
    assert "standard output" in str(can_run(tty, file, {}, tty))
    assert "standard error" in str(can_run(tty, tty, {}, file))
    assert too_small(40, 10) is None
    assert too_small(20, 5) == "the terminal is too small (20x5): make it at least 40x12"


def test_words() -> None:
    assert count(1, "card") == "1 card"
    assert count(1400, "card") == "1,400 cards"
    assert share(None) == "–"
    assert line_text(meter(0.5, 4)) == "━━──"
    assert when("2026-03-02T16:20+01:00") == "Monday 2 March, 16:20"


@pytest.mark.parametrize("name", PALETTES)
def test_texts_of_a_theme_reach_a_contrast_of_4_5(name: str) -> None:
    palette = PALETTES[name]
    for ground in (palette.ground, palette.panel):
        for ink in (palette.ink, palette.dim, palette.accent, palette.good, palette.warn, palette.bad, palette.code):
            assert contrast(ink, ground) >= 4.5, (ink, ground)


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio."""

    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_without_colour_every_role_exists_and_has_none() -> None:
    assert PLAIN_ROLES.keys() == role_styles("dark").keys()
    assert all(style.color is None and style.bgcolor is None for style in PLAIN_ROLES.values())


def test_cells_are_counted_as_the_terminal_does() -> None:
    assert cell_width("漢字") == 4
    assert StudyApp.TITLE == "studyapp"
