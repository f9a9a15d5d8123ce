from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_fields_are_the_documented_ones(cli):
    assert list(cli("due", "--json").json()) == ["schema", "new", "learning", "review", "due_now", "next_due", "minutes"]


def test_a_new_learner_has_the_day_s_new_cards_waiting(cli):
    due = cli("due", "--json").json()
    assert (due["new"], due["learning"], due["review"], due["due_now"]) == (20, 0, 0, 20)
    assert due["minutes"] == 10


def test_a_learning_step_is_due_when_its_minute_has_come(cli):
    cli("answer", "one-pixel-value", "--rating", "good")
    soon = cli("due", "--json").json()
    assert (soon["learning"], soon["new"], soon["due_now"]) == (1, 19, 19)
    later = cli("due", "--json", now="2026-03-02T09:11:00+01:00").json()
    assert later["due_now"] == 20


def test_next_due_is_an_iso_time_with_the_learner_s_offset(cli):
    cli("config", "set", "new_per_day", "1")
    cli("answer", "one-pixel-value", "--rating", "easy")
    due = cli("due", "--json").json()
    assert due["due_now"] == 0
    assert due["next_due"] == "2026-03-03T04:00:00+01:00"
    assert "nothing is due" in cli("due").out


def test_short_prints_the_bare_number(cli):
    assert cli("due", "--short").out == "20\n"


@pytest.mark.parametrize("form", [("due", "--json"), ("due",), ("due", "--short")])
def test_the_quick_way_and_click_say_the_same(cli, monkeypatch, form):
    quick = cli(*form, now="2026-03-02T09:00:30+01:00")
    monkeypatch.setattr("studyapp.commands.quick.quick", lambda args: None)
    slow = cli(*form, now="2026-03-02T09:00:30+01:00")
    assert quick.out.replace(":31", ":30") == slow.out.replace(":31", ":30")  # the clock runs on between the two
    assert quick.code == slow.code == 0


def test_bad_use_of_due_is_told_by_click(cli):
    assert cli("due", "--bogus").code == 2
    assert cli("due", "--home").code == 2
    assert cli("due", "extra").code == 2


def test_it_imports_no_click(home):
    code = f"import sys; sys.argv = ['studyapp', '--home', {str(home)!r}, 'due', '--json']; from studyapp.cli import run; run()"
    code += "; print('click' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"
