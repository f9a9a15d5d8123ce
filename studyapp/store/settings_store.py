"""Every setting there is: its default, its form, one line of help. Each change is an event, so that replay sees the same values."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from studyapp.errors import BadInput
from studyapp.memory.state import Moment, Settings
from studyapp.store.db import StudyDb, write
from studyapp.store.timeline import timeline

_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_KEYS = "keys."


class Setting(NamedTuple):
    """One setting. `parse` takes the learner's text and raises ValueError saying what it should be; values are JSON.

    `here` marks what belongs to one machine (its zone, its editor): such a change concerns the device that made it alone.
    """

    name: str
    default: Any
    parse: Callable[[str], Any]
    help: str
    format: Callable[[Any], str] = str
    here: bool = False


def memory_settings(conn: StudyDb) -> Settings:
    """The memory model's settings in force."""
    return timeline(conn).last


def get(conn: StudyDb, name: str) -> Any:
    """A setting's value, or its default. Raises BadInput for an unknown name."""
    return _values(conn).get(name, _setting(name).default)


def all_values(conn: StudyDb) -> dict[str, Any]:
    """Every setting with its value, remapped keys (`keys.*`) included."""
    return {name: setting.default for name, setting in SETTINGS.items()} | _values(conn)


def set_value(conn: StudyDb, name: str, text: str, now: Moment) -> Any:
    """Change a setting from the learner's text and return its value; writes nothing if it has that value. Raises BadInput."""
    value = check(name, text)
    _change(conn, _setting(name), value, now)
    return value


def check(name: str, text: str) -> Any:
    """The value that a learner's text stands for. Raises BadInput where the setting would not take it."""
    try:
        return _setting(name).parse(text.strip())
    except ValueError as error:
        raise BadInput(f"setting {name}: {text!r}: {error}") from error


def reset(conn: StudyDb, name: str, now: Moment) -> Any:
    """Back to the default, which is returned."""
    setting = _setting(name)
    _change(conn, setting, None, now)
    return setting.default


def format_value(name: str, value: Any) -> str:
    """A value as the learner would type it."""
    return "" if value is None else _setting(name).format(value)


def _change(conn: StudyDb, setting: Setting, value: Any, now: Moment) -> None:
    from studyapp.store.apply import record  # late: commands that only read settings need no writer
    from studyapp.store.log import device_id

    with write(conn):
        known = _values(conn)
        if value == known.get(setting.name, setting.default) or (value is None and setting.name not in known):
            return
        record(conn, "setting", None, {"name": setting.name, "value": value, "device": device_id(conn) if setting.here else None}, now)


def _values(conn: StudyDb) -> dict[str, Any]:
    """What was set, of settings that this version knows; remembered until one changes."""
    memo = conn.memo
    if "settings" not in memo:
        rows = conn.execute(
            "SELECT name, value FROM settings WHERE device IN ('', (SELECT value FROM meta WHERE name = 'device')) ORDER BY device"
        )
        found = {name: json.loads(value) for name, value in rows}
        memo["settings"] = {n: v for n, v in found.items() if v is not None and (n in SETTINGS or n.startswith(_KEYS))}
    known: dict[str, Any] = memo["settings"]
    return known


def _setting(name: str) -> Setting:
    if name.startswith(_KEYS) and len(name) > len(_KEYS):
        return Setting(name, None, _text, f"keys for the action {name.removeprefix(_KEYS)}, separated by commas")
    if name not in SETTINGS:
        from difflib import get_close_matches

        near = get_close_matches(name, SETTINGS, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "see them all with `studyapp config list`"
        raise BadInput(f"no setting {name!r}: {hint}")
    return SETTINGS[name]


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d+", text, re.ASCII) or not low <= int(text) <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(text)

    return parse


def _retention(text: str) -> float:
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = math.nan
    if not 0.7 <= value <= 0.99:
        raise ValueError("give a share from 0.70 to 0.99")
    return value


def _steps(text: str) -> list[int]:
    found = [re.fullmatch(r"(\d{1,6})([smhd])", part, re.ASCII) for part in text.replace(",", " ").split()]
    seconds = [int(match[1]) * _UNIT_S[match[2]] for match in found if match]
    if len(seconds) != len(found) or len(seconds) > 10 or any(not 1 <= s <= 30 * 86_400 for s in seconds) or seconds != sorted(seconds):
        raise ValueError('give up to 10 growing times of at most 30 days such as "1m 10m" (units s, m, h, d), or nothing for no steps')
    return seconds


def _format_steps(seconds: list[int]) -> str:
    def one(s: int) -> str:
        unit = next(unit for unit in ("d", "h", "m", "s") if s % _UNIT_S[unit] == 0)
        return f"{s // _UNIT_S[unit]}{unit}"

    return " ".join(one(s) for s in seconds)


def _hour(text: str) -> int:
    match = re.fullmatch(r"(\d{1,2})(?::00)?", text, re.ASCII)
    if not match or int(match[1]) > 23:
        raise ValueError("give a full hour from 00:00 to 23:00")
    return int(match[1])


def _switch(text: str) -> bool:
    if text.lower() not in ("on", "off", "yes", "no", "true", "false"):
        raise ValueError("give on or off")
    return text.lower() in ("on", "yes", "true")


def _format_switch(on: bool) -> str:
    return "on" if on else "off"


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"give one of {', '.join(choices)}")
        return text.lower()

    return parse


