"""The contact sheet shows every family, counterpart and kind of clip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labs.scenes.clips import KINDS
from labs.scenes.families import FAMILIES, PROBES
from labs.scenes.look import rows


def test_every_family_and_clip_has_a_row_of_eight():
    found = rows(32, 1)
    titles = [title for title, _ in found]
    assert all(any(title.startswith(family) for title in titles) for family in FAMILIES)
    assert {f"clip: {kind}" for kind in KINDS} <= set(titles)
    assert {f"{family}: counterparts" for family in PROBES} <= set(titles)
    assert {len(cells) for _, cells in found} == {8}


def test_the_script_writes_a_sheet(tmp_path: Path):
    image = pytest.importorskip("PIL.Image")
    out = tmp_path / "sheet.png"
    subprocess.run([sys.executable, "-m", "labs.scenes.look", str(out), "--size", "32", "--scale", "1", "--only", "pair"], check=True)
    with image.open(out) as picture:
        assert picture.size == (8 * 38 + 6, 38 + 14 + 24)


def test_a_row_that_is_not_there_is_one_clear_line(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "labs.scenes.look", str(tmp_path / "x.png"), "--only", "cats"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no row begins with cats" in done.stderr
    assert "Traceback" not in done.stderr
