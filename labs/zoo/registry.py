"""The models of the zoo by name: what each is for, and where its recipe and its weights lie. Imports nothing heavy."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labs.zoo.recipe import Recipe

WEIGHTS = Path(__file__).parent / "weights"
LICENCE = "MIT"


@dataclass(frozen=True)
class Model:
    """`recipe` is module:object of labs.zoo.recipes; `folders` what it fills under weights/, each loads by from_pretrained."""

    name: str
    say: str
    recipe: str
    folders: tuple[str, ...]


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "shapejudge",
            "reads colour and shape off a picture, the measuring instrument; and a twin trained on noised pictures",
            "shapejudge:RECIPE",
            ("shapejudge", "shapejudge-noised"),
        ),
        Model(
            "shapeclip",
            "CLIP on drawn scenes; and a twin fine-tuned on swapped captions",
            "shapeclip:RECIPE",
            ("shapeclip", "shapeclip-swapped"),
        ),
        Model("shapevae", "a variational autoencoder of one-object pictures", "shapevae:RECIPE", ("shapevae",)),
        Model("shapediffusion", "class-conditional diffusion of one object, with guidance", "shapediffusion:RECIPE", ("shapediffusion",)),
        Model(
            "shapediffusion-latent",
            "the same in the latent space of shapevae",
            "shapediffusion:LATENT",
            ("shapediffusion-latent",),
        ),
        Model(
            "shapevlm",
            "a LLaVA that answers short questions about drawn scenes; and its stage with the connector alone trained",
            "shapevlm:RECIPE",
            ("shapevlm", "shapevlm-stage-connector"),
        ),
        Model(
            "bridges", "five connectors over the encoder of shapevlm, each behind the same small read-out", "bridges:RECIPE", ("bridges",)
        ),
        Model("shapevideo", "the next frame from the last three, at three ages", "shapevideo:RECIPE", ("shapevideo",)),
    )
}


def model(name: str) -> Model:
    """A model by its name; raises ValueError naming those that there are."""
    if name not in MODELS:
        raise ValueError(f"no model '{name}' in the zoo; there are {', '.join(MODELS)}")
    return MODELS[name]


def recipe(name: str) -> Recipe:
    """The recipe of a model; imports torch."""
    module, _, attribute = model(name).recipe.partition(":")
    found: Recipe = getattr(importlib.import_module(f"labs.zoo.recipes.{module}"), attribute)
    return found


def card(name: str) -> dict[str, Any] | None:
    """The card of a model's shipped weights as data, None where there are none; it lies in the first of its folders."""
    file = WEIGHTS / model(name).folders[0] / "card.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def size(name: str) -> int:
    """Bytes of a model's shipped directories."""
    return sum(file.stat().st_size for folder in model(name).folders for file in (WEIGHTS / folder).rglob("*") if file.is_file())
