"""A judge is named by its spec; what is no spec is refused in one line."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.judges import Panel, parse
from studyapp.store import settings_store

SPECS = [
    ("default", "default"),
    ("embed:/models/sentences", "embed:/models/sentences"),
    ("openai:http://127.0.0.1:8000/v1#llama", "openai:http://127.0.0.1:8000/v1#llama"),
    ("openai:https://api.example.org/v1/#a/b:c", "openai:https://api.example.org/v1#a/b:c"),
    ("openai:http://[::1]:8000/v1/chat/completions#m", "openai:http://[::1]:8000/v1#m"),
]
NO_SPECS = [
    "bert",
    "embed:",
    "embed: ",
    "openai:",
    "openai:http://host/v1",
    "openai:http://host/v1#",
    "openai:host/v1#m",
    "openai:ftp://host/v1#m",
    "openai:http://#m",
    "openai:http://user:sesame@host/v1#m",
    "openai:http://host/v1?key=sesame#m",
    "openai:http://host:port/v1#m",
    "openai:http://ho st/v1#m",
    "default:x",
    "embed:/a\x1b[2J",
]


@pytest.mark.parametrize(("text", "name"), SPECS)
def test_a_spec_is_read_and_named(text: str, name: str) -> None:
    assert parse(text).name == name


@pytest.mark.parametrize("text", NO_SPECS)
def test_what_is_no_spec_is_refused_in_a_line_that_names_the_forms_and_repeats_nothing(text: str) -> None:
    with pytest.raises(BadInput) as problem:
        parse(text)
    line = str(problem.value)
    assert "\n" not in line
    assert any(form in line for form in ("embed:<dir>", "openai:<url>#<model>", "STUDYAPP_JUDGE_KEY"))
    assert "sesame" not in line
    assert "\x1b" not in line


@pytest.mark.parametrize("text", [text for text, _ in SPECS])
def test_the_setting_takes_what_is_a_spec(text: str) -> None:
    assert parse(settings_store.check("judge", text)) == parse(text)


@pytest.mark.parametrize("text", [text for text in NO_SPECS if "host:port" not in text])
def test_the_setting_refuses_what_is_none(text: str) -> None:
    with pytest.raises(BadInput, match="setting judge"):
        settings_store.check("judge", text)


def test_a_directory_in_the_setting_does_not_depend_on_where_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert settings_store.check("judge", "embed:~/models/s") == "embed:/home/ada/models/s"


def test_a_judge_is_made_once_for_a_spec_and_touches_neither_model_nor_network() -> None:
    with Panel() as panel:
        for text, name in SPECS:
            seat = panel.seat(text)
            assert panel.seat(text) is seat
            assert seat.judge.name == name