def _text(text: str) -> str:
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("give one line of plain text")
    return text


def _zone(text: str) -> str:
    if text.lower() in ("", "auto"):
        return "auto"
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise ValueError('give a zone such as "Europe/Athens", or auto for the machine\'s') from None


def _judge(text: str) -> str:
    """A judge's spec by its form; what there is at the address shows when it is asked. No key stands in a setting."""
    kind, _, target = _text(text).partition(":")
    if kind == "embed" and target.strip():
        return f"embed:{os.path.abspath(os.path.expanduser(target.strip()))}"
    if text in ("", "default"):
        return "default"
    if kind != "openai" or not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?#\S.*", target):
        raise ValueError("give default, embed:<dir> or openai:<url>#<model>, the address without user, password or ?query")
    return text


def _parameters(text: str) -> list[float] | None:
    try:
        values = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        values = [math.nan]
    if len(values) != 21 or not all(map(math.isfinite, values)):
        raise ValueError("give the 21 numbers of FSRS-6")
    return values


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("retention", 0.90, _retention, "share of reviews you want to remember, 0.70 to 0.99; more means shorter intervals"),
        Setting("learning_steps", [60, 600], _steps, "when a new item comes back before its first day, such as 1m 10m", _format_steps),
        Setting("relearning_steps", [600], _steps, "when a forgotten item comes back, such as 10m; empty for the next day", _format_steps),
        Setting("maximum_interval", 36_500, _whole(1, 36_500), "the longest interval between reviews, in days"),
        Setting("rollover", 4, _hour, "the hour at which a new study day begins", "{:02d}:00".format),
        Setting("fuzz", True, _switch, "spread intervals by a few days, so that items learned together part ways", _format_switch),
        Setting(
            "parameters",
            None,
            _parameters,
            "the 21 parameters of FSRS-6; unset for its defaults",
            lambda values: " ".join(map(str, values)),
        ),
        Setting("minutes", 15, _whole(1, 600), "length of a session, in minutes"),
        Setting("new_per_day", 20, _whole(0, 9999), "new items a day"),
        Setting("reviews_per_day", 200, _whole(0, 9999), "reviews a day; a backlog is served by lowest retrievability"),
        Setting("free_text_per_15", 2, _whole(0, 100), "items answered in free text, at most, per 15 minutes"),
        Setting(
            "confidence",
            "usual",
            _one_of("usual", "always", "never"),
            "how often to ask how sure you are: usual = choice and number items, and one in five others",
        ),
        Setting("judge", "default", _judge, "who grades free text: default (offline), embed:<dir> or openai:<url>#<model>", here=True),
        Setting("lab_max_calls", 1000, _whole(1, 1_000_000), "calls to an endpoint that one lab run is allowed; they may cost money"),
        Setting("theme", "dark", _one_of("dark", "light", "high-contrast"), "colours of the screen", here=True),
        Setting("color", "auto", _one_of("auto", "always", "never"), "colour in the output; auto follows NO_COLOR", here=True),
        Setting("explainer_path", "", _text, "folder or address of the companion explainer, if you have it", here=True),
        Setting("zone", "auto", _zone, "time zone of your study days, such as Europe/Athens; auto = the machine's", here=True),
        Setting("editor", "", _text, "command that opens code tasks; empty for $VISUAL or $EDITOR", here=True),
    )
}


def describe(name: str) -> Setting:
    """A setting's default and help. Raises BadInput for an unknown name."""
    return _setting(name)
