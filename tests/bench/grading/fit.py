"""Fits the heads of the free-text grader and measures them on questions left out.

    python -m tests.bench.grading.fit [--write | --only-write] [--kept] [--folds N]

Every answer is graded by heads that saw no answer to its question (leave one question out; --folds N leaves a share of them out, which is
quicker). The answer-level heads see point probabilities that come from an inner round of the same kind. Every question is fitted on twice:
as it is, and bare (no aliases, no false statements), so that the heads do not lean on what not every question has.
Both ways are measured. --write stores heads fitted on all
questions but the kept ones; --kept then measures the stored heads on the kept ones. Needs the `dev` extra (scikit-learn).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from studyapp.study.grading.free.contract import KeyPoint, Question
from studyapp.study.grading.free.features import Features
from studyapp.study.grading.free.grade import GROUND, choose, confidence, decide, summarise
from studyapp.study.grading.free.lexicon import DATA
from studyapp.study.grading.free.names import ANSWER, POINT, STACKED
from studyapp.study.grading.free.prepare import prepared
from studyapp.study.grading.free.verdict import verdict
from tests.bench.grading.answers import Case, cases, fingerprint
from tests.bench.grading.measure import Outcome, baselines, graded, report, table
from tests.bench.grading.model import chances, fit_head

SUMMARY = (*ANSWER, *STACKED)
INNER = 4  # parts of the inner rounds
LIMITS = {"point": 0.44, "unsure": 0.3, "correct": 0.44, "incorrect": 0.46, "error": 0.5, "suspicion": 0.4, "anti": 0.45}


class Table:
    """Features of all cases and of their bare twins: `x` a row for each point, `owner` its case, `y` its label."""

    def __init__(self, found: Sequence[Case]) -> None:
        self.cases = [*found, *(bare(case) for case in found)]
        self.twin = np.arange(len(self.cases)) >= len(found)
        self.features = [Features(q := prepared(case.question), q.read(case.answer)) for case in self.cases]
        rows, owner, y = [], [], []
        for number, (case, features) in enumerate(zip(self.cases, self.features, strict=True)):
            for point, label in zip(features.points, case.points, strict=True):
                rows.append([point.values[name] for name in POINT])
                owner.append(number)
                y.append(label)
        self.x, self.owner, self.y = np.array(rows), np.array(owner), np.array(y, dtype=int)
        self.x = np.nan_to_num(self.x)
        self.group = np.array([case.group for case in self.cases])

    def summary(self, p: np.ndarray, which: Sequence[int]) -> np.ndarray:
        rows = []
        for number in which:
            values = summarise(self.features[number], list(p[self.owner == number]), self.cases[number].question.points)
            rows.append([values[name] for name in SUMMARY])
        return np.array(rows)


def fit_all(table: Table, which: np.ndarray) -> dict[str, Any]:
    """Heads from the cases `which` (numbers): the point head, then the answer heads on probabilities from an inner round."""
    mine = np.isin(table.owner, which)
    point = fit_head("point", POINT, table.x[mine], table.y[mine])
    inner = np.zeros(len(table.y))
    for part in parts(sorted(set(table.group[which])), INNER):
        out = np.isin(table.group[table.owner], part) & mine
        head = fit_head("point", POINT, table.x[mine & ~out], table.y[mine & ~out], seeds=1)
        inner[out] = point_chances(head, table.x[out])
    summary = table.summary(inner, which)
    labels = [table.cases[i] for i in which]
    wrong = np.array([c.error for c in labels], dtype=int)
    error = fit_head("error", SUMMARY, summary, wrong)
    # what the two verdict heads will see as `error` must not come from a head that saw these labels
    e = np.zeros(len(which))
    groups = table.group[which]
    for part in parts(sorted(set(groups)), INNER):
        out = np.isin(groups, part)
        e[out] = chances(fit_head("error", SUMMARY, summary[~out], wrong[~out]), summary[out])
    stacked = np.column_stack([summary, e])
    names = (*SUMMARY, "error")
    right = np.array([c.verdict == "correct" for c in labels], dtype=int)
    none = np.array([c.verdict == "incorrect" for c in labels], dtype=int)
    return {
        "point": point,
        "error": error,
        "correct": fit_head("correct", names, stacked, right),
        "incorrect": fit_head("incorrect", names, stacked, none),
    }


def point_chances(head: dict[str, Any], x: np.ndarray) -> np.ndarray:
    return chances(head, x) * np.minimum(1.0, x[:, POINT.index("whole_mean")] / GROUND)


def parts(groups: Sequence[str], count: int) -> list[list[str]]:
    """The groups dealt into so many parts, always the same way."""
    order = np.random.default_rng(3).permutation(len(groups))
    return [[groups[i] for i in order[k::count]] for k in range(min(count, len(groups)))]


def predict(table: Table, heads: dict[str, Any], which: np.ndarray) -> list[dict[str, Any]]:
    """Probabilities for the cases `which`; `decided` makes verdicts of them."""
    mine = np.isin(table.owner, which)
    p = np.zeros(len(table.y))
    p[mine] = point_chances(heads["point"], table.x[mine])
    summary = table.summary(p, which)
    error = chances(heads["error"], summary)
    stacked = np.column_stack([summary, error])
    correct, none = chances(heads["correct"], stacked), chances(heads["incorrect"], stacked)
    return [
        {"case": table.cases[i], "p": p[table.owner == i].tolist(), "error": error[k], "correct": correct[k], "incorrect": none[k]}
        for k, i in enumerate(which)
    ]


def decided(rows: Sequence[dict[str, Any]], limits: dict[str, float]) -> list[Outcome]:
    out = []
    for row in rows:
        case: Case = row["case"]
        chosen = choose(row["correct"], row["incorrect"], limits)
        wrong = row["error"] >= limits["error"] and chosen != "correct"
        found = decide(row["p"], case.question.points, chosen, wrong, limits["point"])
        chosen = verdict(found, case.question.points, wrong)
        out.append(Outcome(case, tuple(found), chosen, confidence(chosen, row["correct"], row["incorrect"])))
    return out


def left_out(table: Table, folds: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Of heads that saw nothing of the question: the answers to questions as they are, and to the bare ones."""
    groups = sorted(set(table.group))
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for part in parts(groups, folds or len(groups)):
        out = np.isin(table.group, part)
        heads = fit_all(table, np.flatnonzero(~out))
        for k, twin in enumerate((False, True)):
            rows[k].extend(predict(table, heads, np.flatnonzero(out & (table.twin == twin))))
    return rows


