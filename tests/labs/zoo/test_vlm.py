"""shapevlm and the bridges: the rows that are trained on, what is saved answers in plain transformers, the bridges keep their promises."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from labs.scenes.questions import Question, question
from labs.scenes.sampling import count, crowd, exist, relation, single
from labs.scenes.sampling_detail import defect, hidden, text
from labs.zoo import bridges, dense, questions, registry, talk
from labs.zoo.measure_vlm import above_blind
from labs.zoo.recipe import Figure, Stage
from labs.zoo.recipes import shapevlm
from labs.zoo.train import draw_of, train
from labs.zoo.worlds import pixels_of

SAMPLERS = (single, count, relation, exist, text, defect, hidden)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", ["shapevlm", "bridges"])
def test_the_quick_preset_trains_and_its_loss_falls(name: str, tmp_path: Path) -> None:
    done = train(registry.recipe(name), "quick", tmp_path, lambda event: None)
    assert 20 <= done["steps"] <= 50
    for stage, (before, after) in done["losses"].items():
        assert after < before, f"the loss of {stage} did not fall"
    assert all((tmp_path / folder).is_dir() for folder in registry.model(name).folders)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as the recipe saves it, without training."""
    folder = tmp_path_factory.mktemp("vlm")
    shapevlm.RECIPE.save(shapevlm.RECIPE.build(0).eval(), shapevlm.RECIPE.stages("quick")[-1], True, folder)
    return folder / "shapevlm"


def test_every_question_and_answer_of_the_labs_is_in_the_vocabulary() -> None:
    words, rng = talk.tokenizer(), random.Random(0)
    for sample in SAMPLERS:
        for _ in range(40):
            scene = sample(rng, size=64)
            asked = [question(scene, rng), *questions.questions(scene, rng, 20)]
            texts = [part for entry in asked for part in (entry.text, entry.answer)] + [questions.told(scene, rng)]
            assert not [part for part in texts if words.unk_token_id in words(part)["input_ids"]]


def test_a_label_is_read_letter_by_letter_and_comes_back() -> None:
    words = talk.tokenizer()
    ids = words("What does the label say? A7", add_special_tokens=False)["input_ids"]
    assert words.convert_ids_to_tokens(ids) == ["what", "does", "the", "label", "say", "?", "A", "7"]
    assert words.decode(ids) == "what does the label say ? A 7"


def test_the_loss_is_on_answers_and_their_ends_alone() -> None:
    asked = [[Question("count", "How many circles are there?", "3"), Question("exist", "Is there a red star?", "no")]]
    row = talk.rows(asked, [shapevlm.PREFIX])
    kept = row["labels"][0] != talk.IGNORE
    assert [talk.VOCABULARY[number] for number in row["labels"][0][kept]] == ["3", talk.END, "no", talk.END]
    assert torch.equal(row["ids"][0][kept], row["labels"][0][kept])
    assert [talk.FAMILIES[number] for number in row["kinds"][0] if number >= 0] == ["count", "exist"]


def test_a_question_is_answered_in_a_row_of_several_as_it_is_alone() -> None:
    model = shapevlm.RECIPE.build(0).eval()
    rng = random.Random(3)
    scene = crowd(rng, 4, size=64)
    asked = questions.questions(scene, rng, 5)
    together = _logits(model, scene, asked)
    alone = torch.cat([_logits(model, scene, [entry]) for entry in asked])
    assert len(together) == sum(len(talk.words_of(entry.answer)) + 1 for entry in asked)
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)


def _logits(model: Any, scene: Any, asked: list[Question]) -> Any:
    row = talk.rows([asked], [shapevlm.PREFIX])
    with torch.no_grad():
        words = model.net.get_input_embeddings()(row["ids"])
        seen = torch.stack(list(model.net.get_image_features(pixels_of([scene])).pooler_output))
        words = torch.cat((words[:, :1], seen, words[:, 65:]), dim=1)
        language = model.net.model.language_model
        hidden_ = language(inputs_embeds=words, attention_mask=row["mask"], position_ids=row["positions"]).last_hidden_state
    return model.net.lm_head(hidden_[:, :-1][row["labels"][:, 1:] != talk.IGNORE])


