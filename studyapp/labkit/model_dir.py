"""What a model directory in the Hugging Face layout says of itself, read without torch and without running anything of its own:
JSON files, and the headers of safetensors files. What cannot be used is refused here, in one line, before a worker starts."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Json

TELLING = re.compile(r"cls|class_emb|position|distillation|register|mask_token")
MAX_HEADER = 50_000_000  # bytes of a safetensors header
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
INDEX = "model.safetensors.index.json"


def describe(folder: Path) -> dict[str, Json]:
    """`config`, `preprocessor` (or None) and the telling tensor shapes of a model directory. Raises EnvironmentProblem."""
    config = _json(folder / "config.json")
    if config is None:
        raise EnvironmentProblem(f"--backend hf:{folder}: no config.json there; give the directory that save_pretrained wrote")
    if "auto_map" in config:
        raise EnvironmentProblem(f"--backend hf:{folder}: this model needs its own Python code, which studyapp does not run")
    if not isinstance(config.get("model_type", config.get("_class_name")), str):  # transformers' name for it, or diffusers'
        raise EnvironmentProblem(f"--backend hf:{folder}: its config.json names no model_type, so no library knows how to load it")
    shapes: dict[str, list[int]] = {}
    for file in _weights(folder):
        shapes.update(_shapes(file))
    kernels = {name.removesuffix("weight") for name, shape in shapes.items() if len(shape) == 4 and name.endswith("weight")}
    kept = {
        name: shape
        for name, shape in shapes.items()
        if len(shape) == 4 or TELLING.search(name) or (name.endswith("bias") and name.removesuffix("bias") in kernels)
    }
    return {"config": config, "preprocessor": _preprocessor(folder), "tensors": kept}


def _weights(folder: Path) -> list[Path]:
    """The files of the weights: those that the index of shards names, or all where the weights are one file."""
    index = None if (folder / "model.safetensors").is_file() else _json(folder / INDEX)
    if index is not None:
        places = index.get("weight_map")
        if not isinstance(places, dict) or not places or not all(isinstance(name, str) for name in places.values()):
            raise EnvironmentProblem(f"--backend hf:{folder}: {INDEX} has no weight_map")
        shards = sorted(set(places.values()))
        if bad := next((name for name in shards if "/" in name or "\\" in name or not name.endswith(".safetensors")), None):
            raise EnvironmentProblem(f"--backend hf:{folder}: {INDEX} names {bad!r}, which is no safetensors file of this directory")
        if missing := [name for name in shards if not (folder / name).is_file()]:
            raise EnvironmentProblem(
                f"--backend hf:{folder}: {len(missing)} of {len(shards)} files of its weights are missing, {missing[0]} first"
            )
        return [folder / name for name in shards]
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        pickled = any(file for pattern in PICKLES for file in folder.glob(pattern))
        why = "pickled weights are not loaded, because they can run code" if pickled else "pickled weights would not be loaded"
        raise EnvironmentProblem(f"--backend hf:{folder}: no .safetensors weights there ({why})")
    return files


def _preprocessor(folder: Path) -> dict[str, Json] | None:
    """The settings of its image processor: a file of their own, or a part of the processor's; None where it has none."""
    if (own := _json(folder / "preprocessor_config.json")) is not None:
        return own
    part = (_json(folder / "processor_config.json") or {}).get("image_processor")
    return part if isinstance(part, dict) else None


def _json(file: Path) -> dict[str, Json] | None:
    """A JSON object; None where the file is not there."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise EnvironmentProblem(f"{file}: cannot be read as JSON ({_brief(error)})") from None
    if not isinstance(data, dict):
        raise EnvironmentProblem(f"{file}: is no JSON object")
    return data


def _shapes(file: Path) -> dict[str, list[int]]:
    """Tensor shapes from a safetensors header: 8 bytes of length (little endian), then JSON (the format's specification). A file that is
    shorter than its header says was cut off, as by a download that did not end."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > MAX_HEADER:
                raise ValueError("header too long")
            header = json.loads(stream.read(length))
        header.pop("__metadata__", None)
        shapes = {str(name): [int(size) for size in entry["shape"]] for name, entry in header.items()}
        end = 8 + length + max((int(entry["data_offsets"][1]) for entry in header.values()), default=0)
        size = file.stat().st_size
    except (OSError, ValueError, struct.error, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise EnvironmentProblem(f"{file}: not a safetensors file ({_brief(error)})") from None
    if size < end:
        raise EnvironmentProblem(f"{file}: cut off: it has {size:,} bytes of {end:,}; copy or fetch it again")
    return shapes


def _brief(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
