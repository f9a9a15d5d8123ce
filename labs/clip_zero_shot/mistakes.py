"""The three functions of chapter 6 as they should be, the known ways to get them wrong, and features on which all of these differ.

Used in the sandbox, so: torch only. A name before a colon is the code of a trap; what follows tells two ways to one mistake apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

Tensor: TypeAlias = torch.Tensor
Given = tuple[Any, ...]


def zero_shot(images: Tensor, texts: Tensor) -> Tensor:
    """(N,) numbers of the labels with the largest cosine."""
    return (normalize(images.double(), dim=1) @ normalize(texts.double(), dim=1).T).argmax(1)


ZERO_SHOT: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "unnormalised": lambda i, t: (i @ t.T).argmax(1),
    "distance": lambda i, t: torch.cdist(i, t).argmin(1),
    "distance:pictures of length 1": lambda i, t: torch.cdist(normalize(i, dim=1), t).argmin(1),
    "farthest": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=1).T).argmin(1),
    "farthest:by distance": lambda i, t: torch.cdist(normalize(i, dim=1), normalize(t, dim=1)).argmax(1),
    "wrong-axis": lambda i, t: (normalize(i, dim=0) @ normalize(t, dim=0).T).argmax(1),
    "wrong-axis:texts": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=0).T).argmax(1),
    "wrong-axis:pictures": lambda i, t: (normalize(i, dim=0) @ normalize(t, dim=1).T).argmax(1),
    "wrong-norm": lambda i, t: (i @ normalize(t, p=1, dim=1).T).argmax(1),
    "wrong-norm:largest entry": lambda i, t: (i @ normalize(t, p=math.inf, dim=1).T).argmax(1),
    "wrong-norm:squared": lambda i, t: (i @ (t / t.square().sum(1, keepdim=True)).T).argmax(1),
    "sign-lost": lambda i, t: (i @ normalize(t, dim=1).T).abs().argmax(1),
    "per-label": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=1).T).argmax(0),
    "value-for-place": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=1).T).max(1).values,
    "scores-returned": lambda i, t: normalize(i, dim=1) @ normalize(t, dim=1).T,
    "scores-returned:softmax": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=1).T).softmax(1),
    "scores-returned:bare": lambda i, t: i @ t.T,
    "one-answer": lambda i, t: (normalize(i, dim=1) @ normalize(t, dim=1).T).argmax(),
    "one-answer:first picture": lambda i, t: (normalize(i[0], dim=0) @ normalize(t, dim=1).T).argmax(),
    "counted-from-one": lambda i, t: zero_shot(i, t) + 1,
}


def ensemble(images: Tensor, prompts: Tensor) -> Tensor:
    """(N, L) cosines of the pictures with each label's mean prompt."""
    mean = normalize(prompts.double(), dim=2).mean(0)
    return normalize(images.double(), dim=1) @ normalize(mean, dim=1).T


ENSEMBLE: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "averaged-scores": lambda i, p: normalize(i, dim=1) @ normalize(p, dim=2).mean(0).T,
    "averaged-scores:summed": lambda i, p: normalize(i, dim=1) @ normalize(p, dim=2).sum(0).T,
    "averaged-scores:bare": lambda i, p: i @ normalize(p, dim=2).mean(0).T,
    "raw-mean": lambda i, p: normalize(i, dim=1) @ normalize(p.mean(0), dim=1).T,
    "raw-mean:bare": lambda i, p: i @ normalize(p.mean(0), dim=1).T,
    "no-norm": lambda i, p: normalize(i, dim=1) @ p.mean(0).T,
    "no-norm:anywhere": lambda i, p: i @ p.mean(0).T,
    "pictures-unnormalised": lambda i, p: i @ normalize(normalize(p, dim=2).mean(0), dim=1).T,
    "one-template": lambda i, p: normalize(i, dim=1) @ normalize(p[0], dim=1).T,
    "one-template:last": lambda i, p: normalize(i, dim=1) @ normalize(p[-1], dim=1).T,
    "best-template": lambda i, p: (normalize(i, dim=1) @ normalize(p, dim=2).transpose(1, 2)).amax(0),
    "median": lambda i, p: normalize(i, dim=1) @ normalize(normalize(p, dim=2).median(0).values, dim=1).T,
    "wrong-axis": lambda i, p: normalize(i, dim=1) @ normalize(normalize(p, dim=1).mean(0), dim=1).T,
    "wrong-axis:templates": lambda i, p: normalize(i, dim=1) @ normalize(normalize(p, dim=0).mean(0), dim=1).T,
    "wrong-axis:at the end": lambda i, p: normalize(i, dim=1) @ normalize(normalize(p, dim=2).mean(0), dim=0).T,
    "labels-averaged": lambda i, p: normalize(i, dim=1) @ normalize(normalize(p, dim=2).mean(1), dim=1).T,
    "not-averaged": lambda i, p: normalize(i, dim=1) @ normalize(p, dim=2).transpose(1, 2),
    "not-averaged:flat": lambda i, p: normalize(i, dim=1) @ normalize(p, dim=2).flatten(0, 1).T,
    "transposed": lambda i, p: ensemble(i, p).T,
    "vectors-returned": lambda i, p: normalize(normalize(p, dim=2).mean(0), dim=1),
    "labels-returned": lambda i, p: ensemble(i, p).argmax(1),
    "softmaxed": lambda i, p: ensemble(i, p).softmax(1),
    "softmaxed:averaged": lambda i, p: (normalize(i, dim=1) @ normalize(p, dim=2).transpose(1, 2)).softmax(2).mean(0),
}


