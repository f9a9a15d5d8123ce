"""Judging one answer of each kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.view import reveal
from studyapp.errors import BadInput
from studyapp.study.grading import Judgement, Outcome, is_free_text, judge, parse_value, verdict
from studyapp.study.grading.lists import pairs
from studyapp.study.grading.order import kendall_tau
from studyapp.study.grading.result import PointState


@pytest.fixture
def judged(items):
    def judge_one(name, value, **change) -> Judgement:
        item = items(name, **change)
        return judge(item, items.draw(item), value)

    return judge_one


JUDGED = ["short", "cloze", "missing", "choice", "multi", "true", "order", "list", "number", "share", "case"]


@pytest.mark.parametrize("name", JUDGED)
def test_the_revealed_answer_is_right(items, name):
    item = items(name)
    draw = items.draw(item)
    value = reveal(item, draw).value
    judged = judge(item, draw, value)
    assert (judged.outcome, judged.score, judged.trap) == (Outcome.RIGHT, 1.0, None)
    assert judged.expected == value
    assert parse_value(item, json.dumps(value)) == value


@pytest.mark.parametrize("name", [*JUDGED, "basic", "explain", "contrast", "true-false-repair"])
def test_an_answer_in_the_head_is_rated_by_the_learner(items, name):
    item = items(name)
    judged = judge(item, items.draw(item), None)
    assert judged.outcome is Outcome.SELF
    assert judged.expected == reveal(item, items.draw(item)).value


def test_a_judgement_survives_json(judged):
    for one in (
        judged("number", 257),
        judged("explain", "because"),
        judged("short", "pixels"),
        judged("order", ["add", "cut", "flatten", "project"]),
    ):
        assert Judgement.from_row(json.loads(json.dumps(one.row()))) == one


def test_a_chosen_option_says_why_and_names_its_misconception(judged):
    wrong = judged("choice", "b")
    assert (wrong.outcome, wrong.trap.concept, wrong.say) == (Outcome.WRONG, "clip-writes", "It writes nothing.")
    plain = judged("choice", ["C"])
    assert (plain.outcome, plain.trap, plain.say) == (Outcome.WRONG, None, "It has no classes.")
    assert judged("case", "b").trap.concept == "clip-writes"


def test_several_right_options_are_marked_in_part(judged):
    assert judged("multi", ["b", "a"]).outcome is Outcome.RIGHT
    some = judged("multi", ["a"])
    assert (some.outcome, some.score) == (Outcome.PARTIAL, 0.5)
    mixed = judged("multi", ["a", "c"])
    assert (mixed.outcome, mixed.trap.concept) == (Outcome.WRONG, "third")
    assert judged("multi", ["a", "b", "c"]).outcome is Outcome.PARTIAL
    assert judged("multi", []).outcome is Outcome.WRONG


def test_the_truth_value_is_judged_and_the_repair_is_left_to_the_learner(judged):
    assert judged("true", True).outcome is Outcome.RIGHT
    assert judged("true", "false").outcome is Outcome.WRONG
    assert judged("true-false-repair", True).outcome is Outcome.WRONG
    recognised = judged("true-false-repair", {"value": False, "repair": "they still are used"})
    assert recognised.outcome is Outcome.SELF
    assert recognised.points == (PointState("p1", "CNNs are still in use.", False, True),)


def test_a_misconceived_repair_is_named(judged):
    traps = [{"when": "only for video", "concept": "cnn-video", "say": "Not only."}]
    said = judged("true-false-repair", {"value": False, "repair": "Only for video"}, traps=traps)
    assert (said.outcome, said.trap.concept) == (Outcome.SELF, "cnn-video")


def test_each_blank_of_a_cloze_counts(judged):
    assert judged("cloze", ["class token", "14", "patch"]).outcome is Outcome.RIGHT
    some = judged("cloze", ["class token", "15", "pixel"])
    assert (some.outcome, some.score) == (Outcome.PARTIAL, pytest.approx(1 / 3))
    assert judged("cloze", ["[CLS]", "14", "pitcjes"]).outcome is Outcome.NEAR
    assert judged("cloze", ["x", "15", "pixel"]).outcome is Outcome.WRONG
    assert judged("cloze", ["klass tokn", "14", "patches"], ask="{{class token}} {{14}} {{patches}}").outcome is Outcome.PARTIAL
    assert judged("cloze", ["claas tken", "14", "patches"], ask="{{class token}} {{14}} {{patches}}").outcome is Outcome.RIGHT
    assert judged("cloze", ["token", "14"], ask="{{class token}} {{14}}", near=["token"]).outcome is Outcome.NEAR
    with pytest.raises(BadInput, match="3 blanks are to be filled, 1 answers"):
        judged("cloze", "one")


@pytest.mark.parametrize("said", [256, 256.0, "256", "16*16", "16²", "256 patches", "0.256k", " 256 patch"])
def test_a_number_may_be_written_in_many_ways(judged, said):
    assert judged("number", said, params={"h": [224], "p": [14]}).outcome is Outcome.RIGHT


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("257", "cls-token"),
        ("256 tokens", "wrong-unit"),
        ("256k", "scale-1000"),
        (0.256, "scale-1000"),
        ("256 million", "scale-1000"),
        (255, None),
    ],
)
def test_wrong_numbers_are_recognised(judged, said, concept):
    wrong = judged("number", said, params={"h": [224], "p": [14]})
    assert wrong.outcome is Outcome.WRONG
    assert (wrong.trap and wrong.trap.concept) == concept
    if concept == "cls-token":
        assert wrong.say == "256 and one more is tokens."


@pytest.mark.parametrize(
    ("said", "outcome", "concept"),
    [
        ("1/3", "right", None),
        (0.33, "right", None),
        ("33%", "right", None),
        (0.335, "right", None),
        (0.325, "near", None),
        (0.34, "near", None),
        (0.25, "wrong", "plus-one"),
        (33.3, "wrong", "percent-or-share"),
        ("2/3", "wrong", "complement"),
        (0.5, "wrong", None),
    ],
)
def test_a_share_has_a_tolerance_and_its_own_slips(judged, said, outcome, concept):
    one = judged("share", said)
    assert (one.outcome.value, one.trap and one.trap.concept) == (outcome, concept)


def test_percent_for_a_share_is_a_slip_the_other_way_too(judged):
    assert judged("share", 0.4, answer="40", unit="%", round=None, traps=[]).trap.concept == "percent-or-share"
    assert judged("share", "40 %", answer="40", unit="%", round=None, traps=[]).outcome is Outcome.RIGHT


def test_a_unit_that_is_no_word_may_be_typed(judged):
    assert judged("number", "256 ×", unit="×", params={"h": [224], "p": [14]}).outcome is Outcome.RIGHT


@pytest.mark.parametrize("value", ["many", "2**4000", 10**400, float("nan"), True, [1], ""])
def test_what_is_no_number_is_refused_with_a_hint(judged, value):
    with pytest.raises(BadInput, match="c:number"):
        judged("number", value)


def test_an_order_is_marked_by_kendalls_tau(judged):
    swapped = judged("order", ["flatten", "cut", "project", "add"])
    assert (swapped.outcome, swapped.score) == (Outcome.PARTIAL, pytest.approx(2 / 3))
    assert "“CUT” comes before “FLATTEN”" in swapped.say
    assert judged("order", ["flatten", "project", "cut", "add"]).outcome is Outcome.WRONG
    reverse = judged("order", ["add", "project", "flatten", "cut"])
    assert (reverse.outcome, reverse.score) == (Outcome.WRONG, 0.0)
    with pytest.raises(BadInput, match="every step once"):
        judged("order", ["cut", "cut", "project", "add"])


@given(st.permutations(list("abcdef")))
def test_tau_is_one_for_the_order_itself_and_turns_round_with_it(order):
    expected = list("abcdef")
    assert kendall_tau(order, expected) == pytest.approx(-kendall_tau(order[::-1], expected))
    assert (kendall_tau(order, expected) == 1) == (order == expected)


def test_each_answer_of_a_list_counts_for_one_member_only(judged):
    assert judged("list", ["resampler", "q former", "two layer MLP"]).outcome is Outcome.RIGHT
    double = judged("list", ["MLP", "two-layer MLP", "resampler"])
    assert (double.outcome, double.score, double.say) == (Outcome.PARTIAL, pytest.approx(2 / 3), "Missing: Q-Former.")
    assert judged("list", ["MLP", "", "resampler"]).score == pytest.approx(2 / 3)
    assert judged("list", []).outcome is Outcome.WRONG
    with pytest.raises(BadInput, match="3 answers are asked for, 4"):
        judged("list", ["a", "b", "c", "d"])


def test_a_list_with_one_near_answer_gets_a_retry_and_a_trap_is_named(judged):
    assert judged("list", ["MLP", "Q-Former", "adapter"]).outcome is Outcome.NEAR
    assert judged("list", ["MLP", "Q-Former", "resmplrx"]).outcome is Outcome.NEAR
    trapped = judged("list", ["MLP", "Q-Former", "tokenizer"])
    assert (trapped.outcome, trapped.trap.concept, trapped.say) == (Outcome.PARTIAL, "tokenizer-bridges", "That is for text.")


def test_any_of_more_members_fill_the_slots(judged):
    assert judged("list", ["resampler", "MLP"], slots=2).outcome is Outcome.RIGHT


def test_an_ambiguous_answer_is_paired_so_that_the_most_are_right(judged):
    members = [{"id": "a", "accept": ["noise", "signal"]}, {"id": "b", "accept": ["noise"]}]
    assert judged("list", ["noise", "signal"], slots=2, members=members).outcome is Outcome.RIGHT
    assert judged("list", ["signal", "noise"], slots=2, members=members).outcome is Outcome.RIGHT


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=5))
def test_a_pairing_uses_every_row_and_column_once_and_cannot_be_made_larger(fits):
    found = pairs(fits)
    assert all(fits[row][column] for row, column in found.items())
    assert len(set(found.values())) == len(found)

    def best(row: int, used: frozenset[int]) -> int:
        if row == len(fits):
            return 0
        taken = [1 + best(row + 1, used | {c}) for c, fit in enumerate(fits[row]) if fit and c not in used]
        return max([best(row + 1, used), *taken])

    assert len(found) == best(0, frozenset())


def test_key_points_wait_for_the_learners_ticks(judged):
    said = judged("explain", "because attention is quadratic")
    assert said.outcome is Outcome.SELF
    assert [(p.id, p.indispensable, p.found) for p in said.points] == [("p1", True, False), ("p2", False, False), ("p3", False, False)]
    assert said.ticked("p2", True).points[1].found
    with pytest.raises(KeyError):
        said.ticked("p9", True)
    assert [p.text for p in judged("contrast", "GAN sharp").points] == ["GAN: sharp", "GAN: unstable", "VAE: blurry"]


@pytest.mark.parametrize(
    ("found", "outcome"),
    [((1, 1, 1), "right"), ((1, 1, 0), "right"), ((1, 0, 0), "partial"), ((0, 1, 1), "partial"), ((0, 0, 0), "wrong")],
)
def test_the_verdict_wants_the_indispensable_and_all_but_one(found, outcome):
    points = tuple(PointState(f"p{i}", "", bool(f), i == 0) for i, f in enumerate(found))
    assert verdict(points).value == outcome
    assert verdict(points, material_error=True).value == ("partial" if outcome == "right" else outcome)


def test_a_single_point_must_be_found():
    assert verdict((PointState("p1", "", False),)) is Outcome.WRONG
    assert verdict((PointState("p1", "", True),)) is Outcome.RIGHT


def test_free_text_items_are_told_apart(items):
    assert {name for name in items.names if is_free_text(items(name))} == {"explain", "contrast", "case-explain"}


def test_lab_items_are_sent_to_their_lab(items):
    for call in (lambda i: judge(i, items.draw(i), 1), lambda i: parse_value(i, "1")):
        with pytest.raises(BadInput, match="studyapp lab start patchify"):
            call(items("lab"))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("number", "14*14", "14*14"),
        ("number", "196", 196),
        ("number", '"14*14"', "14*14"),
        ("choice", "a", "a"),
        ("choice", '"B"', "b"),
        ("multi", '["a", "c"]', ["a", "c"]),
        ("order", "cut flatten, project add", ["cut", "flatten", "project", "add"]),
        ("order", '["add", "cut", "flatten", "project"]', ["add", "cut", "flatten", "project"]),
        ("list", "MLP; Q-Former", ["MLP", "Q-Former"]),
        ("list", '["MLP", "Q-Former, too"]', ["MLP", "Q-Former, too"]),
        ("cloze", "[CLS]; 14; patches", ["[CLS]", "14", "patches"]),
        ("true", "T", True),
        ("true", "0", False),
        ("true-false-repair", '{"value": false, "repair": "no"}', {"value": False, "repair": "no"}),
        ("short", "patch token", "patch token"),
        ("short", '"patch token"', "patch token"),
        ("short", "[CLS]", "[CLS]"),
        ("short", "3", "3"),
        ("explain", "because: {it}", "because: {it}"),
        ("case", "a", "a"),
    ],
)
def test_values_on_the_command_line(items, name, text, value):
    assert parse_value(items(name), text) == value


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("number", "lots", "cannot be read as a number"),
        ("number", "[1]", "cannot be read as a number"),
        ("choice", "z", "the options are a, b, c"),
        ("choice", "[1]", "id of an option"),
        ("choice", "[]", "id of an option"),
        ("multi", "[]", "id of an option"),
        ("order", "cut add", "every step once"),
        ("order", "3", "every step once"),
        ("list", "[1, 2]", "list of texts"),
        ("cloze", "one", "3 blanks"),
        ("true", "maybe", "true or false"),
        ("true", '{"value": 3}', "true or false"),
    ],
)
def test_a_value_of_the_wrong_form_says_what_is_wanted(items, name, text, says):
    with pytest.raises(BadInput) as error:
        parse_value(items(name), text)
    assert says in str(error.value)


@given(
    name=st.sampled_from(["short", "cloze", "choice", "multi", "true", "order", "list", "number", "explain", "basic", "case"]),
    text=st.text(max_size=40),
)
def test_any_text_on_the_command_line_is_judged_or_refused_in_words(items, name, text):
    item = items(name)
    try:
        value = parse_value(item, text)
        judged = judge(item, items.draw(item), value)
    except BadInput:
        return
    assert json.dumps(judged.row())
    assert 0 <= judged.score <= 1
