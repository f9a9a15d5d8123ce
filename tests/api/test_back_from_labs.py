"""What comes back of a lab: the grade table on verdicts, cards by formula and over the facts of a run, contrasts, forecasts, mastery."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.api.lab_cards import rating_of
from studyapp.api.study import Study
from studyapp.labkit.api import Verdict
from studyapp.memory.state import Rating
from studyapp.store import lab_runs, replay

SAMPLE = Path(__file__).parents[1] / "labkit" / "sample_lab.py"
AGAIN, HARD, GOOD, EASY = Rating
ITEMS = """\
  - {id: twice, kind: lab, lab: doubling, task: 1, facts: [], ask: "Lab: twice", why: "n + n"}
  - {id: even, kind: lab, lab: doubling, task: 2, facts: [], ask: "Lab: even", why: "halves"}
  - {id: code, kind: lab, lab: doubling, task: 3, facts: [], ask: "Lab: write it", why: "code"}
"""
SQUARE = {"source": "def double(x):\n    return x * x\n"}


@pytest.fixture
def lab(small: Callable[..., Study], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Study]]:
    """Opens a home whose course has a card for each task of the sample lab, which is the only lab there is."""
    name = "sample_lab_for_cards"
    (tmp_path / f"{name}.py").write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("studyapp.labkit.discover._found", lambda: iter([("doubling", f"{name}:LAB", "tests")]))
    yield lambda *items: small(items=items[0] if items else ITEMS)
    sys.modules.pop(name, None)


def play(study: Study, answers: dict[str, Any], seed: int = 3) -> Any:
    """All chapters of the sample lab."""
    desk = study.lab("doubling", seed=seed, backend="none")
    while desk.run.stage is not None:
        view = desk.view()
        desk.seal({question.id: answers[question.id] for question in view.questions if question.id in answers})
        desk.decide()
    desk.finish()
    return desk


def number(study: Study, seed: int = 3) -> int:
    from studyapp.labkit.backends import parse_backend
    from studyapp.labkit.discover import load

    return int(load("doubling").plan(seed, parse_backend("none")).params["n"])


@pytest.mark.parametrize(
    ("verdict", "rating"),
    [
        ({"outcome": "right"}, GOOD),
        ({"outcome": "right", "seconds": 121.0}, HARD),
        ({"outcome": "right", "hints": 3}, HARD),
        ({"outcome": "right", "hints": 4}, AGAIN),
        ({"outcome": "lucky"}, AGAIN),
        ({"outcome": "wrong"}, AGAIN),
        ({"outcome": "near"}, None),
        ({"outcome": "near", "retried": True}, HARD),
        ({"outcome": "right", "retried": True}, GOOD),
        ({"outcome": "void"}, None),
        ({"outcome": "skipped"}, None),
        ({"outcome": "wrong", "forecast": True}, None),
        ({"outcome": "right", "practice": True}, None),
        ({"outcome": "wrong", "confidence": 100}, AGAIN),
        ({"outcome": "right", "confidence": 0}, GOOD),
    ],
)
def test_a_verdict_is_graded_by_the_one_table(verdict: dict[str, Any], rating: Rating | None) -> None:
    assert rating_of(Verdict(q="q1", **verdict), minutes=1.0) is rating


def test_a_near_answer_whose_retry_was_not_taken_counts_as_it_stands() -> None:
    assert rating_of(Verdict(q="q1", outcome="near"), 1.0, settled=True) is HARD


def test_a_missed_task_comes_back_with_fresh_numbers_and_is_judged_by_formula(lab, hands) -> None:
    study = lab()
    play(study, {"q1": number(study) ** 2})
    hands.forward(minutes=2)
    run = study.run()
    assert run.card.id == "twice"
    n = int(run.card.shown.ask.removeprefix("What is twice ").removesuffix("?"))
    assert n != number(study)
    run.submit(n * n)
    assert run.revealed.judgement.trap.concept == "squared"
    run.undo()
    run.submit(2 * n)
    assert run.revealed.proposal is GOOD


def test_a_task_that_only_a_run_decides_comes_back_over_the_facts_of_the_last_run(lab, hands) -> None:
    study = lab()
    desk = play(study, {"q2": {"value": "b", "reason": "a"}})
    hands.forward(minutes=2)
    run = study.run()
    assert run.card.id == "even"
    shown = run.card.shown
    assert f"The double was {2 * number(study)}." in shown.ask
    assert "From your own run on none" in shown.ask
    drawn = run.session.card.presented.draw
    assert drawn.asks == {"run": desk.run_id}
    k = int(shown.ask.split(" and ")[1].split(" even")[0].removesuffix(" is").split()[0])
    right = "a" if k % 2 == 0 else "b"
    run.submit(right)
    assert run.revealed.judgement.outcome == "right"
    run.grade()
    assert study.show("even")["draw"] != drawn.token


def test_show_and_answer_speak_of_the_same_run_after_another_was_played(lab, hands) -> None:
    study = lab()
    first = play(study, {"q2": {"value": "b", "reason": "a"}})
    hands.forward(minutes=2)
    shown = study.show("even", reveal=True)
    hands.forward(minutes=2)
    play(study, {"q2": {"value": "b", "reason": "a"}}, seed=4)
    done = study.answer("even", text=str(shown["value"]), draw=shown["draw"])
    assert done["outcome"] == "right"
    event = study.conn.execute("SELECT payload FROM events WHERE kind = 'answer'").fetchone()[0]
    assert first.run_id in event


def test_when_the_facts_of_the_run_are_gone_the_card_says_where_to_go(lab, hands) -> None:
    study = lab()
    play(study, {"q2": {"value": "b", "reason": "a"}})
    shutil.rmtree(study.home / "runs")
    hands.forward(minutes=2)
    run = study.run()
    assert (run.card.id, run.card.shown.form) == ("even", "basic")
    run.submit(None)
    assert "studyapp lab start doubling" in run.revealed.reveal.answer


def test_a_run_of_an_older_version_of_the_lab_is_not_asked_about(lab, hands, monkeypatch) -> None:
    study = lab()
    play(study, {"q2": {"value": "b", "reason": "a"}})
    hands.forward(minutes=2)
    from studyapp.labkit.discover import load

    monkeypatch.setattr(type(load("doubling")), "version", 2)
    assert study.show("even")["form"] == "basic"


def test_a_sure_miss_in_a_lab_comes_first_and_a_week_later_as_two_answers(lab, hands) -> None:
    study = lab(ITEMS + '  - {id: due, kind: basic, facts: [], ask: "due?", answer: "due", why: "w"}\n')
    study.set_setting("learning_steps", "2d")
    study.answer("due", rating="again")
    hands.forward(days=3)  # its step is due
    play(study, {"q1": {"value": number(study) ** 2, "confidence": 95}})
    run = study.run()
    assert run.card.id == "twice"
    n = int(run.card.shown.ask.removeprefix("What is twice ").removesuffix("?"))
    run.submit(2 * n)
    run.grade(EASY)
    assert run.card.id == "due"
    run.leave()
    hands.forward(days=7)
    run = study.run(limit=9)
    card = run.card
    assert (card.id, card.shown.form) == ("twice", "choice")
    m = int(card.shown.ask.split("?")[0].removeprefix("What is twice "))
    assert {text for _, text in card.shown.options} == {str(2 * m), str(m * m)}
    assert "square" not in card.shown.ask.lower()
    run.submit(next(id for id, text in card.shown.options if text == str(m * m)))
    assert run.revealed.judgement.trap.concept == "squared"
    assert f"twice it is {2 * m}, not {m * m}" in run.revealed.reveal.why
    assert run.revealed.proposal is AGAIN


def test_of_a_code_task_two_programs_are_to_be_told_apart(lab, hands) -> None:
    study = lab()
    study.set_setting("learning_steps", "2d")
    play(study, {"q3": {"value": SQUARE, "confidence": 90}})
    run = study.run()
    assert (run.card.id, run.card.shown.form) == ("code", "basic")
    run.submit(None)
    run.grade(EASY)
    run.leave()
    hands.forward(days=7)
    shown = study.run(limit=9).card.shown
    assert [text for _, text in shown.options] == ["A", "B"]
    assert "return x * x" in shown.ask
    assert "return 2 * x" in shown.ask


def test_the_same_seed_again_is_practice_and_says_nothing_of_confidence(lab, hands) -> None:
    study = lab()
    play(study, {"q1": 2 * number(study)})
    hands.forward(minutes=1)
    play(study, {"q1": {"value": 1, "confidence": 99}})
    assert study.calibration()["all"]["answers"] == 0
    assert study.run().card.id == "twice"
    assert not study.conn.execute("SELECT 1 FROM schedule WHERE owed").fetchone()


def test_concepts_are_mastered_by_stable_cards_and_right_fresh_seeds_on_two_days(lab, hands) -> None:
    study = lab()
    play(study, {"q1": number(study) ** 2})
    rows = {row["concept"]: row for row in study.mastery()}
    assert not rows["doubling"]["mastered"]
    assert "1 of 2 cards not answered yet" in rows["doubling"]["missing"]
    study.answer("code", rating="easy")
    for days in (0, 5, 30, 200):
        hands.forward(days=days, minutes=2)
        ask = study.show("twice")["ask"]
        study.answer("twice", text=str(2 * int(ask.removeprefix("What is twice ").removesuffix("?"))))
        study.answer("code", rating="easy")
    row = {row["concept"]: row for row in study.mastery()}["doubling"]
    assert (row["mastered"], row["right_days"], row["missing"]) == (True, 4, "")


def test_misconceptions_are_told_in_a_line_with_their_places(lab, hands) -> None:
    study = lab()
    play(study, {"q1": number(study) ** 2})
    hands.forward(days=12)
    (row,) = study.misconceptions()
    assert row["said"] == "squared 1x, last 12 days ago, not beaten since"
    assert row["places"] == [{"item": "small:twice", "ask": "Lab: twice"}]
    for _ in range(2):
        ask = study.show("twice")["ask"]
        study.answer("twice", text=str(2 * int(ask.removeprefix("What is twice ").removesuffix("?"))))
    assert study.misconceptions()[0]["said"] == "squared 1x, last 12 days ago, beaten twice since"
    replay.rebuild(study.conn)
    assert study.misconceptions()[0]["said"] == "squared 1x, last 12 days ago, beaten twice since"


def test_a_run_s_facts_are_read_back_from_their_files(lab) -> None:
    study = lab()
    desk = play(study, {"q1": 1})
    stored = lab_runs.stored(study.conn, desk.run_id)
    assert stored is not None
    assert (stored.version, stored.backend) == (1, "none")
    assert stored.facts["double"] == 2 * number(study)
    assert lab_runs.stored(study.conn, "no-such-run") is None


def test_the_two_ends_of_an_interval_say_how_sure_the_learner_was(lab) -> None:
    from studyapp.api.lab_records import LabRecords
    from studyapp.labkit.api import BackendRef, IntervalQuestion, Plan
    from studyapp.store.apply import record

    study = lab()
    question = IntervalQuestion(id="q9", title="?", ask="?", concept="guess", level=0.8, forecast=True)
    plan = Plan(lab="doubling", version=1, seed=1, backend=BackendRef(kind="none", name="none"), questions=(question,))
    for outcome in ("right", "wrong", "skipped"):
        record(study.conn, "lab_start", None, {"run": outcome, "lab": "doubling"}, study.clock.now())
        verdict = Verdict(q="q9", outcome=outcome, said=[0.4, 0.6], truth=0.5, forecast=True)
        LabRecords(study, outcome, plan).judged(0, [verdict])
    found = study.calibration()
    assert found["forecasts"] == found["all"]
    assert found["all"]["answers"] == 2
    assert found["all"]["bins"] == [{"low": 80, "high": 100, "answers": 2, "confidence": 0.8, "right": 0.5}]
    assert not study.conn.execute("SELECT 1 FROM schedule WHERE owed OR reps").fetchone()