def info_nce(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Mean of the cross-entropies over rows and over columns."""
    rows, columns = _sides(_logits(images, texts, scale))
    return (rows + columns) / 2


def _logits(images: Tensor, texts: Tensor, scale: float) -> Tensor:
    return scale * normalize(images.double(), dim=1) @ normalize(texts.double(), dim=1).T


def _sides(logits: Tensor) -> tuple[Tensor, Tensor]:
    own = torch.arange(len(logits))
    return cross_entropy(logits, own), cross_entropy(logits.T, own)


def _both(logits: Tensor) -> Tensor:
    return sum(_sides(logits)) / 2


def _targets(logits: Tensor, number: int) -> Tensor:
    same = torch.full((len(logits),), number)
    return (cross_entropy(logits, same) + cross_entropy(logits.T, same)) / 2


def _left_out(logits: Tensor) -> Tensor:
    """The right one is missing from the sum below the fraction line."""
    others = logits.masked_fill(torch.eye(len(logits), dtype=torch.bool), -math.inf)
    return ((others.logsumexp(1) + others.logsumexp(0)) / 2 - logits.diagonal()).mean()


def _sigmoid(logits: Tensor) -> Tensor:
    return binary_cross_entropy_with_logits(logits, torch.eye(len(logits), dtype=logits.dtype))


def _overflowing(logits: Tensor) -> Tensor:
    powers = logits.float().exp()
    return -((powers.diagonal() / powers.sum(1)).log() + (powers.diagonal() / powers.sum(0)).log()).mean() / 2


def _wide(logits: Tensor) -> Tensor:
    """The whole matrix as one choice."""
    return (logits.flatten().logsumexp(0) - logits.diagonal()).mean()


INFO_NCE: Mapping[str, Callable[[Tensor, Tensor, float], Tensor]] = {
    "one-sided": lambda i, t, s: _sides(_logits(i, t, s))[0],
    "one-sided:columns": lambda i, t, s: _sides(_logits(i, t, s))[1],
    "sides-added": lambda i, t, s: 2 * info_nce(i, t, s),
    "summed": lambda i, t, s: len(i) * info_nce(i, t, s),
    "summed:both sides": lambda i, t, s: 2 * len(i) * info_nce(i, t, s),
    "summed:one side": lambda i, t, s: len(i) * _sides(_logits(i, t, s))[0],
    "unnormalised": lambda i, t, s: _both(s * i.double() @ t.double().T),
    "unnormalised:pictures": lambda i, t, s: _both(s * i.double() @ normalize(t.double(), dim=1).T),
    "unnormalised:texts": lambda i, t, s: _both(s * normalize(i.double(), dim=1) @ t.double().T),
    "wrong-axis": lambda i, t, s: _both(s * normalize(i.double(), dim=0) @ normalize(t.double(), dim=0).T),
    "no-scale": lambda i, t, s: info_nce(i, t, 1.0),
    "scale-inverted": lambda i, t, s: info_nce(i, t, 1 / s),
    "scale-as-exponent": lambda i, t, s: info_nce(i, t, math.exp(min(s, 50.0))),
    "targets-ones": lambda i, t, s: _targets(_logits(i, t, s), 1),
    "targets-ones:zeros": lambda i, t, s: _targets(_logits(i, t, s), 0),
    "sigmoid": lambda i, t, s: _sigmoid(_logits(i, t, s)),
    "sigmoid:summed": lambda i, t, s: _sigmoid(_logits(i, t, s)) * len(i),
    "softmax-twice": lambda i, t, s: (_sides(_logits(i, t, s).softmax(1))[0] + _sides(_logits(i, t, s).softmax(0))[1]) / 2,
    "softmax-twice:rows": lambda i, t, s: _both(_logits(i, t, s).softmax(1)),
    "positive-left-out": lambda i, t, s: _left_out(_logits(i, t, s)),
    "positives-only": lambda i, t, s: (1 - _logits(i, t, 1.0).diagonal()).mean(),
    "positives-only:scaled": lambda i, t, s: -_logits(i, t, s).diagonal().mean(),
    "sign": lambda i, t, s: -info_nce(i, t, s),
    "log-forgotten": lambda i, t, s: -(_logits(i, t, s).softmax(1).diagonal() + _logits(i, t, s).softmax(0).diagonal()).mean() / 2,
    "log-forgotten:one minus": lambda i, t, s: (
        1 - (_logits(i, t, s).softmax(1).diagonal() + _logits(i, t, s).softmax(0).diagonal()).mean() / 2
    ),
    "log-base": lambda i, t, s: info_nce(i, t, s) / math.log(2),
    "log-base:10": lambda i, t, s: info_nce(i, t, s) / math.log(10),
    "one-choice": lambda i, t, s: _wide(_logits(i, t, s)),
    "not-reduced": lambda i, t, s: (_logits(i, t, s).logsumexp(1) + _logits(i, t, s).logsumexp(0)) / 2 - _logits(i, t, s).diagonal(),
    "not-reduced:rows": lambda i, t, s: _logits(i, t, s).logsumexp(1) - _logits(i, t, s).diagonal(),
    "overflow": lambda i, t, s: _overflowing(_logits(i, t, s)),
}


def picks(seed: int, number: int) -> Given:
    """Pictures (N, D) and texts (L, D) of unequal lengths: sizes differ, and so do the results of all mistakes."""
    N, L, D = ((23, 7, 12), (9, 14, 20), (31, 5, 8), (17, 11, 33))[number % 4]
    return _apart(f"picks/{seed}/{number}", lambda make: (_long(make, N, D), _long(make, L, D)), zero_shot, ZERO_SHOT)


def templates(seed: int, number: int) -> Given:
    """Pictures (N, D) and prompts (T, L, D): prompts of a label look alike, but their lengths do not."""
    N, T, L, D = ((6, 4, 9, 16), (11, 5, 3, 24), (5, 7, 8, 12), (13, 3, 6, 20))[number % 4]

    def made(make: torch.Generator) -> tuple[Tensor, Tensor]:
        base = torch.randn(1, L, D, generator=make)
        spread = torch.rand(1, L, 1, generator=make) * 1.5 + 0.2  # some labels' prompts agree more than others'
        lengths = torch.rand(T, L, 1, generator=make) * 4 + 0.3
        return _long(make, N, D), (base + spread * torch.randn(T, L, D, generator=make)) * lengths

    return _apart(f"templates/{seed}/{number}", made, ensemble, ENSEMBLE)


def batch(seed: int, number: int) -> Given:
    """Pictures and texts (B, D) that match a little, and a logit scale."""
    B, D, scale = ((7, 12, 5.0), (10, 16, 8.5), (5, 24, 3.0), (13, 20, 12.0))[number % 4]

    def made(make: torch.Generator) -> tuple[Tensor, Tensor, float]:
        images = _long(make, B, D)
        return images, _long(make, B, D) + 0.6 * images, scale

    return _apart(f"batch/{seed}/{number}", made, info_nce, INFO_NCE)


def alike(seed: int) -> tuple[Tensor, Tensor, float]:
    """All pictures equal and all texts equal: the loss is log B."""
    make = torch.Generator().manual_seed(seed % 2**31)
    return torch.randn(1, 9, generator=make).repeat(6, 1), torch.randn(1, 9, generator=make).repeat(6, 1), 10.0


def steep(seed: int) -> tuple[Tensor, Tensor, float]:
    """Near pairs at scale 100: exp(100) is more than a float32 holds."""
    make = torch.Generator().manual_seed(seed % 2**31 + 1)
    images = _long(make, 8, 16)
    return images, images + 0.01 * torch.randn(8, 16, generator=make), 100.0


def _long(make: torch.Generator, count: int, width: int) -> Tensor:
    """Random vectors whose lengths differ by up to a factor of ten."""
    return torch.randn(count, width, generator=make) * torch.exp(torch.rand(count, 1, generator=make) * 2.3 - 1)


def _apart(
    name: str, make: Callable[[torch.Generator], Any], right: Callable[..., Tensor], known: Mapping[str, Callable[..., Tensor]]
) -> Given:
    """The first draw on which the right result and all mistakes differ, mistakes of one name from each other excepted."""
    for attempt in range(200):
        given: Given = make(torch.Generator().manual_seed(_number(f"{name}/{attempt}")))
        owners = {_print(right(*given)): "right"}
        for key, call in known.items():
            code = key.partition(":")[0]
            if code != "overflow" and owners.setdefault(_print(call(*given)), code) != code:  # in ordinary ranges overflow is right
                break
        else:
            return given
    raise RuntimeError("no features were found on which the mistakes differ")


def _print(result: Tensor) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """A result to three decimals, to tell results apart by."""
    return tuple(result.shape), tuple(round(value, 3) for value in result.double().flatten().tolist())


def _number(name: str) -> int:
    """A seed from a name, the same in every process."""
    value = 0
    for sign in name.encode():
        value = (value * 257 + sign) % (2**31 - 1)
    return value
