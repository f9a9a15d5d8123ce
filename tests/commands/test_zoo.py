"""`studyapp zoo`: the list, a short training that a person can follow, mistakes told in one line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest


def test_the_list_names_every_model_with_licence_size_and_limits(cli: Any) -> None:
    done = cli("zoo", "list", "--json")
    document = json.loads(done.out)
    assert done.code == 0
    assert document["schema"] == 1
    names = [model["name"] for model in document["models"]]
    assert {"shapejudge", "shapeclip", "shapevae", "shapediffusion", "shapevideo"} <= set(names)
    assert document["bytes"] == sum(model["bytes"] for model in document["models"]) < 25e6
    for model in document["models"]:
        assert model["licence"] == "MIT"
        assert not model["shipped"] or (model["can"] and model["cannot"])
    text = cli("zoo", "list").out
    assert all(name in text for name in names)
    assert "together" in text


@pytest.mark.parametrize("command", ["train", "verify"])
def test_a_model_that_is_not_there_is_named_with_those_that_are(cli: Any, command: str) -> None:
    done = cli("zoo", command, "shapeclap")
    assert done.code == 2
    assert "no model 'shapeclap'" in done.err
    assert "shapeclip" in done.err


def test_verify_says_what_it_is_at_and_then_holds_the_weights_against_their_card(cli: Any) -> None:
    pytest.importorskip("torch")
    done = cli("zoo", "verify", "shapejudge", "--n", "48", "--seed", "5")
    assert done.code == 0, done.out
    assert "shapejudge: measuring on 48 fresh pictures" in done.err
    assert done.out.startswith("shapejudge: as its card says (pictures of seed 5)")


def test_a_quick_training_tells_its_progress_and_says_where_it_went(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    done = subprocess.run(
        [sys.executable, "-m", "studyapp", "zoo", "train", "shapevideo", "--out", str(tmp_path / "run"), "--json"],
        capture_output=True, text=True, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["model"] == "shapevideo"
    assert document["steps"] == 40
    assert "left" in done.stderr
    assert str(tmp_path / "run") in done.stderr
    assert (tmp_path / "run" / "shapevideo" / "late" / "config.json").is_file()
    again = subprocess.run(
        [sys.executable, "-m", "studyapp", "zoo", "train", "shapevideo", "--out", str(tmp_path / "run"), "--seed", "1"],
        capture_output=True, text=True, timeout=170,
    )  # fmt: skip
    assert again.returncode == 2
    assert "another run" in again.stderr
    assert "Traceback" not in again.stderr


def test_an_interrupt_ends_the_training_too(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    child = subprocess.Popen(
        [sys.executable, "-m", "studyapp", "zoo", "train", "shapevae", "--preset", "full", "--out", str(tmp_path / "run")],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stderr is not None
    line = child.stderr.readline()
    assert "shapevae" in line
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 130
    deadline = time.monotonic() + 20
    while _trains(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _trains(tmp_path)


def _trains(place: Path) -> bool:
    """Whether a process still works in this place."""
    found = subprocess.run(["pgrep", "-f", f"labs.zoo.*{place}"], capture_output=True, text=True).stdout.split()
    return bool(found)
