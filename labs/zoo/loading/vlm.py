"""Models that answer a question about a picture: the zoo's shapevlm, or any image-text-to-text directory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from labs.zoo.loading.shared import LOCAL, WEIGHTS_ONLY, Array, shipped, tensor
from labs.zoo.loading.shared import told as one_line
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef


@dataclass(frozen=True)
class Vlm:
    """`answers(pictures, questions, limit_tokens)`: the most likely answer, greedily, one a pair. shapevlm answers one word to its own
    questions (labs/scenes/questions.py) about pictures of `side` x `side`; `side` is 0 where any size will do."""

    answers: Callable[[Sequence[Array], Sequence[str], int], list[str]]
    side: int
    say: str


def vlm(backend: BackendRef) -> Vlm:
    """The model of a backend. Raises EnvironmentProblem."""
    return _tiny() if backend.kind == "tiny" else _directory(backend.name, backend.target)


@lru_cache(maxsize=1)
def _tiny() -> Vlm:
    from labs.scenes.questions import Question
    from labs.zoo.measure_vlm import SIDE, load
    from labs.zoo.measure_vlm import answers as first_words

    model = load(shipped("shapevlm"))

    def answers(pictures: Sequence[Array], questions: Sequence[str], limit_tokens: int = 1) -> list[str]:
        told: list[str] = first_words(model, tensor(pictures), [Question("asked", text, "") for text in questions])
        return told

    return Vlm(answers, SIDE, f"shapevlm of the zoo, a LLaVA of {sum(weight.numel() for weight in model.parameters()):,} weights")


@lru_cache(maxsize=1)
def _directory(name: str, target: str) -> Vlm:
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    with one_line(BackendRef(kind="hf", name=name, target=target)):
        model = AutoModelForImageTextToText.from_pretrained(target, dtype=torch.float32, **WEIGHTS_ONLY).eval().requires_grad_(False)
        processor: Any = AutoProcessor.from_pretrained(target, **LOCAL)
        if not hasattr(processor, "image_processor"):
            raise EnvironmentProblem(f"--backend {name}: its directory has no processor for pictures and text together")

    def answers(pictures: Sequence[Array], questions: Sequence[str], limit_tokens: int = 12) -> list[str]:
        said = []
        with torch.inference_mode():
            for picture, text in zip(pictures, questions, strict=True):
                given = processor(images=[picture], text=[_prompt(processor, text)], return_tensors="pt")
                made = model.generate(**given, max_new_tokens=limit_tokens, do_sample=False)
                said.append(processor.batch_decode(made[:, given["input_ids"].shape[1] :], skip_special_tokens=True)[0].strip())
        return said

    return Vlm(answers, 0, f"{type(model).__name__} from {target}")


def _prompt(processor: Any, text: str) -> str:
    """As the model's own template has it; where there is none, the picture's token and the question."""
    if getattr(processor, "chat_template", None):
        asked = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}]
        made: str = processor.apply_chat_template(asked, add_generation_prompt=True)
        return made
    return f"{getattr(processor, 'image_token', '<image>')} {text}"
