"""Samplers of the small and the covered: text on a plate, one burnt component in a grid, an object behind a panel."""

from __future__ import annotations

from random import Random

from labs.scenes import font
from labs.scenes.drawing import PLATE_MARGIN, marks
from labs.scenes.place import Range, between, canvas, distance, others, spread, thing
from labs.scenes.raster import cover, visible_shares
from labs.scenes.scene import EXTENT, Fault, Occluder, Scene, Thing, short
from labs.scenes.vocabulary import DIGITS, LETTERS

INKS = (([20, 20, 26], [244, 243, 236]), ([244, 243, 236], [22, 26, 40]), ([24, 30, 70], [236, 224, 190]))  # letters, plate
BOARDS = ([28, 74, 58], [30, 48, 84], [66, 44, 30])
BODIES = ([214, 198, 158], [186, 200, 222], [222, 216, 210], [204, 160, 112])
PANELS = ([112, 92, 72], [156, 156, 162], [48, 50, 56], [214, 210, 200])


def text(
    rng: Random, label: str | None = None, *, size: int = 64, height: Range = (12, 16), rotation: tuple[int, int] = (0, 0),
    blur: tuple[int, int] = (0, 0), length: int = 1, objects: int = 0, clutter: int = 0,
) -> Scene:  # fmt: skip
    """A label on a plate. height: of the capitals, in pixels; rotation: degrees, to either side; blur: passes of a 1-2-1 filter (n
    passes are about a Gaussian of sigma 0.7 sqrt(n) pixels). Raises ValueError where the plate does not fit the picture."""
    words = label if label is not None else "".join(rng.choice(LETTERS + DIGITS) for _ in range(length))
    high = between(rng, height)
    angle = rng.randint(*rotation) * rng.choice((-1, 1))
    wide = high * font.columns(words) / font.ROWS
    margin = PLATE_MARGIN * high
    reach = distance(wide / 2 + margin, high / 2 + margin) / size if angle else (wide / 2 + margin) / size
    if reach > 0.5:
        raise ValueError(f"a label of {len(words)} letters {high:g} pixels high does not fit a picture of {size}")
    scene = canvas(rng, size, clutter)
    [(x, y, _), *places] = spread(rng, [reach / EXTENT, *(between(rng, (0.07, 0.1)) for _ in range(objects))])
    ink, plate = rng.choice(INKS)
    entry = {"text": words, "x": short(x), "y": short(y), "height": short(high / size), "angle": angle, "colour": list(ink)}
    scene["labels"] = [{**entry, "plate": list(plate)}]  # type: ignore[typeddict-item]
    scene["objects"] = [thing(rng, s, c, *place) for (c, s), place in zip(others(rng, objects, ()), places, strict=True)]
    passes = rng.randint(*blur)
    if passes:
        scene["blur"] = passes
    scene["truth"] = {"family": "text", "text": words, "height": high, "rotation": abs(angle), "blur": passes}
    return scene


def defect(
    rng: Random, faulty: bool | None = None, *, size: int = 64, area: tuple[int, int] = (6, 16), contrast: Range = (0.5, 0.9),
    rows: int = 4, columns: int = 4,
) -> Scene:  # fmt: skip
    """A board of like components of which one is burnt, or none. area: of the burnt patch, in whole pixels; contrast: how much of the
    component's brightness it takes away. Raises ValueError where the patch does not fit a component."""
    broken = faulty if faulty is not None else rng.random() < 0.5
    board, body = ([channel + rng.randint(-14, 14) for channel in rng.choice(dyes)] for dyes in (BOARDS, BODIES))
    pitch = short(between(rng, (0.87, 0.94)) / max(rows, columns))
    half = short(pitch * between(rng, (0.32, 0.35)))
    x, y = (between(rng, (pitch * count / 2 + 0.01, 0.99 - pitch * count / 2)) for count in (columns, rows))
    scene = canvas(rng, size)
    scene["grid"] = {"rows": rows, "columns": columns, "x": x, "y": y, "pitch": pitch, "half": half, "board": board, "colour": body}
    pixels, dark = rng.randint(*area), between(rng, contrast)
    row, column = rng.randrange(rows), rng.randrange(columns)
    fault = burn(rng, scene, row, column, pixels, dark)
    scene["truth"] = {"family": "defect", "faulty": broken, "area": pixels, "contrast": dark, "row": row, "column": column}
    scene["truth"]["dial"] = [pixels, dark]  # also of a scene without a fault: what its counterpart has
    if broken:
        scene["grid"]["fault"] = fault
    else:
        scene["truth"].update(area=0, contrast=0.0, row=None, column=None)
    return scene


