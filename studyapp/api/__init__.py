"""The one door for front ends, scripts and notebooks: `from studyapp.api import Study`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.api.place import Clock, home_dir
    from studyapp.api.study import Study

__all__ = ["Clock", "Study", "home_dir"]

_WHERE = {"Study": "studyapp.api.study", "Clock": "studyapp.api.place", "home_dir": "studyapp.api.place"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
