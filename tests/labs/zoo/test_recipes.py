"""Every recipe: its quick preset trains, the loss falls, and what it saved loads in plain transformers or diffusers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from labs.zoo import registry
from labs.zoo.train import draw_of, train

LOADERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "shapejudge": ("transformers", "ResNetForImageClassification", ("shapejudge", "shapejudge-noised")),
    "shapeclip": ("transformers", "CLIPModel", ("shapeclip", "shapeclip-swapped")),
    "shapevae": ("diffusers", "AutoencoderKL", ("shapevae",)),
    "shapediffusion": ("diffusers", "UNet2DModel", ("shapediffusion/unet",)),
    "shapediffusion-latent": ("diffusers", "UNet2DModel", ("shapediffusion-latent/unet",)),
    "shapevideo": ("diffusers", "UNet2DModel", ("shapevideo/early", "shapevideo/middle", "shapevideo/late")),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", LOADERS)
def test_the_quick_preset_trains_and_what_it_saves_loads_by_itself(name: str, tmp_path: Path) -> None:
    import importlib

    events: list[dict[str, Any]] = []
    recipe = registry.recipe(name)
    done = train(recipe, "quick", tmp_path, events.append)
    assert 20 <= done["steps"] <= 50
    for stage, (before, after) in done["losses"].items():
        assert after < before, f"the loss of {stage} did not fall"
    assert json.loads((tmp_path / "run.json").read_text())["steps"] == done["steps"]
    library, loader, folders = LOADERS[name]
    for folder in folders:
        model = getattr(importlib.import_module(library), loader).from_pretrained(tmp_path / folder, local_files_only=True)
        assert all(torch.isfinite(weight).all() for weight in model.parameters())


def flat(batch: dict[str, Any]) -> dict[str, torch.Tensor]:
    """A batch without the one nested dict that some stages have."""
    return {key: part for name, value in batch.items() for key, part in (value if isinstance(value, dict) else {name: value}).items()}


@pytest.mark.parametrize("name", LOADERS)
def test_a_batch_is_the_same_for_the_same_step_and_another_for_the_next(name: str) -> None:
    recipe = registry.recipe(name)
    stage = recipe.stages("quick")[0]
    recipe.build(0)
    one, same, other = (flat(recipe.batch(stage, draw_of(0, stage.name, step), 4, step)) for step in (3, 3, 4))
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one if one[key].shape == other[key].shape)


def test_different_prompts_give_different_text_vectors(tmp_path: Path) -> None:
    from labs.zoo.measure_clip import text_vectors
    from labs.zoo.recipes import shapeclip

    torch.manual_seed(0)
    model, words = shapeclip.Contrast().net.eval(), shapeclip.tokenizer()
    vectors = text_vectors(model, words, ["a photo of a red circle", "a photo of a blue circle", "a photo of a red star"])
    assert min((vectors[a] - vectors[b]).norm() for a, b in ((0, 1), (0, 2), (1, 2))) > 1e-3


def test_no_caption_holds_a_word_that_the_tokenizer_lacks() -> None:
    import random

    from labs.zoo.clip_pictures import pairs, seen_by, training
    from labs.zoo.recipes import shapeclip

    words = shapeclip.tokenizer()
    rng = random.Random(0)
    texts: list[str] = []
    for stage in ("singles", "pairs", "swapped"):
        _, captions, swapped = training(rng, 60, 32, stage, seen_by(0))
        texts += captions + swapped
    made, _ = pairs(rng, 60, 32, seen_by(0))
    texts += [text for pair in made for text in (pair.plain, pair.replaced, pair.relation, pair.turned, pair.crossed)]
    assert not any(words.unk_token_id in ids for ids in words(texts)["input_ids"])
    assert max(len(ids) for ids in words(texts)["input_ids"]) <= words.model_max_length


def test_a_swapped_caption_has_the_same_words_in_another_order() -> None:
    import random

    from labs.zoo.clip_pictures import pairs, seen_by

    made, _ = pairs(random.Random(1), 40, 32, seen_by(0))
    for pair in made:
        assert sorted(pair.relation.split()) == sorted(pair.turned.split())
        assert pair.relation != pair.turned
        assert sorted(pair.plain.split()) == sorted(pair.crossed.split())
        assert pair.plain != pair.crossed
        assert pair.plain != pair.replaced
