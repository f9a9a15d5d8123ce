"""The checkers of the code tasks: every right style passes, every wrong one is rejected by its name, only the first failure is told."""

from __future__ import annotations

from typing import Any

import pytest

from labs.patchify import code_tasks, mutants, solutions
from studyapp.labkit.api import CodeQuestion

torch = pytest.importorskip("torch")
from labs.patchify import checkers, permutations  # noqa: E402

TASKS: dict[str, tuple[CodeQuestion, Any]] = {
    "q7": (code_tasks.patchify(), checkers.check_patchify),
    "q8": (code_tasks.unpatchify(), checkers.check_unpatchify),
    "q9": (code_tasks.conv_to_linear(), checkers.check_linear),
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    from safetensors.torch import save_file

    file = tmp_path_factory.mktemp("weights") / "w.safetensors"
    save_file({"weight": torch.randn(24, 4, 8, 8, generator=torch.Generator().manual_seed(0))}, str(file))
    return str(file)


def report(id: str, source: str, weights: str, seed: int = 7) -> dict[str, Any]:
    question, checker = TASKS[id]
    space: dict[str, Any] = {}
    exec(source, space)
    found: dict[str, Any] = checker(space, {"entry": question.entry, "seed": seed, "weights": weights})
    return found


@pytest.mark.parametrize("id", ["q7", "q8", "q9"])
def test_at_least_ten_right_styles_pass_on_any_seed(id: str, weights: str) -> None:
    assert len(solutions.ALL[id]) >= 10
    for number, source in enumerate(solutions.ALL[id]):
        for seed in range(3):
            found = report(id, source, weights, seed)
            assert found["ok"], (number, found["say"])
            assert found["yours"] == found["target"]


@pytest.mark.parametrize("id", ["q7", "q8", "q9"])
def test_every_mutant_is_rejected_and_called_by_its_name_on_any_seed(id: str, weights: str) -> None:
    concepts = {trap.code: trap.concept for trap in TASKS[id][0].traps}
    for mutant in mutants.ALL[id]:
        for seed in range(5):
            found = report(id, mutant.source, weights, seed)
            assert not found["ok"], mutant.name
            assert concepts.get(found["permutation"]) == mutant.expects, (mutant.name, seed, found)
    assert sum(mutant.expects is None for mutant in mutants.ALL[id]) <= 0.1 * len(mutants.ALL[id])


@pytest.mark.parametrize("id", ["q7", "q8", "q9"])
def test_the_stub_is_not_written_yet(id: str, weights: str) -> None:
    assert report(id, TASKS[id][0].stub, weights)["first_failure"] == "written"


def test_both_legal_orders_are_told_apart_and_explained(weights: str) -> None:
    first, second = (report("q7", source, weights) for source in solutions.ALL["q7"][:2])
    assert (first["order"], second["order"]) == ("c p1 p2", "p1 p2 c")
    assert "Conv2d's order" in first["say"]
    assert "Conv2d's order is (c p1 p2)" in second["say"]


def test_every_name_a_checker_can_give_has_a_sentence(weights: str) -> None:
    for id, (question, _) in TASKS.items():
        codes = {trap.code for trap in question.traps}
        given = {report(id, mutant.source, weights)["permutation"] for mutant in mutants.ALL[id]} - {None}
        assert given <= codes


def test_the_failure_says_what_came_and_what_was_wanted(weights: str) -> None:
    found = report("q7", "def patchify(x, p):\n    return x\n", weights)
    assert found["first_failure"] == "shape"
    assert found["got"] != found["want"]
    assert found["want"] in found["say"]


def test_an_exception_is_told_with_the_shape_that_broke_it(weights: str) -> None:
    found = report("q7", "def patchify(x, p):\n    return x.reshape(7)\n", weights)
    assert found["first_failure"] == "runs"
    assert "RuntimeError on an input of shape (" in found["say"]


def test_a_missing_function_is_said(weights: str) -> None:
    assert report("q7", "x = 1\n", weights)["say"] == "There is no function patchify in it."


def test_the_shapes_tried_are_never_square_and_differ_between_seeds() -> None:
    for seed in range(50):
        *small, usual = checkers.sizes(seed, 12)
        assert len(small) == 11
        assert all(B > 1 and C != 3 and h != w for B, C, h, w, _ in small)
        assert usual[4] == 16
    assert checkers.sizes(1, 6) != checkers.sizes(2, 6)


def test_the_reference_cut_is_unfolds() -> None:
    x = checkers.addresses((2, 4, 3, 5, 4))
    unfolded = torch.nn.functional.unfold(x, 4, stride=4).transpose(1, 2)
    assert torch.equal(permutations.patches(x, 4), unfolded)


def test_a_shape_check_alone_would_pass_most_mutants() -> None:
    """Why addresses: on 224 x 224 pixels in patches of 16, with three channels, a wrong program has the right shape (LABS M1)."""
    x, passed = torch.zeros(1, 3, 224, 224), []
    for mutant in mutants.ALL["q7"]:
        space: dict[str, Any] = {}
        exec(mutant.source, space)
        try:
            out = space["patchify"](x.clone(), 16)
        except Exception:
            continue
        if getattr(out, "shape", None) == (1, 196, 768):
            passed.append(mutant.name)
    assert len(passed) >= 9


def test_stubs_and_references_are_not_cut_off_in_eighty_columns() -> None:
    """Beside a line number, a rule and the bar at the side, 72 columns of code are left on a screen of 80."""
    for id, (question, _) in TASKS.items():
        for source in (question.stub, solutions.ALL[id][0]):
            assert max(len(line) for line in source.splitlines()) <= 72, id
