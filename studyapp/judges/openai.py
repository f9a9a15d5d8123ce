"""A judge behind any OpenAI-compatible endpoint: it is asked for verdicts with quotes, and believed as far as the quotes hold."""

from __future__ import annotations

from typing import Any

from studyapp.judges.contract import NoVerdict, offline
from studyapp.judges.prompt import MAX_ANSWER, body
from studyapp.judges.registry import Spec
from studyapp.judges.reply import graded, read_reply
from studyapp.study.grading.free.contract import Graded, Question
from studyapp.workers.endpoint import Endpoint, NoReply

OWN_KEY = "STUDYAPP_JUDGE_KEY"
LIMIT_S = 60.0  # of one answer, all attempts together
SLACK_S = 5.0  # for what is done here, so that a late server is named as such


class OpenAIJudge:
    """`openai:<url>#<model>`. What is sent: the question with its rubric, and the answer."""

    def __init__(self, spec: Spec, limit_s: float = LIMIT_S) -> None:
        self.name = spec.name
        self.limit_s = limit_s + SLACK_S
        self._model = spec.model
        self._endpoint = Endpoint(spec.target, limit_s, OWN_KEY)

    def __call__(self, question: Question, answer: str) -> Graded:
        default = offline(question, answer)
        if not answer.strip():  # nothing to send
            return default
        text = self._said(body(question, answer, self._model))
        return graded(read_reply(text, len(question.points), len(question.anti)), question, answer[:MAX_ANSWER], default)

    def _said(self, request: dict[str, Any]) -> str:
        """The text of the reply, where it is a whole one. Raises NoVerdict."""
        try:
            reply = self._endpoint.exchange(request)
        except NoReply as error:
            raise NoVerdict(str(error), error.down) from None
        if reply.refused:
            raise NoVerdict("the model refuses to judge this answer")
        if reply.cut:
            raise NoVerdict("its reply was cut off at the length limit")
        if not reply.text.strip():
            raise NoVerdict("its reply is empty")
        return reply.text

    def warm(self) -> None:
        return

    def close(self) -> None:
        self._endpoint.close()
