"""The checkers of the code tasks: every right style passes, every wrong one is rejected by its name, only the first failure is told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from labs.clip_zero_shot import code_tasks, mutants, solutions
from studyapp.labkit.api import CodeQuestion
from studyapp.labkit.codeguard import allowed

torch = pytest.importorskip("torch")
from labs.clip_zero_shot import checkers, mistakes  # noqa: E402

TASKS: dict[str, tuple[CodeQuestion, Any]] = {
    "q3": (code_tasks.zero_shot(), checkers.check_zero_shot),
    "q5": (code_tasks.ensemble(), checkers.check_ensemble),
    "q7": (code_tasks.info_nce(), checkers.check_info_nce),
}
SEEDS = 3


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True, scope="module")
def features_once() -> Iterator[None]:
    """The same features serve all sources of a seed."""
    patch = pytest.MonkeyPatch()
    for name in ("picks", "templates", "batch"):
        made: dict[tuple[int, int], Any] = {}
        make = getattr(mistakes, name)
        patch.setattr(mistakes, name, lambda seed, number, made=made, make=make: made.setdefault((seed, number), None) or made.update(
            {(seed, number): make(seed, number)}) or made[seed, number])  # fmt: skip
    yield
    patch.undo()


def report(id: str, source: str, seed: int = 7) -> dict[str, Any]:
    question, checker = TASKS[id]
    assert allowed(source, question.imports, question.forbid) is None
    space: dict[str, Any] = {}
    exec(source, space)
    found: dict[str, Any] = checker(space, {"entry": question.entry, "seed": seed})
    return found


@pytest.mark.parametrize("id", ["q3", "q5", "q7"])
def test_at_least_ten_right_styles_pass_on_any_seed(id: str) -> None:
    assert len(solutions.ALL[id]) >= 10
    for number, source in enumerate(solutions.ALL[id]):
        for seed in range(SEEDS):
            found = report(id, source, seed)
            assert found["ok"], (number, found["say"])
            assert found["yours"] == found["target"]


@pytest.mark.parametrize("id", ["q3", "q5", "q7"])
def test_every_mutant_is_rejected_and_called_by_its_name_on_any_seed(id: str) -> None:
    concepts = {trap.code: trap.concept for trap in TASKS[id][0].traps}
    for mutant in mutants.ALL[id]:
        for seed in range(SEEDS):
            found = report(id, mutant.source, seed)
            assert not found["ok"], mutant.name
            assert concepts.get(found["permutation"]) == mutant.expects, (mutant.name, seed, found)
    assert sum(mutant.expects is None for mutant in mutants.ALL[id]) <= 0.1 * len(mutants.ALL[id])


@pytest.mark.parametrize("id", ["q3", "q5", "q7"])
def test_the_stub_is_not_written_yet_and_every_known_mistake_has_a_sentence(id: str) -> None:
    assert report(id, TASKS[id][0].stub)["first_failure"] == "written"
    known = {"q3": mistakes.ZERO_SHOT, "q5": mistakes.ENSEMBLE, "q7": mistakes.INFO_NCE}[id]
    assert {name.partition(":")[0] for name in known} <= {trap.code for trap in TASKS[id][0].traps}


def test_the_references_agree_with_loops_of_plain_python() -> None:
    images, texts = mistakes.picks(1, 2)

    def cosine(a: list[float], b: list[float]) -> float:
        return sum(x * y for x, y in zip(a, b, strict=True)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))

    rows = [[cosine(i, t) for t in texts.tolist()] for i in images.tolist()]
    assert mistakes.zero_shot(images, texts).tolist() == [row.index(max(row)) for row in rows]
    images, texts, scale = mistakes.batch(1, 2)
    logits = [[scale * cosine(i, t) for t in texts.tolist()] for i in images.tolist()]
    terms = [math.log(sum(math.exp(z) for z in row)) - row[k] for k, row in enumerate(logits)]
    terms += [math.log(sum(math.exp(row[k]) for row in logits)) - logits[k][k] for k in range(len(logits))]
    assert float(mistakes.info_nce(images, texts, scale)) == pytest.approx(sum(terms) / len(terms), abs=1e-6)
    images, prompts = mistakes.templates(1, 1)
    unit = [[[x / math.sqrt(sum(y * y for y in p)) for x in p] for p in template] for template in prompts.tolist()]
    means = [[sum(template[label][d] for template in unit) for d in range(len(unit[0][0]))] for label in range(len(unit[0]))]
    want = [[cosine(i, mean) for mean in means] for i in images.tolist()]
    assert torch.allclose(mistakes.ensemble(images, prompts), torch.tensor(want, dtype=torch.float64), atol=1e-6)


def test_forgetting_to_normalise_changes_an_answer_on_every_seed() -> None:
    for seed in range(20):
        images, texts = mistakes.picks(seed, seed)
        assert not torch.equal(mistakes.zero_shot(images, texts), (images @ texts.T).argmax(1))


def test_the_failure_says_what_came_and_what_was_wanted() -> None:
    found = report("q7", "import torch\ndef info_nce(images, texts, scale):\n    return torch.tensor(0.0)\n")
    assert found["first_failure"] == "value"
    assert found["want"] in found["say"]
    shape = report("q3", "def zero_shot(images, texts):\n    return images\n")
    assert shape["first_failure"] == "shape"
    raised = report("q5", "def ensemble(images, prompts):\n    return images.reshape(7)\n")
    assert "RuntimeError on random features of shape (" in raised["say"]
    assert report("q3", "x = 1\n")["say"] == "There is no function zero_shot in it."
    assert report("q3", "def zero_shot(images, texts):\n    return 'first'\n")["first_failure"] == "tensor"


def test_bare_exponentials_fail_only_at_the_steep_scale() -> None:
    mutant = next(mutant for mutant in mutants.ALL["q7"] if mutant.expects == "overflow")
    assert "scale 100" in report("q7", mutant.source)["say"]
