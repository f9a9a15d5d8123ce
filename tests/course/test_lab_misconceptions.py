"""Every misconception that a lab can name has a label in the course: the screen of misconceptions shows it in the place of an id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.course.load import load_course

ROOT = Path(__file__).parents[2]
ID = re.compile(r"[A-Za-z]+(-[a-z0-9]+)+")


def named_in(tree: ast.AST) -> Iterator[str]:
    """Misconceptions in a lab's source: what is given as `concept` of a trap or an option, or stands before its sentence in a tuple."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Trap", "Option"):
            yield from (
                word.value.value
                for word in node.keywords
                if word.arg == "concept" and isinstance(word.value, ast.Constant) and word.value.value
            )
        if isinstance(node, ast.Tuple):
            for name, say in zip(node.elts, node.elts[1:], strict=False):
                sentence = say.value if isinstance(say, ast.Constant) else " " if isinstance(say, ast.JoinedStr) else ""
                if isinstance(name, ast.Constant) and ID.fullmatch(str(name.value)) and " " in str(sentence):
                    yield name.value


@pytest.mark.parametrize("lab", ["clip_zero_shot", "noising", "patchify", "video_drift", "vlm_probes"])
def test_each_misconception_of_a_lab_has_a_label(lab: str) -> None:
    labels = load_course(ROOT / "content" / "week-13").concepts
    found = {name for file in (ROOT / "labs" / lab).glob("*.py") for name in named_in(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(found) > 20
    assert found - labels.keys() == set()


def test_what_the_judge_itself_names_has_a_label() -> None:
    source = ast.parse((ROOT / "studyapp" / "labkit" / "judge.py").read_text(encoding="utf-8"))
    found = set(named_in(source))
    assert "order-reversed" in found
    assert found <= load_course(ROOT / "content" / "week-13").concepts.keys()


def test_each_name_that_a_failure_can_be_given_wrongly_has_a_label() -> None:
    from labs.vlm_probes.kinds import CLASSES

    assert {f"called-{name}" for name in CLASSES} <= load_course(ROOT / "content" / "week-13").concepts.keys()
