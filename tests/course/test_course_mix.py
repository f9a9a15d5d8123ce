"""The shipped course has the size and the mix of kinds that were aimed at; small bands leave room for a better item."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from studyapp.course.compile import compile_course
from studyapp.course.coverage import coverage
from studyapp.course.load import load_course

COURSE = load_course(Path(__file__).resolve().parents[2] / "content" / "week-13")
ITEMS = compile_course(COURSE)[1]
KINDS = Counter(item.kind for item in ITEMS)


def test_there_are_260_to_300_items_beside_the_labs() -> None:
    assert 260 <= KINDS.total() - KINDS["lab"] <= 300


@pytest.mark.parametrize(
    ("kinds", "least", "most"),
    [
        (("short", "cloze", "basic"), 72, 78),
        (("explain",), 43, 47),
        (("choice",), 33, 37),
        (("contrast",), 28, 32),
        (("true-false-repair",), 28, 32),
        (("number",), 15, 31),
        (("case",), 22, 26),
        (("list", "missing"), 14, 20),
        (("order",), 11, 14),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_mix_of_kinds(kinds: tuple[str, ...], least: int, most: int) -> None:
    assert least <= sum(KINDS[kind] for kind in kinds) <= most


def test_few_cards_are_rated_without_an_answer() -> None:
    assert KINDS["basic"] <= 5


def test_every_core_fact_has_two_forms_and_every_useful_one_an_item_without_counting_labs() -> None:
    assert COURSE.facts is not None
    covered = coverage([item for item in ITEMS if item.kind != "lab"], {fact.id: fact.importance for fact in COURSE.facts.entries})
    assert (covered["core_two_forms"], covered["useful_covered"]) == (covered["core_total"], covered["useful_total"])
    assert covered["unknown"] == []
