"""A miss that the learner was sure of: first in the next session, and a week later two answers to be told apart."""

from __future__ import annotations

import pytest

from studyapp.memory.state import Rating
from studyapp.store import replay

AGAIN, HARD, GOOD, EASY = Rating
CHOICE = """\
  - id: pick
    kind: choice
    facts: []
    ask: "What is a patch?"
    options:
      - {id: a, text: "a square of pixels", right: true, say: "Yes."}
      - {id: b, text: "a single pixel", concept: pixel, say: "That is one dot of it."}
      - {id: c, text: "a whole picture", concept: picture, say: "That is what is cut."}
    why: "It is cut out. (Somebody, 2020)"
"""
NUMBER = """\
  - id: sum
    kind: number
    facts: []
    params: {a: [3, 4, 5, 6], b: [11, 12, 13]}
    ask: "What is {a} times {b}?"
    answer: "a * b"
    unit: dots
    traps: [{value: "a + b", concept: added, say: "{a + b} is the sum of {a} and {b}."}]
    why: "It is a product. (Somebody, 2020)"
"""
PLAIN = "".join(f'  - {{id: i{n}, kind: basic, facts: [], ask: "i{n}?", answer: "i{n}", why: "w"}}\n' for n in range(6))


def missed(study, item: str, said: object, confidence: int = 95) -> None:
    """The only card that is asked, answered so."""
    run = study.run(limit=1)
    while run.card is not None and run.card.id != item:
        run.skip()
    assert run.card is not None
    run.submit(said, confidence)
    run.grade()
    run.leave()


def first_of_a_new_session(study):
    run = study.run(limit=40)  # another scope than the one before: a session of its own
    assert run.card is not None
    return run


def test_it_is_asked_again_in_its_session_as_any_miss_and_comes_first_in_the_next(small, hands, served):
    study = small(items=PLAIN + CHOICE)
    study.set_setting("learning_steps", "2d")
    run = study.run(limit=20)
    while run.card.id != "pick":
        served(run, EASY, 1)
    run.submit("b", 95)
    run.grade()
    assert run.card is None or run.card.turn == "drill"
    while run.card is not None:
        run.submit("a" if run.card.id == "pick" else None)
        run.grade(GOOD)
    hands.forward(hours=1)  # its learning step is two days away
    run = first_of_a_new_session(study)
    assert (run.card.id, run.card.turn) == ("pick", "learning")
    run.submit("a")
    run.grade()
    assert run.card is None


@pytest.mark.parametrize(("said", "confidence"), [("b", 60), ("a", 95), ("b", None)])
def test_without_confidence_or_without_a_mistake_nothing_is_owed(small, hands, said, confidence):
    study = small(items=CHOICE)
    study.set_setting("learning_steps", "2d")
    missed(study, "pick", said, confidence)
    hands.forward(hours=1)
    assert study.run(limit=40).card is None


def test_what_the_learner_overrules_is_no_miss(small, hands):
    study = small(items=CHOICE)
    run = study.run(limit=1)
    run.submit("b", 95)
    run.grade(GOOD)
    assert not study.conn.execute("SELECT 1 FROM schedule WHERE owed").fetchone()


def a_week_later(study, hands, right: object, rating: Rating | None = None):
    """The first repetition right, then seven days."""
    hands.forward(days=1)
    run = first_of_a_new_session(study)
    run.submit(right(run) if callable(right) else right)
    run.grade(rating)
    run.leave()
    hands.forward(days=6)
    return study.run(limit=41)


def test_a_week_later_the_right_option_and_the_chosen_one_are_to_be_told_apart(small, hands):
    study = small(items=CHOICE)
    study.set_setting("retention", "0.7")  # so that its schedule does not ask for it by then
    missed(study, "pick", "b")
    run = a_week_later(study, hands, "a", EASY)
    card = run.card
    assert (card.id, card.turn, card.shown.form) == ("pick", "contrast", "choice")
    assert sorted(text for _, text in card.shown.options) == ["a single pixel", "a square of pixels"]
    assert "That is one dot of it" not in card.shown.ask
    right = next(id for id, text in card.shown.options if text == "a square of pixels")
    before = study.why("pick")
    run.submit(right)
    assert "That is one dot of it." in run.revealed.reveal.why
    assert run.revealed.previews == {}
    run.grade()
    after = study.why("pick")
    assert (after["due"], after["s"], after["reps"]) == (before["due"], before["s"], before["reps"])
    hands.forward(days=300)
    assert study.run(limit=42).card.turn != "contrast", "it is owed no more"
    assert replay.verify(study.conn) == []


