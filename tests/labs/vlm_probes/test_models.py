"""On real models: the zoo's, its recorded answers and those asked live added up again by hand, and a directory that transformers wrote."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs.scenes.raster import rasterise
from labs.vlm_probes.lab import LAB
from labs.vlm_probes.params import Params
from labs.vlm_probes.probes import FAMILIES, MAIN, SMALL, Cell, cells, pair
from labs.vlm_probes.recording import FILE, bundled, hash_of, shipped_weights
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Answer, BackendRef, Fact, Picture, Plan, RunContext
from studyapp.labkit.backends import resolve
from studyapp.labkit.judge import check
from studyapp.labkit.run_state import Memory
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers

REF = "labs.vlm_probes.lab:LAB"
torch = pytest.importorskip("torch")


Played = tuple[Plan, dict[str, Any], dict[str, Picture]]


@pytest.fixture(scope="module")
def played(in_process: Any) -> Played:
    torch.set_num_threads(1)
    plan = LAB.plan(7, resolve("tiny", LAB.backends, LAB.id))
    return plan, *in_process(plan)


def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return found


def asked_again(cell: Cell, places: range) -> tuple[list[str], list[str], list[str]]:
    """(truth, said, said to grey) of these pairs, by the zoo's loader alone."""
    from labs.zoo import load

    model = load.vlm(BackendRef(kind="tiny", name="tiny"))
    shots = [shot for place in places for shot in pair(cell, place)]
    pixels = [np.frombuffer(rasterise(shot.scene), np.uint8).reshape(64, 64, 3) for shot in shots]
    grey = [np.full((64, 64, 3), 128, np.uint8)] * len(shots)
    questions = [shot.question for shot in shots]
    return [shot.answer for shot in shots], model.answers(pixels, questions, 1), model.answers(grey, questions, 1)


def test_the_figures_of_a_run_are_its_live_and_its_recorded_answers_added_up(played: Played) -> None:
    plan, facts, _ = played
    params, data = Params.of(plan.params), recorded()
    for family in ("count",):
        n = right = grey = both = 0
        for cell in cells(MAIN[family], SMALL):
            row = data["cells"][cell.key]
            truth, said, dark = asked_again(cell, range(params.first, params.first + params.pairs))
            truth, said, dark = truth + row["truth"].split(" "), said + row["said"].split(" "), dark + row["grey"].split(" ")
            hits = [a == b for a, b in zip(truth, said, strict=True)]
            n, right, both = n + len(hits), right + sum(hits), both + sum(a and b for a, b in zip(hits[::2], hits[1::2], strict=True))
            grey += sum(a == b for a, b in zip(truth, dark, strict=True))
        found = facts["families"][family]
        assert (found["n"], found["right"], found["both"], found["grey"]) == (n, right, both, grey)
        assert found["live"] == 2 * params.pairs * len(cells(MAIN[family], SMALL))
        assert found["recorded"] == n - found["live"]


def test_every_compared_setting_rests_on_at_least_a_hundred_pictures(played: Played) -> None:
    _, facts, _ = played
    assert all(level["n"] >= 100 for family in FAMILIES for level in facts["families"][family]["levels"])
    assert all(level["n"] >= 100 for level in facts["curve"]["levels"])
    assert all(row["n"] >= 100 for row in facts["switches"].values())


def test_nothing_is_void_and_the_right_answers_are_right(played: Played) -> None:
    plan, facts, _ = played
    truth = {id: right for id, right in LAB.truth(plan, facts).items() if id != "q11"}
    assert not [id for id, right in truth.items() if right.void]
    answers = {id: Answer(value=[right.value] * 2 if id == "q2" else right.value) for id, right in truth.items()}
    assert {verdict.outcome for verdict in check(plan, truth, answers)} == {"right"}


def test_every_picture_has_words_and_lines(played: Played) -> None:
    plan, _, pictures = played
    wanted = {key for question in plan.questions for key in (*question.needs, *question.decided_by) if key.startswith("picture:")}
    assert wanted - {"picture:code:q11"} == pictures.keys()
    for picture in pictures.values():
        assert picture.alt
        assert picture.grid
        assert max(len(line) for line in picture.grid) <= 78


def test_the_model_still_says_what_was_recorded() -> None:
    data = recorded()
    assert data["weights"] == hash_of(shipped_weights())
    for cell in (Cell("text", "height", 9), Cell("exist", "objects", 4)):
        row = data["cells"][cell.key]
        truth, said, grey = asked_again(cell, range(6))
        assert row["truth"].split(" ")[:12] == truth
        assert row["said"].split(" ")[:12] == said
        assert row["grey"].split(" ")[:12] == grey


