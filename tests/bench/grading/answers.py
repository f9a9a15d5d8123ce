"""Labelled answers: those of the course (content/*/answers) and those on other subjects (here), with their features."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from studyapp.study.grading.free.contract import KeyPoint, Question

ROOT = Path(__file__).resolve().parents[3]
OTHER = Path(__file__).parent / "other_subjects"
# A fifth of the course's questions: never looked at, never fitted on, measured once at the end.
_KEPT = (
    "clip-small-batch llm-577-patches vae-random-codes weakness-meets-remedy explain-time-compression explain-looks-fine sc-vit-vs-cnn "
    "sc-why-projection data-race"
)
KEPT = frozenset(_KEPT.split())
GOOD = frozenset({"good-own-words", "good-plain", "terse", "typos", "short-right", "paraphrase-no-keywords"})
LOOKS_RIGHT = frozenset({"keywords", "reversed", "negated", "misconception"})


@dataclass(frozen=True)
class Case:
    """One answer with its labels. `group` is the id of its question."""

    id: str
    group: str
    style: str
    question: Question
    answer: str
    points: tuple[bool, ...]
    error: bool
    verdict: str


def cases(kept: bool = False, other: bool = True) -> list[Case]:
    """Course answers of the questions that are fitted on (or of the kept ones), and those on other subjects."""
    found = [case for case in _read(ROOT / "content/week-13") if (case.group in KEPT) == kept]
    if other and not kept and OTHER.exists():
        found += _read(OTHER)
    return found


def _read(folder: Path) -> Iterator[Case]:
    items: dict[str, Question] = {}
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text())
        for item in document.get("items", []):
            if item["kind"] == "explain":
                items[item["id"]] = question_of(item)
    for path in sorted((folder / "answers").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            if line.strip():
                row = json.loads(line)
                if row["item"] in items:
                    yield Case(
                        row["id"], row["item"], row["style"], items[row["item"]], row["answer"],
                        tuple(row["points"]), row["error"] is not None, row["verdict"],
                    )  # fmt: skip


def question_of(item: dict[str, Any]) -> Question:
    points = tuple(KeyPoint(p["text"], tuple(p.get("aliases", ())), bool(p.get("indispensable"))) for p in item["points"])
    return Question(item["ask"], item["reference"].strip(), points, tuple(item.get("anti", ())))


def fingerprint(found: list[Case]) -> str:
    """Hash of everything that is fitted on."""
    rows = sorted((c.id, c.answer, c.points, c.error, c.verdict) for c in found)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
