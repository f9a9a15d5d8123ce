"""Going from screen to screen: home, quiz, pages, settings, help, palette, small terminals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_home_leads_everywhere_and_back(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        for key, name in [
            ("s", "study"),
            ("t", "quiz"),
            ("l", "labs"),
            ("p", "pages"),
            ("v", "stats"),
            ("r", "readiness"),
            ("comma", "settings"),
        ]:
            await press(pilot, key)
            assert app.screen.name == name
            await press(pilot, "escape")
            assert app.screen.name == "home"


async def test_home_goes_on_with_enter_and_opens_rows(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await press(pilot, "enter")
        assert app.screen.name == "study"
        await press(pilot, "escape", "j", "j", "enter")
        assert app.screen.name == "page"
        await press(pilot, "s")
        assert app.screen.name == "study"
        assert app.screen.card.section == "s02"  # type: ignore[attr-defined]


async def test_q_on_home_leaves_with_code_0(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await press(pilot, "q")
    assert app.return_value == 0


async def test_a_page_opens_before_a_sections_first_new_card_once(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(study.desk), "_page_seen", lambda desk, item: False)
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.name == "page"
        await press(pilot, "enter")
        assert app.screen.name == "study"


async def test_quiz_ends_with_what_to_revisit(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "quiz", {"kind": "section", "section": "s01"})
    async with app.run_test() as pilot:
        for _ in range(5):
            await press(pilot, "space", "1")
        assert app.screen.name == "result"
        assert "0 of 5 right" in text_of(app)
        assert "To revisit" in text_of(app)
        await press(pilot, "enter")
        assert app.screen.name == "home"


async def test_quiz_can_be_ended_and_resumed(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "quiz", {"kind": "section", "section": "s01"})
    async with app.run_test() as pilot:
        await press(pilot, "space", "3", "escape")
    again = StudyApp(study, "quiz", {"kind": "section", "section": "s01"})
    async with again.run_test() as pilot:
        assert "2 of 5" in text_of(again)
        await press(pilot, "f10")
        assert again.screen.name == "result"


async def test_settings_are_changed_and_refused(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "settings")
    async with app.run_test() as pilot:
        await press(pilot, "enter", "ctrl+u", *"0.95", "enter")
        assert str(study.setting("retention")["value"]) == "0.95"
        await press(pilot, "enter", "ctrl+u", *"7", "enter")
        assert "from 0.70 to 0.99" in text_of(app)
        await press(pilot, "d")
        assert str(study.setting("retention")["value"]) == "0.9"


async def test_theme_changes_at_once_and_is_kept(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await press(pilot, "ctrl+t")
        assert app.theme == "light"
    assert study.setting("theme")["value"] == "light"


async def test_help_lists_the_keys_of_the_screen_below(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        await press(pilot, "question_mark")
        assert "Choose this option and see the answer." in text_of(app)
        await press(pilot, "escape")
        assert app.screen.name == "study"


async def test_palette_does_an_action_of_the_screen(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert any(title.startswith("Statistics") for title in titles)
        await press(pilot, "ctrl+p")
        await press(pilot, *"statistics")
        await pilot.pause(0.5)
        await press(pilot, "enter")
        await pilot.pause(0.2)
        assert app.screen.name == "stats"


async def test_search_finds_cards_and_shows_them(study: Study, text_of: Text) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await press(pilot, "slash", *"autoencoder", "enter")
        assert "1 found" in text_of(app)
        await press(pilot, "enter")
        assert "compressed codes" in text_of(app)


async def test_remapped_keys_work_and_are_shown(study: Study, text_of: Text) -> None:
    study.set_setting("keys.rate.good", "g")
    study.set_setting("keys.home.stats", "z")
    app = StudyApp(study)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "z statistics" in text_of(app)
        await press(pilot, "v")
        assert app.screen.name == "home"
        await press(pilot, "z")
        assert app.screen.name == "stats"


@pytest.mark.parametrize("size", [(20, 5), (39, 24), (80, 9)])
async def test_a_small_terminal_asks_for_room_and_gives_the_screen_back(size: tuple[int, int], study: Study, text_of: Text) -> None:
    app = StudyApp(study, "study")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        before = text_of(app)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert app.screen.name == "too-small"
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert text_of(app) == before


@pytest.mark.parametrize("size", [(40, 12), (60, 16), (200, 60)])
async def test_any_larger_size_shows_question_buttons_and_keys(size: tuple[int, int], study: Study, text_of: Text) -> None:
    app = StudyApp(study, "study")
    async with app.run_test(size=size) as pilot:
        shown = text_of(app)
        assert "196" in shown
        assert "? help" in shown
        await press(pilot, "2")
        assert all(f"{n} " in text_of(app) for n in range(1, 5))


async def test_long_text_scrolls_with_vim_keys_and_wheel(study: Study) -> None:
    app = StudyApp(study, "page", {"section": "kinds:s01"})
    async with app.run_test(size=(60, 12)) as pilot:
        paper: Any = app.screen.query_one("#paper")
        await press(pilot, "j", "j")
        assert paper.top == 2
        await press(pilot, "G")
        assert paper.top + paper.size.height == len(paper.lines)
        await press(pilot, "g")
        assert paper.top == 0


@pytest.mark.parametrize(
    ("setting", "variable", "without"),
    [("auto", "1", True), ("auto", "", False), ("auto", None, False), ("never", None, True), ("always", "1", False)],
)
async def test_colour_follows_the_setting_then_no_color(
    setting: str, variable: str | None, without: bool, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable is not None:
        monkeypatch.setenv("NO_COLOR", variable)
    study.set_setting("color", setting)
    app = StudyApp(study, "study")
    async with app.run_test() as pilot:
        await press(pilot, "2")
        strips: Any = app.screen._compositor.render_strips(app.size)
        styles = [segment.style for strip in strips for segment in strip if segment.style]
        assert all(style.color is None and style.bgcolor is None for style in styles) == without


async def test_the_explainer_opens_at_the_place_the_text_names(study: Study, text_of: Text, tmp_path: Path) -> None:
    app = StudyApp(study, "page", {"section": "kinds:s01"})
    async with app.run_test() as pilot:
        await press(pilot, "o")
        assert "explainer_path" in text_of(app)
        await press(pilot, "escape")
        copy = tmp_path / "explainer.md"
        copy.write_text("## 2.1 Patches\n\nCut, then project.\n\n## 2.2 Other\n\nNot this.\n", encoding="utf-8")
        study.set_setting("explainer_path", str(copy))
        await press(pilot, "o")
        assert "Cut, then project." in text_of(app)
        assert "Not this." not in text_of(app)
