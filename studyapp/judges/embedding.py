"""The worker's side of the embedding judge: the only module of the app that imports torch, and it runs in a process of its own.

A directory as `save_pretrained` writes it (mean pooling over the mask), or in the sentence-transformers layout (pooling as 1_Pooling says).
Local files, safetensors, no code from the directory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from studyapp.errors import EnvironmentProblem
from studyapp.judges.embed import modules, transformer_folder
from studyapp.judges.scale import measured, sentences

Tensor = Any  # torch.Tensor; torch is not imported in this module's body
Emit = Callable[[dict[str, Any]], None]

BATCH = 32
LONGEST = 512  # tokens
KEPT = 4000  # embeddings of statements
POOLINGS = ("cls_token", "max_tokens", "mean_tokens", "lasttoken")

_loaded: dict[str, Model] = {}


def ready(payload: dict[str, Any], emit: Emit) -> bool:
    """Load the model and measure its scale."""
    _model(payload["folder"])
    return True


def nearness(payload: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """{"folder", "pieces": [text], "statements": [text]} -> {"cosines": rows of pieces by statements, "scale": [unlike, like, spread]}."""
    model = _model(payload["folder"])
    emit({"clock": "start"})
    pieces, wanted = model.embed(payload["pieces"]), model.remembered(payload["statements"])
    return {"cosines": (pieces @ wanted.T).tolist(), "scale": model.scale}


class Model:
    """One model directory. `embed(texts)` gives unit vectors (n, D)."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        home = transformer_folder(folder)
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(home, local_files_only=True, trust_remote_code=False)
            self._net = AutoModel.from_pretrained(
                home, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
            ).eval()
        except Exception as error:  # the libraries raise what they like
            lines = str(error).strip().splitlines() or [""]
            raise EnvironmentProblem(f"the model cannot be loaded: {type(error).__name__}: {lines[0][:160]}") from error
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token or self._tokenizer.unk_token
        self._tokenizer.padding_side = "right"
        self._pooling = _pooling(folder)
        self._prefix = _prefix(folder)
        self._longest = min(LONGEST, self._tokenizer.model_max_length, _positions(self._net.config), _limit(home))
        self._known: dict[str, Tensor] = {}
        table = self.embed(sentences())
        scale = measured((table @ table.T).tolist())
        self.scale = [scale.unlike, scale.like, scale.spread]

    def embed(self, texts: Sequence[str]) -> Tensor:
        import torch

        rows = []
        for first in range(0, len(texts), BATCH):
            batch = self._tokenizer(
                [self._prefix + text for text in texts[first : first + BATCH]],
                padding=True, truncation=True, max_length=self._longest, return_tensors="pt",
            )  # fmt: skip
            with torch.inference_mode():
                hidden = self._net(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            rows.append(torch.nn.functional.normalize(self._pooled(hidden, batch["attention_mask"]), dim=-1))
        return torch.cat(rows)

    def remembered(self, texts: Sequence[str]) -> Tensor:
        """The same, kept: the statements of a question come again with every answer."""
        import torch

        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(fresh) > KEPT:
            self._known.clear()
            fresh = list(dict.fromkeys(texts))
        if fresh:
            self._known.update(zip(fresh, self.embed(fresh), strict=True))
        return torch.stack([self._known[text] for text in texts])

    def _pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """hidden (B, T, D), mask (B, T) -> (B, D)."""
        import torch

        wide = mask.unsqueeze(-1).to(hidden.dtype)
        if self._pooling == "cls_token":
            return hidden[:, 0]
        if self._pooling == "max_tokens":
            return hidden.masked_fill(wide == 0, -torch.inf).amax(dim=1)
        if self._pooling == "lasttoken":
            return hidden[torch.arange(len(hidden)), mask.sum(dim=1) - 1]
        return (hidden * wide).sum(dim=1) / wide.sum(dim=1).clamp(min=1)


def _model(folder: str) -> Model:
    if folder not in _loaded:
        _loaded.clear()  # one at a time: they can be large
        _loaded[folder] = Model(Path(folder))
    return _loaded[folder]


def _pooling(folder: Path) -> str:
    """The pooling of a sentence-transformers layout, else the mean; EnvironmentProblem for a step that is not known here."""
    place = folder / "1_Pooling"
    for module in modules(folder):
        kind = str(module.get("type", "")).rpartition(".")[2]
        if kind not in ("Transformer", "Pooling", "Normalize"):
            raise EnvironmentProblem(f"the model has a step {kind} that studyapp does not know")
        if kind == "Pooling":
            place = folder / str(module.get("path", "1_Pooling"))
    config = _json(place / "config.json")
    chosen = [name.removeprefix("pooling_mode_") for name, on in config.items() if name.startswith("pooling_mode_") and on is True]
    if not chosen and isinstance(config.get("pooling_mode"), str):
        chosen = [{"cls": "cls_token", "max": "max_tokens", "mean": "mean_tokens"}.get(config["pooling_mode"], config["pooling_mode"])]
    if not chosen:
        return "mean_tokens"
    if len(chosen) > 1 or chosen[0] not in POOLINGS:
        raise EnvironmentProblem(f"the model's pooling {' + '.join(chosen)} is none that studyapp knows")
    return chosen[0]


def _prefix(folder: Path) -> str:
    """What the model's makers put before each sentence by default."""
    config = _json(folder / "config_sentence_transformers.json")
    prompts, name = config.get("prompts"), config.get("default_prompt_name")
    found = prompts.get(name) if isinstance(prompts, dict) and name else None
    return found if isinstance(found, str) else ""


def _limit(home: Path) -> int:
    found = _json(home / "sentence_bert_config.json").get("max_seq_length")
    return found if isinstance(found, int) and found > 0 else LONGEST


def _positions(config: Any) -> int:
    """Positions that the model has; some families leave the first two unused."""
    found = getattr(config, "max_position_embeddings", None)
    return max(8, found - 2) if isinstance(found, int) and found > 0 else LONGEST


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
