"""Plays a lab: show what a stage needs, seal the answers, only then run what decides them, and judge (LABS section 7).

    run = LabRun(ref, plan, folder, sink, workers)
    run.warm()                                  # the predict page opens: the worker loads while the learner thinks
    while run.stage is not None:
        view = run.open(on_event)               # pictures and facts that its questions need; questions filled in
        run.seal({"q1": 126, "q2": {"value": 768, "confidence": 80}})   # stored by the sink before anything is decided
        verdicts = run.decide(on_event)         # blocks; call from a thread, cancel from another

The runner refuses to pass on a fact that would give away a question that is not sealed. Everything it needs to go on is in
`run.state`, which is JSON, so a run can be resumed at its last step: `LabRun(..., state=stored)`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from studyapp.errors import BadInput, StudyError
from studyapp.labkit.answers import read_answer, read_answers
from studyapp.labkit.api import Answer, Chapter, Event, Fact, Json, Lab, Log, Picture, Plan, Progress, Truth, Verdict, filled
from studyapp.labkit.asking import CALL_S, TRANSCRIPT, transcript_in
from studyapp.labkit.cost import calls_of, is_live
from studyapp.labkit.discover import load_ref
from studyapp.labkit.judge import check, settled, verdict
from studyapp.labkit.recordings import FILE, Recording, replayed
from studyapp.labkit.run_state import Memory, RunState, Sink, StageView, document, final_status, owners
from studyapp.workers.pool import Workers
from studyapp.workers.problems import WorkerCancelled
from studyapp.workers.worker import Job, Limits, Worker

OnEvent = Callable[[Event], None]
LOAD_S = 300.0
UNSAID_CALLS = 200  # of a lab that asks an endpoint and does not say how often


def ignore(event: Event) -> None:
    """The listener of a caller who only wants the verdicts."""


class LabRun:
    """One run of one plan. All methods may block but `warm`, `cancel` and the properties."""

    def __init__(
        self,
        ref: str,
        plan: Plan,
        folder: Path,
        sink: Sink | None = None,
        workers: Workers | None = None,
        state: RunState | None = None,
        recording: Recording | None = None,
        cache: Path | None = None,
    ) -> None:
        """`recording` is what a plan on the backend replay goes by; `cache` the folder of replies that endpoints have given."""
        self.ref = ref
        self.plan = plan
        self.folder = folder
        self.state = state or RunState(stage=plan.stages[0] if plan.stages else 0)
        self._lab: Lab = load_ref(ref)
        self._sink = sink or Memory()
        self._workers = workers or Workers()
        self._recording = recording
        self._cache = cache
        self._done = 0.0

    @property
    def stage(self) -> int | None:
        """The stage in play, None when the run is over."""
        return self.state.stage if self.state.phase != "done" and self.plan.stages else None

    def warm(self, code: bool | None = None) -> None:
        """Start the worker and let it import and load; returns at once. `code`: also start an interpreter for learner code ahead
        (by default where the stage in play has code tasks)."""
        if self._recording is not None:
            return
        if code is None:
            code = any(question.kind == "code" for question in self._stage_questions())
        self._worker().hint("studyapp.labkit.serve:warm", {"lab": self.ref, "plan": self._plan_json(), "code": code})

    def wait_for_code(self) -> None:
        """Block until the next interpreter for learner code has its libraries: from then on a check takes well under a second."""
        self._worker().submit("studyapp.labkit.serve:sandbox_ready", {"plan": self._plan_json()}, self._limits()).wait()

    def open(self, on_event: OnEvent = ignore) -> StageView:
        """Show the stage in play: runs what its questions need, once. Call again after a resume."""
        stage = self._in_play()
        needed = {key for question in self._stage_questions() for key in question.needs}
        missing = needed - self.state.facts.keys() - self.state.pictures.keys()
        if missing:
            self._run("show", want=frozenset(), show=frozenset(missing), answers={}, on_event=on_event)
        if self.state.phase == "show":
            self.state.phase = "answer"
        stages = self.plan.stages
        chapter = self.plan.chapters[stage] if stage < len(self.plan.chapters) else Chapter(title=f"Part {stage + 1}")
        facts = {key: self.state.facts[key] for key in sorted(needed) if key in self.state.facts}
        pictures = {key: self.state.pictures[key] for key in sorted(needed) if key in self.state.pictures}
        questions = tuple(filled(question, facts) for question in self._stage_questions())
        return StageView(stage, chapter, stages.index(stage) + 1, len(stages), questions, facts, pictures)

    def seal(self, raw: Mapping[str, Any]) -> dict[str, Answer | None]:
        """Commit to the answers of the stage in play (a missing one is skipped). BadInput, sealing nothing, where one cannot be read."""
        stage = self._in_play()
        if self.state.phase == "decide":
            raise BadInput("the answers of this chapter are sealed already; let it run")
        given = read_answers(self.plan, raw, stage)
        sealed = {question.id: given.get(question.id) for question in self._stage_questions()}
        self._sink.sealed(stage, sealed)
        self.state.answers |= sealed
        self.state.phase = "decide"
        return sealed

    def decide(self, on_event: OnEvent = ignore) -> list[Verdict]:
        """Run what decides the sealed questions, judge them, and go on to the next stage. After a failure it can be called again."""
        stage = self._in_play()
        if self.state.phase != "decide":
            raise BadInput("seal the answers of this chapter first")
        want = frozenset(question.id for question in self._stage_questions())
        answers = {id: answer for id in want if (answer := self.state.answers[id]) is not None}
        self._run("decide", want, frozenset(), {id: answer.value for id, answer in answers.items()}, on_event)
        verdicts = check(self.plan, self._truth(want), {id: self.state.answers[id] for id in want})
        self.state.verdicts |= {verdict.q: verdict for verdict in verdicts}
        self._sink.judged(stage, verdicts)
        self._next_stage(stage)
        return verdicts

    def retry(self, id: str, raw: Json) -> Verdict:
        """The one free retry after a near answer: judged and stored in its place."""
        earlier = self.state.verdicts.get(id)
        if earlier is None or not earlier.held:
            raise BadInput(f"{id}: there is no free retry to take")
        answer = read_answer(self.plan.question(id), raw)
        self._sink.sealed(self.plan.question(id).stage, {id: answer})
        self.state.answers[id] = answer
        again = check(self.plan, self._truth(frozenset({id})), {id: answer})[0].model_copy(update={"retried": True})
        self.state.verdicts[id] = again
        self._sink.judged(self.plan.question(id).stage, [again])
        if self.stage is None:
            self._finish()
        return again

    def practise(self, id: str, raw: Json, on_event: OnEvent = ignore) -> Verdict:
        """Answer a question again after its truth was shown: judged as practice, never graded, never in the place of the first."""
        if id not in self.state.verdicts:
            raise BadInput(f"{id}: answer it in its chapter first")
        question, answer = self.plan.question(id), read_answer(self.plan.question(id), raw)
        if question.kind == "code":
            return self.try_code(id, answer.value["source"], on_event).model_copy(update={"practice": True})
        return check(self.plan, self._truth(frozenset({id})), {id: answer}, practice=True)[0]

    def try_code(self, id: str, source: str, on_event: OnEvent = ignore) -> Verdict:
        """Judge a source as it stands (watch mode: on each save). Nothing is sealed or graded; the reference comes only with success."""
        question = self.plan.question(id)
        if question.kind != "code":
            raise BadInput(f"{id} is not a code task")
        facts: dict[str, Json] = {}

        def keep(event: Event) -> None:
            if isinstance(event, Fact):
                facts[event.key] = event.value
            on_event(event)

        self._call(frozenset({id}), frozenset(), {id: {"source": source}}, keep)
        truth = self._lab.truth(self.plan, {**self.state.facts, **facts}).get(id)
        found = verdict(question, truth, Answer(value={"source": source}), practice=True)
        return found if found.outcome == "right" else found.model_copy(update={"truth": None, "why": ""})

    def cancel(self) -> float:
        """End the worker now, from any thread; the blocked call raises WorkerCancelled. Seconds until it was gone (at most 0.5)."""
        return self._worker().cancel()

    def document(self) -> dict[str, Json]:
        """The `--json` document (LABS section 7)."""
        return document(self.plan, self.state)

    def _run(self, phase: str, want: frozenset[str], show: frozenset[str], answers: Mapping[str, Json], on_event: OnEvent) -> None:
        """One call of the lab, its permitted facts and pictures stored as they come; what fails is said in the state."""

        def keep(event: Event) -> None:
            if isinstance(event, Fact | Picture) and not self._permitted(event.key):
                on_event(Log(say=f"withheld {event.key}: it would give away a question that is not sealed"))
                return
            if isinstance(event, Fact):
                self.state.facts[event.key] = event.value
                self._sink.fact(event)
            elif isinstance(event, Picture):
                self.state.pictures[event.key] = event
                self._sink.picture(event)
            on_event(event)

        began = time.monotonic()
        keys = show.union(*(self.plan.question(id).decided_by for id in want))
        try:
            if self._recording is not None and self._recording.knows(keys):
                for event in replayed(self._recording, keys, self.folder):
                    keep(event)
                seconds = time.monotonic() - began
            else:
                job = self._call(want, show, answers, keep)
                seconds, self.state.versions = job.seconds, (job.result or {}).get("versions", {})
        except StudyError as error:
            self._report("cancelled" if isinstance(error, WorkerCancelled) else "error", str(error))
            raise
        finally:
            self._keep_transcript()
        self._report("open", "")
        self.state.timings[f"{self.state.stage}:{phase}"] = seconds

    def _call(self, want: frozenset[str], show: frozenset[str], answers: Mapping[str, Json], on_event: OnEvent) -> Job:
        limits = self._limits()
        payload = {
            "lab": self.ref,
            "plan": self._plan_json(),
            "workdir": str(self.folder),
            "threads": self._workers.threads,
            "want": sorted(want),
            "show": sorted(show),
            "answers": dict(answers),
            "code": any(self.plan.question(id).kind == "code" for id in answers),
            "sealed": {id: answer.model_dump(mode="json") for id, answer in self.state.answers.items() if answer is not None},
            "seconds": limits.time_s,
            "asking": self._asking(),
        }
        self._done = 0.0
        before = self.state.asked
        job = self._worker().submit("studyapp.labkit.serve:run", payload, limits)
        for message in job:
            if "asked" in message:
                self.state.asked = before.plus(**message["asked"])
            else:
                on_event(self._event(message))
        return job

    def _asking(self) -> dict[str, Json]:
        """What the worker needs to know to ask a model, or a transcript."""
        if is_live(self.plan.backend):
            cache = None if self._cache is None else str(self._cache)
            return {"cache": cache, "left": self.state.asked.left, "expected": calls_of(self._lab, self.plan, [self.state.stage])}
        return {"recording": str(self.folder / FILE)} if self._recording is not None else {}

    def _keep_transcript(self) -> None:
        """What was asked so far, as a fact file of the run: never shown as a fact, but there for a replay."""
        rows = transcript_in(self.folder) if is_live(self.plan.backend) else []
        if rows:
            self._sink.fact(Fact(key=TRANSCRIPT, value=rows))

    def _event(self, message: Mapping[str, Any]) -> Event:
        ((kind, data),) = message.items()
        if kind == "progress":
            self._done = max(self._done, data["done"])
            return Progress.model_validate({**data, "done": self._done})
        types: dict[str, type[Fact] | type[Picture] | type[Log]] = {"fact": Fact, "picture": Picture, "log": Log}
        return types[kind].model_validate(data)

    def _permitted(self, key: str) -> bool:
        return owners(self.plan, key) <= self.state.answers.keys()

    def _truth(self, want: frozenset[str]) -> dict[str, Truth]:
        return settled(self._lab, self.plan, self.state.facts, want)

    def _next_stage(self, stage: int) -> None:
        later = [number for number in self.plan.stages if number > stage]
        if later:
            self.state.stage, self.state.phase = later[0], "show"
            return
        self.state.phase = "done"
        self._finish()

    def _finish(self) -> None:
        self._report(*final_status(list(self.state.verdicts.values())))

    def _report(self, status: str, message: str) -> None:
        if (status, message) != (self.state.status, self.state.message):
            self.state.status, self.state.message = status, message
            self._sink.status(status, message)

    def _in_play(self) -> int:
        if self.stage is None:
            raise BadInput("this run is finished; start a new one, or practise a question")
        return self.stage

    def _stage_questions(self) -> Sequence[Any]:
        return self.plan.of_stage(self.state.stage)

    def _worker(self) -> Worker:
        backend = self.plan.backend  # two large models do not share one process, and its limit of memory
        return self._workers.get(f"the lab worker for {backend.name if backend.kind == 'hf' else backend.kind}")

    def _limits(self) -> Limits:
        """Time for its own work, and for a slow server as long as each call may take."""
        waiting = (calls_of(self._lab, self.plan, [self.state.stage]) or UNSAID_CALLS) * CALL_S if is_live(self.plan.backend) else 0
        return Limits(time_s=self.plan.budget.seconds + waiting, load_s=LOAD_S, memory_mb=self.plan.budget.memory_mb)

    def _plan_json(self) -> dict[str, Json]:
        return self.plan.model_dump(mode="json")


def play(run: LabRun, raw: Mapping[str, Any], on_event: OnEvent = ignore) -> list[Verdict]:
    """All stages in one go, for scripts: `studyapp lab run --answers FILE`. All answers are read before anything runs."""
    read_answers(run.plan, raw)
    while run.stage is not None:
        run.open(on_event)
        if run.state.phase != "decide":
            run.seal({id: value for id, value in raw.items() if run.plan.question(id).stage == run.stage})
        run.decide(on_event)
    return [run.state.verdicts[question.id] for question in run.plan.questions if question.id in run.state.verdicts]
