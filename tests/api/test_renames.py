"""A card that changed its id: the app asks, and on a yes the history goes along."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.store import replay

OLD = '  - {id: patch-count, kind: basic, facts: [], ask: "How many patches has an image of 224 pixels?", answer: "196 patches"}\n'
NEW = OLD.replace("patch-count", "count-of-patches").replace("How many", "So how many")
OTHER = '  - {id: loss, kind: basic, facts: [], ask: "What does CLIP minimise?", answer: "a contrastive loss"}\n'


@pytest.fixture
def renamed(small):
    """A home where `patch-count` was answered and is now called `count-of-patches`."""
    study = small("a", items=OLD)
    study.answer("patch-count", rating="easy")
    return small("a", items=NEW + OTHER)


def test_a_likely_rename_is_a_note_once_and_is_listed(renamed, small) -> None:
    (note,) = renamed.notes
    assert "--accept small:patch-count small:count-of-patches" in note
    assert "\n" not in note
    again = small()
    assert again.notes == []
    (pair,) = again.renamed()
    assert (pair["old"], pair["new"], pair["reviews"]) == ("small:patch-count", "small:count-of-patches", 1)
    assert 0.8 <= pair["similarity"] <= 1


@pytest.mark.parametrize("names", [("patch-count", "count-of-patches"), ("small:patch-count", "small:count-of-patches")])
def test_accepted_the_history_goes_along_and_stays(renamed, small, names) -> None:
    due = renamed.why("small:patch-count")["due"]
    assert renamed.accept_rename(*names) == {"old": "small:patch-count", "new": "small:count-of-patches", "reviews": 1}
    assert renamed.why("count-of-patches")["due"] == due
    assert renamed.show("patch-count")["id"] == "count-of-patches"
    study = small("a", "b", items=NEW + OTHER)
    assert (study.notes, study.renamed()) == ([], [])
    assert study.why("count-of-patches")["reps"] == 1
    assert replay.verify(study.conn) == []
    assert study.conn.execute("SELECT count(*) FROM events WHERE kind = 'alias'").fetchone() == (1,)


def test_what_is_not_alike_or_was_never_answered_or_has_an_alias_is_no_rename(small) -> None:
    study = small("a", items=OLD + OTHER)
    study.answer("loss", rating="easy")
    assert small("a", items=NEW).notes == []  # loss is gone, and nothing is like it; patch-count was never answered
    study = small("a", items=NEW)
    study.answer("count-of-patches", rating="easy")
    study = small("a", items=OLD.replace("kind:", "aliases: [count-of-patches], kind:"))
    assert (study.notes, study.renamed()) == ([], [])
    assert study.why("patch-count")["reps"] == 1


@pytest.mark.parametrize("door", ["accept_rename", "reject_rename"])
@pytest.mark.parametrize("names", [("nothing", "count-of-patches"), ("a", "count-of-patches"), ("patch-count", "patch-count")])
def test_only_one_that_is_gone_can_be_given_to_one_that_is_there(renamed, names, door: str) -> None:
    with pytest.raises(BadInput) as told:
        getattr(renamed, door)(*names)
    assert "\n" not in str(told.value)
    assert renamed.conn.execute("SELECT count(*) FROM events WHERE kind IN ('alias', 'not_same')").fetchone() == (0,)


def test_a_no_lasts_over_restarts_and_a_rebuild(renamed, small) -> None:
    assert renamed.reject_rename("patch-count", "count-of-patches") == {
        "old": "small:patch-count",
        "new": "small:count-of-patches",
        "same": False,
    }
    assert (renamed.notes, renamed.renamed()) == ([], [])
    study = small("a", "b", items=NEW + OTHER)
    assert (study.notes, study.renamed()) == ([], [])
    replay.rebuild(study.conn)
    assert study.renamed() == []
    assert replay.verify(study.conn) == []
    study.reject_rename("patch-count", "count-of-patches")  # said again, it is written once
    assert study.conn.execute("SELECT payload FROM events WHERE kind = 'not_same'").fetchall() == [
        ('{"new":"small:count-of-patches","old":"small:patch-count"}',)
    ]


def test_a_no_goes_to_the_other_machine(renamed, small, tmp_path) -> None:
    from studyapp.api.study import Study
    from studyapp.store import renames

    renamed.reject_rename("patch-count", "count-of-patches")
    renamed.export("jsonl", str(tmp_path / "log.jsonl"))
    with Study.open(tmp_path / "elsewhere") as other:
        other.import_events(str(tmp_path / "log.jsonl"))
        assert renames.apart(other.conn) == {("small:patch-count", "small:count-of-patches")}


def test_after_a_no_the_next_one_that_is_alike_is_asked_about(renamed, small) -> None:
    renamed.reject_rename("patch-count", "count-of-patches")
    study = small("a", items=NEW + NEW.replace("count-of-patches", "third-name").replace("So how", "Well, how"))
    assert [(pair["old"], pair["new"]) for pair in study.renamed()] == [("small:patch-count", "small:third-name")]


def test_a_no_can_be_taken_back_by_a_yes(renamed) -> None:
    renamed.reject_rename("patch-count", "count-of-patches")
    assert renamed.accept_rename("patch-count", "count-of-patches")["reviews"] == 1
    assert renamed.why("count-of-patches")["reps"] == 1


def test_a_yes_and_a_later_take_the_note_away(renamed, small) -> None:
    renamed.put_off_rename("small:patch-count", "small:count-of-patches")
    assert renamed.notes == []
    assert len(renamed.renamed()) == 1


def test_a_pair_shows_both_texts_as_the_learner_sees_them(small) -> None:
    cloze = '  - {id: old, kind: cloze, facts: [], ask: "A {{patch|tile}} is the unit of a ViT"}\n'
    small("a", items=cloze).answer("old", rating="good")
    (pair,) = small("a", items=cloze.replace("old", "new").replace("a ViT", "the ViT")).renamed()
    assert (pair["old_ask"], pair["new_ask"]) == ("A ____ is the unit of a ViT", "A ____ is the unit of the ViT")
    assert (pair["old_answer"], pair["new_answer"]) == ("A **patch** is the unit of a ViT", "A **patch** is the unit of the ViT")


def test_of_the_cards_of_one_text_the_one_with_the_same_answer_is_meant(small) -> None:
    text = "".join(
        f'  - {{id: {id}, kind: cloze, facts: [], ask: "{ask}"}}\n'
        for id, ask in (("one", "{{Rome}} is the capital of Italy"), ("two", "Rome is the capital of {{Italy}}"))
    )
    study = small(items=text)
    for id in ("one", "two"):
        study.answer(id, rating="good")
    swapped = "".join(reversed(text.splitlines(keepends=True)))
    study = small(items=swapped.replace("id: one", "id: uno").replace("id: two", "id: due").replace("capital", "capital city"))
    assert {(pair["old"], pair["new"]) for pair in study.renamed()} == {("small:one", "small:uno"), ("small:two", "small:due")}


def test_another_task_of_the_same_lab_is_another_card(small) -> None:
    lab = "  - {id: task, kind: lab, lab: patchify, task: 1}\n"
    small("a", items=lab).answer("task", rating="good")
    assert small("a", items=lab.replace("id: task", "id: other").replace("task: 1", "task: 2")).renamed() == []
    assert len(small("a", items=lab.replace("id: task", "id: other")).renamed()) == 1
