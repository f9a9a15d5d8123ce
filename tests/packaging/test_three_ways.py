"""Course, labs and styles are found in all three ways of running: a checkout, an editable install, a wheel; and third parties' plug-ins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABS = ("patchify", "clip-zero-shot", "vlm-probes", "noising", "video-drift")
ENTRY_POINTS = """\
[studyapp.labs]
fine = fine_lab:LAB
broken = no_such_module:LAB
[studyapp.courses]
tiny = fine_course:where
gone = no_such_course
"""
COURSE = """\
id: tiny
title: A course of somebody else
format_version: 1
sections: [{id: s01, number: "1", title: One, file: s01.yaml}]
"""
ITEMS = 'section: s01\nitems:\n  - {id: one, kind: basic, ask: "What is one?", answer: "The first.", why: "Counting starts there."}\n'
LAB = """\
class Lab:
    id, title, sections, backends, version = "fine", "A lab of somebody else", ("S1",), ("none",), 1
    def plan(self, seed, backend, level=1): ...
    def run(self, plan, ctx): ...
    def truth(self, plan, facts): ...
LAB = Lab()
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the libraries that we need, but not with us (a path line in a .pth runs no other .pth)."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def call(argv: list[str | Path], cwd: Path, home: Path, path: Path | None = None) -> dict[str, object]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("STUDYAPP", "PYTHON"))}
    env |= {"STUDYAPP_HOME": str(home)} | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run([*map(str, argv), "--json"], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def everything_is_found(program: list[str | Path], cwd: Path, home: Path) -> None:
    listed = call([*program, "course", "list"], cwd, home)
    assert len(listed["items"]) >= 110  # type: ignore[arg-type]
    assert listed["broken"] == []
    assert call([*program, "due"], cwd, home)["new"] == 20
    labs = call([*program, "lab", "list"], cwd, home)["labs"]
    assert {lab["id"]: lab["state"] for lab in labs}.items() >= dict.fromkeys(LABS, "ready").items()  # type: ignore[attr-defined]
    assert call([*program, "lab", "plan", "patchify", "--seed", "7"], cwd, home)["questions"]


def test_from_a_checkout(bare_python: Path, tmp_path: Path) -> None:
    everything_is_found([bare_python, "-m", "studyapp"], ROOT, tmp_path)


def test_from_an_editable_install(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("studyapp")
    assert script.exists(), "make setup installs the app in editable form"
    everything_is_found([script], tmp_path, tmp_path / "home")


def test_from_a_wheel(bare_python: Path, wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    starter = tmp_path / "start.py"
    starter.write_text(f"import sys; sys.path.insert(0, {str(site)!r}); from studyapp.cli import main; main()")
    everything_is_found([bare_python, starter], tmp_path, tmp_path / "home")


def test_the_wheel_carries_course_pages_labs_and_styles_but_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "studyapp/content/week-13/course.yaml" in names
    assert "studyapp/content/week-13/pages/s01.md" in names
    assert "studyapp/course/schema.json" in names
    assert "labs/patchify/lab.py" in names
    assert any(name.endswith(".tcss") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "content/"))]


def test_plug_ins_of_third_parties_are_found_and_broken_ones_stop_nothing(bare_python: Path, tmp_path: Path) -> None:
    info = tmp_path / "site" / "somebody-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somebody\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "site" / "fine_lab.py").write_text(LAB)
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.yaml").write_text(COURSE)
    (course / "s01.yaml").write_text(ITEMS)
    (tmp_path / "site" / "fine_course.py").write_text(f"def where():\n    return {str(course)!r}\n")
    program: list[str | Path] = [bare_python, "-m", "studyapp"]
    labs = {lab["id"]: lab for lab in call([*program, "lab", "list"], ROOT, tmp_path / "home", tmp_path / "site")["labs"]}  # type: ignore[attr-defined]
    assert labs["fine"]["state"] == "ready"
    assert labs["broken"]["state"] == "broken"
    assert "no_such_module" in labs["broken"]["reason"]
    assert labs["patchify"]["state"] == "ready"
    courses = call([*program, "course", "list"], ROOT, tmp_path / "home", tmp_path / "site")
    assert "tiny:one" in [item["item"] for item in courses["items"]]  # type: ignore[attr-defined]
    assert any("no_such_course" in row["reason"] for row in courses["broken"])  # type: ignore[attr-defined]
    shown = call([*program, "show", "tiny:one"], ROOT, tmp_path / "home", tmp_path / "site")
    assert shown["ask"] == "What is one?"
