"""The app in a real terminal: it starts, survives resizes and kills, and says clearly where it cannot run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
Events = Callable[[str], list[dict[str, Any]]]
ROOT = Path(__file__).parents[2]


def test_home_opens_and_q_leaves(start: Start) -> None:
    with start() as term:
        term.wait("Sections")
        term.press("q")
        assert term.wait_exit() == 0


def test_ctrl_c_leaves_from_anywhere(start: Start) -> None:
    with start("study") as term:
        term.wait("left, 15 min")
        term.press("\x03")
        assert term.wait_exit() == 0


def answer_and_grade(term: Any, n: int) -> None:
    """Turn the card that is there and grade it good; done when the next one stands."""
    term.wait(rf"{n} done.*(?s:.*)(show the answer|check)")
    term.press("enter" if "Enter  check" in term.text or "Enter check" in term.text else "space")
    term.wait("3 good")
    term.press("3")
    term.wait(rf"{n + 1} done")


def test_answers_before_a_kill_are_all_there_and_the_session_goes_on(start: Start, events: Events) -> None:
    with start("study") as term:
        for n in range(3):
            answer_and_grade(term, n)
        term.wait("show the answer|check")
        card = term.text
        term.kill()
    assert len(events("answer")) == 3
    with start("study") as again:
        again.wait("3 done")
        again.wait("show the answer|check")
        assert question(again.text) == question(card)
        again.press("\x1a")  # ctrl+z: the last answer, over the restart
        again.wait("2 done")
        again.press("\x11")
        assert again.wait_exit() == 0
    assert len(events("undo")) == 1


def question(text: str) -> str:
    """The text between the rules, in one line."""
    return re.sub(r"\s+", " ", text.split("─\n")[1] if "─\n" in text else text)


def test_each_answer_is_on_disk_before_the_next_card_is_painted(start: Start, events: Events) -> None:
    with start("study") as term:
        for n in range(3):
            answer_and_grade(term, n)
            assert len(events("answer")) == n + 1


def test_resize_keeps_the_card_and_its_reveal(start: Start) -> None:
    with start("study") as term:
        term.wait("show the answer|check")
        term.press("enter" if "Enter check" in term.text else "space")
        term.wait("3 good")
        for cols, rows in ((120, 40), (60, 16), (40, 12), (80, 24)):
            term.resize(cols, rows)
            term.wait("1 ag")
            term.wait("u undo")
        term.wait("3 good")


def test_a_terminal_of_20_by_5_asks_for_room_and_comes_back(start: Start) -> None:
    with start("study", cols=20, rows=5) as term:
        term.wait(r"too\s+small")
        term.resize(80, 24)
        term.wait("left, 15 min")
        term.resize(20, 5)
        term.wait(r"too\s+small")
        term.resize(80, 24)
        term.wait("left, 15 min")


def test_no_color_sends_no_colour(start: Start) -> None:
    with start("study", env={"NO_COLOR": "1"}) as term:
        term.wait("left, 15 min")
        term.press("space")
        term.wait("easy|check")
        term.press("\x11")
        term.wait_exit()
    styles = re.findall(rb"\x1b\[([0-9;]*)m", term.raw)
    numbers = {number for style in styles for number in style.split(b";")}
    assert not numbers & {str(n).encode() for n in (*range(30, 50), *range(90, 108))}


@pytest.mark.parametrize("command", [[], ["study"], ["quiz"]])
def test_a_dumb_terminal_is_told_what_to_use_instead(command: list[str], start: Start) -> None:
    with start(*command, env={"TERM": "dumb"}) as term:
        assert term.wait_exit() == 2
        assert "TERM=dumb" in term.text.replace("\n", "")
        assert "--plain" in term.text.replace("\n", "")


def test_without_a_terminal_one_line_and_exit_2(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "studyapp", "--home", str(home), "study"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color"},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "--plain" in done.stderr


def test_a_key_sends_less_than_6_kilobytes(start: Start) -> None:
    with start("study") as term:
        for n in range(4):
            term.wait("show the answer|check")
            term.settle()
            before = len(term.raw)
            term.press("enter" if "Enter check" in term.text else "space")
            term.wait("3 good")
            term.settle()
            turned = len(term.raw)
            term.press("3")
            term.wait(rf"{n + 1} done")
            term.settle()
            assert turned - before < 6000
            assert len(term.raw) - turned < 6000


def test_e_opens_the_cards_source_in_the_editor_and_comes_back(start: Start, home: Path, tmp_path: Path) -> None:
    course = home / "courses" / "own"
    course.mkdir(parents=True)
    (course / "course.yaml").write_text(
        'id: own\ntitle: "Own"\nformat_version: 1\nsections:\n  - {id: s1, number: "1", title: "One", file: one.yaml}\n'
    )
    (course / "one.yaml").write_text('section: s1\nitems:\n  - {id: mine, kind: basic, ask: "What is mine?", answer: "This."}\n')
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/seen\n')
    editor.chmod(0o755)
    with start("study", "--section", "own:s1", env={"EDITOR": str(editor)}) as term:
        term.wait("What is mine")
        term.press("E")
        term.wait("nothing was changed")
        term.press("space")
        term.wait("This.")
    assert (tmp_path / "seen").read_text().strip() == str(course / "one.yaml")


def test_an_error_of_ours_ends_in_one_line_and_exit_3(start: Start) -> None:
    with start("study", env={"PYTHONPATH": str(Path(__file__).with_name("broken"))}) as term:
        assert term.wait_exit() == 3
        assert "our mistake" in term.text.replace("\n", "")
        assert "Traceback" not in term.text


def test_a_lab_opens_by_its_command_and_is_played_by_keys(start: Start, events: Events) -> None:
    with start("lab", "run", "patchify", "--seed", "7", "--backend", "none") as term:
        term.wait("How many patch tokens")
        term.press("4", "1", "9", "enter")
        term.wait("How long is one flattened patch")
        term.press("\x12")  # ctrl+r: the overview
        term.wait("Your predictions")
        term.press("enter")
        term.wait("not 419")
        term.press("\x11")
        assert term.wait_exit() == 0
    assert events("lab_verdict")[0]["outcome"] == "wrong"


def test_a_card_is_written_edited_and_mended_in_the_app(start: Start, home: Path, tmp_path: Path) -> None:
    """Each call of the editor makes the next change: a mistake, its mending, another id."""
    editor = tmp_path / "editor"
    changes = ("s/answer: that/answer: [that/", "s/answer: .that/answer: this/", "s/id: what-is-that/id: that/")
    cases = "\n".join(f"{number}) sed -i '{change}' \"$1\" ;;" for number, change in enumerate(changes, 1))
    editor.write_text(f"#!/bin/sh\necho >> {tmp_path}/calls\ncase $(wc -l < {tmp_path}/calls) in\n{cases}\nesac\n")
    editor.chmod(0o755)
    with start(env={"EDITOR": str(editor)}) as term:
        term.wait("Sections")
        term.press("n")
        term.wait("A card of your own")
        term.press("What is that?", "tab", "that")
        term.wait("nothing to object to")
        term.press("\x13")  # ctrl+s
        term.wait("own:what-is-that is written")
        term.press("q")
        assert term.wait_exit() == 0
    with start("study", "--section", "own:cards", env={"EDITOR": str(editor)}) as term:
        term.wait("What is that")
        term.press("E")
        term.wait(r"cards.yaml:\d+: ")
        term.wait("What is that")
        term.press("E")
        term.wait("the new text is in use")
        term.press("space")
        term.wait("this")
        term.press("3")
        term.wait("1 card, ")
        term.press("\x11")
        assert term.wait_exit() == 0
    subprocess.run([str(editor), str(home / "courses" / "own" / "cards.yaml")], check=True)
    with start() as term:
        term.wait("The same card")
        term.wait("what-is-that")
        term.press("y")
        term.wait("the history goes along: 1 review")
