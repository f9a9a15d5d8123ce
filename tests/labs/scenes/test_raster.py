"""The canonical pixels: the same bytes everywhere, areas as geometry says, later marks in front of earlier ones."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from math import pi, sqrt
from pathlib import Path
from random import Random

import pytest

from labs.scenes.change import resized
from labs.scenes.clips import clip
from labs.scenes.drawing import BOX, CIRCLE, CROSS, RHOMBUS, STAR, TRIANGLE, TURN, UNIT, Mark, cosine, sine
from labs.scenes.families import FAMILIES, draw
from labs.scenes.png import scene_png, to_png
from labs.scenes.raster import FULL, cover, rasterise, visible_shares
from labs.scenes.scene import Scene, digest

GOLDEN = Path(__file__).parent / "golden.json"


def golden_scenes() -> dict[str, Scene]:
    found = {family: draw(family, 0) for family in FAMILIES}
    found["count, heaped"] = draw("count", 1, n=7, overlap=0.4, clutter=6, distractors=2)
    found["text, turned and blurred"] = draw("text", 1, length=3, height=(9, 9), rotation=(30, 30), blur=(2, 2))
    found["single, 96"] = resized(draw("single", 2, clutter=8), 96)
    found["single, 48, any colour"] = draw("single", 3, size=48, free_colour=True)
    found["clip, identity"] = clip(Random("golden"), "identity").frames[-1]
    found["clip, lighting"] = clip(Random("golden"), "lighting").frames[12]
    return found


def hashes() -> dict[str, list[str]]:
    return {name: [digest(scene), hashlib.sha256(rasterise(scene)).hexdigest()] for name, scene in golden_scenes().items()}


def write_golden() -> None:
    GOLDEN.write_text(json.dumps(hashes(), indent=1) + "\n")


def test_scenes_and_their_pixels_are_those_of_the_first_day():
    """Changed on purpose only: trained models depend on these pixels. `write_golden()` writes the file."""
    assert hashes() == json.loads(GOLDEN.read_text())


def area(mark: Mark, size: int = 64) -> float:
    return sum(sum(row) for row in cover(mark, size).rows) / FULL


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133, 270, 359])
@pytest.mark.parametrize(
    ("kind", "a", "b", "wanted"),
    [
        (CIRCLE, 10, 0, pi * 100),
        (BOX, 12, 5, 240),
        (BOX, 8, 0.25, 8),
        (TRIANGLE, 12, 0, 3 * sqrt(3) / 4 * 144),
        (RHOMBUS, 6, 11, 132),
        (CROSS, 10, 3, 4 * (2 * 10 * 3 - 9)),
        (STAR, 14, 0, 1.1225699 * 196),
    ],
)
def test_the_cover_of_a_figure_is_its_area(kind: int, a: float, b: float, wanted: float, degrees: int):
    mark = Mark(kind, 32 * UNIT + 77, 32 * UNIT - 51, round(a * UNIT), round(b * UNIT), cosine(degrees), sine(degrees), (0, 0, 0))
    assert area(mark) == pytest.approx(wanted, rel=0.012, abs=0.25)


def test_what_lies_outside_the_picture_is_cut_off():
    half = Mark(BOX, 0, 32 * UNIT, 4 * UNIT, 4 * UNIT, TURN, 0, (0, 0, 0))
    assert area(half) == 32
    for kind in (CIRCLE, BOX, TRIANGLE, STAR):
        assert area(Mark(kind, -40 * UNIT, 90 * UNIT, 9 * UNIT, 9 * UNIT, cosine(30), sine(30), (0, 0, 0))) == 0


def test_sines_come_from_the_table_in_every_quadrant():
    assert [sine(d) for d in (0, 30, 90, 150, 180, 210, 270, 330, 360, -30)] == [
        0, 8192, 16384, 8192, 0, -8192, -16384, -8192, 0, -8192,
    ]  # fmt: skip
    assert all(abs(sine(d) ** 2 + cosine(d) ** 2 - TURN**2) < 3 * TURN for d in range(360))


def plain(*objects: tuple[str, str, float, float, float]) -> Scene:
    entries = [{"shape": s, "colour": c, "x": x, "y": y, "r": r, "angle": 0} for s, c, x, y, r in objects]
    return {"size": 32, "background": [240, 240, 236], "objects": entries}  # type: ignore[typeddict-item]


def pixel(pixels: bytes, x: int, y: int, size: int = 32) -> tuple[int, ...]:
    return tuple(pixels[(y * size + x) * 3 : (y * size + x) * 3 + 3])


def test_later_objects_lie_in_front():
    scene = plain(("square", "red", 0.5, 0.5, 0.3), ("circle", "blue", 0.5, 0.5, 0.15))
    pixels = rasterise(scene)
    assert pixel(pixels, 16, 16) == (25, 80, 220)
    assert pixel(pixels, 10, 10) == (205, 30, 40)
    assert pixel(pixels, 1, 1) == (240, 240, 236)


def test_visible_shares_tell_what_is_left_of_each_object():
    scene = plain(("square", "red", 0.5, 0.5, 0.3), ("square", "blue", 0.5, 0.5, 0.15), ("star", "green", 0.12, 0.12, 0.1))
    assert visible_shares(scene) == [pytest.approx(0.75, abs=0.01), 1.0, 1.0]
    scene["occluder"] = {"x": 0.5, "y": 0.5, "w": 0.8, "h": 0.8, "angle": 0, "colour": [90, 90, 90]}
    assert visible_shares(scene)[:2] == [0.0, 0.0]


def test_blur_keeps_the_mean_and_softens():
    scene = plain(("square", "red", 0.5, 0.5, 0.2))
    sharp = rasterise(scene)
    scene["blur"] = 4
    soft = rasterise(scene)
    assert sum(sharp) / len(sharp) == pytest.approx(sum(soft) / len(soft), abs=0.5)

    def steps(pixels: bytes) -> int:
        return max(abs(a - b) for a, b in zip(pixels[:-3], pixels[3:], strict=True))

    assert steps(soft) < steps(sharp) / 2


def test_light_darkens_every_pixel_alike():
    scene = plain(("square", "yellow", 0.5, 0.5, 0.2))
    bright = rasterise(scene)
    scene["light"] = 0.5
    assert all(abs(dark - light / 2) <= 1 for dark, light in zip(rasterise(scene), bright, strict=True))


def test_a_png_holds_exactly_the_pixels():
    scene = draw("pair", 1)
    data = scene_png(scene, scale=2)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (64, 64)
    length = struct.unpack(">I", data[33:37])[0]
    lines = zlib.decompress(data[41 : 41 + length])
    pixels = rasterise(scene)
    for y in range(64):
        row = lines[y * 193 : (y + 1) * 193]
        assert row[0] == 0
        assert row[1:] == b"".join(bytes(pixel(pixels, x // 2, y // 2)) for x in range(64))


def test_pillow_reads_the_png():
    image = pytest.importorskip("PIL.Image")
    import io

    scene = draw("text", 1)
    picture = image.open(io.BytesIO(scene_png(scene)))
    assert picture.size == (64, 64)
    assert picture.convert("RGB").tobytes() == rasterise(scene)


def test_a_png_of_the_wrong_count_of_bytes_is_refused():
    with pytest.raises(ValueError, match="11 bytes are not 2 x 2"):
        to_png(bytes(11), 2, 2)
