"""A lab run at the learner's hands: plan, show, seal, decide, retry, practise; everything it reports is recorded (lab_records.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.api.lab_records import LabRecords
from studyapp.api.lab_reports import OVER, RUNTIME_COMMAND
from studyapp.api.views import KeptCard
from studyapp.errors import EnvironmentProblem
from studyapp.store import lab_runs
from studyapp.store.apply import record

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.api import Plan, Verdict
    from studyapp.labkit.run_state import StageView
    from studyapp.labkit.runner import LabRun, OnEvent

STATE, PLAN = "state.json", "plan.json"


def plan_document(lab: str, seed: int, backend: str | None, level: int = 1) -> dict[str, Any]:
    """`lab plan`: the questions and no truth."""
    return make_plan(lab, seed, backend, level)[1].public()


def make_plan(lab: str, seed: int, backend: str | None, level: int = 1, download: bool = False) -> tuple[str, Plan]:
    """The lab's reference and the plan of a seed; BadInput for an unknown lab or backend."""
    from studyapp.labkit.backends import resolve
    from studyapp.labkit.discover import entry, load

    found = load(lab)
    name = backend or next((kind for kind in ("tiny", "none") if kind in found.backends), found.backends[0])
    return entry(lab).ref, found.plan(seed, resolve(name, found.backends, lab, download), level)


def _must_have_runtime(plan: Plan) -> None:
    """EnvironmentProblem where the model of a run could not be loaded: better now than after the answers are given."""
    from studyapp.labkit.discover import missing_runtime

    missing = missing_runtime() if plan.backend.kind in ("tiny", "hf") else ()
    if missing:
        raise EnvironmentProblem(
            f"lab {plan.lab} on {plan.backend.name} needs {', '.join(missing)}, not installed here: add the runtime with {RUNTIME_COMMAND},"
            " or play what needs no model with --backend none"
        )


class LabDesk:
    """One run, new or resumed. `run` is the kit's LabRun."""

    def __init__(self, study: Study, run_id: str, ref: str, plan: Plan, state: Any = None) -> None:
        from studyapp.labkit.runner import LabRun

        self.study = study
        self.run_id = run_id
        self.plan = plan
        self.folder = study.home / "runs" / run_id
        self.records = LabRecords(study, run_id, plan)
        self.run: LabRun = LabRun(ref, plan, self.folder, self.records, study.workers(), state)

    @property
    def kept(self) -> Sequence[KeptCard]:
        """What its verdicts scheduled."""
        return self.records.kept

    @classmethod
    def open(cls, study: Study, lab: str, seed: int | None, backend: str | None, download: bool = False) -> LabDesk:
        """A new run of a seed, drawn from the clock when none is given. A run that a killed process left is marked as lost."""
        now = study.clock.now()
        seed = now.utc_ms % 100_000 if seed is None else seed
        ref, plan = make_plan(lab, seed, backend, download=download)
        _must_have_runtime(plan)
        run_id = f"{lab.replace(':', '-')}-{now.utc_ms:x}-{seed}"
        desk = cls(study, run_id, ref, plan)
        stored = lab_runs.put_file(study.home, run_id, plan.model_dump_json().encode(), ".json")
        desk._write(PLAN, {"ref": ref, "plan": plan.model_dump(mode="json")})
        desk._save()
        payload = {
            "run": run_id,
            "lab": lab,
            "version": plan.version,
            "seed": seed,
            "level": plan.level,
            "backend": plan.backend.name,
            "plan": stored,
        }
        lab_runs.mark_lost(study.conn, now)
        record(study.conn, "lab_start", None, payload, now)
        return desk

    @classmethod
    def resume(cls, study: Study, run_id: str) -> LabDesk:
        """Go on with a run; BadInput where there is none of that id, EnvironmentProblem where its files are gone."""
        from studyapp.labkit.api import Plan
        from studyapp.labkit.run_state import RunState

        known = lab_runs.run(study.conn, run_id)
        folder = study.home / "runs" / run_id
        try:
            kept = json.loads((folder / PLAN).read_text(encoding="utf-8"))
            state = RunState.model_validate_json((folder / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EnvironmentProblem(f"lab run {run_id}: its files in {folder} cannot be read ({error}); start a new run") from None
        desk = cls(study, run_id, kept["ref"], Plan.model_validate(kept["plan"]), state)
        if known.status in OVER and desk.run.stage is None:
            return desk
        if known.status != "running":
            record(study.conn, "lab_start", None, {"run": run_id, "lab": known.lab, "resumed": True}, study.clock.now())
        return desk

    # The steps

    def warm(self) -> None:
        """The predict page opens: let the worker load while the learner thinks."""
        self.run.warm()

    def view(self, on_event: OnEvent | None = None) -> StageView:
        """The chapter in play with everything its questions need; may run the model."""
        shown = self.run.open(on_event) if on_event else self.run.open()
        self.records.flush()
        self._save()
        return shown

    def seal(self, raw: Mapping[str, Any]) -> None:
        """Commit to the chapter's answers; BadInput, and nothing sealed, where one cannot be read."""
        self.run.seal(raw)
        self._save()

    def decide(self, on_event: OnEvent | None = None) -> list[Verdict]:
        """Run what decides the chapter, judge, and schedule what was missed."""
        try:
            return self.run.decide(on_event) if on_event else self.run.decide()
        finally:
            self.records.flush()
            self._save()

    def retry(self, question: str, raw: Any) -> Verdict:
        """The free retry after a near answer."""
        verdict = self.run.retry(question, raw)
        self._save()
        return verdict

    def practise(self, question: str, raw: Any, on_event: OnEvent | None = None) -> Verdict:
        """Answer again after the truth was shown: stored as practice, never graded."""
        verdict = self.run.practise(question, raw, on_event) if on_event else self.run.practise(question, raw)
        self.records.practised(verdict)
        return verdict

    def try_code(self, question: str, source: str, on_event: OnEvent | None = None) -> Verdict:
        """A code task as it stands (watch mode); nothing is stored."""
        return self.run.try_code(question, source, on_event) if on_event else self.run.try_code(question, source)

    def cancel(self) -> float:
        """Stop the worker; seconds until it was gone."""
        return self.run.cancel()

    def finish(self) -> None:
        """The page closes: near answers whose retry was not taken count as they stand."""
        self.records.settle(self.run.state.verdicts)

    def document(self) -> dict[str, Any]:
        """The run as `lab run --json` prints it."""
        return {
            "run": self.run_id,
            **self.run.document(),
            "kept": [{"item": card.item, "rating": card.rating, "due": card.in_words} for card in self.kept],
        }

    def picture_path(self, file: str) -> Path:
        """A picture's file in the run's folder."""
        return self.folder / file

    def _save(self) -> None:
        self._write(STATE, json.loads(self.run.state.model_dump_json()))

    def _write(self, name: str, value: Any) -> None:
        part = self.folder / f"{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(value), encoding="utf-8")
            part.replace(self.folder / name)
        except OSError as error:
            raise EnvironmentProblem(f"{self.folder}: {error.strerror}: free some space or make the folder writable") from None
