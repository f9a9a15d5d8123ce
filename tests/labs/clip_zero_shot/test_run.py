"""clip-zero-shot runs for real: on the zoo's CLIP, and on CLIP and SigLIP directories that transformers wrote; figures are recomputed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from labs.clip_zero_shot import claims, gallery
from labs.clip_zero_shot.lab import LAB
from labs.clip_zero_shot.params import Params
from labs.zoo import registry
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import Answer, BackendRef, Fact, Log, Picture, Plan, Progress, RunContext, filled
from studyapp.labkit.backends import resolve
from studyapp.labkit.judge import check
from studyapp.labkit.run_state import owners
from studyapp.labkit.serve import check_trusted

torch = pytest.importorskip("torch")
np = pytest.importorskip("numpy")
from PIL import Image  # noqa: E402

from tests.labs.clip_zero_shot import recomputed  # noqa: E402

LABELS = ("cat", "dog", "tree", "boat", "house", "apple", "moon", "car", "bird", "fish")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP and a SigLIP with random weights, as save_pretrained writes them, and a folder of pictures."""
    import transformers as t
    from tokenizers import Tokenizer, pre_tokenizers, processors
    from tokenizers.models import WordLevel

    torch.manual_seed(0)
    root = tmp_path_factory.mktemp("models")
    known = [
        "a",
        "an",
        "photo",
        "of",
        "picture",
        "the",
        "with",
        "and",
        "left",
        "right",
        "there",
        "is",
        "no",
        "at",
        "all",
        "bad",
        "word",
        "for",
        "something",
        "near",
        "image",
    ]
    names = ["<pad>", "<start>", "<unk>", "<end>", *known, *LABELS, *["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink"]]
    names += ["circle", "square", "triangle", "diamond", "cross", "star"]
    made = Tokenizer(WordLevel({name: number for number, name in enumerate(names)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(single="<start> $A <end>", special_tokens=[("<start>", 1), ("<end>", 3)])
    words = t.PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="<end>", unk_token="<unk>", model_max_length=16)
    text = {"vocab_size": len(names), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
            "max_position_embeddings": 16, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 3}  # fmt: skip
    vision = {
        "image_size": 48,
        "patch_size": 8,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    t.CLIPModel(t.CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)).save_pretrained(root / "clip")
    t.CLIPImageProcessor(size={"shortest_edge": 48}, crop_size={"height": 48, "width": 48}).save_pretrained(root / "clip")
    t.SiglipModel(t.SiglipConfig(text_config={**text, "projection_size": 32}, vision_config=vision)).save_pretrained(root / "siglip")
    t.SiglipImageProcessor(size={"height": 48, "width": 48}).save_pretrained(root / "siglip")
    for name in ("clip", "siglip"):
        words.save_pretrained(root / name)
    make = np.random.default_rng(0)
    for label in LABELS:
        (root / "pictures" / label).mkdir(parents=True)
        for number in range(3):
            small = Image.fromarray(make.integers(0, 256, (6, 8, 3), dtype=np.uint8))
            small.resize((80, 60), Image.Resampling.BICUBIC).save(root / "pictures" / label / f"{number}.png")
    return root


@pytest.fixture
def own_pictures(models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(gallery.VARIABLE, str(models / "pictures"))
    return models / "pictures"


class Played:
    """All stages of a plan run in this process, with the facts and pictures that each call reported."""

    def __init__(self, plan: Plan, folder: Path, answers: Mapping[str, Any] | None = None) -> None:
        self.plan = plan
        self.facts: dict[str, Any] = {}
        self.pictures: dict[str, Picture] = {}
        self.shown: list[frozenset[str]] = []
        self.done: list[float] = []
        sealed: set[str] = set()
        for stage in plan.stages:
            needs = frozenset(key for question in plan.of_stage(stage) for key in question.needs)
            missing = needs - self.facts.keys() - self.pictures.keys()
            self.shown.append(missing)
            if missing:
                self.call(frozenset(), missing, {}, folder, sealed)
            want = frozenset(question.id for question in plan.of_stage(stage))
            sealed |= want
            self.call(want, frozenset(), {id: value for id, value in (answers or {}).items() if id in want}, folder, sealed)

    def call(self, want: frozenset[str], show: frozenset[str], answers: Mapping[str, Any], folder: Path, sealed: set[str]) -> None:
        context = RunContext(
            backend=self.plan.backend, workdir=folder, deadline=time.monotonic() + 600, want=want, show=show, answers=answers,
            check_code=check_trusted,
        )  # fmt: skip
        done: list[float] = []
        for event in LAB.run(self.plan, context):
            match event:
                case Fact() | Picture():
                    early = owners(self.plan, event.key) - sealed
                    assert not early, f"{event.key} gives away {early}"
                    (self.facts if isinstance(event, Fact) else self.pictures)[event.key] = (
                        event.value if isinstance(event, Fact) else event
                    )
                case Progress():
                    done.append(event.done)
                case Log():
                    pass
        assert done == sorted(done)
        assert done[-1] == 1
        self.done += done


def plan_of(backend: str, seed: int) -> Plan:
    return LAB.plan(seed, resolve(backend, LAB.backends, LAB.id))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(plan_of("tiny", 7), tmp_path_factory.mktemp("tiny"), {"q9": 60, "q16": 55, "q17": 80, "q18": 70})


@pytest.mark.parametrize("name", ["clip", "siglip"])
def test_a_model_directory_is_asked_about_the_learners_pictures(models: Path, own_pictures: Path, tmp_path: Path, name: str) -> None:
    run = Played(plan_of(f"hf:{models / name}", 3), tmp_path)
    params = Params.of(run.plan.params)
    assert params.siglip is (name == "siglip")
    assert "q17" not in {question.id for question in run.plan.questions}, "a model directory has no fine-tuned twin"
    truth = LAB.truth(run.plan, run.facts)
    assert {question.id for question in run.plan.questions} <= truth.keys()
    model = recomputed.Model(models / name)
    shown = recomputed.Pictures(params, run.plan.seed)
    recomputed.check_labels(model, shown, run.facts)
    recomputed.check_loss(model, shown, run.facts)
    words = run.facts["gallery"]["pictures"]
    assert sum(word.endswith(", mirrored") for word in words) == 1
    if name == "clip":
        recomputed.check_places(model, shown, run.facts, None)
    json.dumps(run.facts)


def test_the_random_twin_of_a_directory_is_the_same_each_time(models: Path, own_pictures: Path) -> None:
    from labs.zoo import load

    clip = load.clip(resolve(f"hf:{models / 'clip'}", LAB.backends, LAB.id))
    picture = [np.zeros((48, 48, 3), np.uint8)]
    first, second = clip.untrained(5).image_vectors(picture), clip.untrained(5).image_vectors(picture)
    assert np.array_equal(first, second)
    assert not np.allclose(first, clip.image_vectors(picture))


def test_a_file_that_is_no_picture_and_a_model_without_text_are_one_line(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for label in LABELS:
        (tmp_path / label).mkdir()
        for number in range(2):
            (tmp_path / label / f"{number}.jpg").write_bytes(b"no picture")
    monkeypatch.setenv(gallery.VARIABLE, str(tmp_path))
    plan = plan_of(f"hf:{models / 'clip'}", 1)
    with pytest.raises(BadInput, match="no picture that can be read") as caught:
        list(LAB.run(plan, RunContext(plan.backend, tmp_path, time.monotonic() + 60, show=frozenset({"picture:four"}))))
    assert "\n" not in str(caught.value)
    vit = tmp_path / "vit"
    vit.mkdir()
    (vit / "config.json").write_text('{"model_type": "vit"}')
    (vit / "model.safetensors").write_bytes((models / "clip" / "model.safetensors").read_bytes())
    with pytest.raises(EnvironmentProblem, match="needs an image and a text encoder"):
        plan_of(f"hf:{vit}", 1)


def test_the_first_chapter_shows_its_pictures_without_a_model(tmp_path: Path) -> None:
    plan = LAB.plan(7, BackendRef(kind="tiny", name="tiny"))
    context = RunContext(plan.backend, tmp_path, time.monotonic() + 60, show=frozenset({"picture:four", "picture:outside"}))
    pictures = [event for event in LAB.run(plan, context) if isinstance(event, Picture)]
    assert {picture.key for picture in pictures} == {"picture:four", "picture:outside"}
    assert all(picture.png and picture.grid and "picture" in picture.alt for picture in pictures)


def test_on_the_tiny_model_every_figure_is_recomputed(tiny: Played) -> None:
    params, shown = Params.of(tiny.plan.params), recomputed.Pictures(Params.of(tiny.plan.params), tiny.plan.seed)
    model, twin = (recomputed.Model(registry.WEIGHTS / name) for name in ("shapeclip", "shapeclip-swapped"))
    recomputed.check_labels(model, shown, tiny.facts)
    recomputed.check_loss(model, shown, tiny.facts)
    recomputed.check_places(model, shown, tiny.facts, twin)
    from labs.clip_zero_shot import worlds

    words = tiny.facts["gallery"]["pictures"]
    galleries = (worlds.gallery(params, tiny.plan.seed, attempt) for attempt in range(20))
    drawn = next(made for made in galleries if [say for _, say in made] == words)
    recomputed.check_space(model, shown, tiny.facts, [recomputed.picture(scene) for scene, _ in drawn])


def test_the_tiny_model_shows_what_its_card_says(tiny: Played) -> None:
    """Bands, not figures: order and binding near a coin, replacement easy, places in the tokens and not in the pooled vector."""
    facts = tiny.facts
    assert 0.4 <= facts["left-right"]["share"] <= 0.6
    assert facts["readouts"]["tokens"] >= 0.8
    assert facts["readouts"]["tokens-narrow"] - facts["readouts"]["pooled"] > 0.1
    truth = LAB.truth(tiny.plan, facts)
    assert truth["q19"].value == claims.letter(tiny.plan.seed, "where", claims.WHERE, "pooling")
    assert not [id for id, one in truth.items() if one.void and id not in ("q4", "q13")]


def test_later_chapters_open_with_what_earlier_ones_reported(tiny: Played) -> None:
    assert tiny.shown[0] == {"picture:four", "picture:outside"}
    assert not any(tiny.shown[1:])


def test_a_learners_forecasts_stand_in_the_charts_as_marks(tiny: Played) -> None:
    assert "your guess 60 %" in tiny.pictures["picture:two-way"].alt
    assert "your guess 70 %" in tiny.pictures["picture:readouts"].alt


def test_every_picture_has_words_and_lines_that_fit_and_facts_are_small(tiny: Played) -> None:
    assert len(tiny.pictures) == 12
    for picture in tiny.pictures.values():
        assert picture.png
        assert picture.alt
        assert max(len(line) for line in picture.grid) <= 76
    assert len(json.dumps(tiny.facts)) < 10_000


def test_right_answers_are_right_and_questions_carry_this_runs_numbers(tiny: Played) -> None:
    truth = LAB.truth(tiny.plan, json.loads(json.dumps(tiny.facts)))
    answers: dict[str, Answer | None] = {
        id: Answer(value=one.value, reason=one.reason)
        for id, one in truth.items()
        if one.value is not None and id not in ("q3", "q5", "q7")
    }
    assert {verdict.outcome for verdict in check(tiny.plan, truth, answers)} <= {"right", "void"}
    for question in tiny.plan.questions:
        assert "{fact:" not in filled(question, tiny.facts).ask
        assert "…" not in filled(question, tiny.facts).ask.replace("“…”", "").replace("a …", "").replace("exp(…)", "")


def test_code_is_judged_and_drawn_beside_the_target(tmp_path: Path) -> None:
    plan = LAB.plan(7, BackendRef(kind="tiny", name="tiny"))
    wrong = "def zero_shot(images, texts):\n    return (images @ texts.T).argmax(1)\n"
    answers = {"q3": {"source": wrong}, "q7": {"source": LAB.solutions()["q7"][1]}}
    context = RunContext(
        plan.backend, tmp_path, time.monotonic() + 60, want=frozenset({"q3", "q5", "q7"}), answers=answers, check_code=check_trusted
    )
    events = list(LAB.run(plan, context))
    facts = {event.key: event.value for event in events if isinstance(event, Fact)}
    truth = LAB.truth(plan, facts)
    verdicts = {v.q: v for v in check(plan, truth, {id: Answer(value=source) for id, source in answers.items()})}
    assert (verdicts["q3"].outcome, verdicts["q3"].trap) == ("wrong", "unnormalised")
    assert verdicts["q7"].outcome == "right"
    mosaics = [event for event in events if isinstance(event, Picture)]
    assert {picture.key for picture in mosaics} == {"mosaic:q3", "mosaic:q7"}
    assert all(picture.png for picture in mosaics)
