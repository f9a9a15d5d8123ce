"""shapevlm: a small vision-language model by the LLaVA recipe (arXiv:2304.08485) on drawn scenes.

A CLIP vision encoder, supervised densely (labs/zoo/dense.py) in place of CLIP's pre-training; a Llama pre-trained on scenes in words;
then the connector alone, the other two frozen; then connector and language model, the encoder frozen. Several questions about one
picture share one row (labs/zoo/talk.py), so that each picture costs one pass of the encoder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import torch
from torch import Tensor, nn
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

from labs.scenes.questions import Question
from labs.scenes.scene import Scene
from labs.zoo import dense, questions, talk
from labs.zoo.measure_vlm import measure_vlm
from labs.zoo.recipe import Batch, Draw, Figure, Stage
from labs.zoo.worlds import pixels_of

SIDE, PATCH = questions.SIDE, 8
PATCHES = SIDE // PATCH
TOKENS = PATCHES * PATCHES
PREFIX = [talk.SPECIAL[talk.START], *[talk.SPECIAL[talk.IMAGE]] * TOKENS]
# Shares of the families among the encoder's pictures, and among those of which several questions are asked, or one.
SEEN = {"single": 0.1, "crowd": 0.24, "count": 0.2, "relation": 0.04, "letters": 0.26, "defect": 0.07, "hidden": 0.09}
# Letters come last and need most: they are what it sees most of in the second half.
LATE = {"single": 0.05, "crowd": 0.12, "count": 0.12, "relation": 0.03, "letters": 0.55, "defect": 0.06, "hidden": 0.07}
UPRIGHT = {"single": 0.04, "crowd": 0.12, "count": 0.1, "relation": 0.02, "upright": 0.6, "defect": 0.06, "hidden": 0.06}
FAULTS = {"single": 0.04, "crowd": 0.12, "count": 0.1, "relation": 0.02, "upright": 0.5, "defect": 0.15, "hidden": 0.07}
LARGE = {"single": 0.04, "crowd": 0.12, "count": 0.14, "relation": 0.02, "upright": 0.25, "large": 0.3, "defect": 0.08, "hidden": 0.05}
SHOWN = {"encoder": (SEEN, LATE), "letters": (UPRIGHT, UPRIGHT), "small": (FAULTS, FAULTS), "large": (LARGE, LARGE)}  # by stage: its halves
MANY = {"crowd": 0.25, "exist": 0.2, "count": 0.35, "relation": 0.2}
NAMED = {"crowd": 0.6, "exist": 0.4}  # the first third: what one name looks up is learned before what two names or a number need
FURTHER = {"crowd": 0.1, "exist": 0.1, "count": 0.4, "relation": 0.4}  # what takes longest: numbers, and one place against another
ALL = {"crowd": 0.15, "exist": 0.2, "count": 0.35, "relation": 0.3}  # what was not asked for a while is soon answered no more
SIDE_FIRST = {"single": 0.4, "crowd": 0.35, "relation": 0.25}
SIDES = {"crowd": 0.25, "relation": 0.35, "count": 0.28, "exist": 0.12}
NUMBERS = {"crowd": 0.08, "exist": 0.12, "count": 0.52, "relation": 0.28}
FEW = {"single": 0.2, "text": 0.3, "defect": 0.25, "hidden": 0.25}  # in words
SMALL = {"single": 0.08, "text": 0.45, "defect": 0.32, "hidden": 0.15}  # in pictures: what stands in one patch of 64 is found late
SHARES = {
    "connector": (MANY, MANY),
    "together": (NAMED, MANY),
    "further": (FURTHER, FURTHER),
    "all": (ALL, ALL),
    "sides": (SIDE_FIRST, SIDES),
    "mixed": (ALL, ALL),
    "numbers": (NUMBERS, NUMBERS),
}  # the first third, the rest
ANSWERING = tuple(SHARES)
QUESTIONS = 6  # at most, about one picture

CARD = {
    "can": [
        "answer one word to the questions of labs/scenes/questions.py about a 64 x 64 picture",
        "name shape and colour, of one object or of a named one among several, and say what is there",
        "count up to three, read an upright letter of 15 px, find a burnt component of 4 px or more, say unknown of what is wholly hidden",
        "say which of two things is left and which right at a quarter of the picture's width, also in the mirrored twin",
    ],
    "cannot": [
        "say which of two things is left where they lie an eighth of the picture apart or less, which is one patch: a coin's answer",
        "count objects that overlap, or many of them; read letters of 5 px or turned by a right angle",
        "see a fault of one pixel or of little contrast",
        "talk: it knows some ninety words and answers one of them, whatever it is asked",
    ],
    "notes": [
        "Each figure stands beside the same questions asked over a grey picture (blind).",
        "shapevlm-stage-connector is the same model after the stage that trains the connector alone.",
    ],
}


def architecture() -> LlavaConfig:
    vision = CLIPVisionConfig(
        image_size=SIDE,
        patch_size=PATCH,
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        projection_dim=128,
    )
    text = LlamaConfig(
        vocab_size=len(talk.VOCABULARY), hidden_size=128, intermediate_size=256, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=4, max_position_embeddings=512, pad_token_id=talk.SPECIAL[talk.PAD], bos_token_id=talk.SPECIAL[talk.START],
        eos_token_id=talk.SPECIAL[talk.END], tie_word_embeddings=False, initializer_range=0.06,
    )  # fmt: skip
    return LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=talk.SPECIAL[talk.IMAGE], image_seq_length=TOKENS,
        vision_feature_layer=-1, vision_feature_select_strategy="default", tie_word_embeddings=False,
    )  # fmt: skip


class Talker(nn.Module):
    """The model, the encoder's throw-away heads, and one forward for every stage: which inputs there are says what is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.net = LlavaForConditionalGeneration(architecture())
        dense.look_near(self.net.model.vision_tower)
        self.heads = dense.Heads(self.net.config.vision_config.hidden_size, PATCH * PATCH)

    def forward(
        self, patches: dict[str, Tensor] | None = None, rows: tuple[dict[str, Tensor], ...] = (), pixels: Tensor | None = None
    ) -> dict[str, Tensor]:
        """pixels and what their patches show: the encoder's heads; rows, with pixels or told in words: the answers."""
        device = self.net.lm_head.weight.device
        if patches is not None:
            patches = {name: part.to(device) for name, part in patches.items()}
            layers = self.net.model.vision_tower(pixel_values=pixels, output_hidden_states=True).hidden_states
            return dict(self.heads(*(layers[place][:, 1:] for place in (2, 3, -1)), patches))
        parts = [self._answers({name: part.to(device) for name, part in row.items()}) for row in rows]
        total = sum(part["loss"] * part["n"] for part in parts) / sum(part["n"] for part in parts)
        return {"loss": total} | {name: value for part in parts for name, value in part.items() if name not in ("loss", "n")}

    def features(self, pixels: Tensor) -> Tensor:
        """What leaves the encoder, one vector a patch, (B, N, D)."""
        return self.net.model.vision_tower(pixel_values=pixels, output_hidden_states=True).hidden_states[-1][:, 1:]

    def _answers(self, row: dict[str, Tensor]) -> dict[str, Tensor]:
        model = self.net.model
        words = model.language_model.embed_tokens(row["ids"])
        if "pixels" in row:
            with torch.no_grad():
                features = self.features(row["pixels"])
            seen = model.multi_modal_projector(features)
            words = torch.cat((words[:, :1], seen, words[:, 1 + seen.shape[1] :]), dim=1)
        hidden = model.language_model(
            inputs_embeds=words, attention_mask=row["mask"], position_ids=row["positions"], use_cache=False
        ).last_hidden_state
        wanted = row["labels"][:, 1:] != talk.IGNORE
        logits, labels, kinds = self.net.lm_head(hidden[:, :-1][wanted]), row["labels"][:, 1:][wanted], row["kinds"][:, 1:][wanted]
        # a description has thirty words and an END is never in doubt: left alone they would drown the one word of an answer
        weight = torch.where(kinds < 0, 0.1, torch.where(kinds == talk.FAMILIES.index("describe"), 0.2, 1.0))
        loss = (nn.functional.cross_entropy(logits, labels, reduction="none") * weight).sum() / weight.sum()
        right = (logits.argmax(-1) == labels).float()
        told = {name: right[kinds == place].mean() for place, name in enumerate(talk.FAMILIES) if bool((kinds == place).any())}
        return {"loss": loss, "n": weight.sum(), **told}


