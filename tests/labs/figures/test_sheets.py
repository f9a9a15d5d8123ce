"""Pictures together: the pixels are those that were given, names and words stand where they belong."""

from __future__ import annotations

import base64
import io
from random import Random

import numpy as np
import pytest
from PIL import Image

from labs.figures import beside, sheet, strip
from labs.figures.pixels import Frame, frame, in_text
from labs.scenes.raster import rasterise
from labs.scenes.sampling import single

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (30, 200, 200)]


def flat(colour: tuple[int, int, int], side: int = 8) -> list[list[tuple[int, int, int]]]:
    return [[colour] * side for _ in range(side)]


def image(png: bytes | None) -> Image.Image:
    assert png is not None
    return Image.open(io.BytesIO(png)).convert("RGB")


def boxes(drawn: Image.Image) -> dict[tuple[int, int, int], tuple[int, int, int, int]]:
    """Where each colour of COLOURS lies: left, top, width, height."""
    pixels, found = np.asarray(drawn), {}
    for colour in COLOURS:
        ys, xs = np.nonzero((pixels == colour).all(axis=2))
        if len(xs):
            found[colour] = (int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)
    return found


def test_a_sheet_shows_each_picture_whole_in_its_place_from_left_to_right() -> None:
    picture = sheet("k", "Which?", dict(zip("abcde", map(flat, COLOURS), strict=True)), columns=3, say={"a": "red"})
    found = boxes(image(picture.png))
    assert {size[2:] for size in found.values()} == {(272, 272)}
    lefts, tops = [found[c][0] for c in COLOURS], [found[c][1] for c in COLOURS]
    assert lefts[:3] == sorted(lefts[:3])
    assert (lefts[0], lefts[1]) == (lefts[3], lefts[4])
    assert tops[0] == tops[1] == tops[2] < tops[3] == tops[4]
    assert picture.alt == "Which? 5 pictures: A red."
    assert next(line for line in picture.grid if "A " in line).split() == ["A", "B", "C"]


def test_names_longer_than_a_letter_are_shown_after_the_letter_of_their_place() -> None:
    picture = sheet("k", "t", {"clean": flat(COLOURS[0]), "noised": flat(COLOURS[1])}, png=False)
    assert picture.grid[1].split() == ["A", "clean", "B", "noised"]
    assert picture.alt == "t: 2 pictures: A clean and B noised."


def test_rows_bytes_arrays_and_json_are_the_same_picture() -> None:
    scene = single(Random(3), size=32)
    raw = rasterise(scene)
    array = np.frombuffer(raw, np.uint8).reshape(32, 32, 3)
    as_json = {"rows": 32, "columns": 32, "rgb": base64.b64encode(raw).decode()}
    rows = [[tuple(int(v) for v in pixel) for pixel in row] for row in array]
    forms = [raw, array, np.asfortranarray(array), rows, as_json, Frame(32, 32, raw)]
    assert {frame(form) for form in forms} == {Frame(32, 32, raw)}
    assert len({sheet("k", "t", {"a": form}).png for form in forms}) == 1


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4, 3)), np.zeros((4, 4), np.uint8), [[(0, 0, 256)]], [[(0, 0, 0)], []], [], b"12345", [[0, 0]]]
)
def test_what_is_no_picture_is_refused_in_one_line(bad: object) -> None:
    with pytest.raises(ValueError, match=r"picture|pixels") as raised:
        sheet("k", "t", {"a": bad})
    assert "\n" not in str(raised.value)


def test_words_for_a_picture_that_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="no picture of this sheet"):
        sheet("k", "t", {"a": flat(COLOURS[0])}, say={"b": "red"})


def test_pictures_are_enlarged_by_a_whole_number_or_as_asked_and_large_ones_reduced() -> None:
    assert boxes(image(sheet("k", "t", {"a": flat(COLOURS[0], 7)}, scale=3).png))[COLOURS[0]][2:] == (21, 21)
    assert boxes(image(sheet("k", "t", {"a": flat(COLOURS[0], 60)}).png))[COLOURS[0]][2:] == (360, 360)
    assert boxes(image(sheet("k", "t", {"a": flat(COLOURS[0], 800)}).png))[COLOURS[0]][2:] == (400, 400)


