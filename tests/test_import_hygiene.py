"""What a start may import, in fresh interpreters: never the heavy libraries, and no parser while the content is unchanged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "transformers", "diffusers", "numpy", "pandas"}
PARSERS = {"pydantic", "yaml", "sqlite_utils", "textual", "markdown_it", "rich"}

SESSION = """
from studyapp.api import Study
with Study.open({home!r}) as study:
    run = study.run()
    assert run.card is not None
    run.prepare()
    run.submit(study.show(run.card.id, reveal=True)["value"])
    run.grade()
    run.undo()
    study.home_view()
"""
COMMAND = "import sys; sys.argv = ['studyapp', '--home', {home!r}, *{args!r}]; from studyapp.cli import run; run()"


def imported(code: str) -> set[str]:
    """The top-level packages that a fresh interpreter holds after this code."""
    code += "\nimport sys, json; print('\\n' + json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_api_itself_is_light():
    assert not imported("import studyapp.api") & (HEAVY | PARSERS | {"click", "sqlite3"})


def test_a_first_start_imports_nothing_heavy(tmp_path: Path):
    assert not imported(COMMAND.format(home=str(tmp_path), args=["due", "--json"])) & HEAVY


def test_due_with_unchanged_content_imports_no_parser_and_no_click(home: Path):
    found = imported(COMMAND.format(home=str(home), args=["due", "--json"]))
    assert not found & (HEAVY | PARSERS | {"click", "fsrs_rs_python"})


def test_a_session_with_unchanged_content_imports_no_parser(home: Path):
    assert not imported(SESSION.format(home=str(home))) & (HEAVY | PARSERS)


WORDS = """
import sys
from studyapp.api import Study
from studyapp.memory.state import Rating
GRADER = {{"studyapp.study.grading.free", "studyapp.judges", "studyapp.api.grading", "rapidfuzz", "snowballstemmer"}}
with Study.open({home!r}) as study:
    run = study.quiz()
    assert run.card.kind == "explain"
    run.submit(None)
    run.tick("p1", True)
    run.grade(Rating.GOOD)
    assert not GRADER & set(sys.modules), GRADER & set(sys.modules)
    run.submit("some words of my own")
    assert GRADER - set(sys.modules) <= {{"rapidfuzz"}}
"""


def test_the_grader_is_imported_when_the_first_free_text_is_given(home: Path):
    assert not imported(WORDS.format(home=str(home))) & (HEAVY | PARSERS)


@pytest.mark.parametrize(
    "args",
    [
        ["next", "--json"],
        ["answer", "one-pixel-value", "--rating", "good", "--json"],
        ["undo", "--json"],
        ["stats", "--json"],
        ["search", "patch", "--json"],
        ["lab", "list", "--json"],
        ["why", "one-pixel-value", "--json"],
        ["config", "list", "--json"],
    ],
    ids=" ".join,
)
def test_no_everyday_command_imports_a_parser(home: Path, args: list[str]):
    assert not imported(COMMAND.format(home=str(home), args=args)) & (HEAVY | PARSERS)


def test_planning_a_lab_imports_no_model_library(home: Path):
    assert not imported(COMMAND.format(home=str(home), args=["lab", "plan", "patchify", "--seed", "7", "--json"])) & HEAVY


def test_a_lab_card_is_shown_and_judged_without_a_model_library(home: Path):
    args = ["answer", "patchify-count", "--answer", "12", "--json"]
    assert not imported(COMMAND.format(home=str(home), args=args)) & HEAVY
