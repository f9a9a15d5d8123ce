"""A judge with a sentence-embedding model from a local directory, which runs in a worker process and is kept there between answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studyapp.errors import StudyError
from studyapp.judges.contract import NoVerdict, offline
from studyapp.judges.nearness import moved, statements, stretches
from studyapp.judges.registry import Spec
from studyapp.judges.scale import Scale
from studyapp.study.grading.free.contract import Graded, Question
from studyapp.workers.pool import Workers
from studyapp.workers.worker import Limits, Worker

LOAD_S, TIME_S = 180.0, 30.0
CALL = "studyapp.judges.embedding:nearness"
READY = "studyapp.judges.embedding:ready"


class EmbedJudge:
    """`embed:<dir>`: the offline grade, moved by how near the answer's clauses are to each point and to the false statements."""

    def __init__(self, spec: Spec, workers: Workers) -> None:
        self.name = spec.name
        self.limit_s = LOAD_S + TIME_S
        self._folder = Path(spec.target).expanduser()
        self._workers = workers

    def __call__(self, question: Question, answer: str) -> Graded:
        default = offline(question, answer)
        pieces = stretches(answer)
        if not pieces or not question.points:
            return default
        check(self._folder)
        payload = {"folder": str(self._folder.resolve()), "pieces": [p.text for p in pieces], "statements": statements(question)}
        try:
            found: dict[str, Any] = self._worker().submit(CALL, payload, Limits(time_s=TIME_S, load_s=LOAD_S)).wait()
        except StudyError as error:
            raise NoVerdict(str(error), down=True) from None
        scale = Scale(*found["scale"])
        if not scale.useful:
            raise NoVerdict(
                "this model does not tell sentences that say the same from others; take one made for sentence similarity", down=True
            )
        return moved(question, default, pieces, [[scale(c) for c in row] for row in found["cosines"]])

    def warm(self) -> None:
        check(self._folder)
        self._worker().hint(READY, {"folder": str(self._folder.resolve())})

    def close(self) -> None:
        self._worker().close()

    def _worker(self) -> Worker:
        return self._workers.get("the embedding model")


def check(folder: Path) -> None:
    """NoVerdict where the directory plainly holds no model that can be used; only small JSON files are read."""
    if not folder.is_dir():
        raise NoVerdict("there is no such directory", down=True)
    home = transformer_folder(folder)
    try:
        config = json.loads((home / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise NoVerdict("no config.json there that can be read; give the directory that save_pretrained wrote", down=True) from None
    if isinstance(config, dict) and "auto_map" in config:
        raise NoVerdict("this model needs its own Python code, which studyapp does not run", down=True)
    if not any(home.glob("*.safetensors")):
        raise NoVerdict("no .safetensors weights there (pickled weights are not loaded)", down=True)


def transformer_folder(folder: Path) -> Path:
    """Where the transformer lies: in the directory itself, or in a folder of it that modules.json (sentence-transformers) names."""
    for module in modules(folder):
        if str(module.get("type", "")).endswith(".Transformer"):
            inner = folder / str(module.get("path", ""))
            return inner if inner.resolve().is_relative_to(folder.resolve()) else folder
    return folder


def modules(folder: Path) -> list[dict[str, Any]]:
    """The steps of a sentence-transformers model, or none."""
    try:
        found = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return [m for m in found if isinstance(m, dict)] if isinstance(found, list) else []
