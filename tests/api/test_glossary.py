"""Looking a term up: every word begins a word of it, names before definitions, accents and case aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.api import Study
from studyapp.course.new import new_course
from studyapp.course.resources import CourseDir

TEXT = """\
terms:
  - {term: "FID", section: s01, also: [Fréchet Inception Distance], say: "compares two sets of images"}
  - {term: "latent space", section: s01, say: "compressed representations"}
  - {term: "VAE", section: s01, say: "gives a latent for an image"}
"""
NOW = "2026-03-02T09:00+01:00"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mine"
    new_course(folder)
    (folder / "glossary.yaml").write_text(TEXT, "utf-8")
    monkeypatch.setattr("studyapp.api.courses.course_dirs", lambda home: [CourseDir("home", folder)])
    return folder


@pytest.fixture
def study(course: Path, tmp_path: Path) -> Iterator[Study]:
    with Study.open(tmp_path / "home", now=NOW) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["FID", "latent space", "VAE"]),
        ("frechet", ["FID"]),
        ("lat", ["latent space", "VAE"]),
        ("image latent", ["VAE"]),
        ("images", ["FID"]),
        ("space latent", ["latent space"]),
        ("atent", []),
        ("!?", ["FID", "latent space", "VAE"]),
    ],
)
def test_a_query_finds(study: Study, query: str, found: list[str]) -> None:
    assert [row.term for row in study.glossary(query)] == found


def test_a_row_knows_its_section(study: Study) -> None:
    row = study.glossary("VAE")[0]
    assert (row.section, row.number, row.title, row.course) == ("mine:s01", "1", "A first section", "Mine")


def test_it_follows_the_file(study: Study, course: Path, tmp_path: Path) -> None:
    (course / "glossary.yaml").write_text('terms: [{term: "rope", section: s01, say: "a long thing"}]', "utf-8")
    with Study.open(tmp_path / "home", now=NOW) as again:
        assert [row.term for row in again.glossary()] == ["rope"]
    (course / "glossary.yaml").unlink()
    with Study.open(tmp_path / "home", now=NOW) as bare:
        assert bare.glossary() == []


def test_a_glossary_with_a_mistake_leaves_the_course_as_it_was(study: Study, course: Path, tmp_path: Path) -> None:
    (course / "glossary.yaml").write_text("terms: [{term: 3}]", "utf-8")
    with Study.open(tmp_path / "home", now=NOW) as again:
        assert len(again.glossary()) == 3
        assert "glossary.yaml" in again.notes[0]
