"""A lab's modules, imported in a thread while the learner still looks at its row: then its first page comes at once."""

from __future__ import annotations

import contextlib
import threading
from importlib import import_module

KIT = ("studyapp.api.labs", "studyapp.labkit.runner", "studyapp.labkit.backends", "studyapp.tui.screens.lab", "studyapp.tui.lab.chapter")
_begun: set[str] = set()


def prepare(lab: str) -> None:
    """Begin to import what opening this lab needs, once; returns at once. What fails here is told when the lab is opened."""
    if lab not in _begun:
        _begun.add(lab)
        threading.Thread(target=_import, args=(lab,), daemon=True).start()


def _import(lab: str) -> None:
    with contextlib.suppress(Exception):
        for name in KIT:
            import_module(name)
        from studyapp.labkit.discover import load

        load(lab)
