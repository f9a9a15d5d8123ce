"""`choice`: the ids of the options that were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome, Trap


def judge_choice(body: Mapping[str, Any], value: Any) -> Judgement:
    """`value`: an option's id, or a list of ids where several are right. What the chosen option says is said."""
    options = {option["id"]: option for option in body["options"]}
    chosen = chosen_ids(body, value)
    right = {name for name, option in options.items() if option.get("right")}
    wrong = next((name for name in chosen if name not in right), None)
    if wrong is None and set(chosen) == right:
        return Judgement(Outcome.RIGHT, 1.0, say=" ".join(options[n].get("say") or "" for n in chosen).strip())
    score = max(0, len(right & set(chosen)) - len(set(chosen) - right)) / len(right)
    if wrong is None:  # only right ones, but not all
        return Judgement(Outcome.PARTIAL if chosen else Outcome.WRONG, score, say="There are more right ones.")
    say = options[wrong].get("say") or ""
    concept = options[wrong].get("concept")
    outcome = Outcome.PARTIAL if score > 0 else Outcome.WRONG
    return Judgement(outcome, score, Trap(concept, say) if concept else None, say)


def chosen_ids(body: Mapping[str, Any], value: Any) -> list[str]:
    """The ids in `value`, each known and named once; raises BadInput."""
    ids = [option["id"] for option in body["options"]]
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(entry, str) for entry in given):
        raise BadInput(f"the answer must be the id of an option: {', '.join(ids)}")
    by_name = {name.casefold(): name for name in ids}
    chosen = []
    for entry in given:
        name = by_name.get(entry.strip().casefold())
        if name is None:
            raise BadInput(f"{entry!r} is not an option; the options are {', '.join(ids)}")
        if name not in chosen:
            chosen.append(name)
    return chosen
