"""Milliseconds an answer and the time to load: python -m tests.bench.grading.speed"""

from __future__ import annotations

import subprocess
import sys
import time

from studyapp.study.grading.free.contract import Question
from studyapp.study.grading.free.grade import grade
from studyapp.study.grading.free.prepare import prepared
from tests.bench.grading.answers import cases

LOAD = "import time; t = time.process_time(); from studyapp.study.grading.free.grade import ready; ready(); print(time.process_time() - t)"


def main() -> None:
    """CPU time, so that a neighbour's load does not spoil it."""
    load = min(float(subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True).stdout) for _ in range(5))
    found = cases()
    grade(found[0].question, found[0].answer)
    known = sorted(_spent(case.question, case.answer, warm=True) for case in found)
    fresh = sorted(_spent(case.question, case.answer, warm=False) for case in {case.group: case for case in found}.values())
    longest = _spent(found[0].question, " ".join(case.answer for case in found)[:100_000], warm=True)
    for name, times in (("question seen before", known), ("question seen for the first time", fresh)):
        median, p95, most = (1000 * times[at] for at in (len(times) // 2, int(0.95 * len(times)), -1))
        print(f"{name}: median {median:.1f} ms, p95 {p95:.1f} ms, most {most:.1f} ms")
    print(f"an answer of 100,000 characters: {1000 * longest:.1f} ms")
    print(f"word tables and heads loaded: {1000 * load:.0f} ms")


def _spent(question: Question, answer: str, warm: bool) -> float:
    if warm:
        prepared(question)
    else:
        prepared.cache_clear()
    start = time.process_time()
    grade(question, answer)
    return time.process_time() - start


if __name__ == "__main__":
    main()
