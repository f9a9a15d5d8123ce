"""`studyapp help TOPIC`: the grade table, the forms of answers, the judges of free text, the backends of labs, the exit codes."""

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
In a lab's answers file: {"q1": 196, "q2": {"value": "b", "confidence": 80, "reason": "a"}}; a missing id is skipped. Times may stand
there too: "seconds" of the whole answer, "item_seconds" {part id: seconds} of its parts."""

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

BACKENDS = """\
What a lab runs on: `studyapp lab run LAB --seed S --backend BACKEND`; a lab's results name it, and results of different
backends are never taken together. Each lab says which of these it can use; every lab can be replayed.
  none                  arithmetic alone: no model, no lab runtime
  tiny                  the small models that come with the labs
  hf:<dir or id>        a model directory as save_pretrained writes it: local files only, unless you say --download for the id of a hub
                        model; safetensors only, and no code of the model's own is run
  openai:<url>#<model>  an OpenAI-compatible endpoint that reads pictures, such as openai:http://127.0.0.1:8000/v1#my-model. Before the
                        first call you are told how many there will be, how large the pictures are and about how many tokens that is;
                        --max-calls N (or the setting lab_max_calls) stops a run before more, with exit code 3, and
                        `studyapp lab answer RUN --max-calls M` goes on. Replies are kept in the data folder by the content of what was
                        asked, so nothing is paid for twice. The key comes from STUDYAPP_LAB_KEY, or from OPENAI_API_KEY, which goes out
                        over https or to this machine only; it is stored nowhere.
  replay:<run or file>  the facts, pictures and replies of a run of yours, or of a file from `studyapp lab export RUN --json`, also someone
                        else's. No model is started; the seed is the recorded one, or another where the lab has other questions. Code
                        tasks are left out.
  human                 you answer in the model's place, timed"""

SURE_MISS = """\
How sure you are never changes a grade. But what you missed and were sure of ({sure}% or more) comes before everything else in the
next session, and again about a week later as two answers to be told apart; right there, it moves no date unless the card is due."""

CODES = """\
Exit codes: 0 ok · 1 answered wrong, or a check failed · 2 bad use or bad input · 3 environment (no database, disk full,
torch missing, a lab that failed) · 4 void (the lab could not judge) · 130 cancelled"""


@click.command(epilog=example("studyapp help grades"))
@click.argument("topic", type=click.Choice(["grades", "answers", "judges", "backends", "codes"]), required=False)
@common_options
def command(place: Place, topic: str | None) -> None:
    """The grade table, the forms of answers, the judges of free text, the backends of labs, the exit codes."""
    topics = {"grades": _grades(), "answers": ANSWERS, "judges": JUDGES, "backends": BACKENDS, "codes": CODES}
    if topic is None:
        place.emit(
            {"topics": list(topics)}, "studyapp help grades | answers | judges | backends | codes; studyapp COMMAND --help; ? in the app"
        )
        return
    text = topics[topic]
    place.emit({"topic": topic, "text": text}, text)


def _grades() -> str:
    from studyapp.study.rating import SURE, TABLE

    width = max(len(case) for case, _ in TABLE)
    lines = [f"{case:<{width}}  {rating}" for case, rating in TABLE]
    return "\n".join([*lines, "", SURE_MISS.format(sure=SURE)])
