"""Each kind of question is compared as LABS section 4 says: traps named, near answers held, reasons weighed, noise forgiven."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.labkit.api import (
    Answer,
    ChoiceQuestion,
    CodeQuestion,
    CodeReport,
    IntervalQuestion,
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    Option,
    OrderQuestion,
    PickQuestion,
    Question,
    Reason,
    ShapeQuestion,
    TextQuestion,
    Trap,
    Truth,
)
from studyapp.labkit.judge import verdict

BASE: dict[str, Any] = {"id": "q1", "title": "t", "ask": "a", "concept": "c"}
ABCD = tuple(Option(id=id, text=id, concept=f"believes-{id}", say=f"No, {id}.") for id in "abcd")


def judged(question: Question, truth: Any, said: Any, **more: Any) -> tuple[str, str | None]:
    truth = truth if isinstance(truth, Truth) else Truth(value=truth)
    found = verdict(question, truth, Answer(value=said, **more))
    return found.outcome, found.trap


COUNT = NumberQuestion(**BASE, traps=(Trap(value=127, concept="cls-token", say="{truth}, not {said}"),))
RATE = NumberQuestion(**BASE, integer=False, abs_tol=0.01, traps=(Trap(value=0.9, concept="swapped", say="s"),))


@pytest.mark.parametrize(
    ("question", "truth", "said", "outcome", "trap"),
    [
        (COUNT, 126, 126, "right", None),
        (COUNT, 126, 126.0, "right", None),
        (COUNT, 126, 127, "wrong", "cls-token"),
        (COUNT, 126, 128, "wrong", None),
        (COUNT, 126, 126_000, "wrong", "wrong-scale"),
        (RATE, 0.25, 0.255, "right", None),
        (RATE, 0.25, 0.27, "near", None),
        (RATE, 0.25, 0.4, "wrong", None),
        (RATE, 0.25, 0.905, "wrong", "swapped"),
        (RATE, 0.25, 25, "wrong", "wrong-scale"),
        (RATE, 0.25, 0.75, "wrong", "wrong-scale"),
    ],
)
def test_numbers_have_tolerance_near_band_traps_and_scales(
    question: Question, truth: Any, said: Any, outcome: str, trap: str | None
) -> None:
    assert judged(question, truth, said) == (outcome, trap)


def test_sentences_are_filled_with_what_was_said_and_what_is_true() -> None:
    assert verdict(COUNT, Truth(value=126), Answer(value=127)).say == "126, not 127"


def test_a_shape_is_exact_and_a_permutation_of_it_is_named() -> None:
    shape = ShapeQuestion(**BASE, axes=("1", "2", "3"), traps=(Trap(value=[2, 162, 192], concept="cls-token", say="s"),))
    assert judged(shape, [2, 163, 192], [2, 163, 192]) == ("right", None)
    assert judged(shape, [2, 163, 192], [2, 162, 192]) == ("wrong", "cls-token")
    assert judged(shape, [2, 163, 192], [2, 192, 163]) == ("wrong", "axes-order")
    assert judged(shape, [2, 163, 192], [2, 163]) == ("wrong", None)
    assert verdict(shape, Truth(value=[2, 163, 192]), Answer(value=[2, 163, 191])).score == pytest.approx(2 / 3)


def test_a_wrong_option_is_named_by_its_own_concept() -> None:
    choice = ChoiceQuestion(**BASE, options=ABCD)
    assert judged(choice, "a", "a") == ("right", None)
    found = verdict(choice, Truth(value="a"), Answer(value="c"))
    assert (found.outcome, found.trap, found.say) == ("wrong", "believes-c", "No, c.")


def test_a_right_answer_with_a_wrong_reason_is_lucky_and_without_one_near() -> None:
    reasons = Reason(ask="why", options=(Option(id="a", text=""), Option(id="b", text="", concept="superstition", say="It is not that.")))
    choice = ChoiceQuestion(**BASE, options=ABCD, reason=reasons)
    truth = Truth(value="a", reason="a")
    assert judged(choice, truth, "a", reason="a") == ("right", None)
    assert judged(choice, truth, "a", reason="b") == ("lucky", "superstition")
    assert judged(choice, truth, "a") == ("near", None)
    assert judged(choice, truth, "b", reason="a") == ("wrong", "believes-b")
    found = verdict(choice, truth, Answer(value="b", reason="a"))
    assert (found.said, found.truth) == ({"value": "b", "reason": "a"}, {"value": "a", "reason": "a"})


def test_each_option_that_was_marked_wrongly_gets_its_sentence() -> None:
    found = verdict(MultiQuestion(**BASE, options=ABCD), Truth(value=["a"]), Answer(value=["b", "d"]))
    assert (found.outcome, found.trap, found.say) == ("wrong", "believes-b", "No, b. No, d.")


def test_where_value_and_reason_are_both_wrong_both_are_told() -> None:
    reasons = Reason(ask="why", options=(Option(id="a", text=""), Option(id="b", text="", concept="superstition", say="It is not that.")))
    choice = ChoiceQuestion(**BASE, options=ABCD, reason=reasons)
    found = verdict(choice, Truth(value="a", reason="a"), Answer(value="c", reason="b"))
    assert (found.outcome, found.trap) == ("wrong", "believes-c")
    assert found.say == "No, c. And the reason: It is not that."
    assert verdict(choice, Truth(value="a", reason="a"), Answer(value="c", reason="a")).say == "No, c."


def test_a_forecast_that_comes_close_has_no_retry() -> None:
    pairs = tuple(Option(id=id, text=id) for id in "abcd")
    match = MatchQuestion(**BASE, left=pairs, right=pairs)
    right = {id: id for id in "abcd"}
    for forecast in (False, True):
        question = match.model_copy(update={"forecast": forecast})
        found = verdict(question, Truth(value=right), Answer(value=right | {"d": "c"}))
        assert (found.outcome, found.held) == ("near", not forecast)
        assert ("retry" in found.say) is not forecast


def test_several_options_are_compared_as_sets_with_f1_as_credit() -> None:
    multi = MultiQuestion(**BASE, options=ABCD)
    assert judged(multi, ["a", "b"], ["b", "a"]) == ("right", None)
    assert judged(multi, ["a", "b"], ["a", "b", "c"]) == ("near", "believes-c")
    found = verdict(multi, Truth(value=["a", "b"]), Answer(value=["a", "d"]))
    assert (found.outcome, found.score) == ("wrong", 0.5)


def test_a_pick_is_named_by_traps_that_only_the_run_knows() -> None:
    plain = tuple(Option(id=id, text=id) for id in "abcd")
    truth = Truth(value=["b"], traps=(Trap(value=["c"], concept="transposed", say="In C rows and columns were swapped."),))
    assert judged(PickQuestion(**BASE, options=plain), truth, ["b"]) == ("right", None)
    assert judged(PickQuestion(**BASE, options=plain), truth, ["c"]) == ("wrong", "transposed")
    assert judged(PickQuestion(**BASE, options=plain), truth, ["d"]) == ("wrong", None)


@pytest.mark.parametrize(
    ("said", "noise", "outcome", "trap"),
    [
        ("d", 0, "right", None),
        ("e", 0, "near", None),
        ("f", 0, "wrong", None),
        ("c", 1, "right", None),
        ("f", 1, "near", None),
        ("a", 1, "wrong", "first"),
    ],
)
def test_a_pick_in_a_line_is_judged_by_places(said: str, noise: float, outcome: str, trap: str | None) -> None:
    frames = PickQuestion(**BASE, line=True, options=tuple(Option(id=id, text=id) for id in "abcdefg"))
    truth = Truth(value=["d"], noise=noise, traps=(Trap(value=["a"], concept="first", say="Too early."),))
    found = verdict(frames, truth, Answer(value=[said]))
    assert (found.outcome, found.trap) == (outcome, trap)
    assert (found.score == 1) == (outcome == "right")


def test_a_match_that_holds_a_misconception_is_named_and_not_near() -> None:
    match = MatchQuestion(
        **BASE, left=ABCD, right=ABCD, traps=(Trap(value={"a": "b", "b": "b", "c": "c", "d": "d"}, concept="a-is-b", say="s"),)
    )
    right = {id: id for id in "abcd"}
    assert judged(match, right, right | {"a": "b"}) == ("wrong", "a-is-b")
    assert judged(match, right, right | {"a": "c"}) == ("near", None)


ORDER = OrderQuestion(
    **BASE, options=ABCD, first="cheapest", last="dearest", traps=(Trap(value=["b", "a", "d", "c"], concept="by-pixels", say="s"),)
)


@pytest.mark.parametrize(
    ("said", "outcome", "trap"),
    [
        ("abcd", "right", None),
        ("acbd", "near", None),
        ("badc", "wrong", "by-pixels"),
        ("dcba", "wrong", "order-reversed"),
        ("cabd", "wrong", None),
    ],
)
def test_an_order_is_judged_by_its_pairs(said: str, outcome: str, trap: str | None) -> None:
    assert judged(ORDER, list("abcd"), list(said)) == (outcome, trap)


def test_items_closer_than_the_noise_are_right_either_way() -> None:
    truth = Truth(value=list("abcd"), scores={"a": 100, "b": 101, "c": 200, "d": 300}, noise=0.02)
    assert judged(ORDER, truth, list("bacd")) == ("right", None)
    assert judged(ORDER, truth, list("abdc"))[0] == "near"


@given(st.permutations("abcd"))
def test_credit_for_an_order_is_kendalls_tau_and_one_only_when_right(said: list[str]) -> None:
    found = verdict(ORDER, Truth(value=list("abcd")), Answer(value=said))
    place = {id: index for index, id in enumerate(said)}
    pairs = [(a, b) for a in "abcd" for b in "abcd" if a < b]
    tau = sum(1 if place[a] < place[b] else -1 for a, b in pairs) / len(pairs)
    assert found.score == pytest.approx(max(0.0, tau))
    assert (found.outcome == "right") == (found.score == 1)


def test_a_match_has_its_share_of_pairs() -> None:
    match = MatchQuestion(**BASE, left=ABCD, right=ABCD)
    right = {id: id for id in "abcd"}
    assert judged(match, right, right) == ("right", None)
    found = verdict(match, Truth(value=right), Answer(value=right | {"a": "b", "b": "a"}))
    assert (found.outcome, found.score) == ("wrong", 0.5)


def test_code_is_judged_by_its_report_and_named_by_its_permutation() -> None:
    code = CodeQuestion(**BASE, entry="f", stub="", traps=(Trap(code="column-major", concept="patch-order", say="Column by column."),))
    truth = {"value": {"source": "right"}}
    passed = Truth(**truth, report=CodeReport(ok=True, say="Well done."))
    assert verdict(code, passed, Answer(value={"source": "x"})).say == "Well done."
    failed = Truth(**truth, report=CodeReport(ok=False, first_failure="addresses", say="Element 3 is off.", permutation="column-major"))
    found = verdict(code, failed, Answer(value={"source": "x"}))
    assert (found.outcome, found.trap, found.say) == ("wrong", "patch-order", "Column by column. Element 3 is off.")


def test_an_interval_must_contain_the_truth_and_a_narrow_one_scores_higher() -> None:
    interval = IntervalQuestion(**BASE)
    assert judged(interval, 0.5, [0.4, 0.6])[0] == "right"
    assert judged(interval, 0.5, [0.6, 0.7])[0] == "wrong"
    scores = [verdict(interval, Truth(value=0.5), Answer(value=ends)).score for ends in ([0.45, 0.55], [0.2, 0.8], [0.0, 0.1])]
    assert scores[0] > scores[1] > scores[2] == 0


def test_free_text_is_ticked_by_the_learner() -> None:
    text = TextQuestion(**BASE, points=ABCD)
    assert judged(text, "reference", "mine")[0] == "skipped"
    assert judged(text, "reference", "mine", ticked=("a", "b", "c", "d"))[0] == "right"
    assert judged(text, "reference", "mine", ticked=("a",))[0] == "wrong"


def test_void_beats_everything_and_skipped_tells_the_truth() -> None:
    assert verdict(COUNT, Truth(value=126, void="noise"), Answer(value=126)).outcome == "void"
    assert verdict(COUNT, None, Answer(value=126)).outcome == "void"
    skipped = verdict(COUNT, Truth(value=126), None)
    assert (skipped.outcome, skipped.truth, skipped.graded) == ("skipped", 126, False)


def test_a_forecast_is_judged_but_never_graded() -> None:
    forecast = COUNT.model_copy(update={"forecast": True})
    found = verdict(forecast, Truth(value=126), Answer(value=127))
    assert (found.outcome, found.graded) == ("wrong", False)
