"""`studyapp help TOPIC`: the grade table, the forms of answers, the judges of free text, the exit codes."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example

ANSWERS = """\
How to write VALUE in `studyapp answer ITEM --answer VALUE`, and values in a lab's answers file:
  number         196, 14*14, 2.4k, 1e-3, 50%, 196 patches
  choice         "b"                      the option's id
  order, multi   ["split", "flatten"]     ids, in order where order matters
  list           ["linear", "mlp"]        what you would type, one for each slot
  match          {"mlp": "keeps count"}
  shape          [2, 163, 192]
  interval       [0.4, 0.6]
  true or false  true, or {"value": false, "repair": "..."}
  text           as it is
  code           {"source": "..."}
In a lab's answers file: {"q1": 196, "q2": {"value": "b", "confidence": 80, "reason": "a"}}; a missing id is skipped."""

JUDGES = """\
Who grades free text: `studyapp grade --judge JUDGE`; in the app the setting: `studyapp config set judge JUDGE`.
  default               the app's own grader: offline, without a model, at once
  embed:<dir>           the same, helped by a sentence-embedding model in a local directory (as save_pretrained writes it, or in the
                        sentence-transformers layout; safetensors only). It runs in a process of its own and needs the lab runtime.
  openai:<url>#<model>  an OpenAI-compatible endpoint, such as openai:http://127.0.0.1:8000/v1#my-model. It is sent the question, its key
                        points and what you wrote. The key comes from STUDYAPP_JUDGE_KEY, or from OPENAI_API_KEY, which goes out over
                        https or to this machine only; it is stored nowhere.
An endpoint is believed as far as its quotes stand in your answer, and the verdict is made by the app's own rule. Where a judge is not
there, is late or makes no sense, the default grades, and a notice says why. You have the last word in any case."""

CODES = """\
Exit codes: 0 ok · 1 answered wrong, or a check failed · 2 bad use or bad input · 3 environment (no database, disk full,
torch missing, a lab that failed) · 4 void (the lab could not judge) · 130 cancelled"""


@click.command(epilog=example("studyapp help grades"))
@click.argument("topic", type=click.Choice(["grades", "answers", "judges", "codes"]), required=False)
@common_options
def command(place: Place, topic: str | None) -> None:
    """The grade table, the forms of answers, the judges of free text, the exit codes."""
    topics = {"grades": _grades(), "answers": ANSWERS, "judges": JUDGES, "codes": CODES}
    if topic is None:
        place.emit({"topics": list(topics)}, "studyapp help grades | answers | judges | codes; studyapp COMMAND --help; ? in the app")
        return
    text = topics[topic]
    place.emit({"topic": topic, "text": text}, text)


def _grades() -> str:
    from studyapp.study.rating import TABLE

    width = max(len(case) for case, _ in TABLE)
    return "\n".join(f"{case:<{width}}  {rating}" for case, rating in TABLE)
