"""Contact sheets of the picture world, for eyes: `python -m labs.scenes.look OUT.png [--size 64] [--scale 3] [--seed 0] [--only count]`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from labs.scenes import clips, sampling, sampling_detail
from labs.scenes.captions import caption
from labs.scenes.counterparts import counterpart
from labs.scenes.questions import question
from labs.scenes.raster import rasterise
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, SHAPES

Row = tuple[str, list[tuple[Scene, str]]]
COLUMNS, HEAD, FOOT = 8, 14, 24


def rows(size: int, seed: int) -> list[Row]:
    """One row or more a family, each picture with what stands under it."""
    rng = Random(seed)
    part = size / 64  # a dial in pixels, said for 64

    def row(title: str, draw: Callable[[int], Scene], told: Callable[[Scene], str] = asked) -> Row:
        scenes = [draw(place) for place in range(COLUMNS)]
        return title, [(scene, told(scene)) for scene in scenes]

    pairs = [(c, s) for s, c in zip([*SHAPES, *SHAPES], [*COLOURS, *COLOURS], strict=False)]
    areas = [min(area, 20 if size >= 64 else 6) for area in (1, 2, 4, 6, 9, 12, 16, 20)]
    found = [
        row("single", lambda i: sampling.single(rng, *pairs[i], size=size), caption),
        row("single, any colour", lambda i: sampling.single(rng, shape=SHAPES[i % 6], size=size, free_colour=True), caption),
        row("single, clutter, smallest", lambda i: sampling.single(rng, size=size, radius=(0.16, 0.16), clutter=2 * i), caption),
        row("pair", lambda i: sampling.pair(rng, size=size), caption),
        row("crowd of 4", lambda i: sampling.crowd(rng, 4, size=size)),
        row("count 2-9", lambda i: sampling.count(rng, i + 2, size=size)),
        row("count 6, more and more overlap", lambda i: sampling.count(rng, 6, size=size, overlap=0.08 * i)),
        row("count 4 among 0-7 others", lambda i: sampling.count(rng, 4, size=size, distractors=i)),
        row("relation, nearer and nearer", lambda i: sampling.relation(rng, size=size, distance=(0.6 - 0.06 * i, 0.6 - 0.06 * i))),
        row("relation among 0-7 others", lambda i: sampling.relation(rng, size=size, distractors=min(i, 5))),
        row("exist", lambda i: sampling.exist(rng, size=size, negatives=sampling.NEGATIVES[i % 3])),
        row("text, 4-18 px of 64", lambda i: sampling_detail.text(rng, size=size, height=((4 + 2 * i) * part,) * 2)),
        row("text, 0-90 degrees", lambda i: sampling_detail.text(
            rng, size=size, height=(12 * part,) * 2, length=2, rotation=(13 * i, 13 * i))),
        row("text, 0-7 passes of blur", lambda i: sampling_detail.text(rng, size=size, height=(12 * part,) * 2, length=2, blur=(i, i))),
        row("defect, 1-20 px", lambda i: sampling_detail.defect(rng, True, size=size, area=(areas[i],) * 2, contrast=(0.8, 0.8))),
        row("defect 9 px, contrast .1-.8", lambda i: sampling_detail.defect(
            rng, True, size=size, area=(min(9, areas[7]),) * 2, contrast=((i + 1) / 10,) * 2)),
        row("hidden", lambda i: sampling_detail.hidden(rng, (0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1)[i], size=size)),
    ]  # fmt: skip
    for kind in ("count", "relation", "exist", "defect", "text", "hidden"):
        titled = dict(found)
        half = [scene for scene, _ in next(cells for title, cells in titled.items() if title.startswith(kind))][::2]
        both = [scene for first in half for scene in (first, counterpart(first, rng))]
        found.append((f"{kind}: counterparts", [(scene, asked(scene)) for scene in both]))
    for kind in clips.KINDS:
        made = clips.clip(rng, kind, frames=16, size=size)
        bad = set(made.truth["bad"])
        found.append((f"clip: {kind}", [(made.frames[i], f"{i}{' x' if i in bad else ''}") for i in range(0, 16, 2)]))
    return found


def asked(scene: Scene) -> str:
    try:
        it = question(scene)
    except ValueError:
        return ""
    return f"{it.text} {it.answer}"


def sheet(found: Sequence[Row], scale: int) -> Any:
    """All rows as one PIL picture, each pixel `scale` pixels wide."""
    from PIL import Image, ImageDraw

    size = found[0][1][0][0]["size"]
    cell = size * scale + 6
    made = Image.new("RGB", (COLUMNS * cell + 6, len(found) * (cell + HEAD + FOOT)), "#101010")
    pen = ImageDraw.Draw(made)
    for down, (title, cells) in enumerate(found):
        top = down * (cell + HEAD + FOOT)
        pen.text((6, top + 1), title, fill="white")
        for across, (scene, words) in enumerate(cells):
            picture = Image.frombytes("RGB", (size, size), rasterise(scene))
            left = 6 + across * cell
            made.paste(picture.resize((size * scale, size * scale), Image.Resampling.NEAREST), (left, top + HEAD))
            width = max(8, cell // 6)
            for line, begin in enumerate(range(0, min(len(words), 2 * width), width)):
                pen.text((left, top + HEAD + size * scale + 11 * line), words[begin : begin + width], fill="#c0c0c0")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="A sheet of every family of the picture world.")
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--scale", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="rows whose title begins so")
    args = parser.parse_args()
    chosen = [row for row in rows(args.size, args.seed) if row[0].startswith(args.only)]
    if not chosen:
        parser.error(f"no row begins with {args.only}")
    sheet(chosen, args.scale).save(args.out)


if __name__ == "__main__":
    main()
