"""Measures the rows of speed and size, each as a ratio to a floor taken in the same run, interleaved (A B A B ...).

Usage: make bench, or python tests/bench/run.py [-n ROUNDS] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from terminal import Terminal

HERE = Path(__file__).parent
PYTHON = sys.executable
STUDY = [PYTHON, "-m", "studyapp", "study"]
KEYED = [*STUDY, "--section", "bench:s01", "--limit", "999"]  # cards that all take the same two keys
FLOOR = [PYTHON, str(HERE / "floor_app.py")]
CARD = r"left, 15 min"
KEYS = 30
SESSION = 150  # answers of a long session
ASK = "what does a vision encoder hand over, and to whom, once the patches have passed through all of its layers?"
ANSWER = "One feature vector per patch, and where the design has one, a pooled vector for the whole picture."
WHY = "A bridge needs the features by place, a classifier only the picture as a whole; so an encoder offers both."


@dataclass
class Row:
    """One line of the table; `limit` as in the design, a ratio unless `unit` says otherwise."""

    what: str
    ours: float
    floor: float | None
    limit: float
    unit: str = "x"

    @property
    def value(self) -> float:
        return self.ours / self.floor if self.floor else self.ours

    @property
    def ok(self) -> bool:
        return self.value <= self.limit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=10, help="rounds (default 10)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STUDYAPP_HOME"] = folder
        prepare()
        rows = [*start_rows(given.n), *key_rows(max(2, given.n // 4)), due_row(given.n * 2), review_row(SESSION)]
    if given.json:
        print(json.dumps([{"what": r.what, "value": round(r.value, 3), "limit": r.limit, "unit": r.unit, "ok": r.ok} for r in rows]))
    else:
        for row in rows:
            print(f"{row.what:<44} {row.value:8.2f} {row.unit:<4} limit {row.limit:g} {'ok' if row.ok else 'OVER'}")
    return 0 if all(row.ok for row in rows) else 1


def prepare() -> None:
    """A home with its courses compiled and their pages seen, as on any day but the first; beside the real course one of basic cards."""
    from studyapp.api import Study

    folder = Path(os.environ["STUDYAPP_HOME"]) / "courses" / "bench"
    folder.mkdir(parents=True)
    items = "".join(
        f'  - {{id: card-{n}, kind: basic, ask: "Question {n}: {ASK}", answer: "{ANSWER}", why: "{WHY}"}}\n' for n in range(400)
    )
    (folder / "s01.yaml").write_text(f"section: s01\nitems:\n{items}")
    course = 'id: bench\ntitle: Bench\nformat_version: 1\nsections: [{id: s01, number: "1", title: Bench, file: s01.yaml}]\n'
    (folder / "course.yaml").write_text(course)
    with Study.open() as study:
        study.set_setting("new_per_day", "999")
        for info in study.courses():
            for section in info.sections:
                study.desk.page_seen(info.id, section.id)


def start_rows(rounds: int) -> list[Row]:
    """First card painted against a hello-world app: CPU, wall, and the memory at that moment."""
    ours_cpu, ours_wall, floor_cpu, floor_wall, memory = [], [], [], [], []
    for _ in range(rounds):
        with Terminal(FLOOR) as term:
            floor_wall.append(term.wait_for("Hello"))
            floor_cpu.append(term.cpu())
        with Terminal(STUDY) as term:
            ours_wall.append(term.wait_for(CARD))
            ours_cpu.append(term.cpu())
            memory.append(term.peak_mib())
    return [
        Row("first card painted, CPU / hello-world app", statistics.median(ours_cpu), statistics.median(floor_cpu), 1.5),
        Row("first card painted, wall / hello-world app", statistics.median(ours_wall), statistics.median(floor_wall), 1.5),
        Row("memory at the first card", statistics.median(memory), None, 45, "MiB"),
    ]


def key_rows(rounds: int) -> list[Row]:
    """CPU from a key to the next card (reveal, grade) against one label changing; bytes a key sends to the terminal."""
    ours, floor, sent = [], [], []
    for _ in range(rounds):
        with Terminal(FLOOR) as term:
            term.wait_for("Hello")
            floor.append(per_key(term, [b"x"])[0])
        with Terminal(KEYED) as term:
            term.wait_for("Question")
            cpu, size = per_key(term, [b" ", b"3"])
            ours.append(cpu)
            sent.append(size)
    return [
        Row("key to next card, CPU / one label changing", statistics.median(ours), statistics.median(floor), 3.0),
        Row("bytes a key sends to the terminal", statistics.median(sent), None, 6 * 1024, "B"),
    ]


def per_key(term: Terminal, keys: list[bytes]) -> tuple[float, float]:
    """Median CPU seconds and bytes a key, after a warm-up."""
    term.settle()
    for key in keys * 3:
        term.press(key)
    cpu, size = [], []
    for n in range(KEYS):
        before, bytes_before = term.cpu(), term.bytes
        term.press(keys[n % len(keys)])
        cpu.append(term.cpu() - before)
        size.append(term.bytes - bytes_before)
    return statistics.median(cpu), statistics.median(size)


def due_row(rounds: int) -> Row:
    """`studyapp due --json` against `python -c pass`, CPU."""
    ours, floor = [], []
    for _ in range(rounds):
        floor.append(cpu_of([PYTHON, "-c", "pass"]))
        ours.append(cpu_of([PYTHON, "-m", "studyapp", "due", "--json"]))
    return Row("studyapp due --json, CPU / python -c pass", statistics.median(ours), statistics.median(floor), 6.0)


def cpu_of(argv: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def review_row(rounds: int) -> Row:
    """One durable review against one insert and one update in the same settings (WAL, synchronous=FULL), wall."""
    from studyapp.api import Study
    from studyapp.store.apply import record
    from studyapp.store.db import reserve

    ours, floor = [], []
    with Study.open() as study:
        bare = sqlite3.connect(study.home / "floor.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, payload TEXT)")
        bare.execute("CREATE TABLE schedule (item TEXT PRIMARY KEY, due INTEGER, s REAL, d REAL)")
        keys = [item.key for item in study.desk.items("bench:s01")]
        bare.executemany("INSERT INTO schedule VALUES (?, 0, 0, 0)", [(key,) for key in keys])
        payload = {"rating": 3, "draw": {"token": "00c0ffee", "params": {}, "order": ["a", "b", "c"]}, "value": "b", "outcome": "right"}
        payload |= {
            "seconds": 7.5,
            "confidence": 60,
            "hints": 0,
            "trap": None,
            "points": {},
            "overruled": False,
            "early": False,
            "source": "study",
        }
        text = json.dumps(payload)

        def theirs(key: str) -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO event (payload) VALUES (?)", (text,))
            bare.execute("UPDATE schedule SET due = due + 1, s = 2.5, d = 5.0 WHERE item = ?", (key,))
            bare.execute("COMMIT")

        def mine(key: str) -> None:
            record(study.conn, "answer", key, payload, study.clock.now())

        reserve(study.conn)  # as a session does while the first card is read

        for n in range(rounds):
            key = keys[n % len(keys)]
            study.desk.previews(key, study.clock.now())  # as the card on the screen does, before its answer
            floor.append(wall_of(theirs, key))
            ours.append(wall_of(mine, key))
        bare.close()
    return Row("one durable review / one insert + one update", statistics.median(ours), statistics.median(floor), 1.25)


def wall_of(call: Callable[[str], None], key: str) -> float:
    start = time.perf_counter()
    call(key)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
