"""The fast renderer: many scenes at once into one float tensor, each figure painted as a signed distance in a window of its own.

It agrees with the rasteriser (`raster.py`, whose pixels are the true ones) within a grey level on average.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from labs.scenes import font
from labs.scenes.drawing import BOX, CIRCLE, CROSS, RHOMBUS, STAR, STAR_INNER, TEXT, TRIANGLE, TURN, UNIT
from labs.scenes.pack import FIELDS, Batch, Pack, pack
from labs.scenes.raster import rasterise
from labs.scenes.scene import Scene

Tensor = Any
SAMPLES = 4  # a side, within a pixel of text


def render(scenes: Sequence[Scene], device: str | None = None, bytes_only: bool = False) -> Tensor:
    """Pictures (B, 3, H, W), float32 in 0..1, of scenes of one size. bytes_only rounds to 255ths, which is all that a model gets to
    see of a file. Raises ValueError where sizes differ."""
    pictures = render_pack(pack(scenes), device)
    return (pictures * 255).round_() / 255 if bytes_only else pictures


def exact(scenes: Sequence[Scene]) -> Tensor:
    """The rasteriser's own pixels in the same form: for tests and probes, a hundred times slower."""
    size = scenes[0]["size"]
    pixels = bytearray(b"".join(rasterise(scene) for scene in scenes))
    return torch.frombuffer(pixels, dtype=torch.uint8).view(-1, size, size, 3).permute(0, 3, 1, 2).float() / 255


def render_pack(packed: Pack, device: str | None = None) -> Tensor:
    """The same from a pack (made, if you like, in another process)."""
    size, count = packed.size, len(packed.blurs)
    plain = torch.frombuffer(packed.backgrounds, dtype=torch.uint8).to(device).view(count, 3).T.float() / 255
    canvas = plain[:, :, None].expand(3, count, size * size).reshape(3, -1).clone()
    for (_, kind, width, height), batch in sorted(packed.groups.items(), key=lambda item: item[0]):
        _paint(canvas, size, kind, width, height, batch)
    pictures = canvas.view(3, count, size, size).transpose(0, 1).contiguous()
    return _blurred(pictures, packed.blurs) if any(packed.blurs) else pictures


def _paint(canvas: Tensor, size: int, kind: int, width: int, height: int, batch: Batch) -> None:
    """Paint marks of one kind, each in a window of this width and height, none touching another in its scene."""
    numbers = torch.frombuffer(batch.numbers, dtype=torch.int32).view(-1, FIELDS).to(canvas.device)
    scene, left, top = numbers[:, :3].long().split(1, dim=1)
    x, y, a, b = (numbers[:, 3:7] / UNIT).split(1, dim=1)
    cos, sin = (numbers[:, 7:9] / TURN).split(1, dim=1)
    colours = numbers[:, 9:] / 255
    columns, rows = left + torch.arange(width, device=canvas.device), top + torch.arange(height, device=canvas.device)  # (n, w), (n, h)
    across, down = columns + (0.5 - x), rows + (0.5 - y)
    if kind == TEXT:
        cover = _text(batch.texts, across, down, a, b, cos, sin)
    else:
        u = (across * cos)[:, None, :] + (down * sin)[:, :, None]  # in the figure's own frame, v downwards; (n, h, w)
        v = (down * cos)[:, :, None] - (across * sin)[:, None, :]
        cover = _COVERS[kind](u, v, a[:, :, None], b[:, :, None])
    places = ((scene * size + rows)[:, :, None] * size + columns[:, None, :]).flatten()
    cover = cover.flatten(1)
    for flat, colour in zip(canvas, colours.split(1, dim=1), strict=True):
        change = (colour - flat[places].view_as(cover)).mul_(cover)
        flat.index_add_(0, places, change.flatten())


def _edge(distance: Tensor) -> Tensor:
    """How much of a pixel is inside, from the signed distance of its centre (negative inside)."""
    return (0.5 - distance).clamp_(0, 1)


