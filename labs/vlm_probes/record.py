"""Makes the bundled replay: `python -m labs.vlm_probes.record`, a few minutes of one core. Run it again whenever shapevlm is trained anew.

Every setting of every dial, a hundred pairs each, with the same questions asked of a grey picture; the settings of the switches asked
again; the sheets of task 1. Answers alone are kept, as words: the pictures follow from the seeds.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labs.vlm_probes.first_sheet import SHEETS, sheet
from labs.vlm_probes.probes import DIALS, FAMILIES, SMALL, VERSION, Cell, Shot, cells, grey, pair
from labs.vlm_probes.prompts import count_listed, list_prompt, shape_of
from labs.vlm_probes.recording import FILE, SCHEMA, hash_of, shipped_weights
from labs.vlm_probes.speakers import Speaker, speaker
from labs.vlm_probes.switches import LIST_CELL, switch_cell, switched
from studyapp.labkit.api import BackendRef

PAIRS = 100


def record(pairs: int = PAIRS, say: Any = print) -> dict[str, Any]:
    """The whole recording of the shipped shapevlm, as data."""
    model = speaker(BackendRef(kind="tiny", name="tiny"), None)
    found: dict[str, dict[str, str]] = {}
    dark: dict[str, str] = {}
    for dial in DIALS.values():
        for cell in cells(dial, SMALL):
            found[cell.key] = _cell(model, cell, pairs, dark)
            say(cell.key)
    switches: dict[str, dict[str, dict[str, str]]] = {"crop": {}, "list": {}}
    for family in FAMILIES:
        cell = switch_cell(family, SMALL)
        switches["crop"][cell.key] = {"said": _words(_said(model, [switched(shot, "crop") for shot in _shots(cell, pairs)]))}
    shots = _shots(LIST_CELL, pairs)
    lists = model.ask(shots, [list_prompt(shot, "word") for shot in shots], True, "")
    switches["list"][LIST_CELL.key] = {
        "said": _words([count_listed(told or "", shape_of(shot)) for told, shot in zip(lists, shots, strict=True)])
    }
    say("switches")
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "model": "shapevlm",
        "weights": hash_of(shipped_weights()),
        "size": SMALL.size,
        "pairs": pairs,
        "cells": found,
        "switches": switches,
        "sheets": [_words(_said(model, list(sheet(number).values()))) for number in range(SHEETS)],
    }


def _cell(model: Speaker, cell: Cell, pairs: int, dark: dict[str, str]) -> dict[str, str]:
    """`dark` keeps what is said to a grey picture: it depends on the question alone."""
    shots = _shots(cell, pairs)
    fresh = {shot.question: grey(shot) for shot in shots if shot.question not in dark}
    dark |= dict(zip(fresh, _said(model, list(fresh.values())), strict=True))
    return {
        "truth": _words([shot.answer for shot in shots]),
        "said": _words(_said(model, shots)),
        "grey": _words([dark[shot.question] for shot in shots]),
    }


def _shots(cell: Cell, pairs: int) -> list[Shot]:
    return [shot for place in range(pairs) for shot in pair(cell, place)]


def _said(model: Speaker, shots: Sequence[Shot]) -> list[str]:
    return [reply or "" for reply in model.ask(shots, [shot.question for shot in shots], False, "")] if shots else []


def _words(replies: Sequence[str]) -> str:
    """Replies of one word each, in a line; one that is empty or longer is kept as a sign that nothing reads as an answer."""
    return " ".join(reply if reply and " " not in reply else "?" for reply in replies)


def write(data: dict[str, Any], file: Path) -> None:
    """Compact, and the same bytes for the same data."""
    text = json.dumps(data, separators=(",", ":"), sort_keys=True).encode()
    file.write_bytes(gzip.compress(text, 9, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description="Record the answers of the shipped shapevlm to the probes.")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    write(record(args.pairs), args.out)


if __name__ == "__main__":
    main()