class Recipe:
    name = "shapevlm"

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = (
            Stage("encoder", 4500, 16, 1.5e-3, warmup=100, ema=0.998),
            Stage("letters", 2400, 16, 1.2e-3, ema=0.998),
            Stage("small", 2000, 16, 1e-3, ema=0.998),
            Stage("large", 1500, 16, 1e-3, ema=0.998),
            Stage("text", 600, 16, 1.5e-3, ema=0.99),
            Stage("connector", 200, 16, 2e-3, warmup=20),
            Stage("together", 2000, 16, 1.5e-3, ema=0.998),
            Stage("further", 2500, 16, 1.2e-3, ema=0.998),
            Stage("all", 1600, 16, 1.2e-3, ema=0.998),
            Stage("sides", 1500, 16, 1.2e-3, ema=0.998),
            Stage("mixed", 1500, 16, 1e-3, ema=0.998),
            Stage("numbers", 1000, 16, 8e-4, floor=0.02, ema=0.998),
        )
        return full if preset == "full" else tuple(replace(stage.quick(4), batch=8, lr=6e-4) for stage in full)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Talker()

    def enter(self, model: nn.Module, stage: Stage) -> None:
        net = model.net.model
        model.requires_grad_(False)
        if stage.name in SHOWN:
            net.vision_tower.requires_grad_(True)
            net.vision_tower.post_layernorm.requires_grad_(False)  # of the pooled vector, which nothing reads
            model.heads.requires_grad_(True)
        if stage.name == "connector":  # a resumed run loads its own after this
            dense.begin_from_heads(net.multi_modal_projector.linear_1, model.heads.read)
        if stage.name == "sides":
            dense.carry_places(net.multi_modal_projector, model.heads.read)
        if stage.name in ANSWERING:
            net.multi_modal_projector.requires_grad_(True)
        if stage.name == "text" or stage.name in ANSWERING[1:]:
            net.language_model.requires_grad_(True)
            model.net.lm_head.requires_grad_(True)

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        ease, rng = max(0.0, 1 - 4 * step / stage.steps), draw.random
        if stage.name in SHOWN:
            first, second = SHOWN[stage.name]
            drawn = questions.scenes(rng, first if 2 * step < stage.steps else second, size, ease if stage.name == "encoder" else 0.0)
            geometry = dense.geometry(pixels_of([dense.bare(scene) for scene in drawn]), PATCH)
            return {"pixels": pixels_of(drawn), "patches": {**geometry, **dense.targets_of(drawn, PATCHES)}}
        if stage.name == "text":
            groups = questions.scenes(rng, MANY, size * 5 // 8, ease), questions.scenes(rng, FEW, size // 2, ease)
            return {"rows": tuple(self._told(group, rng) for group in groups)}
        early = 10 * step < 3 * stage.steps
        first, later = SHARES[stage.name]
        many = questions.scenes(rng, first if early else later, size * 5 // 8, ease)
        few = questions.scenes(rng, SMALL, size // 2, ease)
        if early and stage.name == "together":
            asked = [questions.named(scene, rng, QUESTIONS) for scene in many]
        elif stage.name == "further":  # which side a thing is on comes before which of two things is on which side
            asked = [questions.placed(scene, rng, QUESTIONS, sides=early) for scene in many]
        elif stage.name == "sides":
            kept = ("count", "exist")
            asked = [
                questions.questions(scene, rng, QUESTIONS, told=False)
                if scene["truth"]["family"] in kept
                else questions.across(scene, rng, QUESTIONS, pairs=not early)
                for scene in many
            ]
        elif stage.name in ("all", "mixed", "numbers"):
            numbers = ("count", "relation")
            asked = [
                questions.placed(scene, rng, QUESTIONS, sides=False)
                if scene["truth"]["family"] in numbers and rng.random() < 0.6
                else questions.questions(scene, rng, QUESTIONS, told=False)
                for scene in many
            ]
        else:
            told = stage.name == "connector" or rng.random() < 0.3  # descriptions are long: not in every step
            asked = [questions.questions(scene, rng, QUESTIONS, True, told) for scene in many]
        return {"rows": (_shown(many, asked), _shown(few, [questions.questions(scene, rng, 2, told=False) for scene in few]))}

    def _told(self, scenes: list[Scene], rng: Random) -> dict[str, Tensor]:
        asked = [questions.questions(scene, rng, QUESTIONS) for scene in scenes]
        return talk.rows(asked, [[talk.SPECIAL[talk.START], *talk.words_of(questions.told(scene, rng))] for scene in scenes])

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        if last or stage.name == "connector":
            folder = directory / ("shapevlm" if last else "shapevlm-stage-connector")
            model.net.save_pretrained(folder)
            talk.save_processor(folder, SIDE, PATCH)

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        return measure_vlm(directory, seed, n)


def _shown(scenes: list[Scene], asked: list[list[Question]]) -> dict[str, Tensor]:
    return {"pixels": pixels_of(scenes), **talk.rows(asked, [PREFIX] * len(scenes))}


RECIPE = Recipe()
