"""Free text in a session and in the quiz: read by the judge that is set, decided by the learner, remembered."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from studyapp.api.reading import question_for, text_of
from studyapp.memory.state import Rating

SAID = "Pixel values are intensities without meaning of their own. One token per pixel would make attention too expensive: quadratic cost."
WHY = "week-13:sc-why-patches"


def payload(study: Any) -> dict[str, Any]:
    return dict(json.loads(study.conn.execute("SELECT payload FROM events ORDER BY seq DESC LIMIT 1").fetchone()[0]))


@pytest.fixture
def quiz(study: Any) -> Any:
    """The self-check at its first question."""
    run = study.quiz()
    assert run.card.key == WHY
    return run


def test_an_answer_in_the_head_is_ticked_by_the_learner_as_before(quiz):
    view = quiz.submit(None)
    assert view.judgement.reading is None
    assert view.proposal is None
    assert quiz.reading(None) is None
    assert quiz.reading("  ") is None


def test_what_was_written_is_read_and_found_points_come_ticked(quiz):
    view = quiz.submit(SAID)
    reading = view.judgement.reading
    assert (reading.judge, reading.notice, reading.text) == ("default", "", SAID)
    assert view.ticks == {f"p{n}": mark.shown == "found" for n, mark in enumerate(reading.marks, 1)}
    assert reading.marks[0].shown == "found"
    start, end = reading.marks[0].span
    assert "intensities" in SAID[start:end]
    assert view.proposal is not None


def test_the_event_keeps_text_proposal_and_decision(quiz, study):
    view = quiz.submit(SAID)
    quiz.tick("p2", not view.ticks["p2"])
    quiz.grade(Rating.HARD)
    kept = payload(study)
    assert kept["value"] == SAID
    assert kept["reading"]["points"]["p2"][0] in ("found", "unsure", "missed")
    assert kept["points"]["p2"] is not view.ticks["p2"]
    assert kept["disputes"][0]["wording"]
    assert study.verify_log()["ok"]


def test_a_decision_is_followed_on_the_same_wording_and_undo_takes_that_back(quiz, study):
    view = quiz.submit(SAID)
    quiz.tick("p2", not view.ticks["p2"])
    quiz.grade(Rating.HARD)
    again = study.answer(WHY, text=SAID.upper() + "!")["proposed"]["points"][1]
    assert (again["as_decided_before"], again["state"] == "found") == (True, not view.ticks["p2"])
    listed = study.disputes()
    assert (listed[0]["item"], listed[0]["about"]) == (WHY, "point")
    quiz.undo()
    assert study.disputes() == []
    assert not study.answer(WHY, text=SAID)["proposed"]["points"][1]["as_decided_before"]


def test_an_undone_answer_need_not_be_written_again(quiz):
    quiz.submit(SAID)
    quiz.grade(Rating.GOOD)
    assert quiz.undo()
    assert (quiz.card.key, quiz.card.draft) == (WHY, SAID)


def test_the_sheet_is_there_again_after_a_restart(quiz, open_study):
    before = quiz.submit(SAID)
    quiz.leave()
    again = open_study().quiz()
    assert again.revealed.judgement == before.judgement


def test_a_judge_that_is_not_there_falls_back_with_a_notice(study):
    study.set_setting("judge", "openai:http://127.0.0.1:9#none")
    view = study.quiz().submit(SAID)
    assert view.judgement.reading.judge == "default"
    assert "graded by the default" in view.judgement.reading.notice
    assert view.judgement.reading.marks[0].shown == "found"


def test_a_task_reads_without_the_database_in_any_thread(quiz):
    task = quiz.reading(SAID)
    assert task.quick
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(task()))
    thread.start()
    thread.join()
    assert quiz.submit(SAID, None, found[0]).judgement.reading.marks[0].shown == "found"


def test_the_course_s_synonyms_reach_the_judge(quiz):
    groups = quiz.reading(SAID).question.synonyms
    assert ("latent", "compressed", "code") in groups
    assert 25 <= len(groups) <= 45


def test_sides_and_corrections_are_points_too(study):
    contrast = study.desk.item("week-13:cnn-vs-vit")
    question = question_for(contrast)
    assert len(question.points) == sum(len(side["points"]) for side in contrast.body["sides"])
    repair = study.desk.item("week-13:clip-writes-captions")
    assert question_for(repair).anti == (repair.body["ask"],)
    assert text_of(repair, {"value": False, "repair": " it scores "}) == "it scores"
    assert text_of(repair, False) == text_of(repair, {"value": True, "repair": "x"}) == text_of(contrast, None) == ""
    assert text_of(study.desk.item("week-13:patch-token-name"), "patch") == ""


def test_no_reading_for_points_that_are_not_those_of_the_card(quiz):
    """The course was edited while a slow judge read: then the learner ticks alone."""
    task = quiz.reading(SAID)
    judged = task()
    short = judged.graded.__class__(judged.graded.points[:1], "correct", 0.9, (), 0.0)
    assert quiz.submit(SAID, None, judged.__class__(short, "default")).judgement.reading is None


def test_a_question_is_prepared_while_the_learner_writes(quiz):
    from studyapp.study.grading.free.prepare import prepared

    prepared.cache_clear()
    quiz.writing()
    for thread in threading.enumerate():
        if thread.name == "word tables":
            thread.join(60)
    assert prepared.cache_info().currsize == 1
    quiz.submit(SAID)
    assert prepared.cache_info().misses == 1, "the question was worked out a second time"
