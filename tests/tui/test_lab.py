"""A lab on the screen: predict, seal, run, compare, keep; leaving in the middle; code tasks; what can go wrong."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]
SAMPLE = Path(__file__).parents[1] / "labkit" / "sample_lab.py"
LAB = {"lab": "patchify", "seed": 7, "backend": "none"}
PATCHIFY = (
    "from einops import rearrange\n\ndef patchify(x, p):\n    return rearrange(x, 'b c (h p1) (w p2) -> b (h w) (p1 p2 c)', p1=p, p2=p)\n"
)


def events(study: Study, kind: str) -> list[dict[str, Any]]:
    rows = study.conn.execute("SELECT payload FROM events WHERE kind = ? ORDER BY utc_ms, uuid", (kind,)).fetchall()
    return [json.loads(row[0]) for row in rows]


async def settled(pilot: Pilot[Any]) -> None:
    """Until no background call of the lab is on its way."""
    await pilot.pause()
    while pilot.app.workers:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_wrong_predictions_are_named_and_come_back_as_cards(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"419", "enter")  # counts [CLS]
        await press(pilot, *"64", "enter")  # forgets the channels
        await press(pilot, *"5 419 48", "f4", "tab")
        assert "Your predictions" in text_of(app)
        assert not events(study, "lab_seal")
        await press(pilot, "enter")
        shown = text_of(app)
        assert "[CLS] is put in front after patch embedding" in shown
        assert "1 of 3 right" in shown
        assert "come back as cards" in shown
        seal = events(study, "lab_seal")[0]["answers"]
        assert seal["q1"]["value"] == 419
        assert seal["q3"]["confidence"] == 95
        assert seal["q4"] is None
        verdicts = {row["q"]: row["outcome"] for row in events(study, "lab_verdict")}
        assert verdicts["q1"] == "wrong"
        assert verdicts["q3"] == "right"
        assert study.why("lab-card")["reps"] == 1
        await press(pilot, "enter")
        assert "What follows from it" in text_of(app)


async def test_a_long_message_is_shown_whole_at_80_columns(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "tab", "tab", "tab", *"5,419,48 or something like that", "enter")
        shown = " ".join(text_of(app).split())
        assert "cannot be read as a number" in shown
        assert "1e-3" in shown


async def test_leaving_in_the_middle_of_a_chapter_loses_nothing(study: Study, text_of: Text) -> None:
    async with StudyApp(study, "lab", LAB).run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"418", "enter", "f6", *"19", "escape")
    again = StudyApp(study, "lab", {"lab": "patchify"})
    async with again.run_test() as pilot:
        await settled(pilot)
        assert "1● ▸2○" in text_of(again)
        assert again.screen.edit.text == "19"  # type: ignore[attr-defined]
        assert "hint" in text_of(again)


async def test_a_value_that_cannot_be_read_is_told_at_once(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"many", "enter")
        assert "many" in text_of(app)
        assert "▸1○" in text_of(app)


async def test_choices_orders_and_reasons_by_keyboard_alone(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "f5", "f5")
        await press(pilot, "enter")
        await press(pilot, "1", "2", "3", "space")
        while "Your predictions" not in text_of(app):
            await press(pilot, "1")
        await press(pilot, "enter")
        assert "That was the last chapter." in text_of(app)
        await press(pilot, "enter")
        assert app.screen.name == "home"


async def test_broken_labs_and_a_missing_runtime_are_said_clearly(study: Study, text_of: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in study.labs() if row.id == "patchify")
    monkeypatch.setattr(study, "labs", lambda: [replace(row, state="broken", reason="its module has no LAB")])
    app = StudyApp(study, "lab", {"lab": "patchify"})
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "its module has no LAB" in text_of(app)
    monkeypatch.setattr(study, "labs", lambda: [replace(row, state="needs-runtime")])
    app = StudyApp(study, "lab", {"lab": "patchify"})
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "make labs" in text_of(app)
        await press(pilot, "n")  # the arithmetic part needs none
        assert "How many patch tokens" in text_of(app)
    monkeypatch.setattr(study, "labs", lambda: [replace(row, state="needs-runtime", backends=("tiny", "hf"))])
    app = StudyApp(study, "lab", {"lab": "patchify"})
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "make labs" in text_of(app)
        assert "arithmetic" not in text_of(app)
        assert "without a model" not in text_of(app)


async def test_a_lab_that_fails_says_so_and_can_be_tried_again(study: Study, text_of: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"418", "enter")
        with monkeypatch.context() as broken:
            broken.setattr(app.screen.desk.run._lab, "truth", lambda *_: 1 / 0, raising=False)  # type: ignore[attr-defined]
            await press(pilot, "f5", "f5")
            assert "mistake of its own" in text_of(app)
        await press(pilot, "f5")
        assert "1 of 1 right" in text_of(app)


async def test_a_comparison_is_there_again_after_the_app_was_left(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", LAB)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"419", "enter", "f5", "f5")
        before = text_of(app)
        assert "[CLS] is put in front" in before
        await press(pilot, "escape")
    again = StudyApp(study, "lab", {"lab": "patchify"})
    async with again.run_test() as pilot:
        await settled(pilot)
        assert "[CLS] is put in front" in text_of(again)
        assert "come back as cards" in text_of(again)
        await press(pilot, "enter")
        assert "What follows from it" in text_of(again)
    third = StudyApp(study, "lab", {"lab": "patchify"})
    async with third.run_test() as pilot:
        await settled(pilot)
        assert "What follows from it" in text_of(third)
        assert "[CLS] is put in front" not in text_of(third)


@pytest.fixture
def doubling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The sample lab of the kit's tests, as the only lab there is; what opens its screen."""
    name = "sample_lab_for_screens"
    (tmp_path / f"{name}.py").write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("studyapp.labkit.discover._found", lambda: iter([("doubling", f"{name}:LAB", "tests")]))
    yield {"lab": "doubling", "seed": 3, "backend": "none"}
    sys.modules.pop(name, None)