def _slab(u: Tensor, a: Tensor) -> Tensor:
    """How much of the unit interval around u lies within -a..a: exact also for strokes thinner than a pixel."""
    return torch.minimum((a + 0.5 - u.abs()).clamp_(min=0), (2 * a).clamp(max=1))


def _circle(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return _edge((u * u + v * v).sqrt_() - a)


def _box(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return _slab(u, a) * _slab(v, b)


def _triangle(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return _edge(torch.maximum(v, u.abs() * 0.8660254 - v * 0.5) - a / 2)


def _rhombus(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    length = (a * a + b * b).sqrt()
    return _edge(u.abs() * (b / length) + v.abs() * (a / length) - a * b / length)


def _cross(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return torch.maximum(_slab(u, a) * _slab(v, b), _slab(u, b) * _slab(v, a))


def _star(u: Tensor, v: Tensor, a: Tensor, b: Tensor) -> Tensor:
    """Folded along its axes until one edge is left; after Inigo Quilez, "2D distance functions", sdStar5."""
    kx, ky, inner = 0.809016994, 0.587785252, STAR_INNER / TURN
    px, py = u.abs(), -v
    step = 2 * (kx * px - ky * py).clamp_(min=0)
    px, py = px - step * kx, py + step * ky
    step = 2 * (-kx * px - ky * py).clamp_(min=0)
    px, py = (px + step * kx).abs_(), py + step * ky - a
    ex, ey = inner * ky, inner * kx - 1  # from the point of the star to the next inner corner
    length = (ex * ex + ey * ey) ** 0.5
    return _edge((py * ex - px * ey) / length)


_COVERS = {CIRCLE: _circle, BOX: _box, TRIANGLE: _triangle, RHOMBUS: _rhombus, CROSS: _cross, STAR: _star}


def _text(texts: list[str], across: Tensor, down: Tensor, a: Tensor, b: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Cover (n, h, w) of rows of letters, from 4 x 4 samples a pixel looked up in the glyphs' cells."""
    wide = max(font.columns(text) for text in texts) + 2
    cells = bytearray()
    for text in texts:  # with a border of empty cells, so that whatever lies outside reads as empty
        cells += bytes(wide)
        for row in font.strip(text):
            cells += bytes(cell == "#" for cell in "." + row).ljust(wide, b"\0")
        cells += bytes(wide)
    ink = torch.frombuffer(cells, dtype=torch.uint8).to(across.device).float()
    offsets = (torch.arange(SAMPLES, device=across.device) + 0.5) / SAMPLES - 0.5
    n, w, h = len(texts), across.shape[1], down.shape[1]
    across, down = (across[:, :, None] + offsets).view(n, -1), (down[:, :, None] + offsets).view(n, -1)
    cell = 2 * b / font.ROWS
    u, v = (across * cos / cell, -across * sin / cell), (down * sin / cell, down * cos / cell)
    column = (u[0] + a / cell + 1)[:, None, :] + v[0][:, :, None]
    row = u[1][:, None, :] + (v[1] + b / cell + 1)[:, :, None]
    column, row = column.clamp_(0, wide - 1).int(), row.clamp_(0, font.ROWS + 1).int()
    start = torch.arange(n, device=across.device, dtype=torch.int32)[:, None, None] * ((font.ROWS + 2) * wide)
    found = ink[row * wide + column + start]
    return found.view(n, h, SAMPLES, w, SAMPLES).mean(dim=(2, 4))


def _blurred(pictures: Tensor, passes: list[int]) -> Tensor:
    """A 1-2-1 filter along rows and columns, so many times a picture; the rim is repeated."""
    left = torch.tensor(passes, device=pictures.device)
    while (todo := (left > 0).nonzero().flatten()).numel():
        part = torch.nn.functional.pad(pictures[todo], (1, 1, 1, 1), mode="replicate")
        part = (part[..., :-2] + 2 * part[..., 1:-1] + part[..., 2:]) / 4
        pictures[todo] = (part[..., :-2, :] + 2 * part[..., 1:-1, :] + part[..., 2:, :]) / 4
        left -= 1
    return pictures
