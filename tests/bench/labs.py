"""Measures the screen beside a lab, in a pseudo-terminal: seconds from writing a key until its effect stands on the screen.

Usage: python tests/bench/labs.py [-n ROUNDS] [--json]. `key latency while a lab runs` is a ratio to the same keys on the same screen before
anything runs, taken in the same session. The labs are bench_labs.py's: one core is busy with torch while the keys are pressed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from run import Row
from terminal import Terminal

HERE = Path(__file__).parent
PRESSES = 24
OPEN, CLOSED = r"Every key of this screen|Everywhere", r"chapter 1 of 1"
TYPED = 12
OURS = ("patchify", "clip-zero-shot", "vlm-probes", "noising", "video-drift")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = prepare(Path(folder))
        rows = [recheck_row(env), *busy_rows(given.n, env), *lab_rows(env)]
    if given.json:
        print(json.dumps([{"what": r.what, "value": round(r.value, 3), "limit": r.limit, "unit": r.unit, "ok": r.ok} for r in rows]))
    else:
        for row in rows:
            print(f"{row.what:<60} {row.value:8.2f} {row.unit:<4} limit {row.limit:g} {'ok' if row.ok else 'OVER'}")
    return 0 if all(row.ok for row in rows) else 1


def prepare(folder: Path) -> dict[str, str]:
    """A home, and a folder on the path in which the two labs are as if installed."""
    from studyapp.api import Study

    site = folder / "site"
    info = site / "bench_labs-1.0.dist-info"
    info.mkdir(parents=True)
    shutil.copy(HERE / "bench_labs.py", site)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-labs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[studyapp.labs]\nbusy = bench_labs:BUSY\ncode = bench_labs:CODE\n")
    Study.open(folder / "home").close()
    return {"STUDYAPP_HOME": str(folder / "home"), "PYTHONPATH": os.pathsep.join([str(site), str(HERE.parents[1])])}


def busy_rows(rounds: int, env: dict[str, str]) -> list[Row]:
    """The predict page, keys while the model loads, keys before and while the lab runs, cancelling, memory."""
    page, loading, idle, running, typed, cancel, memory = [], [], [], [], [], [], []
    for n in range(rounds):
        home = {"STUDYAPP_HOME": f"{env['STUDYAPP_HOME']}-{n}"}  # a home each: a cancelled run would be gone on with
        with Terminal([sys.executable, "-m", "studyapp"], env | home) as term:
            term.wait_for("Labs")
            term.settle()
            term.press(b"l")
            go_to(term, "Busy")
            page.append(took(term, b"\r", r"chapter 1 of 1"))
            loading += [typing(term) for _ in range(TYPED)]
            worker_is_quiet(term)
            typed += [typing(term) for _ in range(TYPED)]
            os.write(term.fd, b"1\r")
            term.wait_for("Your predictions")
            term.settle()
            idle += help_keys(term)
            os.write(term.fd, b"\r")
            term.wait_for(r"Running")
            running += help_keys(term)
            memory.append(term.peak_mib())
            cancel.append(took(term, b"\x18", r"was cancelled"))
    middle = statistics.median
    return [
        Row("first predict page after its key", 1000 * middle(page), None, 150, "ms"),
        Row("key latency while the model loads / own idle latency", middle(loading), middle(typed), 1.5),
        Row("key latency while a lab runs / own idle latency", middle(running), middle(idle), 1.5),
        Row("the same, 90th percentile of both", high(running), high(idle), 1.5),
        Row("idle key to its effect on the screen", 1000 * middle(idle), None, 100, "ms"),
        Row("cancel: from the key to the line that says so", middle(cancel), None, 0.5, "s"),
        Row("memory of the screen's process while a lab runs", middle(memory), None, 120, "MiB"),
    ]


def recheck_row(env: dict[str, str]) -> Row:
    """A code task in the app's editor: from the save to the verdict, from the second check on."""
    seconds = []
    with Terminal([sys.executable, "-m", "studyapp", "lab", "run", "code", "--seed", "1"], env) as term:
        term.wait_for("Write it")
        os.write(term.fd, b"e")
        term.wait_for("checked by its properties")
        for key in (b"\x1b[B", b"\x1b[F"):  # to the end of its second line
            term.settle(2)
            os.write(term.fd, key)
        for n in range(6):
            term.settle(2)
            os.write(term.fd, f"\x7f{n + 1}".encode())
            seconds.append(took(term, b"\x13", rf"f gives {n + 1}\b", limit=120))
            time.sleep(8 if n else 0.5)  # a learner thinks, and the next interpreter loads
    return Row("re-check of a code task after a save", statistics.median(seconds[1:]), None, 1.0, "s")


def lab_rows(env: dict[str, str]) -> list[Row]:
    """Each of our labs on its small models, all chapters with nothing answered: seconds after loading, as its run tells them."""
    rows, began = [], time.perf_counter()
    for lab in OURS:
        command = [sys.executable, "-m", "studyapp", "lab", "run", lab, "--seed", "7", "--backend", "tiny", "--answers", "-", "--json"]
        done = subprocess.run(command, input="{}", capture_output=True, text=True, env={**os.environ, **env})
        if done.returncode not in (0, 1, 4):
            raise RuntimeError(f"{lab}: {done.stderr.splitlines()[-1:]}")
        rows.append(Row(f"{lab}, all its chapters after loading", sum(json.loads(done.stdout)["timings"].values()), None, 20, "s"))
    return [*rows, Row("all of them, loading included", time.perf_counter() - began, None, 240, "s")]


def took(term: Terminal, keys: bytes, pattern: str, limit: float = 30.0) -> float:
    """Seconds from writing these keys until the pattern stands on the screen."""
    term.settle(0.5)
    before = time.perf_counter()
    os.write(term.fd, keys)
    return term.wait_for(pattern, limit) + term.started - before


def help_keys(term: Terminal) -> list[float]:
    """The help screen opened and closed, many times: a whole screen painted at each key, whatever goes on below."""
    found = []
    for n in range(PRESSES):
        keys, pattern = (b"\x1b[11~", OPEN) if n % 2 == 0 else (b"\x1b", CLOSED)
        found.append(took(term, keys, pattern))
        time.sleep(0.05)
    return found


def typing(term: Terminal) -> float:
    """A digit typed into the answer's field, seen, and taken away again."""
    seconds = took(term, b"7", r"› +7")
    os.write(term.fd, b"\x7f")
    term.wait_for(r"14\*14")
    time.sleep(0.05)
    return seconds


def go_to(term: Terminal, title: str) -> None:
    """The cursor of a list onto a row, from wherever it stands: a lab that was begun is not the first one."""
    for key in [b"k"] * 20 + [b"j"] * 40:
        term.settle()
        if re.search(rf"▸ .*{title}", "\n".join(term.screen.display)):
            return
        os.write(term.fd, key)
    raise TimeoutError(f"{title} is not in the list:\n" + "\n".join(term.screen.display))


def worker_is_quiet(term: Terminal) -> None:
    """Until the lab's worker has loaded: its CPU time has stood still for a second."""
    used, still = -1.0, 0
    while still < 4:
        time.sleep(0.25)
        now = sum(cpu_of(child) for child in children(term.pid))
        still = still + 1 if now - used < 0.02 else 0
        used = now
        term.settle(0.05)


def children(pid: int) -> list[int]:
    return [
        int(child) for task in os.listdir(f"/proc/{pid}/task") for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    ]


def cpu_of(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def high(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.9 * len(seconds))]


if __name__ == "__main__":
    sys.exit(main())
