"""Cards of the learner's own in the app: written in a form, edited in an editor, and asked about when they changed their name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.course.resources import CourseDir
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]
HERE = Path(__file__).with_name("course")


@pytest.fixture
def own(study: Study, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The learner's own course, which is found beside the test course once it is there."""
    folder = study.home / "courses" / "own"
    found = [CourseDir("test", HERE), CourseDir("home", folder)]
    monkeypatch.setattr(
        "studyapp.api.courses.course_dirs", lambda home: [place for place in found if (place.path / "course.yaml").exists()]
    )
    return folder


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets $EDITOR to a script that runs this sed command on the file it is given. (Headless there is no terminal to hand over.)"""
    monkeypatch.setattr(StudyApp, "suspend", lambda app: nullcontext())
    monkeypatch.delenv("VISUAL", raising=False)

    def use(sed: str) -> None:
        script = tmp_path / "editor"
        script.write_text(f"#!/bin/sh\nexec sed -i '{sed}' \"$1\"\n")
        script.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(script))

    return use


async def write(pilot: Pilot[Any], text: str) -> None:
    """Type a letter, paste the rest (a key waits for the screen), and let the form settle."""
    await pilot.press(text[0])
    pilot.app.screen.post_message(events.Paste(text[1:]))
    await settled(pilot)


async def settled(pilot: Pilot[Any]) -> None:
    """Wait for the draft and the check that follow a key."""
    await pilot.pause(0.2)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_card_written_from_home_is_studied_at_once(study: Study, own: Path, text_of: Text) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        assert app.screen.name == "add"
        await write(pilot, "What is a patch?")
        await pilot.press("tab")
        await write(pilot, "A tile of pixels [P]")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen.name == "home"
        assert "own:what-is-a-patch is written" in text_of(app)
        assert "My own cards" in text_of(app)
        assert study.show("what-is-a-patch", reveal=True)["answer"] == "A tile of pixels [P]"
        assert study.card_draft() == {}
    assert (own / "cards.yaml").exists()


async def test_every_kind_with_all_its_fields(study: Study, own: Path) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n", "f2")
        for field in ("Unit of a ViT?", "patch", "tile; token", "It is the unit", "not a pixel", "Vision"):
            await write(pilot, field)
            await pilot.press("enter")
        await pilot.press("ctrl+s")
        await pilot.pause()
        await pilot.press("n", "f2", "f2")
        await write(pilot, "A {{patch|tile}} is the unit")
        await pilot.press("f5")
        await pilot.pause()
    short = study.show("own:unit-of-a-vit", reveal=True)
    assert (short["kind"], short["why"], short["hints"][0]["text"]) == ("short", "It is the unit", "not a pixel")
    assert study.page("own:vision").title == "Vision"
    assert study.answer("own:unit-of-a-vit", text="token")["outcome"] == "right"
    assert study.answer("own:a-is-the-unit", text="tile")["outcome"] == "right"


async def test_from_a_session_also_while_typing_and_the_session_goes_on_where_it_was(
    card: Callable[..., StudyApp], study: Study, own: Path, text_of: Text
) -> None:
    app = card("say-short")
    async with app.run_test() as pilot:
        await write(pilot, "pat")
        assert "1 left" in text_of(app)
        await pilot.press("f7")
        await write(pilot, "New?")
        await pilot.press("down")
        await write(pilot, "yes")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen.name == "study"
        assert app.screen.edit.text == "pat"  # type: ignore[attr-defined]
        assert "2 left" in text_of(app)
        await write(pilot, "ch token")
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert "New?" in text_of(app)


async def test_the_command_palette_offers_it(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "New card (n)" in titles
        await pilot.press("s")
        await pilot.pause()
        assert "New card (n)" in [command.title for command in app.get_system_commands(app.screen)]


async def test_advice_comes_while_one_types_and_warnings_do_not_hinder(study: Study, own: Path, text_of: Text) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "✗" not in text_of(app)
        app.screen.on_paste(events.Paste("word " * 26))  # type: ignore[attr-defined]
        await settled(pilot)
        assert "✗ a card needs an answer" in text_of(app)
        await pilot.press("ctrl+s")
        assert "nothing" not in text_of(app).splitlines()[-1]
        assert app.screen.name == "add"
        assert not own.exists()
        await pilot.press("tab")
        await write(pilot, "x")
        assert "✗" not in text_of(app)
        assert "! question: the cue has 26 words; at most 25" in text_of(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen.name == "home"
    assert own.exists()


@pytest.mark.parametrize(
    ("keys", "kept"), [(("escape", "k"), True), (("escape", "enter"), True), (("escape", "d"), False), (("ctrl+q",), True)]
)
async def test_what_was_typed_is_not_lost_without_a_question(
    keys: tuple[str, ...], kept: bool, study: Study, own: Path, text_of: Text
) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await write(pilot, "Half a")
        await pilot.press(*keys)
        await pilot.pause()
        if keys != ("ctrl+q",):
            assert app.screen.name == "home"
    again = StudyApp(study)
    async with again.run_test() as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert ("Half a" in text_of(again)) is kept
    assert not own.exists()


async def test_escape_asks_and_leads_back_into_the_form(study: Study, own: Path, text_of: Text) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await write(pilot, "Half")
        await pilot.press("escape")
        assert "Keep what you wrote" in text_of(app)
        await pilot.press("escape")
        await write(pilot, " more")
        assert "Half more" in text_of(app)


async def test_escape_from_an_empty_form_asks_nothing(study: Study) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n", "f2", "escape")
        await pilot.pause()
        assert app.screen.name == "home"


async def test_lines_fields_and_the_mouse(study: Study, own: Path, text_of: Text) -> None:
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await write(pilot, "One")
        await pilot.press("ctrl+j")
        await write(pilot, "two")
        await pilot.press("up", "end")
        await write(pilot, "!")
        form = app.screen._form  # type: ignore[attr-defined]
        assert form.edits["ask"].text == "One!\ntwo"
        await pilot.press("down", "down")
        assert form.at == "answer"
        await pilot.press("shift+tab", "shift+tab")
        assert form.at == "section"
        await pilot.press("ctrl+j")
        assert form.edits["section"].text == ""
        lines = app.screen.paper.lines  # type: ignore[attr-defined]
        row = next(n for n, line in enumerate(lines) if any("Why" in piece.text for piece in line))
        await pilot.click("#paper", offset=(5, row))
        assert form.at == "why"
        await pilot.click("#paper", offset=(23, 0))
        assert form.kind == "short"


async def test_an_own_course_with_a_mistake_is_named_and_the_text_stays(study: Study, own: Path, text_of: Text) -> None:
    study.add_card("One?", answer="1")
    (own / "cards.yaml").write_text("items: [")
    app = StudyApp(study)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await write(pilot, "Two?")
        await pilot.press("tab")
        await write(pilot, "2")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "mend that first" in text_of(app)
        assert app.screen.name == "add"
    assert study.card_draft()["ask"] == "Two?"


# edited in an editor


async def test_after_the_editor_the_open_card_has_its_new_text(study: Study, own: Path, editor: Any, text_of: Text) -> None:
    study.add_card("Which unit?", kind="short", answer="patch", id="unit")
    editor("s/Which unit/Which unit, in a word/; s/accept: .patch/&, tile/")
    app = StudyApp(study, "study", {"section": "own:cards"})
    async with app.run_test() as pilot:
        await write(pilot, "til")
        await pilot.press("f9")
        await pilot.pause()
        assert "Which unit, in a word?" in text_of(app)
        assert "the new text is in use, the history stays" in text_of(app)
        assert app.screen.edit.text == "til"  # type: ignore[attr-defined]
        await write(pilot, "e")
        await pilot.press("enter")
        assert "✓ Right" in text_of(app)
        editor("s/tile/square/")
        await pilot.press("E")
        await pilot.pause()
        assert "✓ Right" not in text_of(app)


async def test_an_error_is_told_with_its_place_and_the_next_edit_opens_there(study: Study, own: Path, editor: Any, text_of: Text) -> None:
    study.add_card("Which unit?", answer="patch", id="unit")
    editor("s/answer: patch/answer: [patch]/")
    app = StudyApp(study, "study", {"section": "own:cards"})
    async with app.run_test() as pilot:
        await pilot.press("E")
        await pilot.pause()
        assert "cards.yaml:6: unit.answer: " in text_of(app)
        assert "E goes on" in " ".join(text_of(app).split())
        assert "Which unit?" in text_of(app)
        await pilot.press("space")
        assert "patch" in text_of(app)
        editor("s/answer: .*/answer: tile/")
        await pilot.press("E")
        await pilot.pause()
        assert "tile" in text_of(app)
        editor("p;d")
        await pilot.press("E")
        await pilot.pause()
        assert "nothing was changed" in text_of(app)


async def test_a_new_id_given_in_the_editor_is_asked_about_at_once_and_the_card_goes_on(
    study: Study, clock: Any, own: Path, editor: Any, text_of: Text
) -> None:
    study.add_card("Which unit?", kind="short", answer="patch", id="unit")
    study.answer("unit", rating="easy")
    clock.forward(days=2)
    editor("s/id: unit/id: vit-unit/")
    app = StudyApp(study, "study", {"section": "own:cards", "ahead": True})
    async with app.run_test() as pilot:
        await write(pilot, "patch")
        await pilot.press("f9")
        await pilot.pause()
        assert app.screen.name == "same"
        await pilot.press("y")
        await pilot.pause()
        assert app.screen.name == "study"
        assert app.screen.card.id == "vit-unit"  # type: ignore[attr-defined]
        assert app.screen.edit.text == "patch"  # type: ignore[attr-defined]
        await pilot.press("enter", "enter")
    assert study.why("vit-unit")["reps"] == 2


# the same card?


@pytest.fixture
def two_renamed(study: Study, own: Path) -> Study:
    """Two answered cards whose ids were changed in the file while the app was closed."""
    for id, ask in (("unit", "Which unit does a ViT attend over?"), ("loss", "Which loss does CLIP minimise?")):
        study.add_card(ask, answer=f"the {id}", id=id)
        study.answer(id, rating="easy")
    file = own / "cards.yaml"
    file.write_text(file.read_text().replace("id: ", "id: new-").replace("Which", "What"))
    study.reload("own")
    return study


async def test_home_asks_about_each_pair_yes_and_no_last(two_renamed: Study, text_of: Text) -> None:
    app = StudyApp(two_renamed)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.name == "same"
        assert "1 of 2" in text_of(app)
        assert all(word in text_of(app) for word in ("What unit", "Which unit", "before  unit", "now  new-unit"))
        await pilot.press("y")
        await pilot.pause()
        assert "2 of 2" in text_of(app)
        await pilot.press("n")
        await pilot.pause()
        assert app.screen.name == "home"
        assert "two cards" in text_of(app)
    assert two_renamed.why("new-unit")["reps"] == 1
    assert two_renamed.why("new-loss")["reps"] == 0
    assert (two_renamed.renamed(), two_renamed.notes) == ([], [])
    again = StudyApp(two_renamed)
    async with again.run_test() as pilot:
        await pilot.pause()
        assert again.screen.name == "home"


@pytest.mark.parametrize("keys", [("l", "l"), ("escape",)])
async def test_later_is_the_next_start(keys: tuple[str, ...], two_renamed: Study) -> None:
    app = StudyApp(two_renamed)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert app.screen.name == "home"
        await pilot.press("s", "escape")
        await pilot.pause()
        assert app.screen.name == "home"
    assert len(two_renamed.renamed()) == 2
    again = StudyApp(two_renamed)
    async with again.run_test() as pilot:
        await pilot.pause()
        assert again.screen.name == "same"


async def test_a_session_is_not_interrupted_by_the_question(two_renamed: Study) -> None:
    app = StudyApp(two_renamed, "study")
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.name == "study"
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.name == "same"
