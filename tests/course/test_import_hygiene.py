from __future__ import annotations

import subprocess
import sys

START_PATH = ("items", "draws", "view", "text", "blocks", "expr", "template", "quantity", "cloze", "resources", "fingerprint", "coverage")
HEAVY = ("pydantic", "yaml", "torch", "transformers", "numpy", "pandas", "textual", "rich", "rapidfuzz", "importlib.metadata")


def test_what_a_start_needs_imports_neither_pydantic_nor_yaml() -> None:
    modules = ", ".join(f"studyapp.course.{name}" for name in START_PATH)
    code = f"import sys, {modules}; studyapp.course.resources.course_dirs(); print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_authors_tools_import_nothing_heavier_than_pydantic_and_yaml() -> None:
    code = f"import sys, studyapp.course.check, studyapp.course.new; print([m for m in {HEAVY[2:9]} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
