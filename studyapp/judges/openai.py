"""A judge behind any OpenAI-compatible endpoint: it is asked for verdicts with quotes, and believed as far as the quotes hold."""

from __future__ import annotations

from studyapp.judges.contract import offline
from studyapp.judges.endpoint import Endpoint
from studyapp.judges.prompt import MAX_ANSWER, body
from studyapp.judges.registry import Spec
from studyapp.judges.reply import graded, read_reply
from studyapp.study.grading.free.contract import Graded, Question

LIMIT_S = 60.0  # of one answer, all attempts together
SLACK_S = 5.0  # for what is done here, so that a late server is named as such


class OpenAIJudge:
    """`openai:<url>#<model>`. What is sent: the question with its rubric, and the answer."""

    def __init__(self, spec: Spec, limit_s: float = LIMIT_S) -> None:
        self.name = spec.name
        self.limit_s = limit_s + SLACK_S
        self._model = spec.model
        self._endpoint = Endpoint(spec.target, limit_s)

    def __call__(self, question: Question, answer: str) -> Graded:
        default = offline(question, answer)
        if not answer.strip():  # nothing to send
            return default
        text = self._endpoint.chat(body(question, answer, self._model))
        return graded(read_reply(text, len(question.points), len(question.anti)), question, answer[:MAX_ANSWER], default)

    def warm(self) -> None:
        return

    def close(self) -> None:
        self._endpoint.close()
