"""One loader for the shipped models and for model directories; what is no model is said in a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch

from labs.scenes.raster import rasterise
from labs.scenes.sampling import single
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES
from labs.zoo import load, registry
from labs.zoo.loading import shared
from labs.zoo.recipes import shapeclip, shapevlm
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef

TINY = BackendRef(kind="tiny", name="tiny")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def hf(folder: Path) -> BackendRef:
    return BackendRef(kind="hf", name=f"hf:{folder.name}", target=str(folder))


def drawn(many: int, side: int = 32) -> tuple[list[Any], list[tuple[str, str]]]:
    """Canonical pictures of one object each, and what they show."""
    rng = Random(3)
    named = [rng.choice(COMBINATIONS) for _ in range(many)]
    scenes = [single(rng, colour, shape, size=side) for colour, shape in named]
    return [np.frombuffer(rasterise(scene), np.uint8).reshape(side, side, 3) for scene in scenes], named


def noise(many: int, side: int) -> list[Any]:
    return [np.random.default_rng(number).integers(0, 256, (side, side, 3), dtype=np.uint8) for number in range(many)]


def test_the_judge_reads_canonical_pictures() -> None:
    pictures, named = drawn(96)
    colours, shapes = load.judge().read(pictures)
    assert colours.shape == (96, 8)
    assert shapes.shape == (96, 6)
    assert np.allclose(colours.sum(1), 1, atol=1e-5)
    right = [(list(COLOURS)[c], SHAPES[s]) == name for c, s, name in zip(colours.argmax(1), shapes.argmax(1), named, strict=True)]
    assert sum(right) >= 94


def test_the_noised_twin_keeps_reading_where_the_clean_judge_fails() -> None:
    pictures, named = drawn(200)
    x = np.stack(pictures).transpose(0, 3, 1, 2) / 127.5 - 1
    x = 0.4**0.5 * x + 0.6**0.5 * np.random.default_rng(0).standard_normal(x.shape)
    hits = [
        sum(SHAPES[s] == name[1] for s, name in zip(load.judge(noised).read_float(x)[1].argmax(1), named, strict=True))
        for noised in (False, True)
    ]
    assert hits[1] > hits[0] + 40


def test_the_tiny_encoder_gives_the_judge_s_probabilities() -> None:
    pictures, _ = drawn(5)
    assert np.allclose(load.encoder(TINY).vectors(pictures)[:, :8], load.judge().read(pictures)[0])


def save_clip(folder: Path) -> None:
    torch.manual_seed(0)
    shapeclip.Contrast().net.save_pretrained(folder)
    shapeclip.tokenizer().save_pretrained(folder)
    shapeclip.save_processor(folder, shapeclip.SIDE)


def test_a_clip_directory_gives_unit_vectors_and_patch_tokens(tmp_path: Path) -> None:
    save_clip(tmp_path / "clip")
    clip = load.clip(hf(tmp_path / "clip"))
    pictures, _ = drawn(70)
    images, texts = clip.image_vectors(pictures), clip.text_vectors(["a photo of a red circle", "a photo of a blue star"])
    assert images.shape == (70, 64)
    assert np.allclose(np.linalg.norm(images, axis=1), 1, atol=1e-5)
    assert texts.shape == (2, 64)
    assert clip.patch_tokens(pictures).shape == (70, 16, 128)
    assert clip.scale == pytest.approx(float(np.exp(2.6592)), rel=1e-3)
    assert not clip.sigmoid


def test_pictures_of_another_size_are_brought_to_the_model_s_own(tmp_path: Path) -> None:
    save_clip(tmp_path / "clip")
    clip = load.clip(hf(tmp_path / "clip"))
    assert clip.image_vectors(noise(2, 224)).shape == (2, 64)


def test_a_siglip_directory_has_a_bias_and_no_class_token(tmp_path: Path) -> None:
    from transformers import SiglipConfig, SiglipImageProcessor, SiglipModel

    torch.manual_seed(0)
    words = shapeclip.tokenizer()
    text = {"vocab_size": len(words), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
            "max_position_embeddings": 16, "projection_size": 32}  # fmt: skip
    vision = {
        "image_size": 32,
        "patch_size": 8,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    SiglipModel(SiglipConfig(text_config=text, vision_config=vision)).save_pretrained(tmp_path / "siglip")
    words.save_pretrained(tmp_path / "siglip")
    SiglipImageProcessor(size={"height": 32, "width": 32}).save_pretrained(tmp_path / "siglip")
    clip = load.clip(hf(tmp_path / "siglip"))
    assert clip.sigmoid
    assert clip.patch_tokens(noise(2, 32)).shape == (2, 16, 32)
    assert clip.text_vectors(["a red circle"]).shape == clip.image_vectors(noise(1, 32)).shape == (1, 32)
    assert load.encoder(hf(tmp_path / "siglip")).vectors(noise(3, 32)).shape == (3, 32)


def test_an_image_encoder_without_a_text_side_gives_frame_features_and_is_no_clip(tmp_path: Path) -> None:
    from transformers import Dinov2Config, Dinov2Model, ViTImageProcessor

    torch.manual_seed(0)
    Dinov2Model(
        Dinov2Config(image_size=28, patch_size=14, hidden_size=24, num_hidden_layers=1, num_attention_heads=2)
    ).save_pretrained(tmp_path / "dino")  # fmt: skip
    ViTImageProcessor(size={"height": 28, "width": 28}).save_pretrained(tmp_path / "dino")
    assert load.encoder(hf(tmp_path / "dino")).vectors(noise(3, 40)).shape == (3, 24)
    with pytest.raises(EnvironmentProblem, match="no CLIP or SigLIP"):
        load.clip(hf(tmp_path / "dino"))


def test_a_directory_that_is_no_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "no-such-type"}))
    for loader in (load.clip, load.encoder, load.vlm):
        with pytest.raises(EnvironmentProblem) as raised:
            loader(hf(tmp_path))
        assert "\n" not in str(raised.value)


def save_vlm(folder: Path) -> None:
    torch.manual_seed(0)
    shapevlm.Talker().net.save_pretrained(folder)
    shapevlm.talk.save_processor(folder, shapevlm.SIDE, shapevlm.PATCH)


def test_an_image_text_directory_answers_each_question_about_its_picture(tmp_path: Path) -> None:
    save_vlm(tmp_path / "vlm")
    vlm = load.vlm(hf(tmp_path / "vlm"))
    said = vlm.answers(noise(2, 64), ["How many circles are there?", "What colour is the star?"], 3)
    assert len(said) == 2
    assert all(len(answer.split()) <= 3 for answer in said)


def test_a_model_that_is_not_shipped_names_the_command_that_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    with pytest.raises(EnvironmentProblem, match="studyapp zoo train shapevideo"):
        shared.shipped("shapevideo/late")


def test_the_fast_way_of_asking_shapevlm_says_what_its_directory_generates() -> None:
    from labs.scenes import families, questions

    scenes = [families.draw(family, seed, size=64) for family in ("count", "exist", "relation", "text") for seed in range(5)]
    pictures = [np.frombuffer(rasterise(scene), np.uint8).reshape(64, 64, 3) for scene in scenes]
    asked = [questions.question(scene).text for scene in scenes]
    slow = load.vlm(hf(registry.WEIGHTS / "shapevlm")).answers(pictures, asked, 2)
    assert load.vlm(TINY).answers(pictures, asked, 1) == slow
