"""The keys of a study session, for each kind of card, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Card = Callable[..., StudyApp]
Text = Callable[[StudyApp], str]


def answers(study: Study) -> list[dict[str, Any]]:
    """The answers in the log, oldest first."""
    rows = study.conn.execute("SELECT payload FROM events WHERE kind = 'answer' ORDER BY utc_ms, uuid").fetchall()
    import json

    return [json.loads(row[0]) for row in rows]


async def press(pilot: Pilot[Any], keys: str) -> None:
    """Keys with commas between; "text: words" types them."""
    for key in keys.split(","):
        if key.startswith("text: "):
            await pilot.press(*("space" if char == " " else char for char in key.removeprefix("text: ")))
        else:
            await pilot.press(key)
    await pilot.pause()


# What each kind takes: keys to the reveal, and what must then be stored when Enter (or a rating) follows.
FLOWS = [
    ("plain-basic", "space", "3", None, 3),
    ("plain-basic", "enter", "1", None, 1),
    ("pick-one", "2", "enter", "c", 1),
    ("pick-one", "4", "enter", "a", 3),
    ("pick-one", "down,down,down,down,enter", "4", "a", 4),
    ("pick-both", "1,3,enter", "enter", ["b", "a"], 3),
    ("true-or-not", "1", "enter", True, 1),
    ("true-or-not", "t", "2", True, 2),
    ("true-or-not", "2,text: so,enter", "a,enter", {"value": False, "repair": "so"}, 3),
    ("put-in-order", "3,2,1,space", "enter", ["split", "flatten", "project", "add"], 3),
    ("put-in-order", "1,backspace,3,1,2,space", "enter", ["split", "project", "flatten", "add"], 2),
    ("put-in-order", "3,2,4,shift+up,space", "enter", ["split", "flatten", "project", "add"], 3),
    ("a-case", "2", "enter", "b", 1),
    ("say-short", "text: patch token,enter", "enter", "patch token", 3),
    ("say-short", "text: pixel,enter", "enter", "pixel", 1),
    ("fill-blanks", "text: sequence,enter,text: tokens,enter", "enter", ["sequence", "tokens"], 3),
    ("fill-blanks", "text: sequense,enter,up,backspace,backspace,text: ce,enter,text: tokens,enter", "enter", ["sequence", "tokens"], 3),
    ("how-many", "text: 14*14,enter", "enter", "14*14", 3),
    ("how-many", "text: 14,enter", "enter", "14", 1),
    ("name-three", "text: bridge,enter,text: encoder,enter,text: llm,enter", "enter", ["bridge", "encoder", "llm"], 3),
    ("name-three", "text: bridge; encoder; llm,enter", "enter", ["bridge", "encoder", "llm"], 3),
    ("name-three", "text: bridge,enter,enter", "enter", ["bridge"], 2),
    ("fill-gap", "text: bridge,enter", "enter", "bridge", 3),
    ("tell-apart", "space,a,b", "enter", None, 3),
    ("why-patches", "enter,a,b", "enter", None, 3),
    ("why-patches", "text: cost,f5,a,b,b", "1", "cost", 1),
]


@pytest.mark.parametrize(("item", "keys", "grade", "value", "rating"), FLOWS)
async def test_keys_of_a_kind(item: str, keys: str, grade: str, value: Any, rating: int, card: Card, study: Study) -> None:
    async with card(item).run_test() as pilot:
        await press(pilot, keys)
        assert not answers(study)  # nothing is recorded before the grade
        await press(pilot, grade)
        assert [(row["value"], row["rating"]) for row in answers(study)] == [(value, rating)]


@pytest.mark.parametrize(
    ("item", "keys", "confidence"),
    [
        ("plain-basic", "j", 35),
        ("plain-basic", "k", 70),
        ("plain-basic", "l", 95),
        ("plain-basic", "space", None),
        ("pick-one", "r", 95),
        ("pick-one", "f", 70),
        ("pick-one", "v", 35),
        ("pick-one", "4", None),
        ("how-many", "text: 196,f2", 35),
        ("how-many", "text: 196,f3", 70),
        ("how-many", "text: 196,f4", 95),
        ("how-many", "text: 196,enter", None),
        ("true-or-not", "1,l", 95),
        ("put-in-order", "3,2,1,k", 70),
    ],
)
async def test_the_reveal_key_is_the_confidence(item: str, keys: str, confidence: int | None, card: Card, study: Study) -> None:
    async with card(item, confidence=True).run_test() as pilot:
        await press(pilot, keys + ",3")
        assert [row["confidence"] for row in answers(study)] == [confidence]


async def test_lab_card_is_answered_without_its_lab(card: Card, study: Study, text_of: Text) -> None:
    app = card("lab-card")
    async with app.run_test() as pilot:
        assert "patch tokens" in text_of(app)
        await press(pilot, "text: 1,enter,enter")
        assert answers(study)[-1]["rating"] == 1


async def test_a_near_miss_has_one_free_try(card: Card, study: Study, text_of: Text) -> None:
    app = card("say-short")
    async with app.run_test() as pilot:
        await press(pilot, "text: token,enter")
        assert "Close" in text_of(app)
        assert "token" in text_of(app)
        await press(pilot, "ctrl+u,text: patch token,enter,enter")
        assert [row["outcome"] for row in answers(study)] == ["right"]


async def test_a_refused_answer_is_told_and_kept(card: Card, study: Study, text_of: Text) -> None:
    app = card("how-many")
    async with app.run_test() as pilot:
        await press(pilot, "text: many,enter")
        assert "many" in text_of(app)
        assert not answers(study)
        assert app.screen.edit.text == "many"  # type: ignore[attr-defined]


async def test_enter_without_a_proposal_asks_for_a_rating(card: Card, study: Study, text_of: Text) -> None:
    app = card("plain-basic")
    async with app.run_test() as pilot:
        await press(pilot, "space,enter")
        assert "rate it yourself" in text_of(app)
        assert not answers(study)


async def test_undo_goes_back_face_by_face_and_card_by_card(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        first = text_of(app)
        await press(pilot, "2")
        assert "Not right" in text_of(app)
        await press(pilot, "u")
        assert text_of(app) == first
        await press(pilot, "2,enter")
        assert len(answers(study)) == 1
        await press(pilot, "u")
        assert "Not right" not in text_of(app)
        assert study.due().new == 14 - 1  # the lab's card is met in its lab
        assert not study.run().desk.row("kinds:pick-one").reps


async def test_hint_is_shown_and_counted(card: Card, study: Study, text_of: Text) -> None:
    app = card("say-short")
    async with app.run_test() as pilot:
        await press(pilot, "f6")
        assert "Two words" in text_of(app)
        await press(pilot, "text: patch token,enter,enter")
        assert answers(study)[0]["hints"] >= 1


async def test_what_was_typed_is_there_after_leaving(card: Card, study: Study, text_of: Text) -> None:
    app = card("say-short")
    async with app.run_test() as pilot:
        await press(pilot, "text: patch,escape")
        assert app.screen.name == "home"
    again = StudyApp(study, "study")
    async with again.run_test() as pilot:
        assert again.screen.edit.text == "patch"  # type: ignore[attr-defined]


async def test_a_revealed_card_is_still_revealed_after_leaving(card: Card, study: Study, text_of: Text) -> None:
    async with card("pick-one").run_test() as pilot:
        await press(pilot, "2,escape")
    again = StudyApp(study, "study")
    async with again.run_test():
        assert "← yours" in text_of(again)


async def test_suspend_skip_and_flag(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        await press(pilot, "minus")
        assert "suspended" in text_of(app)
        before = text_of(app)
        await press(pilot, "tab")
        assert text_of(app) != before
        await press(pilot, "exclamation_mark,text: odd,enter")
        assert "flagged" in text_of(app)
    assert study.stats()["flagged"][0]["notes"] == ["odd"]
    assert study.stats()["suspended"] == ["kinds:pick-one"]


async def test_copy_puts_the_card_on_the_clipboard(card: Card) -> None:
    app = card("plain-basic")
    async with app.run_test() as pilot:
        await press(pilot, "space,y")
        assert "compressed codes" in app.clipboard


async def test_why_and_page_open_and_close(card: Card, text_of: Text) -> None:
    app = card("pick-one")
    async with app.run_test() as pilot:
        await press(pilot, "4,i")
        assert app.screen.name == "text"
        await press(pilot, "escape,p")
        assert "pixels ─► patches" in text_of(app)
        await press(pilot, "q")
        assert app.screen.name == "study"


async def test_mouse_chooses_and_rates(card: Card, study: Study, text_of: Text) -> None:
    app = card("pick-one")
    async with app.run_test() as pilot:
        row = next(n for n, line in enumerate(app.screen.paper.lines) if any(piece.text == "197" for piece in line))  # type: ignore[attr-defined]
        await pilot.click("#paper", offset=(12, row))
        assert "Not right" in text_of(app)
        line = app.screen.dock_bar.lines[1]  # type: ignore[attr-defined]
        column = 0
        for piece in line:
            if piece.click == "rate.good":
                break
            column += len(piece.text)
        await pilot.click("#dock", offset=(column + 1, 1))
        assert [row["rating"] for row in answers(study)] == [3]


async def test_fast_keys_over_a_turn_go_where_they_belong(study: Study) -> None:
    """A typed card follows a chosen one: keys sent in one burst, as by an expert or a slow line."""
    for other in ("pick-both", "true-or-not", "put-in-order", "a-case"):
        study.suspend(other)
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        await pilot.press("4", "enter", *"patch", "space", *"token", "enter", "enter")
        await pilot.pause()
        assert [row["value"] for row in answers(study)] == ["a", "patch token"]


async def test_course_text_is_never_markup(card: Card, text_of: Text) -> None:
    app = card("pick-one")
    async with app.run_test():
        assert "without [CLS]?" in text_of(app)


async def test_a_lucky_answer_counts_as_not_known(card: Card, study: Study) -> None:
    async with card("pick-one").run_test() as pilot:
        await press(pilot, "4,x,enter")
        assert [row["rating"] for row in answers(study)] == [1]


async def test_editing_needs_a_terminal_to_hand_over(card: Card, text_of: Text) -> None:
    app = card("pick-one")
    async with app.run_test() as pilot:
        await press(pilot, "E")
        assert "cannot be handed over" in text_of(app)
