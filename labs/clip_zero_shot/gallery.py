"""The natural pictures that a real CLIP is asked about: the drawn set of labs/natural, or the learner's own folder.

The folder is named by the environment variable STUDYAPP_PICTURES and holds one sub-folder a label, or a labels.json: a list of
{"file": "cat/1.jpg", "label": "cat"}, with "sees" to say what is to be seen. The worker reads the pictures; here only names are read.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

from studyapp.errors import BadInput

VARIABLE = "STUDYAPP_PICTURES"
OURS = Path(__file__).parent.parent / "natural"
KINDS = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
FEWEST_LABELS, FEWEST_PICTURES, MOST_PICTURES = 5, 12, 96
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Gallery:
    """Pictures by (file, label), sorted; files are relative to the folder."""

    folder: str
    pictures: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({label for _, label in self.pictures}))


def found(folder: str | None = None) -> Gallery:
    """The gallery of a folder (of the environment's, or ours, where None). BadInput in a line that says what is missing."""
    own = folder or os.environ.get(VARIABLE)
    place = Path(own).expanduser() if own else OURS
    where = f"{VARIABLE}={own}" if own else f"{OURS}"
    if not place.is_dir():
        raise BadInput(f"{where}: there is no such folder of pictures")
    listed = place / "labels.json"
    pictures = _listed(listed, where) if listed.is_file() else _sorted_in_folders(place)
    labels = {label for _, label in pictures}
    if len(labels) < FEWEST_LABELS or len(pictures) < FEWEST_PICTURES:
        raise BadInput(
            f"{where}: {len(pictures)} pictures of {len(labels)} labels; at least {FEWEST_PICTURES} of {FEWEST_LABELS} are needed "
            "(a sub-folder a label, or labels.json)"
        )
    return Gallery(str(place.resolve()), _few(pictures))


def described(folder: str) -> dict[str, str]:
    """What a person sees in each picture, by file, as far as the folder's labels.json says it."""
    try:
        rows = json.loads((Path(folder) / "labels.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    rows = rows.get("pictures", []) if isinstance(rows, dict) else rows
    return {str(row["file"]): str(row["sees"]) for row in rows if isinstance(row, dict) and "file" in row and "sees" in row}


def _sorted_in_folders(place: Path) -> list[tuple[str, str]]:
    return [
        (f"{folder.name}/{file.name}", _label(folder.name))
        for folder in sorted(place.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in KINDS and not file.name.startswith(".")
    ]


def _listed(listed: Path, where: str) -> list[tuple[str, str]]:
    try:
        rows = json.loads(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{where}: labels.json cannot be read as JSON ({error})") from None
    if isinstance(rows, dict):
        rows = rows.get("pictures", [{"file": file, "label": label} for file, label in rows.items()])
    pictures: list[tuple[str, str]] = []
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        file, label = (row.get("file"), row.get("label")) if isinstance(row, dict) else (None, None)
        if not isinstance(file, str) or not isinstance(label, str) or not label.strip():
            raise BadInput(f'{where}: labels.json, entry {number + 1} is not {{"file": "...", "label": "..."}}')
        inside = (listed.parent / file).resolve()
        if not inside.is_relative_to(listed.parent.resolve()) or not inside.is_file():
            raise BadInput(f"{where}: labels.json names {file}, which is no file in that folder")
        pictures.append((file, _label(label)))
    return sorted(set(pictures))


def _label(name: str) -> str:
    """A label in one line of ordinary words."""
    return " ".join("".join(c if c.isprintable() else " " for c in name.replace("_", " ")).split())[:LONGEST_LABEL].strip().lower() or "?"


def _few(pictures: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Of a large folder a fixed choice: the labels in turn, so that each keeps some."""
    if len(pictures) <= MOST_PICTURES:
        return tuple(sorted(pictures))
    random = Random(f"gallery/{len(pictures)}")
    by_label: dict[str, list[str]] = {}
    for file, label in pictures:
        by_label.setdefault(label, []).append(file)
    for files in by_label.values():
        random.shuffle(files)
    order = random.sample(sorted(by_label), len(by_label))
    turns = [
        (by_label[label][turn], label) for turn in range(max(map(len, by_label.values()))) for label in order if turn < len(by_label[label])
    ]
    return tuple(sorted(turns[:MOST_PICTURES]))
