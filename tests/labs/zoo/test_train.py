"""The training loop: seeded batches, a checkpoint that a killed run goes on from, stages that hand their weights on."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from torch import nn

from labs.zoo import train as loop
from labs.zoo.recipe import Stage
from labs.zoo.train import draw_of, rate, train


class Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Linear(3, 1)
        self.extra = nn.Linear(1, 1)

    def forward(self, x: Any, y: Any) -> dict[str, Any]:
        return {"loss": (self.extra(self.net(x)) - y).square().mean()}


class LineRecipe:
    """Fits y = x @ (1, -2, 3); the second stage trains `extra` alone."""

    name = "line"

    def __init__(self, sleep: float = 0.0) -> None:
        self.sleep, self.saved = sleep, []

    def stages(self, preset: str) -> tuple[Stage, ...]:
        return Stage("first", 30, 16, 0.05, warmup=3, ema=0.5), Stage("second", 20, 16, 0.05, warmup=1)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Line()

    def enter(self, model: Any, stage: Stage) -> None:
        model.net.requires_grad_(stage.name == "first")

    def batch(self, stage: Stage, draw: Any, size: int, step: int) -> dict[str, Any]:
        time.sleep(self.sleep)
        x = torch.randn(size, 3, generator=draw.torch)
        return {"x": x, "y": x @ torch.tensor([[1.0], [-2.0], [3.0]])}

    def save(self, model: Any, stage: Stage, last: bool, directory: Path) -> None:
        weights = {name: value.tolist() for name, value in model.state_dict().items()}
        (directory / f"{stage.name}.json").write_text(json.dumps(weights))
        self.saved.append((stage.name, last))


def run(out: Path, recipe: LineRecipe | None = None, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    events: list[dict[str, Any]] = []
    done = train(recipe or LineRecipe(), "full", out, events.append, **more)
    return events, done


def test_the_loss_falls_and_every_stage_is_saved(tmp_path: Path) -> None:
    recipe = LineRecipe()
    events, done = run(tmp_path, recipe)
    first, last = done["losses"]["first"]
    assert last < first / 2
    assert recipe.saved == [("first", False), ("second", True)]
    progress = [event for event in events if event["event"] == "progress"]
    assert progress[-1]["done"] == 1
    assert progress[-1]["left"] == 0
    assert [event["done"] for event in progress] == sorted(event["done"] for event in progress)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        run(tmp_path / name, seed=seed)
    a, b, c = ((tmp_path / name / "second.json").read_text() for name in "abc")
    assert a == b != c


def test_a_frozen_part_does_not_move(tmp_path: Path) -> None:
    run(tmp_path)
    first, second = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("first", "second"))
    assert first["net.weight"] == second["net.weight"]
    assert first["extra.weight"] != second["extra.weight"]


@pytest.mark.parametrize("stop_at", [7, 29, 37])
def test_a_run_that_is_stopped_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    run(tmp_path / "whole")

    class Stopped(LineRecipe):
        calls = 0

        def batch(self, *arguments: Any) -> dict[str, Any]:
            self.calls += 1
            if self.calls > stop_at:
                raise KeyboardInterrupt
            return super().batch(*arguments)

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", Stopped())
    recipe = LineRecipe()
    events, _ = run(tmp_path / "cut", recipe)
    assert events[0]["done"] > 0.1, "it began from nothing"
    for name in ("first", "second"):
        whole, cut = (json.loads((tmp_path / folder / f"{name}.json").read_text()) for folder in ("whole", "cut"))
        assert whole == cut


def test_a_kill_in_the_middle_of_a_swap_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    os.replace(tmp_path / "checkpoint", tmp_path / "checkpoint.old")
    events, _ = run(tmp_path)
    assert [event["event"] for event in events] == ["done"]


def test_another_run_in_the_same_place_is_refused(tmp_path: Path) -> None:
    run(tmp_path, seed=1)
    with pytest.raises(ValueError, match="another run"):
        run(tmp_path, seed=2)
    run(tmp_path, seed=2, fresh=True)


def test_a_loss_that_is_no_number_stops_the_run(tmp_path: Path) -> None:
    class Broken(LineRecipe):
        def batch(self, *arguments: Any) -> dict[str, Any]:
            return {"x": torch.full((4, 3), math.nan), "y": torch.zeros(4, 1)}

    with pytest.raises(ValueError, match="became nan"):
        run(tmp_path, Broken())


def test_the_rate_warms_up_and_falls_to_its_floor() -> None:
    stage = Stage("s", 100, 1, 1.0, warmup=10, floor=0.1)
    rates = [rate(stage, step) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1)
    assert rates[100] == pytest.approx(0.1)
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_a_batch_is_drawn_from_its_address_alone() -> None:
    one, two = draw_of(3, "pairs", 7), draw_of(3, "pairs", 7)
    assert one.random.random() == two.random.random()
    assert torch.equal(torch.rand(4, generator=one.torch), torch.rand(4, generator=two.torch))
    assert (
        len({draw_of(*address).random.random() for address in ((3, "pairs", 8), (4, "pairs", 7), (3, "singles", 7), (3, "pairs", 7, 1))})
        == 4
    )


def test_a_run_killed_from_outside_goes_on(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, importlib.util as u\n"
        f"s = u.spec_from_file_location('t', {str(Path(__file__))!r}); m = u.module_from_spec(s); s.loader.exec_module(m)\n"
        "m.loop.CHECKPOINT_SECONDS = 0.0\n"
        "m.train(m.LineRecipe(0.1), 'full', pathlib.Path(sys.argv[1]), lambda e: print(e['event'], flush=True))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "checkpoint" / "run.json").is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    events, done = run(tmp_path)
    assert done["steps"] == 50
    assert events[0]["done"] > 0.02
