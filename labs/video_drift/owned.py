"""A clip of the learner's own: a GIF or a folder of pictures, named by the environment variable STUDYAPP_CLIP. Counted here without
any library; read by Pillow in the worker."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labs.video_drift.params import Params
from labs.video_drift.wording import SUBJECT, features, ladder
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, NumberQuestion, Truth

VARIABLE = "STUDYAPP_CLIP"
TAKES = f"{VARIABLE} names a GIF, or a folder of pictures in the order of their names"
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}
FEWEST, MOST = 8, 240  # frames
LARGEST = 200_000_000  # bytes in all
SIDE = 128  # pixels of the longer side that is scored


def chosen() -> dict[str, Any] | None:
    """The clip that the environment names, None where it names none."""
    place = os.environ.get(VARIABLE, "").strip()
    return described(os.path.abspath(os.path.expanduser(place))) if place else None


def described(place: str) -> dict[str, Any]:
    """`path`, `frames` and a `digest` of the clip there. Raises BadInput in one line where it is none, or too short or long."""
    path = Path(place)
    if path.is_dir():
        files = frame_files(path)
        if not files:
            raise BadInput(f"{place}: no pictures in this folder ({TAKES})")
        count, parts = len(files), files
    elif path.is_file():
        count, parts = gif_frames(path), [path]
    else:
        raise BadInput(f"{place}: there is no such file or folder ({TAKES})")
    if count < FEWEST:
        raise BadInput(f"{place}: {count} frame{'' if count == 1 else 's'}; a clip needs at least {FEWEST}")
    if count > MOST:
        raise BadInput(f"{place}: {count} frames; at most {MOST} are scored")
    digest = hashlib.sha256()
    if sum(part.stat().st_size for part in parts) > LARGEST:
        raise BadInput(f"{place}: more than {LARGEST // 1_000_000} MB; make the frames smaller")
    for part in parts:
        digest.update(part.name.encode() + b"\0" + part.read_bytes())
    return {"path": place, "frames": count, "digest": digest.hexdigest()[:16]}


def frame_files(folder: Path) -> list[Path]:
    """The pictures of a folder, numbers in names counted as numbers (frame2 before frame10)."""
    files = [file for file in folder.iterdir() if file.suffix.lower() in PICTURES and file.is_file() and not file.name.startswith(".")]
    return sorted(files, key=lambda file: [(int(part), "") if part.isdigit() else (-1, part) for part in _parts(file.name.lower())])


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"(\d+)", name) if part]


def gif_frames(file: Path) -> int:
    """How many pictures a GIF holds, by walking its blocks (GIF89a specification, section 17 on). BadInput where it is none, or cut off."""
    data = file.read_bytes()
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise BadInput(f"{file}: not a GIF ({TAKES})")
    try:
        at, count = 13 + _table(data[10]), 0
        while data[at] != 0x3B:
            if data[at] == 0x21:
                at = _past_blocks(data, at + 2)
            elif data[at] == 0x2C:
                count += 1
                at = _past_blocks(data, at + 10 + _table(data[at + 9]) + 1)
            else:
                raise BadInput(f"{file}: not a sound GIF (byte {at})")
    except IndexError:
        raise BadInput(f"{file}: this GIF is cut off") from None
    return count


def _table(flags: int) -> int:
    """Bytes of a colour table, from the flags that announce it."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def question(params: Params, backend: BackendRef, stage: int = 1) -> NumberQuestion:
    """Task 16, asked only of a clip of one's own: a forecast of its score."""
    own = params.own or {}
    return NumberQuestion(
        id="q16",
        title="Your own clip",
        ask=f"Your clip has {own.get('frames')} frames. {SUBJECT} {features(backend)} Which score will your clip get?",
        integer=False,
        abs_tol=0.03,
        concept="adjacent-vs-first",
        stage=stage,
        forecast=True,
        needs=("picture:own",),
        decided_by=("own-scores", "picture:own-meter"),
        hints=ladder(
            "Does what these features name change at all from your first frame to your last?",
            "A consistency score compares what is seen, with the frame before and with the first (section 12); cuts and drifts lower it.",
            "Start from 1. A cut in the middle takes about a quarter of what is lost between its two sides; a frozen clip loses nothing.",
            "A sibling: a clip that turns into something wholly other half-way keeps its neighbours (all but one step) and loses half "
            "of its likeness to the first frame: about (1 + 0.5) / 2 = 0.75.",
        ),
        difficulty=3,
        importance=2,
    )


def scored(found: Mapping[str, Any]) -> Truth:
    """The measured scores of the clip, in words."""
    why = (
        f"Subject consistency {found['subject']:.3f}; neighbours {found['neighbours']:.3f}, flicker score {found['flicker']:.3f}, "
        f"{found['moving']:.1%} of the pixels move, so it {'counts' if found['dynamic'] else 'does not count'} as dynamic."
    )
    return Truth(value=found["subject"], why=why, evidence=("own-scores", "picture:own-meter"))


def frames(own: Mapping[str, Any]) -> Any:
    """The clip as (T, H, W, 3) uint8, the longer side SIDE pixels at most. Raises BadInput where a file is no picture, sizes differ, or the
    clip has changed since it was chosen."""
    import numpy as np
    from PIL import Image, ImageSequence, UnidentifiedImageError

    if described(own["path"])["digest"] != own["digest"]:
        raise BadInput(f"{own['path']}: this clip has changed since the run began; start a new one")
    path = Path(own["path"])
    found = []
    try:
        if path.is_dir():
            for file in frame_files(path):
                with Image.open(file) as picture:
                    found.append(_small(picture))
        else:
            with Image.open(path) as clip:
                found = [_small(picture) for picture in ImageSequence.Iterator(clip)]
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise BadInput(f"{own['path']}: a frame cannot be read ({' '.join(str(error).split())[:120]})") from None
    if len({frame.size for frame in found}) > 1:
        raise BadInput(f"{own['path']}: its frames differ in size; make them one size")
    return np.stack([np.asarray(frame) for frame in found])


def _small(picture: Any) -> Any:
    from PIL import Image

    picture = picture.convert("RGB")
    scale = min(1.0, SIDE / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BILINEAR)
