"""A model directory is read from its JSON files and tensor headers alone, whatever its layout, or refused with one line."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.backends import FETCHED, find_model, resolve
from studyapp.labkit.discover import load
from studyapp.labkit.model_dir import INDEX, describe
from studyapp.workers.pool import Workers

CONFIG = {"model_type": "vit", "patch_size": 8}
SHAPES = {
    "embeddings.projection.weight": [32, 3, 8, 8],
    "embeddings.projection.bias": [32],
    "embeddings.cls_token": [1, 1, 32],
    "other.weight": [5, 5],
}
TELLING = ["embeddings.cls_token", "embeddings.projection.bias", "embeddings.projection.weight"]


def tensors(shapes: dict[str, list[int]], data: int = 0) -> bytes:
    """A safetensors file whose header promises `data` bytes for each tensor, and has them."""
    entries = {name: {"dtype": "F32", "shape": shape, "data_offsets": [0, data]} for name, shape in shapes.items()}
    header = json.dumps({"__metadata__": {"format": "pt"}, **entries}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(data)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "vit"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "model.safetensors").write_bytes(tensors(SHAPES, 64))
    return folder


def shard(folder: Path) -> None:
    """The weights in two files with their index."""
    (folder / "model.safetensors").unlink()
    places = {name: f"model-0000{1 + n % 2}-of-00002.safetensors" for n, name in enumerate(SHAPES)}
    for file in set(places.values()):
        (folder / file).write_bytes(tensors({name: SHAPES[name] for name, place in places.items() if place == file}, 8))
    (folder / INDEX).write_text(json.dumps({"metadata": {"total_size": 16}, "weight_map": places}))


def test_one_file_and_shards_say_the_same(model: Path) -> None:
    whole = describe(model)
    assert sorted(whole["tensors"]) == TELLING
    assert whole["config"] == CONFIG
    shard(model)
    assert describe(model) == whole


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, None),
        ({"preprocessor_config.json": {"crop_size": 32}}, {"crop_size": 32}),
        ({"processor_config.json": {"processor_class": "LlavaProcessor"}}, None),
        ({"processor_config.json": {"image_processor": {"crop_size": 64}, "patch_size": 8}}, {"crop_size": 64}),
        (
            {"processor_config.json": {"image_processor": {"crop_size": 64}}, "preprocessor_config.json": {"crop_size": 32}},
            {"crop_size": 32},
        ),
    ],
    ids=["none", "its own file", "no image part", "within the processor", "both"],
)
def test_the_image_processor_is_found_where_it_stands(model: Path, files: dict[str, Any], found: dict[str, Any] | None) -> None:
    for name, value in files.items():
        (model / name).write_text(json.dumps(value))
    assert describe(model)["preprocessor"] == found


def test_a_directory_of_diffusers_is_described_too(model: Path) -> None:
    (model / "config.json").write_text(json.dumps({"_class_name": "AutoencoderKL"}))
    (model / "model.safetensors").rename(model / "diffusion_pytorch_model.safetensors")
    assert sorted(describe(model)["tensors"]) == TELLING


def without(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return damage


def written(name: str, text: str | bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode()) and None


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def missing_shard(folder: Path) -> None:
    shard(folder)
    (folder / "model-00002-of-00002.safetensors").unlink()


def shard_elsewhere(folder: Path) -> None:
    shard(folder)
    (folder / INDEX).write_text(json.dumps({"weight_map": {"a": "../../secret.safetensors"}}))


def index_without_map(folder: Path) -> None:
    shard(folder)
    (folder / INDEX).write_text("{}")


def cut_off(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[:-1])


BAD = [
    (without("config.json"), "no config.json there"),
    (written("config.json", "{"), "cannot be read as JSON"),
    (written("config.json", "[1]"), "is no JSON object"),
    (written("config.json", b"\xff\xfe{}"), "cannot be read as JSON"),
    (written("config.json", "[" * 100_000), "cannot be read as JSON"),
    (written("config.json", "{}"), "names no model_type"),
    (written("config.json", '{"model_type": "x", "auto_map": {"AutoModel": "evil.Model"}}'), "needs its own Python code"),
    (without("model.safetensors"), "no .safetensors weights there"),
    (pickled, "because they can run code"),
    (written("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "not a safetensors file"),
    (written("model.safetensors", b"\x02" + bytes(7) + b"[]"), "not a safetensors file"),
    (written("model.safetensors", b"\x08" + bytes(7) + b'{"a": 3}'), "not a safetensors file"),
    (written("model.safetensors", b""), "not a safetensors file"),
    (cut_off, "cut off: it has"),
    (missing_shard, "1 of 2 files of its weights are missing, model-00002-of-00002.safetensors first"),
    (shard_elsewhere, "which is no safetensors file of this directory"),
    (index_without_map, "has no weight_map"),
    (written("preprocessor_config.json", "nonsense"), "cannot be read as JSON"),
]


@pytest.mark.parametrize(("damage", "says"), BAD, ids=[f"{n} {says}" for n, (_, says) in enumerate(BAD)])
def test_a_directory_that_cannot_be_used_is_one_line_with_exit_code_3(model: Path, damage: Any, says: str) -> None:
    damage(model)
    with pytest.raises(EnvironmentProblem) as refused:
        resolve(f"hf:{model}", ("hf",), "patchify")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 3


def test_nothing_of_a_directory_is_run(model: Path) -> None:
    marker = model / "ran"
    (model / "modeling_evil.py").write_text(f"open({str(marker)!r}, 'w')")
    describe(model)
    assert not marker.exists()


# The local cache of the hub


@pytest.fixture
def hub(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache as huggingface_hub lays it out, with org/vit in it; its folder."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    repository = tmp_path / "hub" / "models--org--vit"
    (repository / "snapshots").mkdir(parents=True)
    model.rename(repository / "snapshots" / "abc")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc\n")
    return repository


def test_a_hub_id_is_found_in_the_cache_without_a_network(hub: Path) -> None:
    found = resolve("hf:org/vit", ("hf",), "patchify")
    assert (found.name, found.target) == ("hf:org/vit", str(hub / "snapshots" / "abc"))


@pytest.mark.parametrize("reference", ["gone", "../../elsewhere", "\udcff", ""])
def test_a_cache_that_is_not_whole_is_as_if_it_were_empty(hub: Path, reference: str) -> None:
    (hub / "refs" / "main").write_bytes(reference.encode("utf-8", "surrogateescape"))
    with pytest.raises(EnvironmentProblem, match="is not on this machine; give a directory, or add --download"):
        find_model("org/vit")


def test_what_is_fetched_holds_no_pickles_and_no_python() -> None:
    assert not [pattern for pattern in FETCHED if pattern.endswith((".bin", ".py", ".pt", "*"))]
    assert {"*.json", "*.safetensors", "*.jinja"} <= set(FETCHED)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_directory_that_may_not_be_read_is_one_line(model: Path) -> None:
    (model / "config.json").chmod(0)
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        describe(model)


# Directories as transformers writes them


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of each kind that labs take, made in another process."""
    folder = tmp_path_factory.mktemp("saved")
    with Workers() as workers:
        workers.get("the maker").submit("tests.labkit.tiny_models:make_all", {"folder": str(folder)}).wait()
    return folder


KINDS = [
    ("clip", "clip", True, 1),
    ("siglip", "siglip", True, 0),
    ("vit", "vit", False, 1),
    ("dinov2", "dinov2", False, 1),
    ("llava", "llava", True, 1),
    ("sharded", "vit", False, 1),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "model_type", "processor", "in_front"), KINDS)
def test_what_transformers_saves_is_described_and_patchify_reads_its_sizes(
    saved: Path, name: str, model_type: str, processor: bool, in_front: int
) -> None:
    backend = resolve(f"hf:{saved / name}", ("hf",), "patchify")
    assert backend.info["config"]["model_type"] == model_type
    assert (backend.info["preprocessor"] is not None) == processor
    params = load("patchify").plan(7, backend).params
    assert (params["p"], params["C"], params["D"], params["extra"]) == (8, 3, 32, in_front)
