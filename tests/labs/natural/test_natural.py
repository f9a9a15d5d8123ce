"""The natural pictures: complete, small, told apart by their labels, and made again by their script."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labs.natural import FOLDER, pictures
from labs.natural.catalogue import DRAWN
from labs.natural.draw import SIZE, encoded, pixels

ROOT = Path(__file__).resolve().parents[3]
NAMES = [picture.path.stem for picture in pictures()]


def decoded(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def shipped(name: str) -> np.ndarray:
    return decoded((FOLDER / f"{name}.jpg").read_bytes())


def assert_drawn_again(name: str) -> None:
    """Both went through JPEG; another machine's rounding may move single pixels at edges."""
    apart = np.abs(decoded(encoded(pixels(name))) - shipped(name))
    assert apart.mean() < 1.5, f"{name}: {apart.mean():.2f} of 255 apart in the mean"
    assert (apart.max(axis=2) > 60).mean() < 0.005


def test_there_are_at_least_24_with_labels_of_their_own_and_whole_texts() -> None:
    found = pictures()
    assert len(found) >= 24
    assert len({picture.label for picture in found}) == len(found)
    assert len({picture.caption for picture in found}) == len(found)
    for picture in found:
        assert 1 <= len(picture.label.split()) <= 3
        assert picture.label == picture.label.lower()
        assert picture.sees[0].isupper()
        assert picture.sees.endswith(".")
        assert not re.search(r"\b(rendered|drawn|generated|synthetic)\b", picture.sees + picture.caption)


def test_every_picture_has_a_file_a_row_and_a_function_and_nothing_is_left_over() -> None:
    files = sorted(path.stem for path in FOLDER.iterdir() if path.suffix in (".jpg", ".png"))
    assert files == sorted(NAMES) == sorted(DRAWN)


def test_each_is_224_pixels_wide_and_high_and_all_are_small() -> None:
    sizes = {name: (FOLDER / f"{name}.jpg").stat().st_size for name in NAMES}
    assert {shipped(name).shape for name in NAMES} == {(SIZE, SIZE, 3)}
    assert max(sizes.values()) <= 25_000
    assert sum(sizes.values()) < 700_000


def test_no_two_pictures_look_alike() -> None:
    small = np.stack([shipped(name).reshape(28, 8, 28, 8, 3).mean(axis=(1, 3)).ravel() for name in NAMES])
    apart = np.abs(small[:, None] - small[None]).mean(axis=2) + 255 * np.eye(len(NAMES))
    assert apart.min() > 8, [NAMES[n] for n in np.argwhere(apart == apart.min())[0]]


def test_the_licence_is_said_and_is_that_of_the_repository() -> None:
    said = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert said["licence"].startswith("MIT")
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert said["size"] == SIZE


def test_the_list_is_read_without_numpy_or_pillow() -> None:
    code = "import sys; from labs.natural import pictures; pictures(); print([n for n in ('numpy', 'PIL') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "[]"


def test_the_wheel_holds_them() -> None:
    from hatchling.builders.wheel import WheelBuilder

    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {f"labs/natural/{name}.jpg" for name in NAMES} | {"labs/natural/labels.json"} <= held


@pytest.mark.parametrize("name", ["sunset", "skyline", "soccer-ball"])
def test_a_picture_is_made_again_by_its_script(name: str) -> None:
    assert_drawn_again(name)


def test_the_same_picture_twice_has_the_same_pixels() -> None:
    assert (pixels("road", 64) == pixels("road", 64)).all()


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_made_again_by_its_script(name: str) -> None:
    assert_drawn_again(name)
