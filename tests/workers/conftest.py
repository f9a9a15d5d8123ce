"""Jobs for the workers under test, in a module that a fresh process can import."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.workers.worker import Setup, Worker

JOBS = """
import os, signal, subprocess, sys, time

def add(payload, emit):
    for number in payload["numbers"]:
        emit({"saw": number})
    return sum(payload["numbers"])

def prints(payload, emit):
    print("this goes astray")
    sys.stdout.flush()
    os.system("echo so does this")
    return "fine"

def raises(payload, emit):
    from studyapp.errors import BadInput
    kinds = {"input": BadInput("that cannot be used"), "bug": ZeroDivisionError("oops"), "exit": SystemExit(4)}
    raise kinds.get(payload["kind"]) or ImportError("No module named 'torch'")

def pid(payload, emit):
    return os.getpid()

def dies(payload, emit):
    emit({"still": "here"})
    sys.stderr.write("a last word\\n")
    sys.stderr.flush()
    os.kill(os.getpid(), payload["signal"]) if payload.get("signal") else os._exit(9)

def freezes(payload, emit):
    emit({"clock": "start"})
    os.kill(os.getpid(), signal.SIGSTOP)

def spins(payload, emit):
    if payload.get("stubborn"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    emit({"clock": "start"})
    emit({"pid": os.getpid()})
    while True:
        pass

def crowded(payload, emit):
    # works for a while on a core that it shares with others
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(payload["others"])]
    emit({"clock": "start"})
    began, busy = time.monotonic(), time.process_time()
    while time.process_time() - busy < payload["seconds"]:
        pass
    for other in others:
        other.kill()
        other.wait()
    return time.monotonic() - began

def loads_forever(payload, emit):
    time.sleep(600)

def swells(payload, emit):
    emit({"clock": "start"})
    hold = []
    while True:
        hold.append(bytearray(8_000_000))
        time.sleep(0.01)

def has_child(payload, emit):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    emit({"pid": child.pid})
    child.wait()

def threads(payload, emit):
    return os.environ["OMP_NUM_THREADS"], [name for name in sys.modules if name.startswith("studyapp") or name == "pydantic"]

def not_json(payload, emit):
    emit({"value": float("nan")})
"""


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker_jobs.py").write_text(JOBS)
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("the test worker", Setup(beat_s=0.05))
    yield made
    made.close()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something that another process does, with a deadline far beyond what it takes."""

    def wait(happened: Callable[[], bool], timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    return wait
