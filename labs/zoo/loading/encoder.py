"""Features of single pictures, for what compares frames: the judge's probabilities, or the pooled vector of an image encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from labs.zoo.loading.judge import judge
from labs.zoo.loading.shared import LOCAL, WEIGHTS_ONLY, Array, parts, told
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef


@dataclass(frozen=True)
class Encoder:
    """`vectors(pictures)` gives (N, D) float32."""

    vectors: Callable[[Sequence[Array]], Array]
    say: str


def encoder(backend: BackendRef) -> Encoder:
    """Of `tiny` the judge's 14 probabilities, of `hf` the pooled vector. Raises EnvironmentProblem."""
    if backend.kind == "tiny":
        return Encoder(_probabilities, f"the 14 probabilities of {judge().say}")
    return _directory(backend.name, backend.target)


def _probabilities(pictures: Sequence[Array]) -> Array:
    import numpy as np

    return np.concatenate(judge().read(pictures), axis=1)


@lru_cache(maxsize=1)
def _directory(name: str, target: str) -> Encoder:
    import torch
    from transformers import AutoImageProcessor, AutoModel

    with told(BackendRef(kind="hf", name=name, target=target)):
        model = AutoModel.from_pretrained(target, dtype=torch.float32, **WEIGHTS_ONLY).eval().requires_grad_(False)
        processor = AutoImageProcessor.from_pretrained(target, **LOCAL)
    embed = getattr(model, "get_image_features", model)

    def vectors(pictures: Sequence[Array]) -> Array:
        made = []
        with torch.inference_mode():
            for part in parts(pictures):
                pixels = processor(images=list(part), return_tensors="pt")["pixel_values"]
                found = embed(pixel_values=pixels)
                pooled = found if isinstance(found, torch.Tensor) else getattr(found, "pooler_output", None)
                made.append((found.last_hidden_state[:, 0] if pooled is None else pooled).flatten(1).float())
        return torch.cat(made).numpy()

    try:
        import numpy as np

        vectors([np.zeros((64, 64, 3), np.uint8)])
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise EnvironmentProblem(f"--backend {name}: {type(model).__name__} gives no vector for a picture: {text[:160]}") from error
    return Encoder(vectors, f"{type(model).__name__} from {target}")
