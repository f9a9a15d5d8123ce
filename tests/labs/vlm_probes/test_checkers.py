"""The checker of the code task: every right style passes, every wrong one is rejected by its name, only the first failure is told."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import pytest

from labs.vlm_probes import checkers, code_task, mutants, solutions
from studyapp.labkit.codeguard import allowed

TASK = code_task.dprime()
CONCEPTS = {trap.code: trap.concept for trap in TASK.traps}


def report(source: str, seed: int = 7) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(source, space)
    return checkers.check_dprime(space, {"entry": TASK.entry, "seed": seed})


def test_at_least_ten_right_styles_pass_on_any_seed() -> None:
    assert len(solutions.DPRIME) >= 10
    for number, source in enumerate(solutions.DPRIME):
        assert allowed(source, TASK.imports, TASK.forbid) is None, number
        for seed in range(2):
            found = report(source, seed)
            assert found["ok"], (number, found["say"])
            for yours, target in zip(found["yours"], found["target"], strict=True):
                assert yours[1:] == pytest.approx(target[1:], abs=2e-4)


@pytest.mark.parametrize("mutant", mutants.DPRIME, ids=lambda mutant: mutant.name)
def test_every_mutant_is_rejected_and_called_by_its_name(mutant: Any) -> None:
    for seed in range(3):
        found = report(mutant.source, seed)
        assert not found["ok"]
        assert CONCEPTS.get(found["permutation"]) == mutant.expects, (seed, found)


def test_nine_in_ten_mutants_expect_a_name() -> None:
    assert sum(mutant.expects is None for mutant in mutants.DPRIME) <= 0.1 * len(mutants.DPRIME)


def test_the_stub_is_not_written_yet() -> None:
    assert report(TASK.stub)["first_failure"] == "written"


def test_every_name_a_checker_can_give_has_a_sentence() -> None:
    given = {report(mutant.source)["permutation"] for mutant in mutants.DPRIME} - {None}
    assert given <= CONCEPTS.keys()
    assert {name for name, _ in checkers.wrong((20, 5, 4, 30))} <= CONCEPTS.keys()


def test_the_failure_says_what_came_and_what_was_wanted() -> None:
    found = report("def dprime(h, m, f, r):\n    return 1.0, 2.0\n")
    assert found["first_failure"] == "d'"
    assert found["got"] == "(1.0000, 2.0000)"
    assert found["want"] in found["say"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return None", "NoneType for dprime("),
        ("return 'a', 'b'", "str and str"),
        ("return 1 / 0, 0", "ZeroDivisionError for dprime("),
        ("return float('nan'), 0.0", "two finite numbers"),
    ],
)
def test_what_is_no_pair_of_numbers_is_said_in_a_line(body: str, says: str) -> None:
    found = report(f"def dprime(h, m, f, r):\n    {body}\n")
    assert not found["ok"]
    assert says in found["say"]


def test_a_missing_function_is_said() -> None:
    assert report("x = 1\n")["say"] == "There is no function dprime in it."


def test_the_reference_by_the_areas_under_two_bells() -> None:
    d, c = checkers.reference((9, 1, 2, 18))
    bell = NormalDist()
    assert 1 - bell.cdf(c - d / 2) == pytest.approx(9.5 / 11)
    assert 1 - bell.cdf(c + d / 2) == pytest.approx(2.5 / 21)


def test_the_tables_tried_have_unequal_numbers_and_all_kinds_of_zeros() -> None:
    for seed in range(8):
        found = checkers.tables(seed)
        assert all(sum(table[:2]) != sum(table[2:]) for table in found[:4])
        assert all(0 not in table for table in found[:4])
        assert any(table[1] == 0 for table in found)
        assert any(table[2] == 0 for table in found)
        assert any(table[0] == 0 for table in found)
    assert checkers.tables(1) != checkers.tables(2)
