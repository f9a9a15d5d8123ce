"""The twelve properties of LABS section 7, tested for any lab: `assert_lab_conforms(lab)` in pytest, `examine(ref)` for `course check`.

Times are asserted ten times as generously as they are meant: what is tested here is order and logic, tests/bench measures speed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from studyapp.labkit import conformance_live as live
from studyapp.labkit import conformance_pure as pure
from studyapp.labkit.api import Lab
from studyapp.labkit.examination import Examination

PROPERTIES: tuple[tuple[int, str, Callable[[Examination], None]], ...] = (
    (1, "plan, truth and check import no torch, transformers or diffusers", pure.light),
    (2, "plan is pure, quick, and differs between seeds", pure.plan_is_pure),
    (3, "every instance is diagnostic, and no plan shows a truth", pure.diagnostic),
    (4, "the same seed gives the same facts in two processes, at one and two threads, within budget", live.deterministic),
    (5, "progress comes early and often, never falls, and ends at 1", live.progress),
    (6, "cancel ends the worker at once, and the run can go on", live.cancellable),
    (7, "the front end's process stays responsive and small", live.front_end_free),
    (8, "facts are withheld until answers are sealed; later answers are practice", live.sealed),
    (9, "the oracle is all right, the empty learner nothing, each misconception and mutant is named", live.diagnosed),
    (10, "every truth follows from stored facts alone, and cards made of them are sound", pure.rejudged),
    (11, "seals come before facts, and a run resumes at any step", live.resumable),
    (12, "learner code is contained", live.contained),
)


@dataclass(frozen=True)
class Finding:
    """What came of one property."""

    property: int
    says: str
    ok: bool
    reason: str
    seconds: float


def examine(
    lab: Lab | str,
    folder: Path | None = None,
    seeds: int = 200,
    backend: str | None = None,
    only: Iterable[int] = (),
    tell: Callable[[Finding], None] = lambda finding: None,
) -> list[Finding]:
    """Test a lab (the object, or "module:attribute") on its first offline backend; `only` picks properties by number, `tell` hears of
    each as it is done."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="studyapp-lab-") as made:
            return examine(lab, Path(made), seeds, backend, only, tell)
    chosen = set(only) or {number for number, _, _ in PROPERTIES}
    findings = []
    with Examination(lab if isinstance(lab, str) else ref_of(lab), folder, seeds, backend) as examination:
        for number, says, test in PROPERTIES:
            if number not in chosen:
                continue
            started = time.monotonic()
            try:
                test(examination)
                reason = ""
            except Exception as error:
                reason = " ".join(f"{type(error).__name__}: {error}".split())[:600]
            findings.append(Finding(number, says, not reason, reason, time.monotonic() - started))
            tell(findings[-1])
    return findings


def assert_lab_conforms(
    lab: Lab | str, folder: Path | None = None, seeds: int = 200, backend: str | None = None, only: Iterable[int] = ()
) -> None:
    """Raise AssertionError naming every property of the contract that the lab breaks."""
    broken = [finding for finding in examine(lab, folder, seeds, backend, only) if not finding.ok]
    assert not broken, "\n".join(f"property {finding.property} ({finding.says}): {finding.reason}" for finding in broken)


def ref_of(lab: Lab) -> str:
    """Where a lab object can be imported from, as a worker has to."""
    module = type(lab).__module__
    for name, value in vars(sys.modules[module]).items():
        if value is lab:
            return f"{module}:{name}"
    raise ValueError(f"the lab {lab.id} is no module-level object of {module}; a worker process has to import it by name")
