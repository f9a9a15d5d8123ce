"""What is imported before the first card stands: little, or the start is slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NEVER = ["torch", "transformers", "diffusers", "numpy", "pandas", "pydantic", "yaml", "markdown_it", "sqlite_utils", "textual_image", "PIL"]
NOT_YET = [
    "textual.widgets._text_area",
    "textual.widgets._markdown",
    "studyapp.course.schema",
    "studyapp.labkit.api",
]

FIRST_CARD = """
import asyncio, sys
from studyapp.api import Study
from studyapp.tui.app import StudyApp

async def main(home):
    with Study.open(home, now="2026-03-02T09:00+01:00") as study:
        app = StudyApp(study, "study")
        async with app.run_test() as pilot:
            await pilot.pause()
            assert app.screen.name in ("study", "page"), app.screen
asyncio.run(main(sys.argv[1]))
print("\\n".join(sys.modules))
"""


def test_nothing_heavy_is_imported_for_the_first_card(tmp_path: Path) -> None:
    def loaded() -> set[str]:
        done = subprocess.run([sys.executable, "-c", FIRST_CARD, str(tmp_path)], capture_output=True, text=True, check=True)
        return set(done.stdout.split())

    loaded()  # reads the course files, once
    modules = loaded()
    assert not modules & set(NEVER)
    assert not modules & set(NOT_YET)


def test_the_door_check_imports_no_textual() -> None:
    code = "import sys, studyapp.tui.fit; print(any(name.split('.')[0] in ('textual', 'rich') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
