"""A course file edited while a session is open: the new text is in use at once, an error changes nothing, no history is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.api.study import Study
from studyapp.memory.state import Rating
from studyapp.store import replay

SHORT = '  - {id: unit, kind: short, facts: [], ask: "The unit?", accept: [patch], near: [token], why: "w"}\n'
NUMBER = '  - {id: count, kind: number, facts: [], params: {h: [224]}, ask: "{h} by 16?", answer: "h // 16", why: "w"}\n'
CHOICE = (
    "  - {id: pick, kind: choice, facts: [], ask: Which?, why: w,"
    " options: [{id: a, text: One, right: true}, {id: b, text: Two, concept: c}]}\n"
)
POINTS = (
    "  - {id: tell, kind: explain, facts: [], ask: Why?, reference: So., why: w,"
    " points: [{text: cost grows, aliases: [cost]}, {text: order is lost, aliases: [order]}]}\n"
)

Edit = Callable[[str, str], None]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Changes the words of the course file, as an editor would."""

    def change(old: str, new: str) -> None:
        file = tmp_path / "small" / "courses" / "small" / "s01.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change


def test_the_open_question_has_its_new_text_and_what_was_typed_stays(small, edit: Edit) -> None:
    study: Study = small(items=SHORT)
    run = study.run()
    run.draft("pat")
    edit("The unit?", "The unit, in a word?")
    assert study.reload("small") == (True, None)
    assert run.reload()
    assert run.card is not None
    assert (run.card.shown.ask, run.card.draft, run.face) == ("The unit, in a word?", "pat", "ask")
    again = small()
    assert again.run().card.draft == "pat"


def test_an_answer_is_judged_by_the_new_text_and_saved_once(small, edit: Edit) -> None:
    study: Study = small(items=SHORT)
    run = study.run()
    run.submit("tile")
    assert run.revealed is not None
    assert run.revealed.judgement.outcome == "wrong"
    edit("[patch]", "[patch, tile]")
    study.reload("small")
    run.reload()
    assert run.face == "reveal"
    assert run.revealed.judgement.outcome == "right"
    assert run.revealed.proposal is Rating.GOOD
    run.grade()
    assert study.conn.execute("SELECT count(*) FROM events WHERE kind = 'answer'").fetchone() == (1,)
    assert replay.verify(study.conn) == []


def test_a_right_answer_that_is_only_near_by_the_new_text_has_its_free_try(small, edit: Edit) -> None:
    study: Study = small(items=SHORT.replace("near: [token]", "near: [word]").replace("[patch]", "[patch, token]"))
    run = study.run()
    run.submit("token")
    edit("[patch, token]", "[patch]")
    edit("near: [word]", "near: [token]")
    study.reload("small")
    run.reload()
    assert run.face == "retry"


def test_the_reveal_of_a_card_rated_alone_has_the_new_answer(small, edit: Edit) -> None:
    study: Study = small("one")
    run = study.run()
    run.submit(None)
    edit('answer: "one"', 'answer: "two"')
    study.reload("small")
    run.reload()
    assert run.revealed is not None
    assert run.revealed.reveal.answer == "two"


def test_ticks_stay_where_the_points_do(small, edit: Edit) -> None:
    study: Study = small(items=POINTS)
    run = study.run()
    run.submit(None)
    assert run.revealed is not None
    first = run.revealed.judgement.points[0].id
    run.tick(first, True)
    edit("cost grows", "the cost grows")
    study.reload("small")
    run.reload()
    assert run.revealed.ticks[first]
    assert run.revealed.judgement.points[0].text == "the cost grows"


@pytest.mark.parametrize(
    ("items", "answer", "old", "new"),
    [(NUMBER, "14", "[224]", "[336]"), (CHOICE, "b", "id: b", "id: c")],
)
def test_an_answer_that_no_longer_fits_is_asked_for_again(small, edit: Edit, items: str, answer: str, old: str, new: str) -> None:
    study: Study = small(items=items)
    run = study.run()
    run.submit(answer)
    edit(old, new)
    assert study.reload("small").trouble is None
    run.reload()
    assert (run.face, run.value) == ("ask", None)
    assert study.conn.execute("SELECT count(*) FROM events WHERE kind = 'answer'").fetchone() == (0,)


def test_an_error_is_one_line_with_its_place_and_the_old_text_stays(small, edit: Edit, tmp_path: Path) -> None:
    study: Study = small(items=SHORT + NUMBER)
    run = study.run()
    edit("accept: [patch]", "accept: []")
    edit('ask: "{h} by 16?"', "ask: 3")
    changed, trouble = study.reload("small")
    assert not changed
    assert trouble is not None
    assert (trouble.file, trouble.line) == (tmp_path / "small" / "courses" / "small" / "s01.yaml", 3)
    assert trouble.text.startswith("s01.yaml:3: unit.accept: ")
    assert trouble.text.endswith("(and 1 more)")
    assert "\n" not in trouble.text
    run.reload()
    assert run.card is not None
    assert run.card.shown.ask == "The unit?"
    run.submit("patch")
    run.grade()
    edit("accept: []", "accept: [patch]")
    edit("ask: 3", 'ask: "{h} by 16, then?"')
    assert study.reload("small") == (True, None)
    assert study.notes == []
    run.reload()
    assert run.card.shown.ask == "224 by 16, then?"
    assert study.why("unit")["reps"] == 1


