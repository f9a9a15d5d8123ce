"""Wrong ways to write each code task, and the trap that must name each: the test data of the checker."""

from __future__ import annotations

from labs.patchify.solutions import F, R, T
from studyapp.labkit.api import Mutant


def _einops(name: str, call: str, left: str, right: str, more: str, expects: str | None) -> Mutant:
    """A function that is one rearrange."""
    argument = call.partition("(")[2].split(",")[0].rstrip(")")
    return Mutant(name=name, source=f'{R}def {call}:\n    return rearrange({argument}, "{left} -> {right}", {more})\n', expects=expects)


def _torch(name: str, call: str, body: str, expects: str | None, head: str = T) -> Mutant:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return Mutant(name=name, source=f"{head}def {call}:\n{lines}\n", expects=expects)


CUT, P = "patchify(x, p)", "p1=p, p2=p"
GRID = "b c (h p1) (w p2)"
PATCHIFY = [
    _torch("reshape only", CUT, "B, C, H, W = x.shape\nreturn x.reshape(B, (H // p) * (W // p), p * p * C)", "reshape-mixes"),
    _torch(
        "channels last, then reshape", CUT, "B, C, H, W = x.shape\nreturn x.permute(0, 2, 3, 1).reshape(B, -1, p * p * C)", "reshape-mixes"
    ),
    _torch(
        "reshape each channel",
        CUT,
        "B, C, H, W = x.shape\nreturn x.reshape(B, C, -1, p * p).permute(0, 2, 1, 3).reshape(B, -1, C * p * p)",
        "reshape-mixes",
    ),
    _einops("column-major", CUT, GRID, "b (w h) (p1 p2 c)", P, "patch-order"),
    _einops("column-major, channels first", CUT, GRID, "b (w h) (c p1 p2)", P, "patch-order"),
    _einops("transposed inside", CUT, GRID, "b (h w) (p2 p1 c)", P, "patch-transposed"),
    _einops("transposed inside, channels first", CUT, GRID, "b (h w) (c p2 p1)", P, "patch-transposed"),
    _einops("channels in the middle", CUT, GRID, "b (h w) (p1 c p2)", P, "patch-inner-order"),
    _einops("height and width swapped", CUT, "b c (w p2) (h p1)", "b (h w) (p1 p2 c)", P, "sides-swapped"),
    _torch(
        "sizes swapped in view",
        CUT,
        "B, C, H, W = x.shape\nx = x.reshape(B, C, W // p, p, H // p, p).permute(0, 2, 4, 1, 3, 5)\nreturn x.reshape(B, -1, C * p * p)",
        "sides-swapped",
    ),
    _torch(
        "reads channels last",
        CUT,
        "B, C, H, W = x.shape\nx = x.reshape(B, H // p, p, W // p, p, C).permute(0, 1, 3, 2, 4, 5)\nreturn x.reshape(B, -1, p * p * C)",
        "channels-last",
    ),
    _torch(
        "adds [CLS]",
        CUT,
        't = rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=p, p2=p)\nreturn torch.cat([torch.zeros_like(t[:, :1]), t], dim=1)',
        "cls-token",
        R,
    ),
    _torch("first channel only", CUT, 'return rearrange(x[:, 0], "b (h p1) (w p2) -> b (h w) (p1 p2)", p1=p, p2=p)', "forgot-channels", R),
    _torch(
        "mean over channels", CUT, 'return rearrange(x.mean(1), "b (h p1) (w p2) -> b (h w) (p1 p2)", p1=p, p2=p)', "forgot-channels", R
    ),
    _einops("channels as tokens", CUT, GRID, "b (h w c) (p1 p2)", P, "channels-in-count"),
    _torch("unfold without transpose", CUT, "return F.unfold(x, p, stride=p)", "axes-order", F),
    _einops("batch folded in", CUT, GRID, "(b h w) (c p1 p2)", P, "batch-folded"),
    _torch("one picture only", CUT, 'return rearrange(x[0], "c (h p1) (w p2) -> (h w) (c p1 p2)", p1=p, p2=p)', "batch-folded", R),
    _torch("strips", CUT, 'return rearrange(x, "b c (h p) w -> b h (c p w)", p=p)', "patch-2d", R),
    _einops("grid kept", CUT, GRID, "b h w (c p1 p2)", P, "grid-kept"),
    _einops("patch not flattened", CUT, GRID, "b (h w) c p1 p2", P, "patch-not-flattened"),
    _torch("overlapping", CUT, "return F.unfold(x, p, stride=max(1, p // 2)).transpose(1, 2)", "overlapping-patches", F),
    _torch("always 16", CUT, 'return rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=16, p2=16)', "hard-coded-patch", R),
    _torch(
        "always 3 channels",
        CUT,
        "B, _, H, W = x.shape\nx = x.reshape(B, 3, H // p, p, W // p, p).permute(0, 2, 4, 1, 3, 5)\nreturn x.reshape(B, -1, 3 * p * p)",
        "hard-coded-channels",
    ),
    _torch(
        "assumes a square",
        CUT,
        "B, C, H, W = x.shape\nn = H // p\nx = x[..., :n * p].reshape(B, C, n, p, n, p)\n"
        "return x.permute(0, 2, 4, 1, 3, 5).reshape(B, n * n, C * p * p)",
        "non-square",
    ),
    _torch("divides by 255", CUT, 'return rearrange(x / 255, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=p, p2=p)', "values-changed", R),
    _torch(
        "changes its input",
        CUT,
        'x /= 2\nreturn 2 * rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=p, p2=p)',
        "input-changed",
        R,
    ),
    _torch("returns a list", CUT, "return x.unfold(2, p, p).unfold(3, p, p).tolist()", None),
]

