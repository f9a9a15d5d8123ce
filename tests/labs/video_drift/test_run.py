"""video-drift runs for real: on the tiny judge, by eye alone, without a model, and on image encoders that transformers wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from labs.video_drift.lab import LAB
from labs.video_drift.reel import NAMES
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.backends import resolve
from studyapp.labkit.run_state import Memory
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers

REF = "labs.video_drift.lab:LAB"
pytest.importorskip("torch")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as made:
        yield made


def played(backend: str, seed: int, folder: Path, workers: Workers, answers: dict[str, Any] | None = None) -> LabRun:
    plan = LAB.plan(seed, resolve(backend, LAB.backends, LAB.id))
    run = LabRun(REF, plan, folder, Memory(), workers)
    play(run, answers or {})
    return run


WRONG_SCORE = """import numpy as np
def subject_consistency(features):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    return np.clip((rows[1:] * rows[:-1]).sum(1), 0, None).mean()
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> LabRun:
    """One run on the judge, with some wrong answers and three sources."""
    answers = {
        "q1": {"value": ["h"], "seconds": 4},
        "q7": 1.5,
        "q10": 12,
        "q12": 3,
        "q5": {"source": WRONG_SCORE},
        "q6": {"source": LAB.solutions()["q6"][2]},
        "q8": {"source": LAB.solutions()["q8"][4]},
    }
    return played("tiny", 7, tmp_path_factory.mktemp("tiny"), workers, answers)


def test_the_run_agrees_with_every_formula_and_voids_nothing(tiny: LabRun) -> None:
    truth, closed = LAB.truth(tiny.plan, tiny.state.facts), LAB.closed_form(tiny.plan)
    assert {"q1", "q7", "q9", "q11"} == closed.keys()
    assert truth["q7"].value == pytest.approx(closed["q7"].value, abs=1e-6)
    assert {id: truth[id].value for id in ("q1", "q9", "q11")} == {id: closed[id].value for id in ("q1", "q9", "q11")}
    assert not [verdict.q for verdict in tiny.state.verdicts.values() if verdict.outcome == "void"]


def test_the_frozen_clip_wins(tiny: LabRun) -> None:
    """No consistency score is higher than the frozen clip's, and only the measure of motion finds it."""
    clips = tiny.state.facts["scores"]["clips"]
    for metric in ("flicker", "neighbours", "subject", "gap4", "gap8", "gap16"):
        assert all(clips["frozen"][metric][0] >= clips[kind][metric][0] - 1e-6 for kind in NAMES), metric
        assert clips["frozen"][metric][0] == pytest.approx(1, abs=1e-5)
    assert clips["frozen"]["moving"] == [0.0, 0.0]
    where = tiny.state.facts["where-scores"]
    assert all(where["frozen"] > where[kind] for kind in where if kind != "frozen"), "once places are seen it wins alone"


def test_each_defect_is_invisible_to_some_metric_and_caught_by_another(tiny: LabRun) -> None:
    clips, right = tiny.state.facts["scores"]["clips"], LAB.truth(tiny.plan, tiny.state.facts)["q4"].value
    assert right["identity"] == "gap16"
    assert right["frozen"] == "moving"
    assert right["flicker"] == "flicker"
    assert set(right.values()) == {"gap16", "moving", "flicker", "step"}
    lost = 1 - clips["identity"]["gap16"][0], 1 - clips["identity"]["neighbours"][0]
    assert lost[0] > 10 * lost[1], "neighbours see a twentieth of the drift"
    for kind in ("teleport", "shuffled"):
        assert clips[kind]["subject"][0] > 0.99
        assert clips[kind]["step"][0] > 5 * clips["good"]["step"][0]


def test_wrong_answers_are_named(tiny: LabRun) -> None:
    verdicts = tiny.state.verdicts
    assert (verdicts["q5"].outcome, verdicts["q5"].trap) == ("wrong", "adjacent-sees-drift")
    assert verdicts["q5"].report is not None
    assert verdicts["q5"].report.first_failure == "values"
    assert verdicts["q6"].outcome == verdicts["q8"].outcome == "right"
    assert verdicts["q10"].forecast
    assert verdicts["q12"].outcome == "wrong"


