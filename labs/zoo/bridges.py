"""The bridges of the bridge lab: five ways from a frozen encoder's patch features to the visual tokens that a language model reads.

All take (B, N, D), patch features in row order, and give (B, M, W), M visual tokens as wide as the language model. No bridge is told
the places of its inputs: what is known of places stands in the encoder's features.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

KINDS = ("linear", "mlp", "qformer", "resampler", "pixel-shuffle")
HEADS = 4


class Linear(nn.Module):
    """One matrix (the first LLaVA, arXiv:2304.08485): (B, N, D) -> (B, N, W), each token on its own."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, out)

    def forward(self, features: Tensor) -> Tensor:
        return self.project(features)


class Mlp(nn.Module):
    """Two layers with a GELU between (LLaVA-1.5, arXiv:2310.03744): (B, N, D) -> (B, N, W), each token on its own."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(width, out), nn.Linear(out, out)

    def forward(self, features: Tensor) -> Tensor:
        return self.second(nn.functional.gelu(self.first(features)))


class QFormer(nn.Module):
    """Learned queries that look at each other and at the features, block after block (BLIP-2, arXiv:2301.12597):
    (B, N, D) -> (B, queries, W), whatever N is."""

    def __init__(self, width: int, out: int, queries: int = 8, blocks: int = 2) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) * 0.5)
        self.blocks = nn.ModuleList(_Block(width, own=block > 0) for block in range(blocks))
        self.project = nn.Linear(width, out)

    def forward(self, features: Tensor) -> Tensor:
        tokens = self.queries.expand(len(features), -1, -1)
        for block in self.blocks:
            tokens = block(tokens, features)
        return self.project(tokens)


class _Block(nn.Module):
    """Self-attention of the queries (not in the first block, where they are the same for every picture), cross-attention, two layers."""

    def __init__(self, width: int, own: bool) -> None:
        super().__init__()
        self.own = nn.MultiheadAttention(width, HEADS, batch_first=True) if own else None
        self.cross = nn.MultiheadAttention(width, HEADS, batch_first=True)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))

    def forward(self, tokens: Tensor, features: Tensor) -> Tensor:
        if self.own is not None:
            normed = self.norms[0](tokens)
            tokens = tokens + self.own(normed, normed, normed, need_weights=False)[0]
        tokens = tokens + self.cross(self.norms[1](tokens), features, features, need_weights=False)[0]
        return tokens + self.feed(self.norms[2](tokens))


class Resampler(nn.Module):
    """Learned queries and one cross-attention (in the manner of Qwen-VL, arXiv:2308.12966, here without its positions):
    (B, N, D) -> (B, queries, W); shuffled features give the same tokens."""

    def __init__(self, width: int, out: int, queries: int = 16) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(queries, width) * 0.5)
        self.cross = nn.MultiheadAttention(width, HEADS, batch_first=True)
        self.norm, self.project = nn.LayerNorm(width), nn.Linear(width, out)

    def forward(self, features: Tensor) -> Tensor:
        queries = self.queries.expand(len(features), -1, -1)
        return self.project(self.norm(self.cross(queries, features, features, need_weights=False)[0]))


class PixelShuffle(nn.Module):
    """Each square of side x side neighbours becomes one wide token, then two layers (InternVL, arXiv:2404.16821):
    (B, N, D) -> (B, N / side^2, W). Raises ValueError where N is no square of a multiple of side."""

    def __init__(self, width: int, out: int, side: int = 2) -> None:
        super().__init__()
        self.side = side
        self.first, self.second = nn.Linear(width * side * side, out), nn.Linear(out, out)

    def forward(self, features: Tensor) -> Tensor:
        batch, many, width = features.shape
        grid, s = round(many**0.5), self.side
        if grid * grid != many or grid % s:
            raise ValueError(f"{many} tokens are no square of a multiple of {s}")
        squares = features.view(batch, grid // s, s, grid // s, s, width).transpose(2, 3).reshape(batch, many // (s * s), s * s * width)
        return self.second(nn.functional.gelu(self.first(squares)))


_MADE = {"linear": Linear, "mlp": Mlp, "qformer": QFormer, "resampler": Resampler, "pixel-shuffle": PixelShuffle}


def build(kind: str, width: int = 128, out: int = 128, **more: int) -> nn.Module:
    """A bridge of a kind of KINDS, untrained. Raises KeyError for another."""
    made: nn.Module = _MADE[kind](width, out, **more)
    return made


class Reader(nn.Module):
    """The read-out that stands in for a language model, alike behind every bridge: two queries, one for each thing named, look once at
    the visual tokens; what they bring back is read together. forward(tokens (B, M, W), asked (B, 2, 3) ints: task, colour, shape of
    both things) -> logits (B, answers)."""

    def __init__(self, out: int, tasks: int, colours: int, shapes: int, answers: int) -> None:
        super().__init__()
        self.words = nn.ModuleList(nn.Embedding(many, out) for many in (tasks, colours, shapes))
        self.ask = nn.Sequential(nn.Linear(out, out // 2), nn.GELU(), nn.Linear(out // 2, out))
        self.cross = nn.MultiheadAttention(out, HEADS, batch_first=True, add_zero_attn=True)
        self.norm = nn.LayerNorm(out)
        self.tell = nn.Sequential(nn.Linear(3 * out, 3 * out // 4), nn.GELU(), nn.Linear(3 * out // 4, answers))

    def forward(self, tokens: Tensor, asked: Tensor) -> Tensor:
        words = sum(table(asked[..., place]) for place, table in enumerate(self.words))
        tokens = self.norm(tokens)
        found = self.cross(self.ask(words), tokens, tokens, need_weights=False)[0]
        return self.tell(torch.cat((found.flatten(1), words[:, 0]), dim=1))


def save(kind: str, bridge: nn.Module, reader: nn.Module, folder: Path, more: dict[str, Any]) -> None:
    """Write config.json and model.safetensors (bridge.* and reader.*)."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"kind": kind, **more}, indent=1) + "\n", encoding="utf-8")
    tensors: dict[str, Tensor] = {}
    for part, module in (("bridge", bridge), ("reader", reader)):
        tensors |= {f"{part}.{name}": value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
    save_file(tensors, str(folder / "model.safetensors"), {"format": "pt"})


def load(folder: Path) -> tuple[nn.Module, nn.Module, dict[str, Any]]:
    """(bridge, reader, config) of a directory, float32, ready to read."""
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    bridge, reader = build(config["kind"], config["width"], config["out"]), Reader(config["out"], *config["reader"])
    tensors = {name: value.float() for name, value in load_file(str(folder / "model.safetensors")).items()}
    for part, module in (("bridge", bridge), ("reader", reader)):
        module.load_state_dict({name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")})
        module.eval().requires_grad_(False)
    return bridge, reader, config