async def at_the_code_task(pilot: Pilot[Any]) -> None:
    await settled(pilot)
    for _ in range(2):
        await press(pilot, "f5", "f5")
        await press(pilot, "enter")


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await pilot.pause(0.05)
    raise AssertionError("it did not happen in 20 s")


async def test_a_file_is_checked_at_each_save_of_any_editor(study: Study, text_of: Text, doubling: dict[str, Any]) -> None:
    app = StudyApp(study, "lab", doubling)
    async with app.run_test() as pilot:
        await at_the_code_task(pilot)
        await press(pilot, "w")
        file = app.screen.desk.folder / "q3.py"  # type: ignore[attr-defined]
        assert "def double(x)" in file.read_text()
        file.write_text("def double(x):\n    return x * x\n")
        await until(pilot, lambda: "not yet" in text_of(app))
        shown = text_of(app)
        assert "It squares. 7 gives 49." in shown
        assert "yours 49 | target 14" in shown
        assert "One way to write it" not in shown
        file.write_text("def double(x):\n    return x + x\n")
        await until(pilot, lambda: "the checks pass" in text_of(app))
        shown = text_of(app)
        assert "One way to write it" in shown
        assert "return 2 * x" in shown
        assert not events(study, "lab_verdict")[2:]
        await press(pilot, "f5", "f5")
        assert "1 of 1 right" in text_of(app)
        assert "return 2 * x" in text_of(app)


async def test_the_editor_hands_back_what_was_saved_and_it_is_checked(
    study: Study, text_of: Text, doubling: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = StudyApp(study, "lab", doubling)
    monkeypatch.setattr("studyapp.tui.editor.edit", lambda app, file: file.write_text("def double(x)\n"))
    async with app.run_test() as pilot:
        await at_the_code_task(pilot)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "syntax error" in text_of(app))
        assert "syntax" in text_of(app)
        assert "1●" in text_of(app)


async def test_in_the_app_s_editor_yours_stands_beside_the_target(study: Study, text_of: Text, doubling: dict[str, Any]) -> None:
    app = StudyApp(study, "lab", doubling)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_code_task(pilot)
        await press(pilot, "e")
        screen: Any = app.screen
        screen.area.load_text("def double(x):\n    return 3\n")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "not yet" in text_of(app))
        assert "yours 3 | target 14" in text_of(app)
        await press(pilot, "f8")
        assert app.screen.name == "pictures"
        await press(pilot, "escape")
        screen.area.load_text("def double(x):\n    return 2 * x\n")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "the checks pass" in text_of(app))
        assert "One way to write it" in text_of(app)


async def test_leaving_between_an_answer_and_its_reason_asks_for_the_reason_again(
    study: Study, text_of: Text, doubling: dict[str, Any]
) -> None:
    app = StudyApp(study, "lab", doubling)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "f5", "f5")
        await press(pilot, "enter")
        await press(pilot, "1")
        assert "Why?" in text_of(app)
        await press(pilot, "escape")
    again = StudyApp(study, "lab", {"lab": "doubling"})
    async with again.run_test() as pilot:
        await settled(pilot)
        assert "Why?" in text_of(again)
        await press(pilot, "1")
        await press(pilot, "enter")
        assert "1 of 1 right" in text_of(again)


