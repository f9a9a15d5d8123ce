"""vlm-probes asked of a real `transformers serve` on loopback: what it costs, what is kept, the limit, and a second run for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.vlm_probes.lab import LAB
from labs.vlm_probes.probes import FAMILIES
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Plan
from studyapp.labkit.asking import Exchange, transcript_in
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.cost import cost_of
from studyapp.labkit.run_state import Asked, RunState
from studyapp.labkit.runner import LabRun
from studyapp.workers.pool import Workers
from tests.transformers_serve import transformers_serve

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
REF = "labs.vlm_probes.lab:LAB"
PROMPTS = ["How many? Answer in curly brackets, such as {3}.", "yes or no: {yes} {no}", "left or right: {left} {right}"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    """A plan for a running server, with one pair a setting: a fifth of the usual calls."""
    folder = tmp_path_factory.mktemp("llava")
    with Workers() as workers:
        payload = {"folder": str(folder), "texts": PROMPTS, "brief": True}
        workers.get("the maker").submit("tests.labkit.tiny_models:llava_of", payload).wait()
    with transformers_serve(folder) as url:
        drawn = LAB.plan(5, parse_backend(f"openai:{url}#{folder}"))
        yield drawn.model_copy(update={"params": {**drawn.params, "pairs": 1}})


def test_the_first_chapter_is_counted_limited_kept_and_asked_once(plan: Plan, tmp_path: Path) -> None:
    told = LAB.calls(plan, 0)
    cost = cost_of(LAB, plan, 20)
    assert cost is not None
    assert cost.calls is not None
    assert cost.calls >= told
    assert f"up to {cost.calls} calls with pictures of 224 x 224 px" in cost.says()
    with Workers() as workers:
        run = LabRun(REF, plan, tmp_path / "run", workers=workers, cache=tmp_path / "cache", state=RunState(asked=Asked(limit=20)))
        run.open()
        run.seal({"q2": [20, 60]})
        with pytest.raises(EnvironmentProblem, match="stopped at the limit of calls"):
            run.decide()
        assert run.state.asked.calls == 20
        run.state.asked = run.state.asked.model_copy(update={"limit": None})
        verdicts = {verdict.q: verdict for verdict in run.decide()}
        assert 20 < run.state.asked.calls <= told
        exchanges = [Exchange.of(row) for row in transcript_in(tmp_path / "run")]
        assert len(exchanges) == run.state.asked.calls
        assert {exchange.turn for exchange in exchanges} == {0, 1, 2}
        families = run.state.facts["families"]
        assert set(families) == set(FAMILIES)
        assert sum(row["void"] for row in families.values()) == 0  # greedy decoding: it says the same three times
        assert all(row["recorded"] == 0 for row in families.values())  # the zoo's answers are another backend's
        assert verdicts["q2"].outcome in ("right", "wrong", "void")

        again = LabRun(REF, plan, tmp_path / "again", workers=workers, cache=tmp_path / "cache", state=RunState(asked=Asked(limit=0)))
        again.open()
        again.seal({})
        again.decide()
        assert again.state.asked.calls == 0  # every reply was there already
        assert again.state.facts["families"] == families
