"""A recorded run as a backend: its own facts, pictures and transcript decide, and no model is asked or started.

A recording is what `studyapp lab export RUN --json` prints, from this data folder or from anyone's: everything in it is checked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, Event, Fact, Frozen, Json, Lab, Picture, Plan, Progress, Question
from studyapp.labkit.asking import Exchange
from studyapp.labkit.picture_files import keep_png

FILE = "recording.json"  # in the folder of a run that replays it
MAX_PICTURES = 100_000_000  # bytes of base64, all together


class RecordedPicture(Frozen):
    """A picture with the bytes of its PNG files in base64."""

    key: str
    alt: str
    grid: tuple[str, ...] = ()
    png: tuple[str, ...] = ()


class Recording(Frozen):
    """One run: `backend` is what it ran on, `plan` what it asked. `transcript` holds rows of asking.Exchange. A recording of a replay
    names the run and the backend that were recorded first."""

    run: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")
    lab: str
    backend: str
    plan: Plan
    facts: dict[str, Json]
    pictures: tuple[RecordedPicture, ...] = ()
    transcript: tuple[dict[str, Json], ...] = ()

    def exchanges(self) -> list[Exchange]:
        return [Exchange.of(row) for row in self.transcript]

    def knows(self, keys: Collection[str]) -> bool:
        """Whether it holds all these facts and pictures."""
        return set(keys) <= self.facts.keys() | {picture.key for picture in self.pictures}

    def can_decide(self, question: Question) -> bool:
        """Whether it can show what the question needs and decide it; code is nobody's but the learner's, so no recording decides it.
        What the run itself asked was decided in it or not; another question may be decided by the transcript."""
        own = any(question.id == asked.id and question.decided_by == asked.decided_by for asked in self.plan.questions)
        known = self.knows({*question.needs, *question.decided_by})
        return question.kind != "code" and (known or (bool(self.transcript) and not own))


def read_recording(document: Any, where: str) -> Recording:
    """A recording from an exported document; BadInput in a line that begins with `where`."""
    if not isinstance(document, Mapping) or "plan" not in document or "facts" not in document:
        raise BadInput(f"{where}: not an exported lab run (make one with: studyapp lab export RUN --json > run.json)")
    if document["plan"] is None:
        raise BadInput(f"{where}: it has no stored plan, so it cannot be played or judged again")
    fields: dict[str, Any] = {name: document[name] for name in ("run", "lab", "backend", "plan", "facts") if name in document}
    fields |= {name: document[first] for name, first in (("run", "recorded"), ("backend", "origin")) if document.get(first)}
    pictures = [{k: v for k, v in row.items() if k in RecordedPicture.model_fields} for row in _rows(document, "pictures", where)]
    try:
        found = Recording.model_validate({**fields, "pictures": pictures, "transcript": _rows(document, "transcript", where)})
        found.exchanges()
        if sum(len(data) for picture in found.pictures for data in picture.png) > MAX_PICTURES:
            raise ValueError("its pictures are too large")
        for picture in found.pictures:
            _pngs(picture)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"][:4])
        raise BadInput(f"{where}: not an exported lab run: {at}: {first['msg'].lower()}") from None
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from None
    return found


def replay_plan(lab: Lab, recording: Recording, seed: int | None) -> Plan:
    """What is asked over a recording: its own questions, or those of another seed where the lab can ask others over the same facts.
    Questions that the recording cannot decide are left out."""
    plan = recording.plan
    if plan.lab != lab.id:
        raise BadInput(f"run {recording.run} is of the lab {plan.lab}, not of {lab.id}")
    if plan.version != lab.version:
        raise BadInput(f"run {recording.run} is of version {plan.version} of {plan.lab}; this is {lab.version}: play a new one")
    if seed is not None and seed != plan.seed:
        other = getattr(lab, "replay_plan", None)
        if other is None:
            raise BadInput(f"run {recording.run} is of seed {plan.seed}, and {lab.id} has no other questions over it; leave --seed out")
        plan = other(plan, recording.facts, seed)
    questions = tuple(question for question in plan.questions if recording.can_decide(question))
    if not questions:
        raise BadInput(f"run {recording.run} holds nothing that decides a question: it was not played far enough")
    return plan.model_copy(update={"backend": reference(recording), "questions": questions})


def reference(recording: Recording) -> BackendRef:
    """The backend of a replay; its name is that of the recorded run, wherever that came from. `info` is what the recorded backend said
    of its files, and under "recorded" which one it was."""
    before = recording.plan.backend
    recorded = before.info.get("recorded") or {"run": recording.run, "backend": recording.backend, "kind": before.kind}
    info = {**before.info, "recorded": recorded}
    return BackendRef(kind="replay", name=f"replay:{recording.run}", target=recording.run, model=before.model, info=info)


def replayed(recording: Recording, keys: Collection[str], folder: Path) -> Iterator[Event]:
    """The recorded facts and pictures of these keys, as a run tells them; picture files are written into the folder."""
    yield Progress(done=0, say=f"from the recorded run {recording.run}")
    for key in sorted(set(keys) & recording.facts.keys()):
        yield Fact(key=key, value=recording.facts[key])
    for picture in recording.pictures:
        if picture.key in keys:
            files = tuple(keep_png(png, folder) for png in _pngs(picture))
            yield Picture(key=picture.key, alt=picture.alt, grid=picture.grid, files=files)
    yield Progress(done=1, say="done")


def _pngs(picture: RecordedPicture) -> list[bytes]:
    try:
        return [base64.b64decode(data, validate=True) for data in picture.png]
    except (binascii.Error, ValueError):
        raise ValueError(f"pictures: {picture.key}: not base64") from None


def _rows(document: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    rows = document.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{where}: not an exported lab run: {name} is no list of objects")
    return rows
