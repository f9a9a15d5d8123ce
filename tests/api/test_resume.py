"""Leave at any moment, come back where you were; undo of any depth, across restarts, before and after the reveal."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.memory.state import Rating
from studyapp.store import replay

AGAIN, HARD, GOOD, EASY = Rating
TEN = [f"i{n}" for n in range(10)]


def derived(study) -> object:
    """All that follows from the log, whatever the time is."""
    stats = study.stats()
    return [study.why(name) for name in TEN], [stats[name] for name in ("answers", "reviews", "minutes", "days", "today", "calibration")]


def answer(run, rating) -> str:
    name = run.card.id
    run.submit(None)
    run.grade(rating)
    return name


def test_a_session_left_in_mid_card_goes_on_there_with_what_was_typed(small):
    run = small(*TEN).run()
    answer(run, EASY)
    run.draft("half an ans")
    run.leave()
    again = small().run()
    assert (again.card.id, again.card.draft, again.card.done) == ("i1", "half an ans", 1)


def test_it_goes_on_at_the_reveal_too(small):
    run = small(*TEN).run()
    run.submit(None)
    again = small().run()
    assert (again.face, again.card.id) == ("reveal", "i0")
    again.grade(EASY)
    assert again.card.id == "i1"


def test_the_same_scope_goes_on_and_another_one_begins_anew(small):
    run = small(*TEN).run(limit=5)
    answer(run, EASY)
    assert small().run(limit=5).card.done == 1
    assert small().run().card.done == 1
    assert small().run(limit=4).card.done == 0


def test_the_next_day_the_budget_is_new_and_the_card_the_same(small, hands):
    run = small(*TEN).run(minutes=10)
    for _ in range(3):
        hands.forward(minutes=3)
        answer(run, EASY)
    run.draft("typed")
    hands.forward(days=1)
    again = small().run()
    assert (again.card.id, again.card.draft, again.card.done) == ("i3", "typed", 0)
    assert again.card.minutes_left == 10


def test_a_card_that_was_answered_elsewhere_meanwhile_is_not_asked_as_if_it_were_not(small):
    small(*TEN).run()
    other = small()
    other.answer("i0", rating="easy")
    run = small().run()
    assert run.card.id == "i1"
    assert small().why("i0")["reps"] == 1


def test_a_card_that_was_suspended_meanwhile_is_gone(small):
    small(*TEN).run()
    small().suspend("i0")
    assert small().run().card.id == "i1"


def test_a_card_whose_text_was_edited_meanwhile_is_asked_afresh_and_its_history_stays(small, only_course, tmp_path):
    def items(text: str) -> str:
        option = '{id: a, text: "yes", right: true}, {id: b, text: "no"}' + (', {id: c, text: "perhaps"}' if text == "new" else "")
        return f'  - {{id: pick, kind: choice, facts: [], ask: "{text}?", why: "w", options: [{option}]}}\n'

    study = small(items=items("old"))
    study.answer("pick", text="a")
    study.undo()
    study.answer("pick", rating="again")
    run = study.run()
    assert run.card.id == "pick"
    run.submit("a")
    again = small(items=items("new")).run()
    assert (again.face, again.card.shown.ask, len(again.card.shown.options)) == ("ask", "new?", 3)
    assert small().why("pick")["reps"] == 1


def test_a_card_whose_item_is_gone_meanwhile_makes_way(small):
    small(*TEN).run()
    again = small(*TEN[1:]).run()
    assert again.card.id == "i1"


def test_undo_at_the_reveal_goes_back_to_the_question(small):
    run = small(*TEN).run()
    run.submit(None)
    assert run.undo()
    assert (run.face, run.card.id) == ("ask", "i0")


def test_undo_of_any_depth_restores_every_schedule_exactly(small, hands):
    study = small(*TEN)
    run = study.run(minutes=60)
    before = [derived(study)]
    asked = []
    for rating in (GOOD, AGAIN, EASY, HARD, GOOD, AGAIN):
        hands.forward(seconds=40)
        asked.append(answer(run, rating))
        before.append(derived(study))
    for name in reversed(asked):
        before.pop()
        assert run.undo()
        assert run.card.id == name
        assert derived(study) == before[-1]
    assert not run.undo()
    assert replay.verify(study.conn) == []


def test_undo_goes_on_across_restarts_and_sessions(small, hands):
    run = small(*TEN).run(limit=2)
    answer(run, EASY)
    answer(run, GOOD)
    while run.card is not None:
        answer(run, EASY)
    study = small()
    run = study.run(limit=3)
    answer(run, EASY)
    again = small().run(limit=3)
    taken = []
    while again.undo():
        taken.append(again.card.id)
    assert taken[-1] == "i0"
    assert all(small().why(name)["phase"] == "new" for name in TEN)


def test_what_is_undone_in_the_middle_of_a_card_leaves_that_card_for_later(small):
    run = small(*TEN).run()
    answer(run, EASY)
    run.draft("about i1")
    assert run.undo()
    assert (run.card.id, run.card.draft) == ("i0", "")
    answer(run, GOOD)
    assert run.card.id == "i1"


def test_an_undone_card_keeps_its_numbers(open_at, sample_home):
    study = open_at(sample_home)
    run = study.run(section="2")
    draw, key = run.card.shown.draw, run.card.id
    run.submit(study.show(key, reveal=True)["value"])
    run.grade()
    run.undo()
    assert run.card.shown.draw == draw
    assert study.show(key)["draw"] == draw


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["again", "good", "easy", "undo", "restart", "hint", "skip", "wait", "reveal"]), max_size=25))
def test_whatever_is_done_in_whatever_order_nothing_is_lost(small, hands, steps):
    """However a session is interrupted: the log verifies, and the answers on disk are those that were graded and not undone."""
    study = small(*TEN)
    while study.run().undo():
        pass
    for name in study.stats()["suspended"]:
        study.unsuspend(name)
    run = study.run(limit=200)
    graded: list[str] = []
    for step in steps:
        if step == "restart":
            study = small()
            run = study.run(limit=200)
        elif step == "wait":
            hands.forward(minutes=7)
        elif step == "undo":
            at_question = run.face in ("ask", "done")
            if run.undo() and at_question and graded:
                graded.pop()
        elif run.card is None:
            continue
        elif step == "hint":
            if run.face == "ask":
                run.hint()
        elif step == "skip":
            run.skip()
        else:
            if run.face == "ask":
                run.submit(None)
            if step != "reveal":
                graded.append(run.card.key)
                run.grade(Rating.of(step))
    undone = {row[0] for row in study.conn.execute("SELECT target FROM undone")}
    rows = study.conn.execute("SELECT uuid, item FROM events WHERE kind IN ('answer', 'drill') ORDER BY seq").fetchall()
    assert [item for uuid, item in rows if uuid not in undone] == graded
    assert replay.verify(study.conn) == []


@pytest.mark.parametrize("state", ["ask", "draft", "reveal"])
def test_kill_9_loses_no_answer_and_the_session_goes_on(home, state, tmp_path):
    """A real process, killed while it stands at a card."""
    import signal
    import subprocess
    import sys

    code = f"""