PUT = "unpatchify(t, p, h, w)"
SIZES = "h=h, w=w, p1=p, p2=p"
UNPATCHIFY = [
    _torch("reshape only", PUT, "return t.reshape(t.shape[0], -1, h * p, w * p)", "reshape-mixes"),
    _torch("transpose, then reshape", PUT, "return t.transpose(1, 2).reshape(t.shape[0], -1, h * p, w * p)", "reshape-mixes"),
    _einops("column-major", PUT, "b (w h) (c p1 p2)", "b c (h p1) (w p2)", SIZES, "patch-order"),
    _einops("reads channels last", PUT, "b (h w) (p1 p2 c)", "b c (h p1) (w p2)", SIZES, "patch-inner-order"),
    _einops("transposed inside", PUT, "b (h w) (c p2 p1)", "b c (h p1) (w p2)", SIZES, "patch-transposed"),
    _einops("channels in the middle", PUT, "b (h w) (p1 c p2)", "b c (h p1) (w p2)", SIZES, "patch-inner-order"),
    _einops("interleaved", PUT, "b (h w) (c p1 p2)", "b c (p1 h) (p2 w)", SIZES, "patch-interleaved"),
    _torch(
        "h and w swapped", PUT, 'return rearrange(t, "b (h w) (c p1 p2) -> b c (h p1) (w p2)", h=w, w=h, p1=p, p2=p)', "sides-swapped", R
    ),
    _einops("lying on its side", PUT, "b (h w) (c p1 p2)", "b c (w p2) (h p1)", SIZES, "sides-swapped"),
    _einops("channels last", PUT, "b (h w) (c p1 p2)", "b (h p1) (w p2) c", SIZES, "axes-order"),
    _torch(
        "one channel",
        PUT,
        'return rearrange(t[..., :p * p], "b (h w) (p1 p2) -> b 1 (h p1) (w p2)", h=h, w=w, p1=p, p2=p)',
        "forgot-channels",
        R,
    ),
    _torch("one picture", PUT, 'return rearrange(t[0], "(h w) (c p1 p2) -> c (h p1) (w p2)", h=h, w=w, p1=p, p2=p)', "batch-folded", R),
    _einops("batch in the rows", PUT, "b (h w) (c p1 p2)", "c (b h p1) (w p2)", SIZES, "batch-folded"),
    _torch(
        "always 16", PUT, 'return rearrange(t, "b (h w) (c p1 p2) -> b c (h p1) (w p2)", h=h, w=w, p1=16, p2=16)', "hard-coded-patch", R
    ),
    _torch(
        "always 3 channels",
        PUT,
        "return t.reshape(-1, h, w, 3, p, p).permute(0, 3, 1, 4, 2, 5).reshape(-1, 3, h * p, w * p)",
        "hard-coded-channels",
    ),
    _torch(
        "assumes a square",
        PUT,
        'n = int(t.shape[1] ** 0.5)\nreturn rearrange(t, "b (h w) (c p1 p2) -> b c (h p1) (w p2)", h=n, w=n, p1=p, p2=p)',
        "non-square",
        R,
    ),
    _torch(
        "scales the values",
        PUT,
        'return 255 * rearrange(t, "b (h w) (c p1 p2) -> b c (h p1) (w p2)", h=h, w=w, p1=p, p2=p)',
        "values-changed",
        R,
    ),
    _torch(
        "overlap-added twice",
        PUT,
        "x = F.fold(t.transpose(1, 2), (h * p, w * p), p, stride=p)\nreturn x + x.roll(1, 3)",
        "values-changed",
        F,
    ),
]

TURN = "conv_to_linear(weight)"
LINEAR = [
    _torch("channels last", TURN, "return weight.permute(0, 2, 3, 1).flatten(1)", "patch-inner-order"),
    _torch("transposed inside", TURN, "return weight.transpose(2, 3).flatten(1)", "patch-transposed"),
    _torch("columns, rows, channels", TURN, "return weight.permute(0, 3, 2, 1).flatten(1)", "patch-inner-order"),
    _torch("transposed matrix", TURN, "return weight.flatten(1).T", "axes-order"),
    _torch("outputs last", TURN, "D = weight.shape[0]\nreturn weight.reshape(-1, D).T", "reshape-mixes"),
    _torch("outputs moved last", TURN, "D = weight.shape[0]\nreturn weight.permute(1, 2, 3, 0).reshape(D, -1)", "reshape-mixes"),
    _torch("sums the channels", TURN, "return weight.sum(1).flatten(1)", "forgot-channels"),
    _torch("first channel", TURN, "return weight[:, 0].flatten(1)", "forgot-channels"),
    _torch("flipped kernel", TURN, "return weight.flip(2, 3).flatten(1)", "kernel-flipped"),
    _torch("normalised rows", TURN, "m = weight.flatten(1)\nreturn m / m.norm(dim=1, keepdim=True)", "values-changed"),
    _torch(
        "a column for the bias", TURN, "m = weight.flatten(1)\nreturn torch.cat([m, torch.zeros_like(m[:, :1])], dim=1)", "bias-in-matrix"
    ),
    _torch("always 16", TURN, "return weight.reshape(weight.shape[0], weight.shape[1], 256).flatten(1)", "hard-coded-patch"),
    _torch(
        "always 3 channels", TURN, "return torch.cat([weight[:, 0], weight[:, 1], weight[:, 2]], dim=1).flatten(1)", "hard-coded-channels"
    ),
    _torch("not flattened", TURN, "return weight.flatten(2)", "patch-not-flattened"),
    _torch("changes its input", TURN, "weight *= 2\nreturn weight.flatten(1) / 2", "input-changed"),
]

ALL = {"q7": PATCHIFY, "q8": UNPATCHIFY, "q9": LINEAR}
