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


@pytest.mark.parametrize("names", [("nothing", "count-of-patches"), ("a", "count-of-patches"), ("patch-count", "patch-count")])
def test_only_one_that_is_gone_can_be_given_to_one_that_is_there(renamed, names) -> None:
    with pytest.raises(BadInput) as told:
        renamed.accept_rename(*names)
    assert "\n" not in str(told.value)
    assert renamed.conn.execute("SELECT count(*) FROM events WHERE kind = 'alias'").fetchone() == (0,)