def test_a_figure_on_a_plain_ground_is_seen_in_half_blocks_and_a_picture_without_one_in_shades() -> None:
    pixels = np.full((20, 20, 3), 230, np.uint8)
    pixels[5:15, 10:20] = (0, 0, 200)
    (lines,) = in_text([frame(pixels)], 20)
    assert lines[0] == " " * 20
    assert lines[2] == " " * 10 + "▄" * 10
    assert lines[5] == " " * 10 + "█" * 10
    ramp = np.repeat(np.linspace(0, 255, 20).astype(np.uint8)[None, :, None], 20, 0).repeat(3, 2)
    (shades,) = in_text([frame(ramp)], 20)
    assert shades[0] == "".join(sorted(shades[0], key=" .:-=+*#%@".index))
    both = in_text([frame(pixels), frame(ramp)], 20)
    assert "█" not in "".join(both[0]), "side by side, one way for all"


def test_a_strip_numbers_its_frames_and_frames_the_marked_ones() -> None:
    frames = [flat(COLOURS[n % 5]) for n in range(5)]
    picture = strip("k", "Clip", frames, marked={2})
    eight = image(strip("k", "Clip", frames[:1] * 8).png)
    assert 1 < eight.width / eight.height < 2.5, "two rows: in one of eight a frame is a few half cells wide"
    assert picture.grid[1].split() == ["0", "1", "[2]", "3", "4"]
    assert picture.alt == "Clip: 5 pictures: numbered 0 to 4. Marked: 2."
    found = boxes(image(picture.png))
    assert len({found[c][1] for c in COLOURS}) == 1, "one row"
    plain = np.asarray(image(strip("k", "Clip", frames).png)).astype(int)
    changed = np.nonzero(np.abs(np.asarray(image(picture.png)).astype(int) - plain).sum(axis=2))
    left, _, wide, _ = found[COLOURS[2]]
    assert left - 10 < changed[1].min() < left
    assert left + wide <= changed[1].max() < left + wide + 10
    assert strip("k", "t", frames, say=["red"] * 5, names=[f"t={n}" for n in range(5)], png=False).alt.startswith(
        "t: 5 pictures: t=0 red; t=1"
    )
    with pytest.raises(ValueError, match="do not fit together"):
        strip("k", "t", frames, names=["a"])


def test_long_strips_and_sheets_keep_to_the_width_of_the_screen() -> None:
    frames = [flat(COLOURS[n % 5], 16) for n in range(40)]
    for picture in (
        strip("k", "t", frames, png=False),
        sheet("k", "t", {f"name {n}": f for n, f in enumerate(frames)}, columns=9, png=False),
    ):
        assert max(map(len, picture.grid)) <= 76


def test_yours_beside_the_target_says_whether_they_differ_or_cannot_be_drawn() -> None:
    same = beside("k", "Task", flat(COLOURS[0]), flat(COLOURS[0]))
    assert same.alt == "Task: yours and the target are the same picture."
    other = beside("k", "Task", flat(COLOURS[0]), flat(COLOURS[1]))
    assert other.alt == "Task: yours differs from the target."
    found = boxes(image(other.png))
    assert found[COLOURS[0]][0] < found[COLOURS[1]][0]
    assert found[COLOURS[0]][1:] == found[COLOURS[1]][1:]
    missing = beside("k", "Task", None, np.zeros((4, 4, 3), np.uint8))
    assert missing.alt == "Task: yours cannot be drawn."
    assert "(nothing to draw)" in missing.grid[2]
    assert beside("k", "Task", {}, None).png


def test_no_pictures_and_the_same_bytes_every_time() -> None:
    assert sheet("k", "t", {}).grid == ("t", "(nothing to show)")
    assert strip("k", "t", []).alt == "t: no pictures."
    first, second = (sheet("k", "t", {"a": flat(COLOURS[0])}).png for _ in range(2))
    assert first == second