def test_errors_of_the_models_own_frames_grow(tiny: LabRun) -> None:
    errors = tiny.state.facts["errors"]
    assert set(errors) == {"early", "middle", "late"}
    for row in errors.values():
        assert len(row) == 16
        assert row[15] > 3 * row[0]
        assert sum(b > a for a, b in pairwise(row)) >= 13
    assert errors["late"][15] < errors["early"][15], "training makes it drift later"
    asked = tiny.plan.params["age"]
    assert [tiny.state.facts[f"error-{n}"] for n in range(1, 5)] == [round(value, 2) for value in errors[asked][:4]]


def test_every_picture_has_words_and_lines_and_a_drawing(tiny: LabRun) -> None:
    pictures = tiny.state.pictures
    assert {
        "picture:meter-0",
        "picture:table",
        "picture:curves",
        "picture:clips",
        "picture:half-life",
        "picture:errors",
        "picture:roll",
    } <= set(pictures)
    assert {"beside:q5", "beside:q6", "beside:q8"} <= set(pictures)
    for key, picture in pictures.items():
        assert picture.alt, key
        assert picture.grid, key
        assert picture.files, key
        assert max(len(line) for line in picture.grid) <= 76, key
        assert (tiny.folder / picture.files[0]).read_bytes().startswith(b"\x89PNG")
    meter = pictures["picture:meter-0"]
    assert "your mark" in "\n".join(meter.grid)
    assert "identity breaks" in "\n".join(meter.grid)
    table = "\n".join(pictures["picture:table"].grid)
    for kind, row in tiny.state.facts["scores"]["clips"].items():
        assert f"{row['subject'][0]:.3f}" in table, kind


def test_nothing_but_pictures_stays_in_the_runs_folder(tiny: LabRun) -> None:
    assert {path.suffix for path in tiny.folder.iterdir()} == {".png"}


@pytest.mark.slow
def test_the_oracle_is_right_everywhere_and_facts_are_small(tiny: LabRun, tmp_path: Path, workers: Workers) -> None:
    right = {id: truth.value if truth.reason is None else {"value": truth.value, "reason": truth.reason}
             for id, truth in LAB.truth(tiny.plan, tiny.state.facts).items()}  # fmt: skip
    again = played("tiny", 7, tmp_path, workers, right)
    wrong = [verdict.q for verdict in again.state.verdicts.values() if verdict.outcome != "right"]
    assert not wrong
    assert len(json.dumps(tiny.state.facts)) < 20_000


@pytest.mark.slow
def test_a_recheck_takes_no_second_once_the_interpreter_waits(tmp_path: Path, workers: Workers) -> None:
    run = LabRun(REF, LAB.plan(7, resolve("tiny", LAB.backends, "video-drift")), tmp_path, Memory(), workers)
    for id in ("q5", "q8"):
        source = LAB.solutions()[id][0]
        run.try_code(id, source)
        run.wait_for_code()
        verdict = run.try_code(id, source)
        assert verdict.outcome == "right"
        assert verdict.report is not None
        assert verdict.report.seconds < 1.0 * 5, "meant is one second; five on a busy machine"


def test_without_a_model_what_is_true_by_construction_is_judged(tmp_path: Path, workers: Workers) -> None:
    run = played("none", 7, tmp_path / "a", workers)
    assert "torch" not in run.state.versions
    truths = {id: verdict.truth for id, verdict in run.state.verdicts.items()}
    again = played("none", 7, tmp_path / "b", workers, truths)
    assert (again.state.status, again.state.message) == ("pass", "4 of 4 right")
    assert "<- here" in "\n".join(run.state.pictures["picture:meter-0"].grid)