@pytest.mark.parametrize(("old", "new", "place"), [("items:", "items: [", "s01.yaml:"), ("section: s01", "section: s02", "s01.yaml:1: ")])
def test_a_file_that_cannot_be_read_at_all_is_told_too(small, edit: Edit, old: str, new: str, place: str) -> None:
    study: Study = small("one")
    edit(old, new)
    trouble = study.reload("small").trouble
    assert trouble is not None
    assert trouble.text.startswith(place)


def test_a_course_file_that_cannot_be_read_is_told(small, tmp_path: Path) -> None:
    study: Study = small("one")
    (tmp_path / "small" / "courses" / "small" / "course.yaml").write_text("[")
    trouble = study.reload("small").trouble
    assert trouble is not None
    assert trouble.text.startswith("course.yaml:2: ")


def test_nothing_changed_is_said_so(small, edit: Edit) -> None:
    study: Study = small("one")
    assert study.reload("small") == (False, None)
    edit("one?", "one?")
    assert study.reload("small") == (False, None)


def test_a_card_whose_id_is_gone_makes_room_for_the_next_and_is_asked_about(small, edit: Edit, hands) -> None:
    study: Study = small("one", "two")
    study.answer("one", rating="again")
    hands.forward(minutes=2)
    run = study.run()
    assert run.card.id == "one"
    edit("id: one,", "id: uno,")
    study.reload("small")
    assert not run.reload()
    assert run.card is not None
    assert run.card.id == "uno"
    run.submit(None)
    run.grade(Rating.GOOD)  # the question stays open while the new one is answered
    assert [(pair["old"], pair["new"]) for pair in study.renamed()] == [("small:one", "small:uno")]
    assert study.notes
    study.accept_rename("one", "uno")
    assert study.why("uno")["reps"] == 2
    assert replay.verify(study.conn) == []


def test_the_same_card_under_a_new_id_goes_on_with_its_history_and_its_answer(small, edit: Edit, hands) -> None:
    study: Study = small(items=SHORT)
    study.answer("unit", rating="again")
    hands.forward(minutes=2)
    run = study.run()
    run.submit("patch")
    edit("id: unit,", "id: vit-unit,")
    study.reload("small")
    study.accept_rename("unit", "vit-unit")
    assert run.reload()
    assert run.card is not None
    assert (run.card.id, run.face, run.value) == ("vit-unit", "reveal", "patch")
    run.grade()
    assert study.why("vit-unit")["reps"] == 2
    assert replay.verify(study.conn) == []


def test_with_the_old_id_as_an_alias_the_same_card_goes_on_and_is_drilled_under_its_new_name(small, edit: Edit) -> None:
    study: Study = small("one", "two")
    run = study.run()
    missed = run.card.id
    run.submit(None)
    run.grade(Rating.AGAIN)
    edit(f"{{id: {missed},", f"{{id: uno, aliases: [{missed}],")
    study.reload("small")
    assert run.reload()
    run.submit(None)
    run.grade(Rating.EASY)
    assert run.card is not None
    assert (run.card.id, run.card.turn) == ("uno", "drill")


def test_the_time_in_the_editor_is_not_counted(small, edit: Edit, hands) -> None:
    study: Study = small(items=SHORT)
    run = study.run()
    hands.forward(seconds=4)
    run.hint()
    hands.forward(minutes=9)
    edit("The unit?", "Which unit?")
    study.reload("small")
    run.reload()
    run.submit("patch")
    run.grade()
    (payload,) = study.conn.execute("SELECT json_extract(payload, '$.seconds') FROM events WHERE kind = 'answer'").fetchone()
    assert payload == 4


def test_a_quiz_takes_the_new_text_up_as_well(small, edit: Edit) -> None:
    study: Study = small("one", "two")
    run = study.quiz("section", "s01")
    asked = run.card.id
    run.submit(None)
    edit(f'answer: "{asked}"', 'answer: "other"')
    study.reload("small")
    run.reload()
    assert run.revealed.reveal.answer == "other"
    run.grade(Rating.GOOD)
    edit("id: one," if run.card.id == "one" else "id: two,", "id: gone,")
    study.reload("small")
    assert not run.reload()
    assert run.card is None
    assert run.result().answered == 1


def test_a_card_added_meanwhile_is_served_in_the_open_session(small, tmp_path: Path) -> None:
    study: Study = small("one")
    run = study.run()
    study.add_card("What is new?", answer="this")
    run.reload()
    assert run.card is not None
    assert (run.card.id, run.card.left) == ("one", 2)
    run.submit(None)
    run.grade(Rating.EASY)
    assert run.card.key == "own:what-is-new"
