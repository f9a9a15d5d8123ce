"""Settings: typed, checked, stored as events."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.errors import BadInput
from studyapp.memory.state import Moment, Settings
from studyapp.store import apply, settings_store
from studyapp.store.db import StudyDb
from studyapp.store.settings_store import SETTINGS, all_values, format_value, get, memory_settings, reset, set_value

NOW = Moment(1_760_000_000_000, 120)


def test_the_defaults_are_those_of_the_design(empty: StudyDb) -> None:
    assert memory_settings(empty) == Settings()
    assert settings_store.timeline(empty).last.learning_steps_s == tuple(get(empty, "learning_steps")) == (60, 600)
    wanted = {"retention": 0.9, "minutes": 15, "new_per_day": 20, "reviews_per_day": 200, "free_text_per_15": 2, "maximum_interval": 36_500}
    assert {name: get(empty, name) for name in wanted} == wanted


@pytest.mark.parametrize("name", list(SETTINGS))
def test_every_setting_has_a_line_of_help_and_its_default_can_be_typed(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.help
    assert "\n" not in setting.help
    if setting.default is not None:
        assert setting.parse(format_value(name, setting.default)) == setting.default


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("retention", "85%", 0.85, "0.85"),
        ("learning_steps", "30s, 1h 2d", [30, 3600, 172_800], "30s 1h 2d"),
        ("learning_steps", "", [], ""),
        ("rollover", "23:00", 23, "23:00"),
        ("fuzz", "OFF", False, "off"),
        ("theme", "High-Contrast", "high-contrast", "high-contrast"),
        ("zone", "Europe/Athens", "Europe/Athens", "Europe/Athens"),
        ("zone", "Auto", "auto", "auto"),
        ("keys.reveal", "space, r", "space, r", "space, r"),
        ("parameters", " ".join(["0.5"] * 21), [0.5] * 21, " ".join(["0.5"] * 21)),
    ],
)
def test_a_setting_is_parsed_stored_and_shown(empty: StudyDb, name: str, text: str, value: Any, shown: str) -> None:
    assert set_value(empty, name, text, NOW) == value
    assert get(empty, name) == all_values(empty)[name] == value
    assert format_value(name, value) == shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("retention", "0.5"),
        ("retention", "nan"),
        ("retention", "much"),
        ("learning_steps", "10m 1m"),
        ("learning_steps", "1x"),
        ("learning_steps", "0m"),
        ("rollover", "24:00"),
        ("rollover", "04:30"),
        ("minutes", "-1"),
        ("minutes", "٣"),
        ("fuzz", "maybe"),
        ("theme", "pink"),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("editor", "vi\x1b[31m"),
        ("parameters", "1 2 3"),
        ("parameters", " ".join(["inf"] * 21)),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_it_should_be(empty: StudyDb, name: str, text: str) -> None:
    with pytest.raises(BadInput) as problem:
        set_value(empty, name, text, NOW)
    assert f"setting {name}" in str(problem.value)
    assert "give " in str(problem.value)
    assert "\x1b" not in str(problem.value)
    assert empty.execute("SELECT count(*) FROM events").fetchone()[0] == 0


def test_an_unknown_setting_names_the_nearest(empty: StudyDb) -> None:
    for ask in (lambda: get(empty, "new_perday"), lambda: set_value(empty, "new_perday", "3", NOW)):
        with pytest.raises(BadInput, match="did you mean new_per_day"):
            ask()
    with pytest.raises(BadInput, match="config list"):
        get(empty, "qqqqqq")


def test_only_a_change_is_an_event_and_reset_brings_the_default_back(empty: StudyDb) -> None:
    set_value(empty, "minutes", "15", NOW)
    set_value(empty, "minutes", "20", NOW)
    set_value(empty, "minutes", "20", NOW)
    assert reset(empty, "minutes", NOW) == 15
    reset(empty, "retention", NOW)
    reset(empty, "minutes", NOW)
    assert get(empty, "minutes") == 15
    assert [row[0] for row in empty.execute("SELECT json_extract(payload, '$.value') FROM events")] == [20, None]


def test_memory_settings_follow_at_once(empty: StudyDb) -> None:
    for name, text in (("retention", "0.8"), ("learning_steps", ""), ("rollover", "0"), ("fuzz", "off"), ("parameters", "0.4 " * 21)):
        set_value(empty, name, text, NOW)
    assert memory_settings(empty) == Settings(0.8, (), rollover_hour=0, fuzz=False, parameters=(0.4,) * 21)
    reset(empty, "parameters", NOW)
    assert memory_settings(empty).parameters is None


def test_what_belongs_to_a_machine_is_not_taken_from_another_device(empty: StudyDb) -> None:
    for name, value in (("zone", "Europe/Athens"), ("minutes", 40)):
        device = "elsewhere" if name == "zone" else None
        apply.record(empty, "setting", None, {"name": name, "value": value, "device": device}, NOW)
    assert get(empty, "zone") == "auto"
    assert get(empty, "minutes") == 40
    set_value(empty, "zone", "UTC", NOW)
    assert get(empty, "zone") == "UTC"


def test_settings_of_a_later_version_do_no_harm(empty: StudyDb) -> None:
    apply.record(empty, "setting", None, {"name": "telepathy", "value": [1]}, NOW)
    apply.record(empty, "setting", None, {"name": "retention", "value": {"by": "deck"}}, NOW)
    assert memory_settings(empty) == Settings()
    assert "telepathy" not in all_values(empty)