import sys, time
from studyapp.api.study import Study
study = Study.open({str(home)!r})
run = study.run()
for _ in range(3):
    run.submit(study.show(run.card.id, reveal=True)["value"])
    run.grade()
key = run.card.key
if {state!r} == "draft":
    run.draft("half")
elif {state!r} == "reveal":
    run.submit(study.show(run.card.id, reveal=True)["value"])
print(key, flush=True)
sys.stdin.read()
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    key = child.stdout.readline().strip()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    from studyapp.api.study import Study

    with Study.open(home) as study:
        assert study.stats()["answers"] == 3
        run = study.run()
        assert (run.card.key, run.card.done) == (key, 3)
        assert run.card.draft == ("half" if state == "draft" else "")
        assert run.face == ("reveal" if state == "reveal" else "ask")
        assert study.verify_log()["ok"]


def test_a_kill_between_the_answer_and_the_session_s_own_state_asks_nothing_twice(small, monkeypatch):
    """The answer is committed first; if the process dies right then, the session's state on disk is one step behind."""
    study = small(*TEN)
    run = study.run()
    run.submit(None)
    monkeypatch.setattr("studyapp.api.run.write_lightly", lambda conn: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run.grade(EASY)
    monkeypatch.undo()
    monkeypatch.setattr("studyapp.course.resources.shipped_content", lambda package=None: None)
    again = small().run()
    assert again.card.id == "i1"
    assert small().why("i0")["reps"] == 1
