from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from studyapp.course.resources import course_dirs, shipped_content


def test_the_shipped_course_is_found_in_a_checkout() -> None:
    assert [(place.source, place.path.name, place.broken) for place in course_dirs()][:1] == [("studyapp", "week-13", None)]


def test_a_wheel_holds_the_content_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "studyapp"
    (package / "content").mkdir(parents=True)
    assert shipped_content(package) == package / "content"


def test_a_strangers_content_folder_beside_the_package_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "studyapp").mkdir()
    (tmp_path / "content").mkdir()
    assert shipped_content(tmp_path / "studyapp") is None


def test_the_learners_own_courses_are_found_and_broken_ones_named(tmp_path: Path, sample: Path) -> None:
    shutil.copytree(sample, tmp_path / "home" / "courses" / "mine")
    (tmp_path / "home" / "courses" / "oops").mkdir()
    own = [place for place in course_dirs(tmp_path / "home") if place.source == "home"]
    assert [(place.path.name, place.broken is None) for place in own] == [("mine", True), ("oops", False)]
    assert "has no course.yaml" in (own[1].broken or "")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site-packages folder with one distribution whose entry points a test writes."""
    folder = tmp_path / "site"
    info = folder / "thirdparty-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thirdparty\nVersion: 1.0\n")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def test_a_third_partys_course_is_found_by_its_entry_point(installed: Path, sample: Path) -> None:
    shutil.copytree(sample, installed / "their_course_pkg")
    (installed / "their_course_pkg" / "__init__.py").write_text("")
    points = "[studyapp.courses]\ntheirs = their_course_pkg\nbroken = their_missing_pkg:course\n"
    (installed / "thirdparty-1.0.dist-info" / "entry_points.txt").write_text(points)
    found = {place.source: place for place in course_dirs()}
    assert found["package:theirs"].path == installed / "their_course_pkg"
    assert found["package:theirs"].broken is None
    assert "their_missing_pkg" in (found["package:broken"].broken or "")
    assert "studyapp" in found


def test_an_entry_point_may_be_a_function_that_returns_a_path(installed: Path, sample: Path) -> None:
    (installed / "their_function_mod.py").write_text(f"def folder():\n    return {str(sample)!r}\n")
    (installed / "thirdparty-1.0.dist-info" / "entry_points.txt").write_text("[studyapp.courses]\nf = their_function_mod:folder\n")
    assert {place.source: place.path for place in course_dirs()}["package:f"] == sample
