"""The checkers of the code tasks: every right style passes, every wrong one is rejected by its name, only the first failure is told."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from labs.noising import code_tasks, mutants, solutions
from labs.noising.params import pixels_of
from labs.noising.schedules import Schedule
from studyapp.labkit.api import CodeQuestion

torch = pytest.importorskip("torch")
from labs.noising import checkers, formulas  # noqa: E402

TASKS: dict[str, tuple[CodeQuestion, Any]] = {
    "q3": (code_tasks.add_noise(), checkers.check_add_noise),
    "q10": (code_tasks.predict_x0(), checkers.check_predict_x0),
}
PICTURE = base64.b64encode(pixels_of(7)).decode()
LINEAR = Schedule("linear", 1000, 1e-4, 0.02)
SHORT = list(Schedule("linear", 60, 1e-3, 0.2).bars)


def report(id: str, source: str, seed: int = 7, bars: list[float] = SHORT) -> dict[str, Any]:
    question, checker = TASKS[id]
    space: dict[str, Any] = {}
    exec(source, space)
    found: dict[str, Any] = checker(space, {"entry": question.entry, "seed": seed, "picture": PICTURE, "bars": bars})
    return found


@pytest.mark.parametrize("id", ["q3", "q10"])
def test_at_least_ten_right_styles_pass_on_any_seed(id: str) -> None:
    assert len(solutions.ALL[id]) >= 10
    for number, source in enumerate(solutions.ALL[id]):
        for seed in range(4):
            found = report(id, source, seed)
            assert found["ok"], (number, found["say"])
        assert found["yours"] == found["target"]


@pytest.mark.parametrize("id", ["q3", "q10"])
def test_every_mutant_is_rejected_and_called_by_its_name_on_any_seed(id: str) -> None:
    concepts = {trap.code: trap.concept for trap in TASKS[id][0].traps}
    for mutant in mutants.ALL[id]:
        for seed in range(6):
            found = report(id, mutant.source, seed)
            assert not found["ok"], mutant.name
            assert concepts.get(found["permutation"]) == mutant.expects, (mutant.name, seed, found)
    assert sum(mutant.expects is None for mutant in mutants.ALL[id]) <= 0.1 * len(mutants.ALL[id])


def test_the_six_wrong_formulas_are_far_from_the_right_one_and_have_six_names_or_places() -> None:
    """LABS M9, measured anew: at t = 500 of DDPM's schedule each is off by 0.15 at least, on numbers of about 1."""
    x, e, a = checkers._sample({"picture": PICTURE})
    a = torch.tensor([LINEAR.bars[500]])
    right = formulas.add(x, e, a.view(-1, 1, 1, 1))
    for mutant in mutants.ALL["q3"][:6]:
        space: dict[str, Any] = {}
        exec(mutant.source, space)
        assert float((space["add_noise"](x.clone(), e.clone(), a) - right).abs().max()) > 0.15, mutant.name
    assert [mutant.expects for mutant in mutants.ALL["q3"][:6]] == [
        *["root-forgotten"] * 3,
        "coefficients-swapped",
        "only-adds-noise",
        "coefficients-sum-to-one",
    ]


@pytest.mark.parametrize("id", ["q3", "q10"])
def test_the_stub_is_not_written_yet(id: str) -> None:
    assert report(id, TASKS[id][0].stub)["first_failure"] == "written"


def test_every_name_a_checker_can_give_has_a_sentence() -> None:
    named = {
        *formulas.ADD,
        *formulas.MORE_ADD,
        "wrong-axis",
        "one-step-for-all",
        "accumulated-twice",
        "own-noise",
        "input-changed",
        "one-picture",
    }
    assert named <= {trap.code for trap in TASKS["q3"][0].traps}
    named = {*formulas.BACK, *formulas.MORE_BACK, "wrong-axis", "one-step-for-all", "accumulated-twice", "input-changed", "one-picture"}
    assert named <= {trap.code for trap in TASKS["q10"][0].traps}


def test_a_broadcast_that_goes_through_is_caught_where_the_batch_is_as_long_as_another_axis() -> None:
    wrong = "def add_noise(x0, eps, abar):\n    a = abar[:, None, None]\n    return a ** 0.5 * x0 + (1 - a) ** 0.5 * eps\n"
    x, e, a = checkers.inputs((3, 3, 4, 5), 0)
    space: dict[str, Any] = {}
    exec(wrong, space)
    assert space["add_noise"](x, e, a).shape == x.shape, "no error tells of it"
    assert report("q3", wrong)["permutation"] == "wrong-axis"


def test_shapes_have_a_batch_unlike_the_channels_first_and_equal_axes_later() -> None:
    for seed in range(30):
        first, *more = checkers.sizes(seed)
        assert len(set(first)) == 4
        assert [size[0] == size[axis] for size, axis in zip(more[:3], (3, 2, 1), strict=True)] == [True] * 3


def test_alpha_bars_tried_keep_clear_of_one_half_where_swapping_does_nothing() -> None:
    for seed in range(50):
        a = checkers.inputs((5, 2, 2, 2), seed)[2]
        assert bool(((a - 0.5).abs() >= 0.029).all())
        assert bool(((a > 0) & (a < 1)).all())
        assert len({round(float(value), 3) for value in a}) == 5


def test_success_tells_how_well_the_picture_comes_back_at_every_step() -> None:
    say = report("q10", solutions.ALL["q10"][0], bars=list(LINEAR.bars))["say"]
    assert "comes back at every step" in say
    worst = float(say.split("largest error is ")[1].split(",")[0])
    assert worst < 1e-4, "in float32, at any step of DDPM's schedule"
    cosine = report("q10", solutions.ALL["q10"][0], bars=list(Schedule("cosine", 1000).bars))["say"]
    assert float(cosine.split("largest error is ")[1].split(",")[0]) > 1e-4
    assert "t = 999" in cosine, "the cosine's last step divides by 0.00005"


def test_an_inverse_that_fails_late_is_told_with_its_step() -> None:
    body = "    a = a.view(-1, 1, 1, 1).clamp(min=0.01)\n    return (x - (1 - a).sqrt() * e) / a.sqrt()\n"
    late = f"import torch\ndef predict_x0(x, e, a):\n{body}"
    found = report("q10", late, bars=list(LINEAR.bars))
    assert found["first_failure"] == "round trip"
    assert found["say"].startswith("At step ")


def test_the_failure_says_what_came_and_what_was_wanted() -> None:
    found = report("q3", "def add_noise(x0, eps, abar):\n    return x0[0]\n")
    assert found["first_failure"] == "shape"
    found = report("q3", "def add_noise(x0, eps, abar):\n    return x0.nope\n")
    assert found["say"].startswith("It raises AttributeError on pictures of shape (")
    assert report("q3", "x = 1\n")["say"] == "There is no function add_noise in it."
    found = report("q3", "def add_noise(x0, eps, abar):\n    return x0\n")
    assert (found["first_failure"], found["got"] == found["want"]) == ("values", False)


def test_stubs_and_references_are_not_cut_off_in_eighty_columns() -> None:
    """Beside a line number, a rule and the bar at the side, 72 columns of code are left on a screen of 80."""
    for id, (question, _) in TASKS.items():
        for source in (question.stub, solutions.ALL[id][0]):
            assert max(len(line) for line in source.splitlines()) <= 72, id