async def test_who_has_scrolled_to_the_entries_of_a_match_stays_there(study: Study) -> None:
    app = StudyApp(study, "lab", {"lab": "vlm-probes", "seed": 7, "backend": "none"})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("1", "2", "down"):
            await press(pilot, key)
            paper: Any = app.screen.paper  # type: ignore[attr-defined]
            row = next(n for n, line in enumerate(paper.lines) if any(piece.text == " ▸ " for piece in line))
            assert row > 24, "the pictures stand above"
            assert paper.top <= row < paper.top + paper.size.height, key


async def test_while_a_free_retry_waits_the_truth_is_not_shown(study: Study, text_of: Text, doubling: dict[str, Any]) -> None:
    app = StudyApp(study, "lab", doubling)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "f5", "f5", "enter")
        app.screen.desk.seal({"q2": {"value": "a"}})  # type: ignore[attr-defined]
        app.screen._decide()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "one free try more" in text_of(app)
        assert "a half of it is whole" not in text_of(app)
        await press(pilot, "enter")
        assert "Because: a half of it is whole" in text_of(app)
        assert "one free try more" not in text_of(app)
        await press(pilot, "enter")
        assert "Write double(x)." in text_of(app)


async def test_keys_that_arrive_together_are_taken_in_their_order(study: Study, text_of: Text, doubling: dict[str, Any]) -> None:
    app = StudyApp(study, "lab", doubling)
    async with app.run_test() as pilot:
        await at_the_code_task(pilot)
        await press(pilot, "e")
        screen: Any = app.screen
        screen.area.load_text("x = 0")
        await press(pilot, "end")
        for key, character in (("backspace", "\x7f"), ("1", "1"), ("home", None), ("y", "y")):  # as over a slow line: in one packet
            app.post_message(Key(key, character))
        await pilot.pause(0.2)
        assert screen.area.text == "yx = 1"


async def test_cancelling_a_run_does_not_hold_the_screen_up(
    study: Study, text_of: Text, doubling: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studyapp.labkit.discover._found", lambda: iter([("doubling", "sample_lab_for_screens:SLOW", "tests")]))
    app = StudyApp(study, "lab", doubling)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f5", "f5")
        await until(pilot, lambda: "ctrl+x" in text_of(app).lower() and app.screen.done > 0)  # type: ignore[attr-defined]
        desk, threads = app.screen.desk, []  # type: ignore[attr-defined]
        end = desk.cancel
        monkeypatch.setattr(desk, "cancel", lambda: (threads.append(threading.current_thread()), end()))
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert "cancelled" in text_of(app)
        assert desk.run.state.phase == "decide"
        assert threads
        assert threads[0] is not threading.main_thread()


@pytest.mark.slow
async def test_cancel_keeps_the_sealed_predictions_and_the_screen_stays_quick(study: Study, text_of: Text) -> None:
    """With the real model: torch loads in the worker while the screen answers within 50 ms."""
    app = StudyApp(study, "lab", {**LAB, "backend": "tiny"})
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*"418", "enter", "f5", "f5")
        await pilot.pause()
        await press(pilot, "ctrl+x")
        if app.screen.step == "failed":  # type: ignore[attr-defined]
            assert "cancel" in text_of(app)
            await pilot.press("f5")
        lags = []
        while app.workers:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - before - 0.01)
        await settled(pilot)
        assert "1 of 1 right" in text_of(app)
        assert max(lags, default=0) < 0.5  # ten times as generous: other tests share the cores


@pytest.mark.slow
async def test_a_code_task_is_written_checked_and_judged(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", {**LAB, "backend": "tiny"})
    async with app.run_test() as pilot:
        await settled(pilot)
        for _ in range(2):
            await press(pilot, "f5", "f5")
            await press(pilot, "enter")
        assert "Write it" in text_of(app)
        await press(pilot, "e")
        screen: Any = app.screen
        await press(pilot, "ctrl+s")
        assert "not yet" in text_of(app)
        screen.area.load_text(PATCHIFY)
        await press(pilot, "ctrl+s")
        assert "the checks pass" in text_of(app)
        await press(pilot, "escape")
        assert "1●" in text_of(app)
        await press(pilot, "f5", "f5")
        assert "1 of 1 right" in text_of(app)
        await press(pilot, "v")
        assert app.screen.name == "pictures"
