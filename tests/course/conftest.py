from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from studyapp.course.compile import compile_course
from studyapp.course.items import CourseInfo, Item
from studyapp.course.load import load_course

SAMPLE = Path(__file__).with_name("sample")
COURSE = 'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml}\n'
Write = Callable[..., Path]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample course, free to be changed."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "sample"))


@pytest.fixture
def write_course(tmp_path: Path) -> Write:
    """Writes a course of one section from its items' YAML; further files, or another course.yaml, by name."""

    def write(items: str = "", files: Mapping[str, str] | None = None) -> Path:
        folder = tmp_path / "small"
        texts = {"course.yaml": COURSE, "s01.yaml": f"section: s01\nitems:\n{items}", **(files or {})}
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def compiled() -> tuple[CourseInfo, dict[str, Item]]:
    """The sample course and its items by id."""
    info, items = compile_course(load_course(SAMPLE))
    return info, {item.id: item for item in items}


@pytest.fixture
def items(compiled: tuple[CourseInfo, dict[str, Item]]) -> dict[str, Item]:
    return compiled[1]
