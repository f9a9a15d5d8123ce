"""Is an idea automatic: the rule of the course file on what was shown."""

import json

import pytest

from studyapp.errors import BadInput
from studyapp.study.readiness import Shown, assess

COURSE = {
    "reread": ["2.2", "6.5"],
    "rule": {"retrievability": 0.9, "last_right": 2, "days": 2},
    "ideas": [
        {"id": "tokens", "title": "Tokens", "items": ["c:a", "c:b"], "labs": [{"lab": "patchify", "tasks": [1, 2]}]},
        {"id": "noise", "title": "Noise", "items": ["c:n"], "labs": []},
    ],
}
SURE = Shown(0.95, ((10, True), (12, True)))
LABS = {("patchify", 1): ((10, True), (11, True)), ("patchify", 2): ((10, False), (11, True), (12, True))}


def test_an_idea_is_met_when_items_and_lab_tasks_were_right_lately_on_different_days():
    report = assess(COURSE, {"c:a": SURE, "c:b": SURE, "c:n": SURE}, LABS)
    assert report.met
    assert [idea.missing for idea in report.ideas] == [(), ()]
    assert report.ideas[0].retrievability == pytest.approx(0.95)


def test_what_is_missing_is_said_per_idea_and_per_item():
    shown = {"c:a": SURE, "c:b": Shown(0.91, ((9, True), (10, False), (12, True)))}
    report = assess(COURSE, shown, LABS)
    tokens, noise = report.ideas
    assert (report.met, tokens.met, noise.met) == (False, False, False)
    assert tokens.missing == ("1 of 2 items still to be shown.",)
    assert [part.missing for part in tokens.items] == ["", "right answers in a row: 1 of 2"]
    assert [part.met for part in tokens.labs] == [True, True]
    assert noise.items[0].missing == "not answered yet"
    assert noise.missing[0] == "The chance of recall over its items is 0%; 90% is wanted."


def test_right_twice_on_one_day_is_not_two_days():
    part = assess(COURSE, {"c:n": Shown(0.99, ((10, True), (10, True)))}).ideas[1].items[0]
    assert part.missing == "different days with right answers: 1 of 2"
    spread = assess(COURSE, {"c:n": Shown(0.99, ((9, True), (10, True), (10, True)))}).ideas[1].items[0]
    assert (spread.met, spread.last) == (True, ((9, True), (10, True), (10, True)))


def test_the_last_answers_are_shown_even_when_wrong():
    part = assess(COURSE, {"c:n": Shown(0.2, ((1, True), (2, True), (3, False)))}).ideas[1].items[0]
    assert part.last == ((2, True), (3, False))


def test_a_lab_task_that_was_not_played_is_missing():
    report = assess(COURSE, {"c:a": SURE, "c:b": SURE, "c:n": SURE})
    assert [part.missing for part in report.ideas[0].labs] == ["not answered yet", "not answered yet"]
    assert report.ideas[1].met


def test_forgetting_closes_the_gate_again():
    faded = Shown(0.6, SURE.answers)
    idea = assess(COURSE, {"c:n": faded}).ideas[1]
    assert idea.missing == ("The chance of recall over its items is 60%; 90% is wanted.",)


def test_the_rule_is_the_courses_own():
    lax = {**COURSE, "rule": {"last_right": 1}}
    assert assess(lax, {"c:n": Shown(0.1, ((5, True),))}).ideas[1].met
    with pytest.raises(BadInput, match=r"readiness\.rule: 'mood' is not known"):
        assess({**COURSE, "rule": {"mood": 1}}, {})


def test_every_idea_names_all_places_to_reread():
    report = assess(COURSE, {})
    assert report.reread == ("2.2", "6.5")
    assert json.loads(json.dumps(report.as_json()))["reread"] == ["2.2", "6.5"]


def test_a_course_without_the_rule_has_no_ideas():
    assert assess({}, {}).ideas == ()
