"""Dense supervision of a vision encoder: what each patch of a picture shows, from the scene's own geometry, and linear heads for it.

The heads are thrown away after training. What they could read is linearly there in every patch feature that leaves the encoder.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from labs.scenes import font
from labs.scenes.drawing import cosine, sine
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, DIGITS, LETTERS, SHAPES

IGNORE = -100
USUAL = 10  # patches on which a picture shows something, about
COLOUR_NAMES, GLYPHS = tuple(COLOURS), LETTERS + DIGITS
UNSEEN = len(COLOUR_NAMES)  # the class "nothing is to be seen of it" of the head `behind`
# Classes a head; 0 means nothing there, but for `behind`, which is asked on the panel's patches alone.
HEADS = {"shape": 7, "colour": 9, "centres": 3, "glyph": 1 + len(GLYPHS), "fault": 2, "panel": 2, "behind": UNSEEN + 1}

WEIGHTS = {"shape": 2.0, "fault": 10.0}


class Heads(nn.Module):
    """Linear layers: one reads every property off a patch feature; on the way up, one its own pixels without colours (`bare`), and one
    its neighbourhood's in half the resolution.

    forward(layers, each (B, N, D): after two blocks, after three, the last, targets) -> {"loss", "own", "around", accuracies}.
    """

    def __init__(self, width: int, pixels: int) -> None:
        super().__init__()
        self.read = nn.Linear(width, sum(HEADS.values()) + 2)
        self.own, self.around = nn.Linear(width, pixels), nn.Linear(width, 9 * pixels // 4)

    def forward(self, second: Tensor, third: Tensor, features: Tensor, targets: dict[str, Tensor]) -> dict[str, Tensor]:
        parts = self.read(features).split([*HEADS.values(), 2], dim=-1)
        total, told = features.new_zeros(()), {}
        for name, logits in zip(HEADS, parts, strict=False):
            target = targets[name]
            if not bool((target != IGNORE).any()):
                continue
            costs = nn.functional.cross_entropy(logits.transpose(1, 2), target, ignore_index=IGNORE, reduction="none")
            # Most patches show nothing, so what is there counts more. Divided by the pictures, not by how many patches there are of it:
            # a head that one picture of the batch asks for must not shake the encoder as hard as one that all ask for.
            asked = (target > 0) | ((name == "behind") & (target != IGNORE))
            there = asked.float() * WEIGHTS.get(name, 1.0) / USUAL
            total = total + (costs * (there + 1 / target.shape[1])).sum() / len(target)
            told[name] = (logits.argmax(-1) == target)[asked].float().mean() if bool(asked.any()) else features.new_zeros(())
        found = (targets["centres"] > 0).float()
        apart = (parts[-1] - targets["place"]).square().sum(-1)
        total = total + 10 * (apart * found).sum() / (USUAL * len(found))
        own = (self.own(second) - targets["own"]).square().mean()
        around = (self.around(third) - targets["around"]).square().mean()
        return {"loss": total + 20 * (own + around), "own": own, "around": around} | told


def bare(scene: Scene) -> Scene:
    """The same scene without its colours: figures white on black, plates, panels and components in fixed greys. Patch by patch this is
    the geometry that shapes and letters are made of; to draw it is a task without a plateau, and what comes after builds on it."""
    made = copy.deepcopy(scene)
    made["background"] = [0, 0, 0]
    made.pop("clutter", None)
    for thing in made["objects"]:
        thing["colour"] = [255, 255, 255]
    for label in made.get("labels", []):
        label["colour"], label["plate"] = [255, 255, 255], [60, 60, 60]
    if "occluder" in made:
        made["occluder"]["colour"] = [100, 100, 100]
    if "grid" in made:
        made["grid"]["board"], made["grid"]["colour"] = [0, 0, 0], [160, 160, 160]
    return made


def geometry(pictures: Tensor, side: int) -> dict[str, Tensor]:
    """From grey pictures (B, 3, H, W) in -1..1: each patch's `own` pixels (B, N, side^2), and what is `around` it, three patches wide
    and high in half the resolution, (B, N, 9 side^2 / 4), black beyond the rim."""
    grey = pictures[:, :1]
    own = nn.functional.unfold(grey, side, stride=side).transpose(1, 2)
    small = nn.functional.avg_pool2d(grey, 2) + 1
    around = nn.functional.unfold(small, 3 * side // 2, stride=side // 2, padding=side // 2).transpose(1, 2) - 1
    return {"own": own, "around": around}


def targets_of(scenes: Sequence[Scene], patches: int) -> dict[str, Tensor]:
    """For scenes and a grid of patches x patches: {head: (B, N) classes} and "place": (B, N, 2), where in -1..1 an object's centre lies."""
    rows = [_target(scene, patches) for scene in scenes]
    made = {name: torch.tensor([row[0][name] for row in rows]) for name in HEADS}
    return made | {"place": torch.tensor([row[1] for row in rows])}


