"""Which memory settings were in force when: the values come from `setting` events, so that replay sees what the learner saw."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from studyapp.memory.state import Settings
from studyapp.store.db import StudyDb

_DEFAULTS = Settings()
# Setting name -> (field of memory.state.Settings, how to read the stored JSON value)
_FIELDS: dict[str, tuple[str, Any]] = {
    "retention": ("retention", float),
    "learning_steps": ("learning_steps_s", lambda value: tuple(int(s) for s in value)),
    "relearning_steps": ("relearning_steps_s", lambda value: tuple(int(s) for s in value)),
    "maximum_interval": ("maximum_interval", int),
    "rollover": ("rollover_hour", int),
    "fuzz": ("fuzz", bool),
    "parameters": ("parameters", lambda value: tuple(float(w) for w in value)),
}
MEMORY_SETTINGS = frozenset(_FIELDS)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """The memory settings that stored values stand for; what is absent, null or of another version's form keeps its default."""
    fields: dict[str, Any] = {}
    for name, (field, read) in _FIELDS.items():
        value = values.get(name)
        if value is not None:
            try:
                fields[field] = read(value)
            except (TypeError, ValueError):
                continue
    return Settings(**fields) if fields else _DEFAULTS


class Timeline:
    """The settings in force at each place of the replay order (utc_ms, uuid)."""

    def __init__(self, changes: Iterable[tuple[int, str, str, Any]]) -> None:
        """`changes`: (utc_ms, uuid, name, value) of every change of a memory setting."""
        self._places: list[tuple[int, str]] = []
        self._settings = [_DEFAULTS]
        values: dict[str, Any] = {}
        for utc_ms, uuid, name, value in sorted(changes, key=lambda change: change[:2]):
            values[name] = value
            self._places.append((utc_ms, uuid))
            self._settings.append(settings_of(values))

    def at(self, utc_ms: int, uuid: str) -> Settings:
        return self._settings[bisect_right(self._places, (utc_ms, uuid))]

    @property
    def last(self) -> Settings:
        return self._settings[-1]


def timeline(conn: StudyDb) -> Timeline:
    """The learner's timeline, remembered until a setting changes."""
    memo = conn.memo
    if "timeline" not in memo:
        rows = conn.execute("SELECT utc_ms, uuid, payload FROM events WHERE kind = 'setting'")
        changes = ((utc_ms, uuid, json.loads(payload)) for utc_ms, uuid, payload in rows)
        memo["timeline"] = Timeline(
            (utc_ms, uuid, change["name"], change["value"]) for utc_ms, uuid, change in changes if change["name"] in MEMORY_SETTINGS
        )
    found: Timeline = memo["timeline"]
    return found
