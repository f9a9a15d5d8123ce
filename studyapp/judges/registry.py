"""The judges by their spec: `default`, `embed:<dir>`, `openai:<url>#<model>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studyapp.errors import BadInput
from studyapp.judges.contract import DEFAULT, Judge, Offline
from studyapp.workers.endpoint import base_address
from studyapp.workers.pool import Workers

FORMS = "default, embed:<dir> or openai:<url>#<model>"


@dataclass(frozen=True, slots=True)
class Spec:
    """`target`: the directory, or the base address without a slash at its end."""

    kind: Literal["default", "embed", "openai"]
    target: str = ""
    model: str = ""

    @property
    def name(self) -> str:
        """As it is shown on the result."""
        if self.kind == "openai":
            return f"openai:{self.target}#{self.model}"
        return f"embed:{self.target}" if self.kind == "embed" else DEFAULT


def parse(text: str) -> Spec:
    """Read a spec. Raises BadInput in a line that names the forms and repeats nothing of the text, for a key may stand in it."""
    text = text.strip()
    kind, _, target = text.partition(":")
    if text == DEFAULT:
        return Spec("default")
    if not text.isprintable():
        raise BadInput(f"judge: a character that cannot be printed; give {FORMS}")
    if kind == "embed":
        if not target.strip():
            raise BadInput("judge: name the model's directory: embed:<dir>, such as embed:~/models/sentences")
        return Spec("embed", target.strip())
    if kind == "openai":
        url, _, model = target.partition("#")
        return Spec("openai", _base(url.strip()), _model(model.strip()))
    raise BadInput(f"judge: give {FORMS}")


def resolve(text: str, workers: Workers) -> Judge:
    """The judge of a spec; BadInput where it is none. What is missing (a directory, a server) shows when it is asked."""
    spec = parse(text)
    if spec.kind == "embed":
        from studyapp.judges.embed import EmbedJudge

        return EmbedJudge(spec, workers)
    if spec.kind == "openai":
        from studyapp.judges.openai import OpenAIJudge

        return OpenAIJudge(spec)
    return Offline()


_WRITE = "write openai:<url>#<model>, such as openai:http://127.0.0.1:8000/v1#my-model"


def _base(url: str) -> str:
    try:
        return base_address(url, "STUDYAPP_JUDGE_KEY")
    except ValueError as error:
        raise BadInput(f"judge: {error}; {_WRITE}") from None


def _model(model: str) -> str:
    if not model:
        raise BadInput(f"judge: name the model after a #: {_WRITE}")
    return model