def burn(rng: Random, scene: Scene, row: int, column: int, area: int, contrast: float) -> Fault:
    """A patch of exactly `area` whole pixels on this component: rows as wide as its root, the last one perhaps shorter."""
    grid, size = scene["grid"], scene["size"]
    wide = 1
    while wide * wide < area:
        wide += 1
    high = -(-area // wide)
    x = (grid["x"] + (column - (grid["columns"] - 1) / 2) * grid["pitch"]) * size
    y = (grid["y"] + (row - (grid["rows"] - 1) / 2) * grid["pitch"]) * size
    half = grid["half"] * size
    for rim in (1, 0):  # a pixel off the component's edge, where there is room
        left, right = _whole(x - half) + rim, int(x + half) - rim - wide
        top, bottom = _whole(y - half) + rim, int(y + half) - rim - high
        if left <= right and top <= bottom:
            break
    else:
        raise ValueError(f"a fault of {area} pixels does not fit a component of {2 * half:.0f} x {2 * half:.0f}")
    at, up = rng.randint(left, right), rng.randint(top, bottom)
    boxes = [[at, up, at + wide, up + area // wide], [at, up + area // wide, at + area % wide, up + high]]
    return {
        "row": row,
        "column": column,
        "boxes": [[short(value / size) for value in box] for box in boxes if box[0] < box[2] and box[1] < box[3]],
        "contrast": contrast,
    }


def _whole(value: float) -> int:
    """The next whole number, upwards."""
    return int(value) + (value > int(value))


def hidden(
    rng: Random, share: float | None = None, *, size: int = 64, objects: int = 2, radius: Range = (0.11, 0.15),
) -> Scene:  # fmt: skip
    """An object of which a panel covers `share` of the area (0.1 to 1, met within 0.03; 1 is wholly hidden), and others in the
    open. The truth holds the share as measured, and known: whether anything of the object is to be seen."""
    wanted = share if share is not None else rng.choice((0.25, 0.5, 0.75, 0.9, 1.0, 1.0))
    if not 0.1 <= wanted <= 1:
        raise ValueError(f"share is {wanted}, not 0.1 to 1")
    while True:
        scene = canvas(rng, size)
        r = between(rng, radius)
        half_w, half_h = r * EXTENT * (1.1 + 0.3 * rng.random()), r * EXTENT * (1.1 + 0.3 * rng.random())
        middle = distance(half_w, half_h)
        x, y = (middle + (1 - 2 * middle) * rng.random() for _ in range(2))
        [kind, *rest] = others(rng, 1 + objects, ())
        target = thing(rng, kind[1], kind[0], x, y, r)
        panel = _panel(rng, scene, target, half_w, half_h, wanted)
        taken = [(x, y, r), (panel["x"], panel["y"], middle / EXTENT)]
        if any(not half <= panel[key] <= 1 - half for key, half in (("x", half_w), ("y", half_h))):  # type: ignore[literal-required]
            continue
        places = spread(rng, [between(rng, (0.08, 0.11)) for _ in rest], 0.01, taken)
        if objects and places[0][2] < 0.06:
            continue
        scene["objects"] = [target, *(thing(rng, s, c, *place) for (c, s), place in zip(rest, places, strict=True))]
        scene["occluder"] = panel
        covered = 1 - visible_shares({**scene, "objects": [target]})[0]  # the others are apart from both
        if abs(covered - wanted) <= 0.03 and (wanted < 1 or covered == 1):
            break
    scene["truth"] = {"family": "hidden", "colour": kind[0], "shape": kind[1], "share": short(covered), "known": covered < 1}
    return scene


def _panel(rng: Random, scene: Scene, target: Thing, half_w: float, half_h: float, share: float) -> Occluder:
    """A panel that comes from one side and covers this share of the object. It is longer than the object is wide, so only the sums
    of the object's pixels along the panel's way count."""
    apart = [p for p in PANELS if sum(abs(a - b) for a, b in zip(p, scene["background"], strict=True)) > 90]
    panel: Occluder = {"x": 0.0, "y": 0.0, "w": short(2 * half_w), "h": short(2 * half_h), "angle": 0, "colour": list(rng.choice(apart))}
    level, sign, jitter = rng.random() < 0.5, rng.choice((-1, 1)), rng.random()
    half, size = (half_w if level else half_h), scene["size"]
    if share == 1:
        off = sign * (half - target["r"] * EXTENT) * jitter
    else:
        covered = cover(marks({**scene, "objects": [target]})[0], size)
        sums = [sum(column) for column in zip(*covered.rows, strict=True)] if level else [sum(row) for row in covered.rows]
        first, wanted = (covered.left if level else covered.top), share * sum(sums)
        if sign < 0:
            sums.reverse()
        reached, edge = 0.0, 0.0
        while reached + sums[int(edge)] < wanted:
            reached += sums[int(edge)]
            edge += 1
        edge += (wanted - reached) / sums[int(edge)]
        begin = (first + edge) / size if sign > 0 else (first + len(sums) - edge) / size
        off = begin - sign * half - (target["x"] if level else target["y"])
    panel["x"] = short(target["x"] + (off if level else 0.0))
    panel["y"] = short(target["y"] + (0.0 if level else off))
    return panel


def blind(scene: Scene) -> Scene:
    """The same question without a picture: plain grey."""
    return {"size": scene["size"], "background": [128, 128, 128], "objects": [], "truth": dict(scene.get("truth", {}))}