def _target(scene: Scene, patches: int) -> tuple[dict[str, list[int]], list[tuple[float, float]]]:
    many = patches * patches
    classes = {name: [0] * many for name in HEADS} | {"behind": [IGNORE] * many}
    place = [(0.0, 0.0)] * many
    covered = _inside_panel(scene, patches)
    for number in covered:
        classes["panel"][number] = 1
    for thing in scene["objects"]:  # back to front: what lies in front has the last word
        shape = 1 + SHAPES.index(thing["shape"])
        colour = 1 + COLOUR_NAMES.index(thing["colour"]) if isinstance(thing["colour"], str) else IGNORE  # one without a name
        for number in _disc(thing["x"], thing["y"], 0.8 * thing["r"], patches):
            if number not in covered and not classes["centres"][number]:
                classes["shape"][number], classes["colour"][number] = shape, colour
        own = _patch(thing["x"], thing["y"], patches)
        if own not in covered:
            classes["shape"][own], classes["colour"][own] = shape, colour
            classes["centres"][own] = min(2, classes["centres"][own] + 1)
            place[own] = (2 * thing["x"] - 1, 2 * thing["y"] - 1)
    for label in scene.get("labels", []):
        if len(label["text"]) == 1:
            glyph, (cos, sin) = 1 + GLYPHS.index(label["text"]), (cosine(label["angle"]) / 16384, sine(label["angle"]) / 16384)
            wide = label["height"] * font.columns(label["text"]) / font.ROWS
            for number in _box(label["x"], label["y"], wide / 2, label["height"] / 2, cos, sin, patches):
                classes["glyph"][number] = glyph
            classes["glyph"][_patch(label["x"], label["y"], patches)] = glyph
    if "grid" in scene and "fault" in scene["grid"]:
        boxes = scene["grid"]["fault"]["boxes"]
        left, top, right, bottom = (pick(box[side] for box in boxes) for side, pick in enumerate((min, min, max, max)))
        for number in {_patch(x, y, patches) for x in (left, right) for y in (top, bottom)}:
            classes["fault"][number] = IGNORE
        classes["fault"][_patch((left + right) / 2, (top + bottom) / 2, patches)] = 1
    if scene.get("truth", {}).get("family") == "hidden":
        truth = scene["truth"]
        for number in covered:
            classes["behind"][number] = COLOUR_NAMES.index(truth["colour"]) if truth["known"] else UNSEEN
    return classes, place


def _patch(x: float, y: float, patches: int) -> int:
    column, row = (min(patches - 1, max(0, int(value * patches))) for value in (x, y))
    return row * patches + column


def _disc(x: float, y: float, r: float, patches: int) -> list[int]:
    """Patches whose centre lies in a disc."""
    return [number for number, cx, cy in _near(x, y, r, patches) if (cx - x) ** 2 + (cy - y) ** 2 <= r * r]


