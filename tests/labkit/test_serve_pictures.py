"""Asking `transformers serve` with a tiny image-text model: a true exchange with pictures, kept, counted and replayed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.ask_live import LiveAsker, Spent
from studyapp.labkit.ask_recorded import RecordedAsker
from studyapp.labkit.asking import TRANSCRIPT_FILE, Exchange, ask_thrice, transcript_in
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.discover import load_ref
from studyapp.labkit.reply_cache import ReplyCache
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers
from tests.labkit.asking_lab import PROMPT, square
from tests.transformers_serve import transformers_serve

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(base address, model) of a running server."""
    folder = tmp_path_factory.mktemp("llava")
    with Workers() as workers:
        job = workers.get("the maker").submit("tests.labkit.tiny_models:llava_of", {"folder": str(folder), "texts": [PROMPT]})
        job.wait()
    with transformers_serve(folder) as url:
        yield url, str(folder)


def test_pictures_are_asked_about_kept_and_replayed(served: tuple[str, str], tmp_path: Path) -> None:
    lines: list[str] = []
    spent: list[Spent] = []
    ask = LiveAsker(*served, ReplyCache(tmp_path / "cache"), tmp_path / TRANSCRIPT_FILE, 9, lines.append, spent.append, 300)
    pictures, prompts = [square("red"), square("blue"), square("red")], [PROMPT] * 3
    replies = ask(pictures, prompts, "squares")
    assert replies[0] == replies[2]
    assert ask_thrice(ask, pictures, prompts) == replies  # greedy decoding: nothing is void
    assert spent[-1].calls == 6
    assert spent[-1].tokens >= 6 * 16  # a picture takes 16 tokens
    exchanges = [Exchange.of(row) for row in transcript_in(tmp_path)]
    assert {exchange.turn for exchange in exchanges} == {0, 1, 2}
    assert RecordedAsker("replay", exchanges)(pictures, prompts) == replies
    with pytest.raises(EnvironmentProblem, match="stopped at the limit of calls"):
        ask([square("green")] * 4, ["1", "2", "3", "4"])


def test_a_lab_is_played_on_it_through_its_worker(served: tuple[str, str], tmp_path: Path, asking_ref: str, workers: Workers) -> None:
    plan = load_ref(f"{asking_ref}:LAB").plan(3, parse_backend("openai:{}#{}".format(*served)))
    run = LabRun(f"{asking_ref}:LAB", plan, tmp_path / "run", workers=workers, cache=tmp_path / "cache")
    verdicts = play(run, {"q1": 0, "q2": 0})
    assert [verdict.outcome for verdict in verdicts] == ["right", "right"]  # it knows no colour, and it says the same each time
    assert run.state.asked.calls == 3 * len(set(plan.params["shown"]))


def test_a_model_that_the_server_has_not_is_named(served: tuple[str, str], tmp_path: Path) -> None:
    ask = LiveAsker(served[0] + "x", "nobody/none", ReplyCache(None), tmp_path / "t", None, print, print, 300)
    with pytest.raises(EnvironmentProblem, match=r"refuses the request \(404\)"):
        ask([square("red")], [PROMPT])