@pytest.mark.slow
def test_people_mark_clips_beside_the_network_and_the_metric(tmp_path: Path, workers: Workers) -> None:
    answers = {"q1": {"value": ["e"], "seconds": 6.25}, "q13": ["b"], "q15": {"value": ["g"], "seconds": 3}}
    run = played("human", 7, tmp_path, workers, answers)
    beside = run.state.facts["beside"]
    assert beside["seconds"] == {"q1": 6.2, "q15": 3}
    assert set(beside["off"]["q1"]) == {"you", "the network", "largest step of neighbours"}
    assert "you" not in beside["off"]["q14"], "a skipped clip has no mark"
    for id, number, said in (("q1", 0, "e"), ("q13", 1, "b"), ("q15", 3, "g")):
        assert beside["off"][id]["you"] == abs("abcdefgh".index(said) - run.state.facts[f"break-{number}"]["place"])
    words = run.state.pictures["picture:beside"].alt
    assert "clip 1, 6.2 s: you" in words
    assert run.state.verdicts["q13"].outcome == "wrong"


def test_a_clip_of_ones_own_is_scored_beside_the_others(tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    (tmp_path / "frames").mkdir()
    for n in range(20):
        frame = Image.new("RGB", (60, 40), (120, 124, 130))
        frame.paste((205, 30, 40) if n < 10 else (25, 80, 220), (10 + n, 10, 30 + n, 30))
        frame.save(tmp_path / "frames" / f"{n}.png")
    monkeypatch.setenv("STUDYAPP_CLIP", str(tmp_path / "frames"))
    plan = LAB.plan(3, resolve("tiny", LAB.backends, LAB.id))
    run = LabRun(
        REF, plan.model_copy(update={"questions": tuple(q for q in plan.questions if q.stage == 1)}), tmp_path / "run", Memory(), workers
    )
    play(run, {"q16": 0.6})
    own = run.state.facts["own-scores"]
    assert own["dynamic"]
    assert own["neighbours"] > 0.9 > own["subject"], "one cut: neighbours hardly see it, the first frame does"
    assert run.state.verdicts["q16"].truth == own["subject"]
    assert run.state.verdicts["q16"].forecast
    assert any(line.startswith("yours") for line in run.state.pictures["picture:table"].grid)
    assert len(run.state.facts["curves"]["your clip"]) == 16


def test_a_frame_that_cannot_be_read_stops_the_run_in_one_line(tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "frames").mkdir()
    for n in range(8):
        (tmp_path / "frames" / f"{n}.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    monkeypatch.setenv("STUDYAPP_CLIP", str(tmp_path / "frames"))
    plan = LAB.plan(3, resolve("tiny", LAB.backends, LAB.id))
    run = LabRun(
        REF, plan.model_copy(update={"questions": tuple(q for q in plan.questions if q.stage == 1)}), tmp_path / "run", Memory(), workers
    )
    with pytest.raises((BadInput, EnvironmentProblem), match="a frame cannot be read") as caught:
        run.open()
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small image encoders of several kinds, saved by transformers."""
    t = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models")
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 48, "patch_size": 8}
    t.Dinov2Model(t.Dinov2Config(**sizes)).save_pretrained(folder / "dinov2")
    t.ViTImageProcessor(size={"height": 48, "width": 48}).save_pretrained(folder / "dinov2")
    return folder


@pytest.mark.slow
def test_an_image_encoder_replaces_the_features(models: Path, tmp_path: Path, workers: Workers) -> None:
    backend = resolve(f"hf:{models / 'dinov2'}", LAB.backends, LAB.id)
    plan = LAB.plan(3, backend)
    assert [plan.question(id).forecast for id in ("q2", "q3", "q4")] == [True] * 3, "what an encoder sees is no knowledge"
    assert plan.params["size"] > 32
    kept = tuple(question for question in plan.questions if question.stage in (0, 1))
    run = LabRun(REF, plan.model_copy(update={"questions": kept}), tmp_path, Memory(), workers)
    play(run, {})
    clips = run.state.facts["scores"]["clips"]
    assert clips["frozen"]["subject"][0] == pytest.approx(1, abs=1e-5)
    assert all(clips[kind]["subject"][0] < 1 - 1e-6 for kind in ("good", "teleport")), "a random encoder sees places"
    assert str(models / "dinov2") in plan.question("q2").ask


def test_a_directory_without_vectors_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"no config\.json"):
        LAB.plan(1, resolve(f"hf:{tmp_path}", LAB.backends, "video-drift"))
