"""`studyapp memory --batch`: Anki's own figures, and bad lines that stop nothing."""

import json
from pathlib import Path

import pytest

from studyapp.errors import BadInput
from studyapp.memory.batch import memory_batch, memory_line

GOLDEN = json.loads((Path(__file__).parent / "golden_anki_fsrs6.json").read_text())["cases"]
GOOD = {"history": [[0, 3], [5, 3]], "elapsed": 5, "last_ivl": 5}


def test_all_cases_of_ankis_backend_give_its_intervals_and_states():
    assert len(GOLDEN) == 300
    for case in GOLDEN:
        result = memory_line({name: case[name] for name in ("history", "elapsed", "last_ivl")})
        assert result["hard_good_easy"] == case["hard_good_easy"]
        assert result["s"] == pytest.approx(case["s"], rel=1e-3)
        assert result["d"] == pytest.approx(case["d"], rel=1e-3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"history": []}, "at least one answer"),
        ({"history": None}, "history: expected a list"),
        ({"history": [[0, 3], 5]}, "history[1]: expected [days since previous, rating 1-4], got 5"),
        ({"history": [[0, 5]]}, "rating must be 1, 2, 3 or 4, got 5"),
        ({"history": [[0, True]]}, "rating must be 1, 2, 3 or 4, got true"),
        ({"history": [[-1, 3]]}, "history[0]: the days must be a whole number"),
        ({"history": [[2.5, 3]]}, "got 2.5"),
        ({"elapsed": None}, "elapsed: the days must be a whole number from 0 to 1000000, got nothing"),
        ({"elapsed": 10**12}, "elapsed"),
        ({"last_ivl": "4"}, 'last_ivl: the days must be a whole number from 0 to 1000000, got "4"'),
    ],
)
def test_a_line_that_makes_no_sense_says_which_field_and_why(change, says):
    with pytest.raises(BadInput) as error:
        memory_line({**GOOD, **change})
    assert says in str(error.value)


def test_bad_lines_of_a_batch_are_reported_in_their_place_and_the_rest_go_on():
    lines = [json.dumps(GOOD), "{", "", "[1]", "[" * 100_000, json.dumps(GOOD)]
    results = list(memory_batch(lines))
    assert [set(r) for r in results] == [{"s", "d", "hard_good_easy"}, {"error"}, {"error"}, {"error"}, {"s", "d", "hard_good_easy"}]
    assert results[1]["error"].startswith("line 2: not JSON")
    assert results[2]["error"].startswith("line 4: expected an object")
    assert results[0] == results[4]


def test_a_huge_last_interval_does_not_lead_past_the_maximum():
    assert max(memory_line({**GOOD, "elapsed": 900_000, "last_ivl": 900_000})["hard_good_easy"]) <= 36_500
