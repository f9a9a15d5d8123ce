"""What noising says beside its questions: calculations that point at what the screen shows, and progress in words."""

from __future__ import annotations

import re

from labs.noising import arithmetic, pictures
from labs.noising.lab import LAB
from labs.noising.params import draw
from studyapp.labkit.backends import parse_backend

TINY, NONE = parse_backend("tiny"), parse_backend("none")


def test_the_calculation_of_an_order_names_schedules_as_its_options_do() -> None:
    """The screen numbers options, so a letter in the sentence would point nowhere."""
    for seed in range(6):
        plan = LAB.plan(seed, TINY)
        question = plan.question("q6")
        assert question.kind == "order"
        why = LAB.closed_form(plan)["q6"].why
        assert all(f"{option.text}: SNR 1 at t = " in why for option in question.options)


def test_the_values_on_both_sides_of_the_crossing_are_told_apart() -> None:
    for seed in range(60):
        params = draw(seed)
        level, before, after = re.findall(r"0\.\d{5}", LAB.closed_form(LAB.plan(seed, NONE))["q4"].why)
        assert float(before) >= float(level) >= float(after)
        assert before != after, (seed, params.schedule)


def test_progress_is_told_in_words() -> None:
    from labs.noising import run

    assert {*arithmetic.measures(draw(7), 7, 1), "reading"} == run.DOING.keys()
    assert all(" " in words for words in run.DOING.values())


def test_what_is_told_below_the_schedules_fits_80_columns() -> None:
    found = {"crossing": dict.fromkeys("abcd", 354), "leftover": dict.fromkeys("abcd", 2.4e-09)}
    for seed in range(20):
        lines = pictures.crossings(draw(seed), found).grid
        assert max(map(len, lines)) <= 76, "a longer line is cut, and with it what is left at the end"
