"""The checkers of the code tasks: every right style passes, every wrong one is rejected by its name, only the first failure is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from labs.video_drift import code_tasks, mutants, solutions
from studyapp.labkit.api import CodeQuestion

np = pytest.importorskip("numpy")
from labs.video_drift import checkers, coding, formulas, metrics  # noqa: E402

TASKS: dict[str, tuple[CodeQuestion, Any]] = {
    "q5": (code_tasks.consistency(), checkers.check_consistency),
    "q6": (code_tasks.gap_curve(), checkers.check_gap_curve),
    "q8": (code_tasks.motion(), checkers.check_motion),
}


@pytest.fixture(scope="module")
def args(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("clips") / "motion.npz"
    for _ in coding.stored_clips(file, seeds=6):
        pass
    run = np.abs(np.random.default_rng(3).normal(size=(24, 14))).tolist()
    return {"features": run, "clips": str(file)}


def report(id: str, source: str, args: dict[str, Any], seed: int = 7) -> dict[str, Any]:
    question, checker = TASKS[id]
    space: dict[str, Any] = {}
    exec(source, space)
    found: dict[str, Any] = checker(space, {"entry": question.entry, "seed": seed, **args})
    return found


def right() -> Iterator[tuple[str, int]]:
    for id, sources in solutions.ALL.items():
        for number in range(len(sources)):
            yield id, number


@pytest.mark.parametrize(("id", "number"), list(right()))
def test_every_right_style_passes(id: str, number: int, args: dict[str, Any]) -> None:
    for seed in (0, 7) if id != "q8" else (7,):
        found = report(id, solutions.ALL[id][number], args, seed)
        assert found["ok"], found["say"]


@pytest.mark.parametrize("id", TASKS)
def test_there_are_ten_right_styles_and_more(id: str) -> None:
    assert len(set(solutions.ALL[id])) >= 10


@pytest.mark.parametrize("id", TASKS)
def test_every_mutant_is_rejected_and_called_by_its_name(id: str, args: dict[str, Any]) -> None:
    concepts = {trap.code: trap.concept for trap in TASKS[id][0].traps}
    for mutant in mutants.ALL[id]:
        for seed in (0, 7) if id != "q8" else (7,):
            found = report(id, mutant.source, args, seed)
            assert not found["ok"], mutant.name
            assert concepts.get(found["permutation"]) == mutant.expects, (mutant.name, seed, found)
    assert sum(mutant.expects is None for mutant in mutants.ALL[id]) <= 0.1 * len(mutants.ALL[id])


@pytest.mark.parametrize("id", TASKS)
def test_the_stub_is_not_written_yet(id: str, args: dict[str, Any]) -> None:
    assert report(id, TASKS[id][0].stub, args)["first_failure"] == "written"


def test_every_name_that_a_checker_can_give_has_a_sentence() -> None:
    assert formulas.SCORES.keys() <= code_tasks.CONSISTENCY.keys()
    assert formulas.CURVES.keys() <= code_tasks.CURVE.keys()


def test_the_failure_says_what_came_and_what_was_wanted(args: dict[str, Any]) -> None:
    found = report("q5", "def subject_consistency(features):\n    return 0.25\n", args)
    assert found["first_failure"] == "values"
    assert (found["got"], found["permutation"]) == ("0.25", None)
    assert found["want"] in found["say"]
    found = report("q8", "def motion_score(frames):\n    return float(len(frames))\n", args)
    assert found["say"].startswith("Seed 0: the teleport clip gets 12")


def test_an_exception_is_told_with_the_shape_that_broke_it(args: dict[str, Any]) -> None:
    found = report("q6", "def gap_curve(features, longest):\n    return features.reshape(7, 7, 7)\n", args)
    assert found["first_failure"] == "runs"
    assert "ValueError on an input of shape (" in found["say"]


def test_yours_is_drawn_beside_the_target(args: dict[str, Any]) -> None:
    for id in TASKS:
        found = report(id, solutions.ALL[id][0], args)
        yours, target = found["yours"], found["target"]
        assert len(yours) == len(target) > 5
        if id != "q8":
            assert np.allclose(yours, target)
        assert coding.drawn(f"beside:{id}", "Task", yours, target).alt
        assert coding.drawn(f"beside:{id}", "Task", None, target).alt


def test_no_known_slip_gives_the_right_number_on_the_features_that_are_tried() -> None:
    for seed in range(6):
        for features in checkers.trials(seed):
            right = metrics.subject_consistency(features)
            assert all(abs(slip(features) - right) > 1e-5 for name, slip in formulas.SCORES.items() if name != "clamped-last")
        for features, longest in checkers.curve_trials(seed):
            right = np.array(metrics.gap_curve(features, longest))
            for name, slip in formulas.CURVES.items():
                out = slip(features, longest)
                assert out.shape != right.shape or np.abs(out - right).max() > 1e-4, (seed, name)


def test_stubs_and_references_are_not_cut_off_in_eighty_columns() -> None:
    """Beside a line number, a rule and the bar at the side, 72 columns of code are left on a screen of 80."""
    for id, (question, _) in TASKS.items():
        for source in (question.stub, solutions.ALL[id][0]):
            assert max(len(line) for line in source.splitlines()) <= 72, id