def test_dense_targets_say_what_a_patch_shows() -> None:
    star = {"shape": "star", "colour": "green", "x": 0.3, "y": 0.8, "r": 0.1, "angle": 0}
    scene = {"size": 64, "background": [128, 128, 128], "objects": [star]}
    targets = dense.targets_of([scene], 8)  # type: ignore[list-item]
    own = 6 * 8 + 2  # row 6, column 2
    assert (targets["shape"][0, own], targets["colour"][0, own], targets["centres"][0].sum()) == (1 + 5, 1 + 3, 1)
    assert targets["place"][0, own].tolist() == pytest.approx([-0.4, 0.6])
    assert targets["shape"][0, 0] == 0
    assert (targets["behind"] == dense.IGNORE).all()
    assert not targets["glyph"].any()


def test_an_object_wholly_behind_the_panel_is_supervised_as_unseen() -> None:
    scene = hidden(random.Random(5), 1.0, size=64, objects=0)
    targets = dense.targets_of([scene], 8)
    assert not (targets["shape"] + targets["centres"]).any()
    assert set(targets["behind"][targets["panel"] == 1].tolist()) == {dense.UNSEEN}


def test_the_stages_thaw_what_the_llava_recipe_says() -> None:
    model, thawed = shapevlm.RECIPE.build(0), {}
    for stage in shapevlm.RECIPE.stages("full"):
        shapevlm.RECIPE.enter(model, stage)
        net = model.net.model
        parts = {"encoder": net.vision_tower, "connector": net.multi_modal_projector, "language": net.language_model}
        thawed[stage.name] = {name for name, part in parts.items() if any(weight.requires_grad for weight in part.parameters())}
    looking = {name: {"encoder"} for name in ("encoder", "letters", "small", "large")}
    both = {name: {"connector", "language"} for name in ("together", "further", "all", "sides", "mixed", "numbers")}
    assert thawed == looking | {"text": {"language"}, "connector": {"connector"}} | both


def test_where_an_object_lies_gets_through_the_connector_once_its_places_are_carried() -> None:
    """The mean change of what leaves the connector between an object far left and one far right, before and after."""
    model = shapevlm.RECIPE.build(0)
    connector, read = model.net.model.multi_modal_projector, model.heads.read
    across = read.weight[-2].detach() / read.weight[-2].norm() ** 2  # one unit of place, as the head reads it
    features = torch.randn(50, read.in_features, generator=torch.Generator().manual_seed(1))

    def moved() -> float:
        with torch.no_grad():
            return float((connector(features + across) - connector(features - across)).norm(dim=-1).mean())

    before = moved()
    dense.carry_places(connector, read)
    assert moved() > 1.2 * before


def test_a_saved_model_answers_in_plain_transformers_as_it_is_measured(saved: Path) -> None:
    from PIL import Image
    from transformers import AutoProcessor, LlavaForConditionalGeneration

    from labs.scenes.raster import rasterise
    from labs.zoo.measure_vlm import answers

    model = LlavaForConditionalGeneration.from_pretrained(saved, local_files_only=True).eval()
    processor = AutoProcessor.from_pretrained(saved, local_files_only=True)
    scene = relation(random.Random(1), "left", size=64)
    asked = question(scene)
    inputs = processor(images=Image.frombytes("RGB", (64, 64), rasterise(scene)), text=f"<image>{asked.text}", return_tensors="pt")
    assert int((inputs["input_ids"] == model.config.image_token_id).sum()) == 64
    assert inputs["pixel_values"].shape == (1, 3, 64, 64)
    made = model.generate(**inputs, max_new_tokens=1, do_sample=False)
    [told] = answers(model, inputs["pixel_values"], [asked])
    assert processor.tokenizer.convert_ids_to_tokens(made[0, -1].item()) == told