def test_of_a_card_that_is_due_a_contrast_is_the_review(small, hands):
    study = small(items=CHOICE)
    missed(study, "pick", "b")
    run = a_week_later(study, hands, "a")
    assert (run.card.turn, len(run.card.shown.options)) == ("learning", 2)
    reps = study.why("pick")["reps"]
    run.submit(next(id for id, text in run.card.shown.options if text == "a square of pixels"))
    assert run.revealed.previews
    run.grade()
    assert study.why("pick")["reps"] == reps + 1
    assert run.card is None


def test_a_contrast_that_is_missed_lapses_and_names_the_misconception_again(small, hands):
    study = small(items=CHOICE)
    missed(study, "pick", "b")
    run = a_week_later(study, hands, "a")
    wrong = next(id for id, text in run.card.shown.options if text == "a single pixel")
    run.submit(wrong)
    run.grade()
    assert study.why("pick")["reps"] == 3
    (row,) = study.misconceptions()
    assert (row["concept"], row["seen"], row["beaten"]) == ("pixel", 2, 0)
    assert run.card.turn == "drill"
    assert len(run.card.shown.options) == 3, "asked again it is the whole card"


def test_numbers_are_drawn_afresh_for_both_answers(small, hands):
    study = small(items=NUMBER)
    run = study.run(limit=1)
    a, b = run.card.shown.ask.removeprefix("What is ").removesuffix("?").split(" times ")
    run.submit(int(a) + int(b), 90)
    assert run.revealed.judgement.trap.concept == "added"
    run.grade()
    run.leave()

    def product(run):
        a, b = run.card.shown.ask.removeprefix("What is ").removesuffix("?").split(" times ")
        return int(a) * int(b)

    run = a_week_later(study, hands, product)
    ask = run.card.shown.ask.split("?")[0].removeprefix("What is ")
    a, b = (int(part) for part in ask.split(" times "))
    assert {text for _, text in run.card.shown.options} == {f"{a * b} dots", f"{a + b} dots"}


def test_where_the_author_wrote_nothing_about_the_mistake_the_card_comes_as_it_is(small, hands):
    study = small(items=NUMBER)
    missed(study, "sum", 1)
    run = a_week_later(study, hands, 1)  # the repetition is missed too, without confidence
    assert (run.card.id, run.card.shown.form) == ("sum", "number")


def test_a_contrast_survives_a_restart_of_the_app(small, hands):
    study = small(items=CHOICE)
    missed(study, "pick", "b")
    run = a_week_later(study, hands, "a")
    options = run.card.shown.options
    run.submit("a")
    run.leave()
    again = small().run(limit=41)
    assert (again.face, again.card.shown.options) == ("reveal", options)
    assert again.undo()
    assert again.face == "ask"


def test_the_same_through_single_commands(small, hands):
    study = small(items=CHOICE)
    study.answer("pick", text="b", confidence=95)
    assert study.next_item()["id"] == "pick"
    study.answer("pick", text="a")
    hands.forward(days=7)
    shown = study.next_item()
    assert len(shown["options"]) == 2
    right = next(option["id"] for option in shown["options"] if option["text"] == "a square of pixels")
    done = study.answer("pick", text=right, draw=shown["draw"])
    assert done["outcome"] == "right"
    assert not study.conn.execute("SELECT 1 FROM schedule WHERE owed").fetchone()


def test_why_says_that_it_was_a_sure_miss(small, hands):
    study = small(items=CHOICE)
    missed(study, "pick", "b")
    assert "were sure of it, so it comes first" in study.why("pick")["why"]
    a_week_later(study, hands, "a")
    assert "from 2026-03-09 on the two answers come side by side" in study.why("pick")["why"]


def test_it_counts_as_due_and_an_undo_brings_it_back(small, hands):
    study = small(items=CHOICE)
    study.set_setting("learning_steps", "2d")
    missed(study, "pick", "b")
    assert study.due().due_now == 1
    run = first_of_a_new_session(study)
    run.submit("a")
    run.grade()
    assert study.due().due_now == 0
    assert run.undo()
    assert study.due().due_now == 1
