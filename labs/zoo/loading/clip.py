"""Two towers that put pictures and texts into one space: the zoo's CLIPs, or a CLIP or SigLIP directory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from labs.zoo.loading.shared import LOCAL, WEIGHTS_ONLY, Array, Tensor, parts, shipped, tensor, told
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef


class Clip:
    """`scale` multiplies cosines before the softmax (or, with `bias` added, the sigmoid of a SigLIP: `sigmoid`)."""

    def __init__(self, model: Any, words: Any, processor: Any, say: str) -> None:
        self._model, self._words, self._processor = model.eval().requires_grad_(False), words, processor
        self.scale = float(model.logit_scale.exp())
        self.sigmoid = hasattr(model, "logit_bias")
        self.bias = float(model.logit_bias) if self.sigmoid else 0.0
        vision = model.config.vision_config
        self.side, self.patch = int(vision.image_size), int(vision.patch_size)
        self.say = say

    def untrained(self, seed: int) -> Clip:
        """The same two towers with the random weights of a seed: the control of every readout."""
        import torch

        torch.manual_seed(seed)
        return Clip(
            type(self._model)(self._model.config), self._words, self._processor, f"the same encoder with random weights of seed {seed}"
        )

    def image_vectors(self, pictures: Sequence[Array]) -> Array:
        """Unit vectors (N, D), float32."""
        import torch

        with torch.inference_mode():
            made = [self._model.get_image_features(pixel_values=self._pixels(part)) for part in parts(pictures)]
            return _unit([getattr(one, "pooler_output", one) for one in made])

    def text_vectors(self, texts: Sequence[str]) -> Array:
        """Unit vectors (N, D), float32."""
        import torch

        longest = self._model.config.text_config.max_position_embeddings
        padding = "max_length" if self.sigmoid else True  # SigLIP was trained on texts filled up to its full length
        with torch.inference_mode():
            made = []
            for part in parts(texts):
                tokens = self._words(list(part), padding=padding, truncation=True, max_length=longest, return_tensors="pt")
                kept = {name: tokens[name] for name in ("input_ids", "attention_mask") if name in tokens}
                made.append(self._model.get_text_features(**kept))
            return _unit([getattr(one, "pooler_output", one) for one in made])

    def patch_tokens(self, pictures: Sequence[Array]) -> Array:
        """The encoder features of the patches, (N, P, D), without [CLS]."""
        import torch

        with torch.inference_mode():
            made = [self._model.vision_model(pixel_values=self._pixels(part)).last_hidden_state for part in parts(pictures)]
            return self._patches(torch.cat(made))

    def both(self, pictures: Sequence[Array]) -> tuple[Array, Array]:
        """`image_vectors` and `patch_tokens` in one pass, for models whose image features come with them (CLIP and SigLIP)."""
        import torch

        with torch.inference_mode():
            made = [self._model.get_image_features(pixel_values=self._pixels(part)) for part in parts(pictures)]
            return _unit([one.pooler_output for one in made]), self._patches(torch.cat([one.last_hidden_state for one in made]))

    def _patches(self, features: Tensor) -> Array:
        kept: Array = features[:, features.shape[1] - (self.side // self.patch) ** 2 :].float().numpy()
        return kept

    def _pixels(self, pictures: Sequence[Array]) -> Tensor:
        if self._processor is None:
            return tensor(pictures)
        return self._processor(images=list(pictures), return_tensors="pt")["pixel_values"]


@lru_cache(maxsize=3)
def _tiny(name: str) -> Clip:
    from labs.zoo.recipes.shapeclip import load

    model, words = load(shipped(name))
    return Clip(model, words, None, f"{name} of the zoo, a CLIPModel of {sum(weight.numel() for weight in model.parameters()):,} weights")


def clip(backend: BackendRef, name: str = "shapeclip") -> Clip:
    """The model of a backend; `name` says which of the zoo's on `tiny`. Raises EnvironmentProblem."""
    return _tiny(name) if backend.kind == "tiny" else _directory(backend.name, backend.target)


@lru_cache(maxsize=1)
def _directory(name: str, target: str) -> Clip:
    import torch
    from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

    with told(BackendRef(kind="hf", name=name, target=target)):
        model = AutoModel.from_pretrained(target, dtype=torch.float32, **WEIGHTS_ONLY)
        if not (hasattr(model, "get_image_features") and hasattr(model, "get_text_features") and hasattr(model, "logit_scale")):
            raise EnvironmentProblem(f"--backend {name}: {type(model).__name__} is no CLIP or SigLIP with an image and a text tower")
        words, processor = AutoTokenizer.from_pretrained(target, **LOCAL), AutoImageProcessor.from_pretrained(target, **LOCAL)
    return Clip(model, words, processor, f"{type(model).__name__} from {target}")


def _unit(made: Sequence[Tensor]) -> Array:
    import torch

    return torch.nn.functional.normalize(torch.cat(list(made)).float(), dim=-1).numpy()
