"""A run as one document: everything that was recorded is in it, and what it shows counts as shown wherever it is played."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.api import Study
from studyapp.api.lab_exports import document_of, export_run, recording_of, replay_run
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import Picture
from studyapp.labkit.picture_files import keep_png

Open = Callable[[], Study]
PNG = b"\x89PNG\r\n\x1a\n"


def play(study: Study, answers: dict[str, Any], **how: Any) -> Any:
    """The first chapter of patchify, answered; its desk."""
    desk = study.lab("patchify", **how)
    desk.view()
    desk.seal(answers)
    desk.decide()
    desk.finish()
    return desk


def test_a_run_is_exported_with_all_that_decides_it(study: Study) -> None:
    desk = play(study, {"q1": 3, "q2": {"value": 10, "confidence": 60}}, seed=7, backend="none")
    document = export_run(study, desk.run_id)
    assert (document["lab"], document["seed"], document["backend"], document["level"]) == ("patchify", 7, "none", 1)
    assert document["facts"] == desk.run.state.facts
    assert document["answers"]["q2"]["confidence"] == 60
    assert set(document["verdicts"]) == {"q1", "q2", "q3", "q4"}
    assert document["transcript"] == []
    assert json.loads(json.dumps(document)) == document
    assert document_of(study, desk.run_id)[0] == document


def test_pictures_of_several_frames_and_such_without_files_are_kept_whole(study: Study) -> None:
    desk = study.lab("patchify", 7, "none")
    frames = [PNG + bytes([n]) for n in range(3)]
    files = tuple(keep_png(frame, desk.folder) for frame in frames)
    desk.records.picture(Picture(key="clip", alt="three frames", files=files, grid=("1 2 3",)))
    desk.records.picture(Picture(key="table", alt="a table", grid=("a | b", "1 | 2")))
    desk.records.picture(Picture(key="words", alt="words alone"))
    desk.records.flush()
    found = {picture["key"]: picture for picture in export_run(study, desk.run_id)["pictures"]}
    assert [base64.b64decode(data) for data in found["clip"]["png"]] == frames
    assert found["clip"]["grid"] == ["1 2 3"]
    assert (found["table"]["grid"], found["table"]["png"]) == (["a | b", "1 | 2"], [])
    assert (found["words"]["alt"], found["words"]["grid"], found["words"]["png"]) == ("words alone", [], [])


def test_a_picture_that_is_gone_leaves_its_words_and_a_damaged_fact_is_noticed(study: Study) -> None:
    desk = play(study, {"q1": 3}, seed=7, backend="none")
    name = keep_png(PNG, desk.folder)
    desk.records.picture(Picture(key="clip", alt="one frame", files=(name,)))
    desk.records.flush()
    (desk.folder / name).write_bytes(b"exchanged")
    picture = next(picture for picture in export_run(study, desk.run_id)["pictures"] if picture["key"] == "clip")
    assert (picture["alt"], picture["png"]) == ("one frame", [])
    stored = next(file for file in desk.folder.glob("*.json") if len(file.stem) == 64 and file.read_bytes() == b"418")
    stored.write_bytes(b"419")
    with pytest.raises(EnvironmentProblem, match="damaged since it was stored"):
        export_run(study, desk.run_id)


def exported(study: Study, desk: Any, folder: Path) -> Path:
    file = folder / "run.json"
    file.write_text(json.dumps(export_run(study, desk.run_id)))
    return file


def test_a_recording_from_elsewhere_is_graded_once_and_the_same_seed_then_is_practice(
    open_study: Open, tmp_path: Path, open_at: Any
) -> None:
    study = open_study()
    theirs = play(study, {"q1": 3}, seed=7, backend="none")
    file = exported(study, theirs, tmp_path)
    mine = open_at(tmp_path / "another-home")
    first = play(mine, {"q1": 3}, backend=f"replay:{file}")
    assert [card.item for card in first.kept] == ["week-13:patchify-count"]
    assert first.plan.seed == 7
    assert not play(mine, {"q1": 3}, backend=f"replay:{file}").kept
    assert not play(mine, {"q1": 3}, seed=7, backend="none").kept
    assert play(mine, {"q1": 3}, seed=8, backend="none").kept


def test_judging_again_says_what_the_run_said(study: Study, tmp_path: Path) -> None:
    desk = play(study, {"q1": 3, "q2": 48}, seed=7, backend="none")
    said = [(v.q, v.outcome, v.said, v.truth, v.trap, v.say) for v in desk.run.state.verdicts.values()]
    for target in (desk.run_id, str(exported(study, desk, tmp_path))):
        again = replay_run(study, target)
        assert [(v["q"], v["outcome"], v["said"], v["truth"], v["trap"], v["say"]) for v in again["verdicts"]] == said
        assert (again["run"], again["backend"]) == (desk.run_id, "none")


def test_a_replay_can_be_left_and_resumed(study: Study) -> None:
    first = play(study, {"q1": 3}, seed=7, backend="none")
    desk = study.lab("patchify", backend=f"replay:{first.run_id}")
    desk.view()
    desk.seal({"q1": 3})
    again = study.lab("", run=desk.run_id)
    (verdict, *_) = again.decide()
    assert verdict.truth == first.run.state.verdicts["q1"].truth
    (again.folder / "recording.json").unlink()
    with pytest.raises(EnvironmentProblem, match="start a new run"):
        study.lab("", run=desk.run_id)


def test_a_replay_of_a_replay_is_of_the_run_that_was_recorded(study: Study, tmp_path: Path) -> None:
    first = play(study, {"q1": 3}, seed=7, backend="none")
    second = play(study, {}, backend=f"replay:{first.run_id}")
    file = exported(study, second, tmp_path)
    recording = recording_of(study, str(file))
    assert (recording.run, recording.backend) == (first.run_id, "none")


@pytest.mark.parametrize("text", ["", "{", "[]", "\udcff", '{"plan": {}, "facts": {}}', "[" * 100_000])
def test_a_file_that_is_no_export_is_one_line(study: Study, tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    for use in (recording_of, replay_run):
        with pytest.raises(BadInput) as refused:
            use(study, str(file))
        assert str(refused.value).startswith(f"{file}: ")
        assert "\n" not in str(refused.value)


def test_the_limit_of_calls_is_what_was_given_or_else_the_setting_as_it_is_now(study: Study) -> None:
    desk = study.lab("patchify", 7, "none")
    assert desk.run.state.asked.limit == 1000
    study.set_setting("lab_max_calls", "50")
    desk.limit_calls()
    assert desk.run.state.asked.limit == 50
    assert study.lab("", run=desk.run_id, max_calls=3).run.state.asked.limit == 3
    assert (desk.cost, desk.must_agree) == (None, False)
