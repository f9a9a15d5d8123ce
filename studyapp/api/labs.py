"""A lab run at the learner's hands: plan, show, seal, decide, retry, practise; everything it reports is recorded (lab_records.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.api.lab_plans import Planned, cost_of_run, limit_of, make_plan, must_have_runtime
from studyapp.api.lab_records import LabRecords
from studyapp.api.lab_reports import OVER
from studyapp.api.views import KeptCard
from studyapp.errors import EnvironmentProblem
from studyapp.store import lab_runs
from studyapp.store.apply import record

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.api import Verdict
    from studyapp.labkit.cost import Cost
    from studyapp.labkit.run_state import StageView
    from studyapp.labkit.runner import LabRun, OnEvent

STATE, PLAN = "state.json", "plan.json"
REPLIES = "cache/replies"  # under the data folder: what endpoints have answered, shared by all runs


class LabDesk:
    """One run, new or resumed. `run` is the kit's LabRun."""

    def __init__(self, study: Study, run_id: str, planned: Planned, state: Any = None) -> None:
        from studyapp.labkit.runner import LabRun

        self.study = study
        self.run_id = run_id
        self.plan = planned.plan
        self.folder = study.home / "runs" / run_id
        self.records = LabRecords(study, run_id, self.plan)
        self._planned = planned
        self.run: LabRun = LabRun(
            planned.ref, self.plan, self.folder, self.records, study.workers(), state, planned.recording, study.home / REPLIES
        )

    @property
    def kept(self) -> Sequence[KeptCard]:
        """What its verdicts scheduled."""
        return self.records.kept

    @classmethod
    def open(
        cls, study: Study, lab: str, seed: int | None, backend: str | None, download: bool = False, max_calls: int | None = None
    ) -> LabDesk:
        """A new run of a seed, drawn from the clock when none is given (a recording brings its own). A run that a killed process left is
        marked as lost."""
        from studyapp.labkit.recordings import FILE

        now = study.clock.now()
        drawn = now.utc_ms % 100_000 if seed is None and not (backend or "").startswith("replay:") else seed
        planned = make_plan(lab, drawn, backend, download=download, study=study)
        plan, recording = planned.plan, planned.recording
        must_have_runtime(plan, planned.lab.backends)
        run_id = f"{lab.replace(':', '-')}-{now.utc_ms:x}-{plan.seed}"
        desk = cls(study, run_id, planned)
        desk.limit_calls(max_calls)
        stored = lab_runs.put_file(study.home, run_id, plan.model_dump_json().encode(), ".json")
        if recording is not None:
            desk._write(FILE, recording.model_dump(mode="json"))
        desk._write(PLAN, {"ref": planned.ref, "plan": plan.model_dump(mode="json")})
        desk._save()
        payload = {
            "run": run_id,
            "lab": lab,
            "version": plan.version,
            "seed": plan.seed,
            "level": plan.level,
            "backend": plan.backend.name,
            "plan": stored,
            **({"recorded": recording.run, "origin": recording.backend} if recording is not None else {}),
        }
        lab_runs.mark_lost(study.conn, now)
        record(study.conn, "lab_start", None, payload, now)
        return desk

    @classmethod
    def resume(cls, study: Study, run_id: str, max_calls: int | None = None) -> LabDesk:
        """Go on with a run; BadInput where there is none of that id, EnvironmentProblem where its files are gone."""
        from studyapp.labkit.api import Plan
        from studyapp.labkit.discover import load_ref
        from studyapp.labkit.recordings import FILE, Recording
        from studyapp.labkit.run_state import RunState

        known = lab_runs.run(study.conn, run_id)
        folder = study.home / "runs" / run_id
        try:
            kept = json.loads((folder / PLAN).read_text(encoding="utf-8"))
            state = RunState.model_validate_json((folder / STATE).read_text(encoding="utf-8"))
            plan, recording = Plan.model_validate(kept["plan"]), None
            if plan.backend.kind == "replay":
                recording = Recording.model_validate_json((folder / FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EnvironmentProblem(f"lab run {run_id}: its files in {folder} cannot be read ({error}); start a new run") from None
        desk = cls(study, run_id, Planned(kept["ref"], load_ref(kept["ref"]), plan, recording), state)
        desk.limit_calls(max_calls)
        if known.status in OVER and desk.run.stage is None:
            return desk
        if known.status != "running":
            record(study.conn, "lab_start", None, {"run": run_id, "lab": known.lab, "resumed": True}, study.clock.now())
        return desk

    # What it costs

    @property
    def cost(self) -> Cost | None:
        """What the run asks of an endpoint, and has asked; None on other backends."""
        asked = self.run.state.asked
        return cost_of_run(self._planned, asked.limit, (asked.calls, asked.cached, asked.tokens))

    @property
    def must_agree(self) -> bool:
        """Whether the learner has to see the cost before anything is asked."""
        cost = self.cost
        return cost is not None and not cost.free and not self.run.state.asked.agreed and self.run.stage is not None

    def limit_calls(self, max_calls: int | None = None) -> None:
        """Calls that the whole run may make: what is given here or was given before, else the setting as it is now."""
        asked = self.run.state.asked
        asked.given = asked.given if max_calls is None else max_calls
        asked.limit = limit_of(self.study, asked.given)

    def agree(self) -> None:
        """The cost was shown and taken."""
        self.run.state.asked.agreed = True
        self._save()

    # The steps

    def warm(self) -> None:
        """The predict page opens: let the worker load while the learner thinks."""
        self.run.warm()

    def view(self, on_event: OnEvent | None = None) -> StageView:
        """The chapter in play with everything its questions need; may run the model."""
        try:
            return self.run.open(on_event) if on_event else self.run.open()
        finally:
            self.records.flush()
            self._save()

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

    def judged(self, stage: int) -> list[Verdict]:
        """The verdicts of a chapter that was judged before, for its comparison after an interruption; what it kept is told again."""
        ids = [question.id for question in self.plan.of_stage(stage) if question.id in self.run.state.verdicts]
        graded = self.records.recall(ids)
        found = [self.run.state.verdicts[id] for id in ids]
        return [verdict.model_copy(update={"retried": True}) if verdict.held and verdict.q in graded else verdict for verdict in found]

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
        cost = self.cost
        return {
            "run": self.run_id,
            **self.run.document(),
            **({"cost": cost.as_json()} if cost is not None else {}),
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
