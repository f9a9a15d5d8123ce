"""When a lab's worker process starts: as soon as the predict page stands, so that the model loads while the learner thinks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]


async def opened(pilot: Pilot[Any], study: Study) -> dict[str, int]:
    """The workers that run once the predict page stands; no key was pressed."""
    for _ in range(200):
        await asyncio.sleep(0.1)
        if running := study.workers().running():
            return running
    return {}


async def test_the_worker_starts_with_the_predict_page_and_one_serves_all_labs_of_a_backend(study: Study, text_of: Text) -> None:
    found = []
    for lab, asks in (("patchify", "How many patch tokens"), ("noising", "chapter 1 of")):
        app = StudyApp(study, "lab", {"lab": lab, "seed": 7, "backend": "tiny"})
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            while app.workers:
                await app.workers.wait_for_complete()
                await pilot.pause()
            assert asks in text_of(app)
            found.append(await opened(pilot, study))
    assert list(found[0]) == ["the lab worker for tiny"]
    assert found[1] == found[0]  # the same process


async def test_arithmetic_alone_has_a_worker_without_a_model(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "lab", {"lab": "patchify", "seed": 7, "backend": "none"})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert list(await opened(pilot, study)) == ["the lab worker for none"]