def test_different_questions_about_one_picture_give_different_logits(saved: Path) -> None:
    from transformers import AutoProcessor, LlavaForConditionalGeneration

    model = LlavaForConditionalGeneration.from_pretrained(saved, local_files_only=True).eval()
    processor = AutoProcessor.from_pretrained(saved, local_files_only=True)
    picture = torch.zeros(3, 64, 64, dtype=torch.uint8).permute(1, 2, 0).numpy()
    logits = []
    for words in ("How many circles are there?", "How many squares are there?", "Is there a red star?"):
        inputs = processor(images=picture, text=f"<image>{words}", return_tensors="pt")
        logits.append(model(**inputs).logits[0, -1])
    assert (logits[0] - logits[1]).abs().max() > 1e-4 < (logits[0] - logits[2]).abs().max()


def test_bridges_give_the_number_of_tokens_they_promise_and_only_some_care_for_order() -> None:
    torch.manual_seed(0)
    features, order = torch.randn(2, 64, 128), torch.randperm(64)
    for kind, many in {"linear": 64, "mlp": 64, "qformer": 8, "resampler": 16, "pixel-shuffle": 16}.items():
        bridge = bridges.build(kind).eval()
        tokens, shuffled = bridge(features), bridge(features[:, order])
        assert tokens.shape == (2, many, 128)
        if kind in ("linear", "mlp"):
            torch.testing.assert_close(tokens[:, order], shuffled)
        elif kind in ("qformer", "resampler"):
            torch.testing.assert_close(tokens, shuffled, atol=1e-5, rtol=1e-4)
        else:
            assert (tokens - shuffled).abs().max() > 1e-2
    with pytest.raises(ValueError, match="no square"):
        bridges.build("pixel-shuffle")(features[:, :63])


def test_a_saved_bridge_reads_as_before(tmp_path: Path) -> None:
    recipe = registry.recipe("bridges")
    side = recipe.build(0).eval()
    batch = recipe.batch(recipe.stages("quick")[0], draw_of(0, "bridges", 0), 6, 0)
    recipe.save(side, recipe.stages("quick")[0], True, tmp_path)
    seen = torch.randn(6, 64, 128)
    for kind in bridges.KINDS:
        bridge, reader, config = bridges.load(tmp_path / "bridges" / kind)
        assert config["kind"] == kind
        torch.testing.assert_close(reader(bridge(seen), batch["asked"]), side.readers[kind](side.bridges[kind](seen), batch["asked"]))


@pytest.mark.slow
def test_a_short_training_on_words_learns_above_chance(tmp_path: Path) -> None:
    class Short(shapevlm.Recipe):
        def stages(self, preset: str) -> tuple[Stage, ...]:
            return (Stage("text", 300, 16, 1.5e-3, ema=0.98),)

    numbers: list[dict[str, Any]] = []
    train(Short(), "full", tmp_path, numbers.append)
    late = [event for event in numbers if event["event"] == "progress" and event["step"] > 250]
    for family, chance in (("shape", 1 / 6), ("colour", 1 / 8), ("describe", 0.4)):
        told = [event[family] for event in late if family in event]
        assert sum(told) / len(told) > chance + 0.2


def test_a_lead_over_guessing_is_as_unsure_as_both_its_shares() -> None:
    sure = Figure("existence", 1.0, 100, 0.0, baseline=0.5, baseline_is="blind")
    lead = above_blind(sure, demand=0.3)
    assert (lead.value, lead.baseline, lead.at_least) == (0.5, None, 0.3)
    assert lead.error == pytest.approx(0.05)  # the spread of 100 coin throws, though the model itself never errs
    counted = above_blind(Figure("counting", 0.9, 100, 0.03, baseline=0.1, baseline_is="blind"), demand=0.3)
    assert counted.error == pytest.approx((0.03**2 + 0.03**2) ** 0.5, abs=1e-4)
