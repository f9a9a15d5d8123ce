"""Predictions that are not sealed yet, kept in the run's folder, so that leaving a chapter in the middle loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "drafts.json"
COMPARING = "_comparing"  # the chapter whose comparison was on the screen; question ids never begin like this


def load(folder: Path) -> dict[str, Any]:
    """What was kept; empty where nothing was, or where it cannot be read."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def save(folder: Path, drafts: Mapping[str, Any]) -> None:
    """Keep them; a full disk is no reason to stop here, sealing will say so."""
    part = folder / f"{FILE}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(dict(drafts)), encoding="utf-8")
        part.replace(folder / FILE)
    except OSError:
        part.unlink(missing_ok=True)
