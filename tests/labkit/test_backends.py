"""Names of backends are validated, and a model directory is read without torch or refused with one line."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.backends import find_model, parse_backend, resolve

ALL = ("none", "tiny", "hf", "openai", "replay", "human")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A directory as save_pretrained writes it, with the header of two tensors and no data behind it."""
    folder = tmp_path / "vit"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "vit", "patch_size": 8}))
    shapes = {
        "embeddings.projection.weight": [32, 3, 8, 8],
        "embeddings.projection.bias": [32],
        "embeddings.cls_token": [1, 1, 32],
        "other.weight": [5, 5],
    }
    header = json.dumps({name: {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]} for name, shape in shapes.items()}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    return folder


@pytest.mark.parametrize(
    "name", ["none", "tiny", "human", "hf:models/vit", "hf:google/vit-base", "replay:run-7", "openai:http://127.0.0.1:8000/v1#llava"]
)
def test_the_six_forms_are_read(name: str) -> None:
    assert parse_backend(name).name == name


@pytest.mark.parametrize("name", ["", "torch", "none:x", "hf:", "replay:", "openai:", "openai:http://host/v1", "openai:ftp://host#m"])
def test_other_names_are_refused_with_the_forms_there_are(name: str) -> None:
    with pytest.raises(BadInput, match="--backend"):
        parse_backend(name)


def test_an_endpoint_is_split_into_its_address_and_its_model() -> None:
    found = parse_backend("openai:http://127.0.0.1:8000/v1/#org/llava")
    assert (found.target, found.model) == ("http://127.0.0.1:8000/v1", "org/llava")


SECRETS = [
    "openai:http://me:sk-secret@host/v1#m",
    "openai:https://host/v1?key=sk-secret#m",
    "openai:sk-secret",
    "openai:https://host:sk-secret/v1#m",
    "openai:ftp://sk-secret#m",
]


@pytest.mark.parametrize("name", SECRETS)
def test_an_address_that_may_hold_a_key_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_backend(name)
    assert "sk-secret" not in str(refused.value)
    assert "openai:<base url>#<model>" in str(refused.value)


def test_every_lab_can_be_played_from_a_recording() -> None:
    assert resolve("replay:run-7", ("none",), "video-cost").kind == "replay"


def test_a_name_with_a_line_break_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be printed"):
        parse_backend("replay:a\nb")


def test_a_lab_refuses_backends_that_it_cannot_use() -> None:
    with pytest.raises(BadInput, match="lab patchify runs on none, tiny, not on human"):
        resolve("human", ("none", "tiny"), "patchify")


def test_a_directory_is_described_by_its_config_and_its_telling_shapes(model: Path) -> None:
    found = resolve(f"hf:{model}", ALL, "patchify")
    assert found.target == str(model)
    assert found.info["config"]["model_type"] == "vit"
    assert sorted(found.info["tensors"]) == ["embeddings.cls_token", "embeddings.projection.bias", "embeddings.projection.weight"]


def test_a_missing_directory_is_named() -> None:
    with pytest.raises(EnvironmentProblem, match="no such directory"):
        find_model("./nowhere")
