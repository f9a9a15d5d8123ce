"""How long a lab is silent, measured in its worker: the time between two events, without the time in which another process had the core.

Imported in worker processes only; the conformance tests ask for it.
"""

from __future__ import annotations

import time
from typing import Any

from studyapp.labkit.serve import Emit, run

FIRST_S, EVERY_S = 2.0, 1.0  # after loading, and from then on


def timed(payload: dict[str, Any], emit: Emit) -> list[dict[str, Any]]:
    """`serve.run`, and of each silence {"seconds", "allowed", "after"}: from the end of loading to the first event, between two events,
    and from the last one to the end. `after` is what was told before it."""
    silences: list[dict[str, Any]] = []
    since, after, allowed = _now(), "", FIRST_S

    def heard(event: dict[str, Any]) -> None:
        nonlocal since, after, allowed
        if event.get("clock") != "start":
            silences.append({"seconds": _now() - since, "allowed": allowed, "after": after})
            after, allowed = _name(event), EVERY_S
        elif silences:  # what a page shows is loaded by the lab itself, which talks meanwhile
            emit(event)
            return
        emit(event)
        since = _now()

    run(payload, heard)
    silences.append({"seconds": _now() - since, "allowed": allowed, "after": after})
    return silences


def _now() -> float:
    """Seconds of this thread's own time: awake, asleep or waiting for a disk, but not for a core (Linux tells; others count all)."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:
            waited = int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        waited = 0.0
    return time.monotonic() - waited


def _name(event: dict[str, Any]) -> str:
    ((kind, data),) = event.items()
    return f"{kind} {data.get('key') or data.get('say') or data.get('done', '')}".strip() if isinstance(data, dict) else str(kind)
