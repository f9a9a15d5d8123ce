"""Names of backends: `none`, `tiny`, `hf:<dir or id>`, `openai:<url>#model`, `replay:<run>`, `human`. Parsed and validated here,
loaded in the worker by labs/zoo/load.py. What a lab's plan needs to know of a model is read from its own files, without torch."""

from __future__ import annotations

import json
import os
import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import BackendRef, Json

FORMS = "none, tiny, hf:<dir or id>, openai:<url>#<model>, replay:<run>, human"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
TELLING = re.compile(r"cls|class_emb|position|distillation|register|mask_token")
MAX_HEADER = 50_000_000  # bytes of a safetensors header


def parse_backend(text: str) -> BackendRef:
    """Read a backend's name; raises BadInput naming the forms there are. Looks at no file."""
    kind, _, target = text.strip().partition(":")
    if kind in ("none", "tiny", "human") and not target:
        return BackendRef(kind=kind, name=kind)  # type: ignore[arg-type]
    if kind in ("hf", "replay") and target:
        return BackendRef(kind=kind, name=text.strip(), target=target)  # type: ignore[arg-type]
    if kind == "openai" and target:
        url, _, model = target.partition("#")
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc or not model:
            raise BadInput(f"--backend {text!r}: write openai:<base url>#<model>, for example openai:http://127.0.0.1:8000/v1#llava")
        return BackendRef(kind="openai", name=text.strip(), target=url.rstrip("/"), model=model)
    raise BadInput(f"--backend {text!r} is none of {FORMS}")


def resolve(text: str, allowed: Iterable[str], lab: str, download: bool = False) -> BackendRef:
    """The backend with what its files say. BadInput where the lab cannot use it, EnvironmentProblem where it is not here."""
    backend = parse_backend(text)
    kinds = tuple(allowed)
    if backend.kind not in kinds:
        raise BadInput(f"lab {lab} runs on {', '.join(kinds)}, not on {backend.kind}")
    if backend.kind == "hf":
        folder = find_model(backend.target, download)
        return backend.model_copy(update={"target": str(folder), "info": describe(folder)})
    return backend


def find_model(target: str, download: bool = False) -> Path:
    """The directory of a model: a path, or a hub id that is in the local cache (or is fetched, when the learner asked for that)."""
    folder = Path(target).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if target.startswith((".", "/", "~")) or not HUB_ID.fullmatch(target):
        raise EnvironmentProblem(f"--backend hf:{target}: there is no such directory")
    repository = _hub_cache() / ("models--" + target.replace("/", "--"))
    for reference in (repository / "refs" / "main",):
        if reference.is_file():
            snapshot = repository / "snapshots" / reference.read_text(encoding="ascii").strip()
            if (snapshot / "config.json").is_file():
                return snapshot
    if download:
        return _fetched(target)
    raise EnvironmentProblem(f"--backend hf:{target} is not on this machine; give a directory, or add --download to fetch it")


def describe(folder: Path) -> dict[str, Json]:
    """`config`, `preprocessor` (or None) and the telling tensor shapes of a model directory; only JSON and safetensors headers are read."""
    config = _json(folder / "config.json")
    if config is None:
        raise EnvironmentProblem(f"--backend hf:{folder}: no config.json there; give the directory that save_pretrained wrote")
    if "auto_map" in config:
        raise EnvironmentProblem(f"--backend hf:{folder}: this model needs its own Python code, which studyapp does not run")
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise EnvironmentProblem(f"--backend hf:{folder}: no .safetensors weights there (pickled weights are not loaded)")
    shapes: dict[str, list[int]] = {}
    for file in files:
        shapes.update(_shapes(file))
    kernels = {name.removesuffix("weight") for name, shape in shapes.items() if len(shape) == 4 and name.endswith("weight")}
    kept = {
        name: shape
        for name, shape in shapes.items()
        if len(shape) == 4 or TELLING.search(name) or (name.endswith("bias") and name.removesuffix("bias") in kernels)
    }
    return {"config": config, "preprocessor": _json(folder / "preprocessor_config.json"), "tensors": kept}


def download_job(payload: dict[str, Any], emit: Callable[[dict[str, Any]], None]) -> str:
    """Worker side of --download: fetch configuration and safetensors weights of a hub id; the directory."""
    from huggingface_hub import snapshot_download

    return str(snapshot_download(payload["id"], allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model"]))


def _fetched(id: str) -> Path:
    from studyapp.workers.worker import Limits, Setup, Worker

    worker = Worker(f"the download of {id}", Setup(environ={"HF_HUB_OFFLINE": "0"}))
    try:
        return Path(worker.submit("studyapp.labkit.backends:download_job", {"id": id}, Limits(load_s=3600)).wait())
    finally:
        worker.close()


def _hub_cache() -> Path:
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache)
    home = os.environ.get("HF_HOME") or os.path.join(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "huggingface")
    return Path(home).expanduser() / "hub"


def _json(file: Path) -> dict[str, Json] | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"{file}: cannot be read as JSON ({error})") from None
    return data if isinstance(data, dict) else None


def _shapes(file: Path) -> dict[str, list[int]]:
    """Tensor shapes from a safetensors header: 8 bytes of length (little endian), then JSON (the format's specification)."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > MAX_HEADER:
                raise ValueError("header too long")
            header = json.loads(stream.read(length))
        return {name: list(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
    except (OSError, ValueError, struct.error, KeyError, TypeError) as error:
        raise EnvironmentProblem(f"{file}: not a safetensors file ({error})") from None
