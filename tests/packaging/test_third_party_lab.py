"""A lab of somebody else: the one that CONTRIBUTING shows, taken from there, built into a wheel, installed beside ours, and examined."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from studyapp.labkit.new_lab import LAB, MODULE, PYPROJECT

ROOT = Path(__file__).resolve().parents[2]


def shown() -> str:
    """The source of the lab as CONTRIBUTING shows it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(block)


def done(*argv: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("STUDYAPP", "PYTHON", "PIP"))}
    return subprocess.run([*map(str, argv)], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with our wheel and the lab's, both installed by pip without a network; libraries by a path alone."""
    work = tmp_path_factory.mktemp("work")
    source = work / "lab"
    source.mkdir()
    (source / MODULE).write_text(shown(), encoding="utf-8")
    (source / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    for folder in (ROOT, source):
        built = done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", work / "dist", folder)
        assert built.returncode == 0, built.stdout + built.stderr
    venv.create(work / "env", with_pip=False, symlinks=True)
    python = work / "env" / "bin" / "python"
    site = next((work / "env").glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    wheels = sorted((work / "dist").glob("*.whl"))
    assert [wheel.name.partition("-")[0] for wheel in wheels] == ["studyapp", "tubelets_lab"]
    installed = done(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", "--ignore-installed", *wheels)
    assert installed.returncode == 0, installed.stderr
    return python


def call(python: Path, tmp_path: Path, *args: str) -> tuple[int, dict[str, Any], str]:
    ran = done(python.with_name("studyapp"), "--home", tmp_path / "home", *args, "--json", cwd=tmp_path)
    return ran.returncode, json.loads(ran.stdout or "{}"), ran.stderr


def test_what_contributing_shows_is_what_the_command_writes_and_is_short(tmp_path: Path, cli: Any) -> None:
    assert shown() == LAB
    assert len(LAB.splitlines()) <= 60
    made = cli("course", "new", str(tmp_path / "mine"), "--lab", "--json").json()["files"]
    assert [Path(file).read_text(encoding="utf-8") for file in made] == [LAB, PYPROJECT]
    again = cli("course", "new", str(tmp_path / "mine"), "--lab")
    assert (again.code, "exists already" in again.err) == (2, True)


def test_an_installed_lab_is_listed_planned_and_played(python: Path, tmp_path: Path) -> None:
    code, listed, _ = call(python, tmp_path, "lab", "list")
    assert code == 0
    assert {lab["id"]: lab["state"] for lab in listed["labs"]}["tubelets"] == "ready"
    plan = call(python, tmp_path, "lab", "plan", "tubelets", "--seed", "5")[1]
    numbers = plan["params"]
    every_frame = numbers["T"] * numbers["h"] * numbers["w"]
    (tmp_path / "answers.json").write_text(
        json.dumps({"q1": every_frame, "q2": {"source": "def tubelets(T, H, W, t, p):\n    return 1\n"}})
    )
    code, played, _ = call(python, tmp_path, "lab", "run", "tubelets", "--seed", "5", "--answers", "answers.json")
    assert code == 1
    first, second = played["verdicts"]
    assert (first["trap"], first["truth"]) == ("tubelet-forgotten", every_frame // numbers["t"])
    assert (second["outcome"], second["trap"]) == ("wrong", None)


def test_an_installed_lab_passes_the_twelve_properties_by_course_check(python: Path, tmp_path: Path) -> None:
    code, report, said = call(python, tmp_path, "course", "check", "--lab", "tubelets")
    (lab,) = report["labs"]
    assert [finding["property"] for finding in lab["findings"]] == list(range(1, 13))
    assert (code, lab["ok"]) == (0, True), [finding for finding in lab["findings"] if not finding["ok"]]
    assert "12 ok" in said


def test_a_broken_lab_fails_the_check_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Any) -> None:
    lucky = LAB.replace("value=T * per_frame,", "value=T * per_frame // t,").replace("tubelets_lab", "lucky_lab")
    (tmp_path / "lucky_lab.py").write_text(lucky, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    labs = [("lucky", "lucky_lab:LAB", "tests"), ("gone", "no_such_module:LAB", "tests")]
    monkeypatch.setattr("studyapp.labkit.discover._found", lambda: iter(labs))
    ran = cli("course", "check", "--lab", "lucky", "--lab", "gone", "--seeds", "5")
    assert ran.code == 1
    assert "lab lucky: breaks 9" in ran.out
    assert "lab gone: ModuleNotFoundError" in ran.out
    assert "want wrong (tubelet-forgotten)" in ran.err
    sys.modules.pop("lucky_lab", None)
