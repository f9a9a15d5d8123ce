"""Early and late reviews against Anki's own backend (the `anki` package of the dev extra; an oracle, never part of the product)."""

import json
import os
import random
import time

import pytest

from studyapp.memory.policy import previews
from studyapp.memory.state import DAY_MS, Moment, Phase, Rating, Schedule, Settings

pytestmark = pytest.mark.slow
anki_collection = pytest.importorskip("anki.collection", reason="the anki oracle of the dev extra is not installed")


def test_early_and_late_reviews_get_ankis_intervals(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "ANKI_TEST_MODE", "1")  # switches Anki's fuzz off
    collection = anki_collection.Collection(str(tmp_path / "oracle.anki2"))
    collection.set_config("fsrs", True)
    note = collection.new_note(collection.models.by_name("Basic"))
    note.fields[0] = "front"
    collection.add_note(note, 1)
    card = note.cards()[0].id
    rng = random.Random(13)
    for _ in range(300):
        last = rng.randint(1, 300)
        s, d = round(rng.choice([rng.uniform(0.05, 10), rng.uniform(1, 500), float(last)]), 4), round(rng.uniform(1, 10), 3)
        elapsed = rng.randint(0, 2 * last)
        data = json.dumps({"s": s, "d": d, "dr": 0.9, "lrt": int(time.time()) - elapsed * 86_400})
        collection.db.execute(
            "update cards set type=2, queue=2, due=?, ivl=?, factor=2500, reps=5, data=? where id=?",
            collection.sched.today - elapsed + last,
            last,
            data,
            card,
        )
        states = collection._backend.get_scheduling_states(card)  # what the reviewer itself asks
        theirs = [states.again.normal.relearning.review.scheduled_days]
        theirs += [state.normal.review.scheduled_days for state in (states.hard, states.good, states.easy)]
        day = 20_000
        sched = Schedule(Phase.REVIEW, 0, s, d, 0, day - elapsed, None, day - elapsed + last, last, 5, 0)
        ours = previews(sched, Moment(day * DAY_MS + DAY_MS // 2), Settings(fuzz=False), "c:x")
        assert [ours[rating].interval for rating in Rating] == theirs, (s, d, last, elapsed)
    collection.close()
