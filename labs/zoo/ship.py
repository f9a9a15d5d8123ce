"""From a training run to the shipped weights: cast to float16, measure both precisions, write the card."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from labs.zoo import cards, registry
from labs.zoo.recipe import Figure


def ship(
    name: str,
    source: Path,
    emit: Callable[[dict[str, Any]], None],
    n: int,
    seed: int,
    others: Sequence[Path] = (),
    weights: Path | None = None,
) -> dict[str, Any]:
    """Copy a run's directories in float16 to weights/, measure on `n` fresh pictures a figure, and write the card.

    `others` are runs of further training seeds: their figures stand beside. Returns the card.
    """
    import json

    model, recipe = registry.model(name), registry.recipe(name)
    target = weights or registry.WEIGHTS
    for folder in model.folders:
        shutil.rmtree(target / folder, ignore_errors=True)
        shutil.copytree(source / folder, target / folder)
        halve(target / folder)
    emit({"event": "log", "text": f"{name}: measuring float32"})
    full = recipe.measure(source, seed, n)
    emit({"event": "log", "text": f"{name}: measuring float16"})
    shipped = recipe.measure(target, seed, n)
    for other in others:
        emit({"event": "log", "text": f"{name}: measuring {other.name}"})
        shipped = with_seed(shipped, recipe.measure(other, seed, n))
    facts = getattr(sys.modules[type(recipe).__module__], "CARD", {})
    more = {
        "command": f"python -m labs.zoo ship {name} --from RUN --n {n} --seed {seed}" + "".join(" --other RUN" for _ in others),
        "measured": {"n": n, "seed": seed},
        "parameters": parameters(target, model.folders),
        "bytes": sum(file.stat().st_size for folder in model.folders for file in (target / folder).rglob("*.safetensors")),
        "precision": "float16",
        "precision_gap": max((abs(a.value - b.value) for a, b in zip(full, shipped, strict=True)), default=0.0),
        "folders": list(model.folders),
        **facts,
    }
    run = json.loads((source / "run.json").read_text(encoding="utf-8"))
    card = cards.document(model, run, shipped, more)
    card |= picture(name, target, seed)
    cards.write(card, target / model.folders[0])
    return card


def picture(name: str, weights: Path, seed: int) -> dict[str, str]:
    """Draw a model's contact sheet into its first directory: {"pictures": what it shows}, or {} where there is none."""
    from labs.zoo.pictures import SHEETS, png, sheet

    if name not in SHEETS:
        return {}
    pictures, say = sheet(name, weights, seed)
    (weights / registry.model(name).folders[0] / cards.SAMPLES).write_bytes(png(pictures))
    return {"pictures": say}


def with_seed(figures: Sequence[Figure], other: Sequence[Figure]) -> list[Figure]:
    """The figures with those of another training seed beside them."""
    from dataclasses import replace

    values = {figure.name: figure.value for figure in other}
    return [replace(figure, seeds=(*figure.seeds, values[figure.name])) for figure in figures]


def halve(folder: Path) -> None:
    """Cast the floating-point tensors of every safetensors file below a folder to float16, in place."""
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    for file in sorted(folder.rglob("*.safetensors")):
        with safe_open(str(file), framework="pt") as opened:
            metadata = opened.metadata() or {}
        tensors = {key: tensor.to(torch.float16) if tensor.is_floating_point() else tensor for key, tensor in load_file(str(file)).items()}
        save_file(tensors, str(file), metadata={"format": "pt"} | metadata)
        file.chmod(0o644)  # the library writes it for its owner alone


def parameters(root: Path, folders: Sequence[str]) -> int:
    """Numbers stored in the safetensors files of some folders."""
    import math

    from safetensors import safe_open

    count = 0
    for folder in folders:
        for file in sorted((root / folder).rglob("*.safetensors")):
            with safe_open(str(file), framework="pt") as opened:
                count += sum(math.prod(opened.get_slice(key).get_shape()) for key in opened.keys())  # noqa: SIM118
    return count