def bare(case: Case) -> Case:
    """The case with neither aliases nor false statements in its question."""
    points = tuple(KeyPoint(p.text, (), p.indispensable) for p in case.question.points)
    return replace(case, question=Question(case.question.question, case.question.reference, points))


def store(heads: dict[str, Any]) -> None:
    (DATA / "heads.json.gz").write_bytes(gzip.compress(json.dumps(heads, separators=(",", ":")).encode(), 9, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--only-write", action="store_true", help="fit and store without measuring")
    parser.add_argument("--folds", type=int, default=0)
    options = parser.parse_args()
    if options.kept:
        kept = cases(kept=True)
        print(report("kept questions", graded(kept)))
        print(table([("grader", graded(kept)), *baselines(kept)]))
        return
    found = cases()
    data = Table(found)
    print(len(set(data.group)), "questions", len(found), "answers")
    if not options.only_write:
        full, twins = (decided(rows, LIMITS) for rows in left_out(data, options.folds))
        print(report("left out", full))
        course = {case.group for case in cases(other=False)}
        parts_ = [
            ("course", [o for o in full if o.case.group in course]),
            ("other subjects", [o for o in full if o.case.group not in course]),
        ]
        print(table([("left out", full), *parts_, ("left out, bare", twins), *baselines(found)]))
    if options.write or options.only_write:
        heads = fit_all(data, np.arange(len(data.cases))) | {"limits": LIMITS, "fitted_on": fingerprint(found)}
        store(heads)


if __name__ == "__main__":
    main()
