"""Names of backends: `none`, `tiny`, `hf:<dir or id>`, `openai:<url>#model`, `replay:<run or file>`, `human`. Parsed and validated here,
loaded in the worker by labs/zoo/load.py. What a model directory says of itself is read in model_dir.py, a recording in recordings.py."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import BackendRef
from studyapp.labkit.asking import OWN_KEY
from studyapp.labkit.model_dir import describe
from studyapp.workers.endpoint import base_address

FORMS = "none, tiny, hf:<dir or id>, openai:<url>#<model>, replay:<run or file>, human"
WRITE = "write openai:<base url>#<model>, for example openai:http://127.0.0.1:8000/v1#llava"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
FETCHED = ["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja"]  # all that is ever taken from the hub: no pickles, no Python

__all__ = ["FORMS", "describe", "download_job", "find_model", "parse_backend", "resolve"]


def parse_backend(text: str) -> BackendRef:
    """Read a backend's name; raises BadInput naming the forms there are, and repeating nothing of an address, where a key may stand.
    Looks at no file."""
    text = text.strip()
    kind, _, target = text.partition(":")
    target = target.strip()
    if kind in ("none", "tiny", "human") and text == kind:
        return BackendRef(kind=kind, name=kind)  # type: ignore[arg-type]
    if not text.isprintable():
        raise BadInput(f"--backend: a character that cannot be printed; give one of {FORMS}")
    if kind in ("hf", "replay") and target:
        return BackendRef(kind=kind, name=f"{kind}:{target}", target=target)  # type: ignore[arg-type]
    if kind == "openai":
        url, _, model = target.partition("#")
        try:
            address = base_address(url.strip(), OWN_KEY)
        except ValueError as error:
            raise BadInput(f"--backend openai: {error}; {WRITE}") from None
        if not model.strip():
            raise BadInput(f"--backend openai: name the model after a #; {WRITE}")
        return BackendRef(kind="openai", name=f"openai:{address}#{model.strip()}", target=address, model=model.strip())
    raise BadInput(f"--backend {text[:40]!r} is none of {FORMS}")


def resolve(text: str, allowed: Iterable[str], lab: str, download: bool = False) -> BackendRef:
    """The backend with what its files say. BadInput where the lab cannot use it, EnvironmentProblem where it is not here. Every lab can
    be played from a recording; which one a name means is found by recordings.py and its callers."""
    backend = parse_backend(text)
    kinds = tuple(allowed)
    if backend.kind not in (*kinds, "replay"):
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
    if (snapshot := _cached(target)) is not None:
        return snapshot
    if download:
        return _fetched(target)
    raise EnvironmentProblem(f"--backend hf:{target} is not on this machine; give a directory, or add --download to fetch it")


def download_job(payload: dict[str, Any], emit: Callable[[dict[str, Any]], None]) -> str:
    """Worker side of --download: fetch configuration and safetensors weights of a hub id; the directory."""
    from huggingface_hub import snapshot_download

    return str(snapshot_download(payload["id"], allow_patterns=FETCHED))


def _cached(id: str) -> Path | None:
    """The snapshot of a hub id in the local cache, if its files are there."""
    repository = _hub_cache() / ("models--" + id.replace("/", "--"))
    try:
        revision = (repository / "refs" / "main").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    snapshot = repository / "snapshots" / revision
    return snapshot if re.fullmatch(r"[\w.-]+", revision) and (snapshot / "config.json").is_file() else None


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