def test_the_recording_is_not_used_for_other_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    from labs.vlm_probes import speakers

    assert bundled() is not None
    monkeypatch.setattr(speakers, "hash_of", lambda file: "other")
    speakers._tiny.cache_clear()
    try:
        assert speakers.speaker(BackendRef(kind="tiny", name="tiny"), None).recording is None
    finally:
        speakers._tiny.cache_clear()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained LLaVA with its processor, saved by transformers."""
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

    from labs.zoo import talk

    folder = tmp_path_factory.mktemp("llava")
    sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    torch.manual_seed(0)
    special = {
        name: talk.SPECIAL[token] for name, token in (("pad_token_id", talk.PAD), ("bos_token_id", talk.START), ("eos_token_id", talk.END))
    }
    LlavaForConditionalGeneration(
        LlavaConfig(
            vision_config=CLIPVisionConfig(image_size=64, patch_size=16, projection_dim=32, **sizes),
            text_config=LlamaConfig(
                vocab_size=len(talk.VOCABULARY), max_position_embeddings=512, num_key_value_heads=2, **sizes, **special
            ),
            image_token_index=talk.SPECIAL[talk.IMAGE],
            image_seq_length=16,
            vision_feature_layer=-1,
            vision_feature_select_strategy="default",
        )
    ).save_pretrained(folder)
    talk.save_processor(folder, 64, 16)
    return folder


def test_a_model_directory_is_asked_in_brackets_and_what_cannot_be_read_is_not_right(directory: Path, tmp_path: Path) -> None:
    plan = LAB.plan(3, resolve(f"hf:{directory}", LAB.backends, LAB.id))
    context = RunContext(plan.backend, tmp_path, 1e12, want=frozenset({"q1"}))
    facts = {event.key: event.value for event in LAB.run(plan, context) if isinstance(event, Fact)}
    sheet = facts["sheet"]
    assert sheet["who"].startswith("hf:")
    assert set(sheet["said"]) == set("abcdefghijkl")
    assert not any(sheet["model"].values()), "an untrained model keeps to no form"
    assert len(LAB.plan(3, plan.backend).questions) == 12


def test_the_zoos_answers_are_never_pooled_with_another_models(directory: Path) -> None:
    from labs.vlm_probes.speakers import speaker

    other = speaker(resolve(f"hf:{directory}", LAB.backends, LAB.id), None)
    assert other.recording is None
    assert other.form == "braces"
    assert "double" in other.switches


def test_a_directory_without_such_a_model_is_one_clear_line(tmp_path: Path) -> None:
    from transformers import ViTConfig, ViTModel

    sizes = {
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "image_size": 32,
        "patch_size": 8,
    }
    ViTModel(ViTConfig(**sizes)).save_pretrained(tmp_path / "vit")
    with pytest.raises(EnvironmentProblem, match="transformers cannot load it") as caught:
        LAB.warm(resolve(f"hf:{tmp_path / 'vit'}", LAB.backends, LAB.id))
    assert "\n" not in str(caught.value)


def test_without_a_model_the_same_numbers_are_played(tmp_path: Path) -> None:
    with Workers() as workers:
        for backend, right in (("none", "6 of 6 right"), ("human", "6 of 6 right")):
            plan = LAB.plan(7, resolve(backend, LAB.backends, LAB.id))
            run = LabRun(REF, plan, tmp_path / backend, Memory(), workers)
            play(run, {})
            answers = {id: verdict.truth for id, verdict in run.state.verdicts.items()}
            closed = LAB.closed_form(plan)
            assert all(answers[id] == pytest.approx(closed[id].value) for id in closed if id != "q10")
            again = LabRun(REF, plan, tmp_path / f"{backend}-again", Memory(), workers)
            play(again, answers)
            assert again.state.message == right


@pytest.mark.slow
def test_every_recorded_answer_is_what_the_model_says_today() -> None:
    data = recorded()
    for family in FAMILIES:
        for cell in cells(MAIN[family], SMALL)[::2]:
            truth, said, grey = asked_again(cell, range(data["pairs"]))
            assert data["cells"][cell.key] == {"truth": " ".join(truth), "said": " ".join(said), "grey": " ".join(grey)}
