"""What a lab is to ask, on which backend, and what a run of it would cost: all that is known before anything runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.api.lab_exports import recording_of
from studyapp.api.lab_reports import RUNTIME_COMMAND
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.store import settings_store

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.api import Lab, Plan
    from studyapp.labkit.cost import Cost
    from studyapp.labkit.recordings import Recording

REPLAY = "replay:"


class Planned(NamedTuple):
    """A lab, where it can be imported from, its plan of a seed, and the recording that the plan goes by (of the backend replay)."""

    ref: str
    lab: Lab
    plan: Plan
    recording: Recording | None = None


def make_plan(
    lab: str, seed: int | None, backend: str | None, level: int = 1, download: bool = False, study: Study | None = None
) -> Planned:
    """The plan of a seed; BadInput for an unknown lab or backend. Only on a recording, for which the study is needed, the seed may be
    left out: then it is the recorded one."""
    from studyapp.labkit.backends import parse_backend, resolve
    from studyapp.labkit.discover import entry, load

    found = load(lab)
    if backend is not None and parse_backend(backend).kind == "replay":
        from studyapp.labkit.recordings import replay_plan

        assert study is not None
        recording = recording_of(study, parse_backend(backend).target)
        return Planned(entry(lab).ref, found, replay_plan(found, recording, seed), recording)
    if seed is None:
        raise BadInput("--seed is missing: it decides the numbers (any whole number; only a recording brings its own)")
    name = backend or next((kind for kind in ("tiny", "none") if kind in found.backends), found.backends[0])
    return Planned(entry(lab).ref, found, found.plan(seed, resolve(name, found.backends, lab, download), level))


def plan_document(
    study: Study | None, lab: str, seed: int | None, backend: str | None, level: int = 1, download: bool = False
) -> dict[str, Any]:
    """`lab plan`: the questions and no truth; on an endpoint also what a run would cost. Only `needs_study` backends need the study."""
    planned = make_plan(lab, seed, backend, level, download, study)
    document = planned.plan.public()
    cost = cost_of_run(planned, limit_of(study)) if study is not None else None
    return document if cost is None else {**document, "cost": cost.as_json()}


def needs_study(backend: str | None) -> bool:
    """Whether a plan on this backend needs what is stored: recordings, and the limit of calls."""
    return (backend or "").strip().startswith((REPLAY, "openai:"))


def cost_of_run(planned: Planned, limit: int | None, spent: tuple[int, int, int] = (0, 0, 0)) -> Cost | None:
    """What a run would ask of an endpoint; None on other backends."""
    from studyapp.labkit.cost import cost_of

    return cost_of(planned.lab, planned.plan, limit, spent)


def limit_of(study: Study, max_calls: int | None = None) -> int:
    """Calls that a run may make: what was asked for, or the setting."""
    return int(settings_store.get(study.conn, "lab_max_calls")) if max_calls is None else max_calls


def must_have_runtime(plan: Plan, backends: Iterable[str]) -> None:
    """EnvironmentProblem where the model of a run could not be loaded: better now than after the answers are given."""
    from studyapp.labkit.discover import missing_runtime

    missing = missing_runtime() if plan.backend.kind in ("tiny", "hf") else ()
    if missing:
        without = ", or play what needs no model with --backend none" if "none" in backends else ""
        raise EnvironmentProblem(
            f"lab {plan.lab} on {plan.backend.name} needs {', '.join(missing)}, not installed here: add the runtime with"
            f" {RUNTIME_COMMAND}{without}"
        )
