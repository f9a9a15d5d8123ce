"""Run a recipe under Accelerate: fixed steps, seeded batches, progress with time left, a checkpoint that a killed run goes on from.

The same file runs on one CPU core, several GPUs or several machines (`accelerate launch -m labs.zoo train MODEL`). The batch of a
stage is shared out over the processes; a contrastive loss then sees its own share only.
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labs.zoo.recipe import Draw, Recipe, Stage

CHECKPOINT_SECONDS = 60.0
YARDSTICK = -1  # the step that no training draws
BETWEEN = "between.safetensors"  # the weights with which a stage begins
Emit = Callable[[dict[str, Any]], None]


def train(recipe: Recipe, preset: str, out: Path, emit: Emit, seed: int = 0, threads: int = 1, fresh: bool = False) -> dict[str, Any]:
    """Train to the end and return {"steps", "seconds", "losses": {stage: [at its start, at its end]}}; goes on from OUT/checkpoint.

    The two losses of a stage are those of one and the same batch, that it is not trained on, before and after. Raises ValueError where
    OUT holds another run.
    """
    import torch
    from accelerate import Accelerator
    from accelerate.utils import set_seed

    torch.set_num_threads(threads)
    accelerator = Accelerator()
    set_seed(seed)
    if fresh and accelerator.is_main_process:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    accelerator.wait_for_everyone()
    run = _Run(recipe, preset, seed, out, accelerator, emit)
    with accelerator.main_process_first():
        model = recipe.build(seed)
    for index, stage in enumerate(recipe.stages(preset)):
        if index < run.state["stage"]:
            continue
        run.stage(index, stage, model)
    return run.finish()


class _Run:
    def __init__(self, recipe: Recipe, preset: str, seed: int, out: Path, accelerator: Any, emit: Emit) -> None:
        self.recipe, self.preset, self.seed, self.out, self.accelerator, self.emit = recipe, preset, seed, out, accelerator, emit
        self.stages = recipe.stages(preset)
        self.steps = sum(stage.steps for stage in self.stages)
        self.state: dict[str, Any] = {"stage": 0, "step": 0, "seconds": 0.0, "losses": {}, "of": self._identity()}
        self._read()

    def _identity(self) -> dict[str, Any]:
        return {"model": self.recipe.name, "preset": self.preset, "seed": self.seed, "stages": [asdict(stage) for stage in self.stages]}

    def _read(self) -> None:
        for name in ("checkpoint.new", "checkpoint.old"):  # a kill between the two renames of a swap
            if not (self.out / "checkpoint").exists() and (self.out / name / "run.json").is_file():
                os.replace(self.out / name, self.out / "checkpoint")
        file = self.out / "checkpoint" / "run.json"
        if file.is_file():
            state = json.loads(file.read_text(encoding="utf-8"))
            if state["of"] != self.state["of"]:
                raise ValueError(
                    f"{self.out} holds another run (preset, seed or stages differ): give another --out, or --fresh to start over"
                )
            self.state = state

    def stage(self, index: int, stage: Stage, model: Any) -> None:
        import torch

        self._load_between(index, model)
        self.recipe.enter(model, stage)
        averaged = (
            torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(stage.ema))
            if stage.ema
            else None
        )
        weights = [weight for weight in model.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=stage.lr, weight_decay=stage.weight_decay, betas=(0.9, 0.98))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(stage, step))
        prepared, optimizer = self.accelerator.prepare(model, optimizer)
        if averaged is not None:
            averaged.to(self.accelerator.device)
        self.accelerator.register_for_checkpointing(*[part for part in (schedule, averaged) if part is not None])
        first = self._resume(index)
        if first == 0:
            self.state["losses"][stage.name] = [self._yardstick(stage, prepared)]
        self._steps(index, stage, first, prepared, averaged, optimizer, schedule)
        self.state["losses"][stage.name].append(self._yardstick(stage, prepared))
        final = averaged.module if averaged is not None else self.accelerator.unwrap_model(prepared)
        if self.accelerator.is_main_process:
            self.recipe.save(final.eval(), stage, index == len(self.stages) - 1, self.out)
        if averaged is not None:  # the next stage goes on from the averaged weights
            model.load_state_dict(averaged.module.state_dict())
        model.train()
        self.accelerator.free_memory()
        self.accelerator._custom_objects.clear()
        model.to("cpu")
        self.state.update(stage=index + 1, step=0)
        if self.accelerator.is_main_process:
            self._keep_between(model)

    def _steps(self, index: int, stage: Stage, first: int, model: Any, averaged: Any, optimizer: Any, schedule: Any) -> None:
        import torch

        told = kept = time.monotonic()
        begun, before = time.monotonic(), self.state["seconds"]
        model.train()
        for step in range(first, stage.steps):
            draw = draw_of(self.seed, stage.name, step, self.accelerator.process_index)
            torch.manual_seed(draw.random.getrandbits(63))
            result = model(**self._batch(stage, draw, step))
            self.accelerator.backward(result["loss"])
            self.accelerator.clip_grad_norm_([weight for weight in model.parameters() if weight.requires_grad], stage.clip)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            if averaged is not None:
                averaged.update_parameters(self.accelerator.unwrap_model(model))
            now = time.monotonic()
            self.state.update(stage=index, step=step + 1, seconds=before + now - begun)
            loss = float(result["loss"].detach())
            if not math.isfinite(loss):
                raise ValueError(f"{self.recipe.name}: the loss of stage {stage.name} became {loss} at step {step + 1}")
            last = step + 1 == stage.steps
            if now - told >= 1 or last or step == first:
                told = now
                self._tell(index, stage, step + 1, {name: float(value.detach()) for name, value in result.items()})
            if now - kept >= CHECKPOINT_SECONDS and not last:
                kept = now
                self._keep()

    def _tell(self, index: int, stage: Stage, step: int, numbers: dict[str, float]) -> None:
        done = sum(earlier.steps for earlier in self.stages[:index]) + step
        left = self.state["seconds"] / done * (self.steps - done)
        if self.accelerator.is_main_process:
            told = {name: round(value, 5) for name, value in numbers.items()}
            self.emit(
                {"event": "progress", "model": self.recipe.name, "stage": stage.name, "step": step, "steps": stage.steps}
                | {"done": round(done / self.steps, 4), "seconds": round(self.state["seconds"], 1), "left": round(left, 1)}
                | told
            )

    def _yardstick(self, stage: Stage, model: Any) -> float:
        """The loss of a batch that no step draws, in training mode; running means of the model stay what they were."""
        import torch

        draw = draw_of(self.seed, stage.name, YARDSTICK, self.accelerator.process_index)
        torch.manual_seed(draw.random.getrandbits(63))
        before = [(buffer, buffer.clone()) for buffer in model.buffers()]
        model.train()
        with torch.no_grad():
            loss = float(model(**self._batch(stage, draw, YARDSTICK))["loss"])
            for buffer, kept in before:
                buffer.copy_(kept)
        return round(loss, 5)

    def _batch(self, stage: Stage, draw: Draw, step: int) -> dict[str, Any]:
        size = max(1, stage.batch // self.accelerator.num_processes)
        batch = self.recipe.batch(stage, draw, size, step)
        return {name: part.to(self.accelerator.device) if hasattr(part, "to") else part for name, part in batch.items()}

    def _keep(self) -> None:
        """Write the checkpoint beside the old one and swap them, so that a kill at any moment leaves a whole one."""
        fresh, old = self.out / "checkpoint.new", self.out / "checkpoint"
        if self.accelerator.is_main_process:
            shutil.rmtree(fresh, ignore_errors=True)
        self.accelerator.wait_for_everyone()
        self.accelerator.save_state(str(fresh))
        if self.accelerator.is_main_process:
            (fresh / "run.json").write_text(json.dumps(self.state), encoding="utf-8")
            _swap(fresh, old)
        self.accelerator.wait_for_everyone()

    def _keep_between(self, model: Any) -> None:
        from safetensors.torch import save_model

        fresh, old = self.out / "checkpoint.new", self.out / "checkpoint"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        save_model(model, str(fresh / BETWEEN))
        (fresh / "run.json").write_text(json.dumps(self.state), encoding="utf-8")
        _swap(fresh, old)

    def _resume(self, index: int) -> int:
        folder = self.out / "checkpoint"
        if self.state["stage"] != index or not folder.is_dir():
            return 0
        if (folder / BETWEEN).is_file():
            return 0
        self.accelerator.load_state(str(folder))
        return int(self.state["step"])

    def _load_between(self, index: int, model: Any) -> None:
        file = self.out / "checkpoint" / BETWEEN
        if self.state["stage"] == index and file.is_file():
            from safetensors.torch import load_model

            load_model(model, str(file))

    def finish(self) -> dict[str, Any]:
        done = {"event": "done", "model": self.recipe.name, "preset": self.preset, "seed": self.seed, "steps": self.steps}
        done |= {name: self.state[name] for name in ("seconds", "losses")}
        if self.accelerator.is_main_process:
            (self.out / "run.json").write_text(json.dumps(done, indent=1), encoding="utf-8")
            self.emit(done)
        return done


def rate(stage: Stage, step: int) -> float:
    """Share of the learning rate at a step: a linear warm-up, then half a cosine down to `floor`."""
    if step < stage.warmup:
        return (step + 1) / stage.warmup
    through = (step - stage.warmup) / max(1, stage.steps - stage.warmup)
    return stage.floor + (1 - stage.floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, through)))


def draw_of(seed: int, stage: str, step: int, process: int = 0) -> Draw:
    """The randomness of one batch, from its address alone."""
    import torch

    source = random.Random(f"{seed}/{stage}/{step}/{process}")
    return Draw(torch.Generator().manual_seed(source.getrandbits(62)), source)


def _swap(fresh: Path, old: Path) -> None:
    stale = old.with_name("checkpoint.old")
    shutil.rmtree(stale, ignore_errors=True)
    if old.exists():
        os.replace(old, stale)
    os.replace(fresh, old)
    shutil.rmtree(stale, ignore_errors=True)