def _box(x: float, y: float, a: float, b: float, cos: float, sin: float, patches: int) -> list[int]:
    """Patches whose centre lies in a turned box of half sides a and b."""
    found = []
    for number, cx, cy in _near(x, y, (a * a + b * b) ** 0.5, patches):
        across, down = cx - x, cy - y
        if abs(across * cos + down * sin) <= a and abs(down * cos - across * sin) <= b:
            found.append(number)
    return found


def _inside_panel(scene: Scene, patches: int) -> set[int]:
    panel = scene.get("occluder")
    if panel is None:
        return set()
    cos, sin = cosine(panel["angle"]) / 16384, sine(panel["angle"]) / 16384
    return set(_box(panel["x"], panel["y"], panel["w"] / 2, panel["h"] / 2, cos, sin, patches))


def _near(x: float, y: float, r: float, patches: int) -> list[tuple[int, float, float]]:
    """(number, centre x, centre y) of the patches around a place."""
    columns, rows = (range(max(0, int((v - r) * patches)), min(patches, int((v + r) * patches) + 1)) for v in (x, y))
    return [(row * patches + column, (column + 0.5) / patches, (row + 0.5) / patches) for row in rows for column in columns]


@torch.no_grad()
def begin_from_heads(first: nn.Linear, read: nn.Linear) -> None:
    """Let a connector's first layer begin with what the heads read, row for row, the rest of its rows drawn as large. From small random
    numbers alone, what stands in a single patch (a letter, a fault) was not found within six hundred steps."""
    rows = len(read.weight)
    first.weight[:rows], first.bias[:rows] = read.weight, read.bias
    first.weight[rows:].normal_(0, float(read.weight.std()), generator=torch.Generator().manual_seed(rows))


@torch.no_grad()
def carry_places(connector: Any, read: nn.Linear) -> None:
    """Let the last units of a connector (linear_1, GELU, linear_2) begin with where an object lies, as the heads read it, both ways and
    as strong as its classes. A place in -1..1 is faint beside logits: the encoder held columns (R2 .98 by a linear probe), what left the
    connector did not (.22), and left or right stayed a guess however long it was asked."""
    first, second = connector.linear_1, connector.linear_2
    across_down, shift = read.weight[-2:], read.bias[-2:]
    units = torch.cat([scale * sign * across_down for scale in (4, 8) for sign in (1, -1)])
    first.weight[-len(units) :] = units
    first.bias[-len(units) :] = torch.cat([scale * sign * shift for scale in (4, 8) for sign in (1, -1)])
    fresh = torch.Generator().manual_seed(len(units))
    second.weight[:, -len(units) :].normal_(0, 2 * float(second.weight.std()), generator=fresh)


@torch.no_grad()
def look_near(tower: Any) -> None:
    """Let a fresh CLIP vision tower begin with attention to near patches: positions as sines of rows and columns, as strong as the
    contents, and queries equal to keys (after "Mimetic initialization", arXiv:2305.09828). From CLIP's own start, attention is level
    over all patches, and a shape that lies across several is not learned within minutes."""
    table = tower.embeddings.position_embedding.weight
    side, width = round((len(table) - 1) ** 0.5), table.shape[1]
    turns = torch.linspace(0.25, 2.25, width // 4)[None] * torch.arange(side)[:, None] * (2 * torch.pi / side)
    waves = torch.cat((turns.sin(), turns.cos()), dim=1)  # (side, width / 2)
    rows, columns = waves[:, None].expand(side, side, -1), waves[None].expand(side, side, -1)
    table[1:] = 0.2 * torch.cat((rows, columns), dim=2).reshape(side * side, width)
    for layer in tower.encoder.layers:
        attention = layer.self_attn
        attention.q_proj.weight.normal_(0, width**-0.5)
        attention.k_proj.weight.copy_(attention.q_proj.weight)
