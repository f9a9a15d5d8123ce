"""Short answers to the shipped course: what is forgiven, what is asked about, and what passes for no typo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from studyapp.course.compile import compile_course
from studyapp.course.draws import draw_for
from studyapp.course.load import load_course
from studyapp.study.grading import judge
from studyapp.study.grading.text import judge_text

HERE = Path(__file__).parent
TABLE: dict[str, list[list[Any]]] = yaml.safe_load((HERE / "short_answers.yaml").read_text("utf-8"))
CASES = [(group, *case) for group, cases in TABLE.items() for case in cases]
ITEMS = {item.id: item for item in compile_course(load_course(HERE.parents[1] / "content" / "week-13"))[1]}


@pytest.mark.parametrize(("group", "id", "typed", "outcome"), CASES, ids=[f"{c[1]}: {c[2]}" for c in CASES])
def test_a_short_answer(group: str, id: str, typed: Any, outcome: str) -> None:
    judged = judge(ITEMS[id], draw_for(ITEMS[id], "deadbeef"), typed)
    assert judged.outcome.value == outcome
    asked_about = group == "near, and asked about" and outcome == "near"
    assert bool(judged.meant) is asked_about  # a near one by meaning has another try, and its answer is not given away


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("intramodal", "intermodal"),
        ("microscopic", "macroscopic"),
        ("upsampling", "downsampling"),
        ("minimise", "maximise"),
        ("overfitting", "underfitting"),
        ("posttraining", "pretraining"),
        ("meaningful", "meaningless"),
        ("lossy", "lossless"),
        ("is not trained", "is trained"),
        ("extrapolation", "interpolation"),
        ("decrease", "increase"),
        ("unimodal", "multimodal"),
        ("10²", "102"),
    ],
)
def test_an_opposite_or_another_number_is_neither_right_nor_asked_about(typed: str, form: str) -> None:
    judged = judge_text(typed, [form])
    assert (judged.outcome.value, judged.meant) == ("wrong", ())


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("sqrt(alpha_bar)", "√ᾱ"),
        ("alpha bar", "ᾱ"),
        ("N^2", "N²"),
        ("n squared", "N²"),
        ("10^2", "10²"),
        ("σ²", "sigma^2"),
        ("1 − ᾱ", "1-ᾱ"),
        ("2 × 3", "２x３"),
        ("lossles", "lossless"),
        ("colour", "color"),
        ("modelling", "modeling"),
        ("centre", "center"),
        ("analyse", "analyze"),
        ("catalog", "catalogue"),
        ("gray", "grey"),
    ],
)
def test_mathematics_and_spelling_in_other_ways_are_right(typed: str, form: str) -> None:
    assert judge_text(typed, [form]).outcome.value == "right"


def test_what_is_as_near_to_a_wrong_answer_is_not_asked_about() -> None:
    trap = {"when": "latent pace", "concept": "pace", "say": "No."}
    assert judge_text("latent oace", ["latent face"], traps=[trap]).outcome.value == "wrong"
