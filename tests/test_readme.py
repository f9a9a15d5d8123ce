"""The README tells the truth: every command in it is run, in a real terminal where it draws one."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
LINES = [line.split("  #")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
OURS = [line for line in LINES if line.startswith("studyapp")]


def terminal() -> ModuleType:
    spec = importlib.util.spec_from_file_location("terminal", ROOT / "tests" / "bench" / "terminal.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "studyapp", *shlex.split(line)[1:]]
    env = {"STUDYAPP_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "studyapp", "due"], env={"PATH": "/usr/bin:/bin", **env}, cwd=tmp_path, check=True, capture_output=True
    )
    with terminal().Terminal(argv, env=env, cols=100, rows=30, cwd=tmp_path) as term:
        try:
            term.wait_for(r"\S", timeout=60)
            term.settle(limit=3)
        except EOFError:
            pass  # it has printed and ended
        screen = "\n".join(term.screen.display)
        assert "Traceback" not in screen
        assert not re.search(r"^studyapp: ", screen, re.MULTILINE), screen
        assert screen.strip()


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = {word for line in [*LINES, README] for word in re.findall(r"make ([a-z-]+)", line)} - {"it"}
    assert {"study", "cards", "labs"} <= targets
    for target in targets:
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"make {target}: {done.stderr}"


def test_the_pip_lines_install_what_the_makefile_installs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pip = [line for line in LINES if "pip install" in line]
    assert len(pip) == 3
    index = re.search(r"--index-url (\S+)", pip[1])
    torch = re.search(r'"(torch[^"]+)"', pip[1])
    assert index is not None
    assert torch is not None
    assert index[1] in makefile
    assert torch[1] in makefile
    assert ".[labs]" in pip[2]


def test_the_picture_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
