"""Show, seal, run, judge: what the runner passes on, what it withholds, and how it goes on after something went wrong."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import Answer, Fact, Log, Picture, Progress
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.discover import load_ref
from studyapp.labkit.run_state import EXIT_CODES, Memory, RunState
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers
from studyapp.workers.problems import WorkerCancelled

DOUBLE = "def double(x):\n    return 2 * x\n"
MODULE = "sample_lab_for_tests"


@pytest.fixture
def start(lab_ref: str, workers: Workers, tmp_path: Path) -> Any:
    def started(name: str = "LAB", sink: Memory | None = None, seed: int = 3, state: RunState | None = None) -> LabRun:
        ref = f"{MODULE}:{name}"
        plan = load_ref(ref).plan(seed, parse_backend("none"))
        return LabRun(ref, plan, tmp_path / "run", sink or Memory(), workers, state)

    return started


def right_answers(run: LabRun) -> dict[str, Any]:
    return {"q1": 2 * run.plan.params["n"], "q2": {"value": "a", "reason": "a"}, "q3": {"source": DOUBLE}}


def test_a_lab_is_played_stage_by_stage(start: Any) -> None:
    run = start()
    answers = right_answers(run)
    titles = []
    while run.stage is not None:
        view = run.open()
        titles.append((view.number, view.of, [question.id for question in view.questions]))
        run.seal({question.id: answers[question.id] for question in view.questions})
        assert [verdict.outcome for verdict in run.decide()] == ["right"]
    assert titles == [(1, 3, ["q1"]), (2, 3, ["q2"]), (3, 3, ["q3"])]
    assert (run.state.status, run.state.message) == ("pass", "3 of 3 right")


def test_the_first_stage_opens_without_a_worker_when_its_questions_need_nothing(start: Any, workers: Workers) -> None:
    start().open()
    assert workers.running() == {}


def test_a_later_stage_shows_the_facts_and_pictures_that_it_needs_with_the_values_filled_in(start: Any) -> None:
    run = start()
    public = run.plan.public()["questions"][1]["ask"]
    assert public == "The double was …. Is it even?"
    run.open()
    run.seal({})
    run.decide()
    view = run.open()
    assert view.questions[0].ask == f"The double was {2 * run.plan.params['n']:,}. Is it even?"
    shown = view.as_json()
    assert shown["questions"][0]["ask"] == view.questions[0].ask
    assert shown["pictures"] == [{"key": "picture", "alt": "two squares", "files": shown["pictures"][0]["files"], "grid": ["##"]}]
    picture = view.pictures["picture"]
    assert (picture.alt, picture.grid, picture.png) == ("two squares", ("##",), None)
    assert (run.folder / picture.files[0]).read_bytes() == b"not really a png"


def test_seals_are_stored_before_any_fact_and_verdicts_after(start: Any) -> None:
    sink = Memory()
    run = start(sink=sink)
    play(run, right_answers(run))
    kinds = [kind for kind, _ in sink.calls]
    assert kinds == ["sealed", "fact", "judged", "picture", "sealed", "fact", "judged", "sealed", "fact", "picture", "judged", "status"]


def test_a_sink_that_cannot_store_the_seal_stops_the_run_before_anything_is_decided(start: Any) -> None:
    class Full(Memory):
        def sealed(self, stage: int, answers: Mapping[str, Answer | None]) -> None:
            raise EnvironmentProblem("the disk is full")

    run = start(sink=Full())
    run.open()
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        run.seal({"q1": 4})
    assert run.state.answers == {}
    with pytest.raises(BadInput, match="seal the answers"):
        run.decide()


def test_facts_that_would_give_away_unsealed_questions_are_withheld(start: Any) -> None:
    run = start("BLABBER")
    events: list[Any] = []
    run.open()
    run.seal({})
    run.decide(events.append)
    told = {event.key for event in events if isinstance(event, Fact | Picture)}
    withheld = [event.say for event in events if isinstance(event, Log)]
    assert told == {"double"}
    assert run.state.facts.keys() == {"double"}
    assert len(withheld) == 2
    assert "undeclared" in "".join(withheld)
    assert "even" in "".join(withheld)


def test_progress_never_falls(start: Any) -> None:
    run = start("BLABBER")
    done: list[float] = []
    run.open()
    run.seal({})
    run.decide(lambda event: done.append(event.done) if isinstance(event, Progress) else None)
    assert done == sorted(done)


def test_answers_can_be_sealed_once_and_a_second_answer_is_practice(start: Any) -> None:
    run = start()
    run.open()
    run.seal({"q1": 1})
    with pytest.raises(BadInput, match="sealed already"):
        run.seal({"q1": 2})
    first = run.decide()[0]
    again = run.practise("q1", first.truth)
    assert (first.outcome, again.outcome, again.practice, again.graded) == ("wrong", "right", True, False)
    assert run.state.verdicts["q1"] == first


def test_an_answer_that_cannot_be_read_seals_nothing(start: Any) -> None:
    run = start()
    run.open()
    with pytest.raises(BadInput, match="q1: 'many'"):
        run.seal({"q1": "many"})
    assert run.state.phase == "answer"


def test_a_trap_is_named_with_its_sentence_filled(start: Any) -> None:
    run = start()
    n = run.plan.params["n"]
    run.open()
    run.seal({"q1": {"value": n * n, "confidence": 90, "seconds": 4.5, "hints": 3}})
    verdict = run.decide()[0]
    assert (verdict.outcome, verdict.trap) == ("wrong", "squared")
    assert verdict.say == f"That is the square; twice it is {2 * n:,}, not {n * n:,}."
    assert (verdict.confidence, verdict.seconds, verdict.hints) == (90, 4.5, 3)


def test_a_right_value_without_its_reason_has_one_free_retry(start: Any) -> None:
    run = start()
    run.open()
    run.seal({})
    run.decide()
    run.open()
    run.seal({"q2": "a"})
    near = run.decide()[0]
    assert (near.outcome, near.held) == ("near", True)
    second = run.retry("q2", {"value": "a", "reason": "b"})
    assert (second.outcome, second.retried, second.held) == ("lucky", True, False)
    with pytest.raises(BadInput, match="no free retry"):
        run.retry("q2", {"value": "a", "reason": "a"})


def test_when_formula_and_run_disagree_the_question_is_void_and_nobody_is_to_blame(start: Any) -> None:
    run = start("MISCOUNTS")
    play(run, {"q1": 5})
    verdict = run.state.verdicts["q1"]
    assert (verdict.outcome, verdict.graded) == ("void", False)
    assert "bug of this lab" in verdict.say
    assert (run.state.status, EXIT_CODES[run.state.status]) == ("void", 4)


def test_a_run_that_fails_says_so_in_one_line_and_can_be_decided_again(start: Any) -> None:
    sink = Memory()
    run = start("CRASHES", sink=sink)
    run.open()
    run.seal({"q1": 4})
    with pytest.raises(EnvironmentProblem, match="RuntimeError: the model fell over"):
        run.decide()
    assert (run.state.status, run.state.phase) == ("error", "decide")
    assert sink.calls[-1] == ("status", "error")
    revived = start("LAB", state=RunState.model_validate_json(run.state.model_dump_json()))
    assert revived.decide()[0].said == 4
    assert revived.state.status == "open"


def test_cancel_keeps_the_answers_and_the_run_goes_on_later(start: Any) -> None:
    run = start("SLOW")
    run.open()
    run.seal({"q1": 4})
    begun = threading.Event()
    caught: list[Exception] = []

    def decide() -> None:
        try:
            run.decide(lambda event: begun.set())
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=decide)
    thread.start()
    assert begun.wait(30)
    assert run.cancel() <= 0.5 * 4, "half a second is meant; the machine may be busy with other tests"
    thread.join(5)
    assert isinstance(caught[0], WorkerCancelled)
    assert (run.state.status, run.state.phase, run.state.answers["q1"].value) == ("cancelled", "decide", 4)
    revived = start("LAB", state=run.state)
    assert revived.decide()[0].outcome == "wrong"


def test_watch_mode_judges_each_save_without_sealing_and_shows_the_reference_only_with_success(start: Any) -> None:
    run = start()
    wrong = run.try_code("q3", "def double(x):\n    return x * x\n")
    assert (wrong.outcome, wrong.trap, wrong.truth, wrong.practice) == ("wrong", "squared", None, True)
    broken = run.try_code("q3", "def double(x:\n")
    assert (broken.outcome, broken.say) == ("wrong", "Line 1: syntax error: '(' was never closed.")
    assert broken.report.first_failure == "syntax"
    right = run.try_code("q3", DOUBLE)
    assert (right.outcome, right.truth) == ("right", {"source": DOUBLE})
    assert run.state == RunState()


def test_skipped_questions_do_not_count_against_a_run(start: Any) -> None:
    run = start()
    verdicts = play(run, {"q1": right_answers(run)["q1"]})
    assert [verdict.outcome for verdict in verdicts] == ["right", "skipped", "skipped"]
    assert (run.state.status, EXIT_CODES[run.state.status]) == ("pass", 0)


def test_the_document_has_the_fields_of_the_contract_and_truths_in_the_form_of_answers(start: Any) -> None:
    run = start()
    play(run, {})
    document = run.document()
    fields = ["schema", "lab", "version", "seed", "backend", "status", "verdicts", "facts", "pictures", "timings", "versions", "concepts"]
    assert set(fields) <= document.keys()
    truths = {verdict["q"]: verdict["truth"] for verdict in document["verdicts"]}
    again = start()
    assert [verdict.outcome for verdict in play(again, truths)] == ["right"] * 3


def test_an_unknown_question_in_an_answers_file_is_refused_before_anything_runs(start: Any, workers: Workers) -> None:
    with pytest.raises(BadInput, match="there is no question 'q9'"):
        play(start(), {"q9": 1})
    assert workers.running() == {}
