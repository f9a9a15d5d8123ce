"""What tests of all rooms share: a fresh home each, the command line as a process and in this process, and a clock to turn by hand."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from studyapp.api.place import Clock
from studyapp.api.study import Study

settings.register_profile("unhurried", deadline=None)  # other processes share the cores: the clock judges nothing here
settings.load_profile("unhurried")

NOW = "2026-03-02T09:00:00+01:00"  # a Monday


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


class Hands:
    """A clock that stands still until it is turned; local time is that of NOW."""

    def __init__(self, at: str = NOW) -> None:
        self.ms = int(datetime.fromisoformat(at).timestamp() * 1000)

    def __call__(self) -> int:
        return self.ms

    def forward(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self.ms += round(1000 * (seconds + 60 * minutes + 3600 * hours + 86_400 * days))

    @property
    def iso(self) -> str:
        return datetime.fromtimestamp(self.ms / 1000, datetime.fromisoformat(NOW).tzinfo).isoformat()


class _FixedZone(Clock):
    """One hour east of Greenwich, whatever the machine says."""

    def _offset_min(self, utc_ms: int) -> int:
        return 60


@pytest.fixture(scope="session")
def template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shipped course compiled and nothing learned yet."""
    home = tmp_path_factory.mktemp("template")
    Study.open(home, now=NOW).close()
    return home


@pytest.fixture
def home(template_home: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return Path(shutil.copytree(template_home, tmp_path / "home"))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def open_at(hands: Hands) -> Iterator[Callable[[Path], Study]]:
    """Opens a home at the time of `hands`; called again, it is a restart: the study before is closed."""
    opened: list[Study] = []

    def again(folder: Path) -> Study:
        while opened:
            opened.pop().close()
        opened.append(Study.open(folder, clock=_FixedZone(source=hands)))
        return opened[0]

    yield again
    for study in opened:
        study.close()


@pytest.fixture
def open_study(home: Path, open_at: Callable[[Path], Study]) -> Callable[[], Study]:
    """Opens the fresh home of this test, or opens it again."""
    return lambda: open_at(home)


@pytest.fixture
def study(open_study: Callable[[], Study]) -> Study:
    return open_study()


@pytest.fixture
def only_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes `<home>/courses/small`, of these items' YAML, the only course there is; in this process alone."""

    def write(items: str, home: Path, **course: str) -> Path:
        monkeypatch.setattr("studyapp.course.resources.shipped_content", lambda package=None: None)
        folder = home / "courses" / "small"
        folder.mkdir(parents=True, exist_ok=True)
        extra = "".join(f"{name}: {value}\n" for name, value in course.items())
        head = 'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, number: "1", title: "One", file: s01.yaml}\n'
        (folder / "course.yaml").write_text(head + extra)
        (folder / "s01.yaml").write_text("section: s01\nitems:\n" + items)
        return folder

    return write


@pytest.fixture
def sample_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose only course is the sample with every kind of item; in this process alone."""
    monkeypatch.setattr("studyapp.course.resources.shipped_content", lambda package=None: None)
    shutil.copytree(Path(__file__).parent / "course" / "sample", tmp_path / "sample-home" / "courses" / "sample")
    return tmp_path / "sample-home"


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Runs a command line in this process: `cli("due", "--json")`."""

    def run(*args: str, input: str = "", now: str | None = NOW, at: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
        from studyapp.cli import run as run_command

        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.StringIO(input))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command(["--home", str(at or home), *(["--now", now] if now else []), *args])
        return Done(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def run(home: Path) -> Callable[..., Done]:
    """Runs the real command as a process of its own."""

    def go(
        *args: str,
        input: str = "",
        now: str | None = NOW,
        at: Path | None = None,
        env: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Done:
        command = [sys.executable, "-m", "studyapp", "--home", str(at or home), *(["--now", now] if now else []), *args]
        done = subprocess.run(
            command, input=input, capture_output=True, text=True, env={**os.environ, **(env or {})}, timeout=120, check=False, **options
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return go
