"""A lab on the screen: predict, seal, run, compare, keep; leaving in the middle; code tasks; what can go wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]
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
    row = study.labs()[0]
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
