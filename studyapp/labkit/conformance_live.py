"""Properties of a lab that show only when it runs: in worker processes, with sealing, cancelling and resuming."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from studyapp.errors import BadInput
from studyapp.labkit.api import CodeQuestion, Fact, Picture, Plan
from studyapp.labkit.conformance_pure import misconceptions, named_as_itself
from studyapp.labkit.examination import SEED, Examination, Seen, differences, without_seconds
from studyapp.labkit.run_state import Memory, RunState, owners
from studyapp.labkit.runner import LabRun
from studyapp.workers.child import resident_mb
from studyapp.workers.pool import Workers
from studyapp.workers.problems import WorkerCancelled
from studyapp.workers.worker import Limits, Setup, Worker

TEN = 10  # how much more generous than meant
SILENCE = 2  # the same for silences, which are measured without what other processes take
LAG_S, GROWTH_MB = 0.05 * TEN, 20
MISCONCEPTION_SEEDS = 20


def deterministic(examination: Examination) -> None:
    """4. Facts of a second process, and of one with two threads, equal those of the first; the budget holds."""
    first = without_seconds(examination.empty.state.facts)
    assert first, "a run reports no facts"
    for threads, tolerance in ((1, 1e-6), (2, 1e-5)):
        with Workers(Setup(threads=threads)) as workers:
            other = examination.play({}, workers).state
        found = differences(first, without_seconds(other.facts), tolerance)
        assert not found, f"with {threads} thread(s) in another process: {'; '.join(found[:3])}"
        assert {key: p.files for key, p in other.pictures.items()} == {
            key: p.files for key, p in examination.empty.state.pictures.items()
        }, "pictures differ"
    spent, allowed = sum(examination.empty.state.timings.values()), examination.plan().budget.seconds
    assert spent <= allowed, f"took {spent:.0f} s of {allowed:.0f}"


def progress(examination: Examination) -> None:
    """5. The raw events of each chapter, shown and decided, without the runner's smoothing; silences as the worker itself measures them."""
    plan = examination.plan()
    worker = examination.workers.get("raw")
    worker.submit("studyapp.labkit.serve:warm", {"lab": examination.ref, "plan": plan.model_dump(mode="json")}, Limits()).wait()
    for stage in plan.stages:
        questions = plan.of_stage(stage)
        needed = sorted({key for question in questions for key in question.needs})
        chapter = plan.chapters[stage].title if stage < len(plan.chapters) else f"part {stage + 1}"
        if needed:
            _told_in_time(examination, worker, plan, f"before the chapter {chapter!r}", show=needed)
        done = _told_in_time(examination, worker, plan, f"in the chapter {chapter!r}", want=[question.id for question in questions])
        assert done, f"in the chapter {chapter!r} no progress was reported"
        assert done[-1] == 1, f"in the chapter {chapter!r} progress ends at {done[-1]}"


def _told_in_time(examination: Examination, worker: Worker, plan: Plan, where: str, **asked: list[str]) -> list[float]:
    """The shares of progress of one call, which never fall; a lab that is silent too long is named with what it said before."""
    payload: dict[str, Any] = {
        "lab": examination.ref,
        "plan": plan.model_dump(mode="json"),
        "workdir": str(examination.folder / "raw"),
        "threads": 1,
        "want": [],
        "show": [],
        "answers": {},
        **asked,
    }
    job = worker.submit("studyapp.labkit.pace:timed", payload, Limits(time_s=TEN * plan.budget.seconds))
    done = [event["progress"]["done"] for event in job if "progress" in event]
    assert done == sorted(done), f"{where} progress falls"
    for silence in job.result:
        allowed, after = silence["allowed"], silence["after"] or "loading"
        assert silence["seconds"] <= SILENCE * allowed, (
            f"{where} {examination.lab.id} is silent for {silence['seconds']:.1f} s after {after!r}: say something within {allowed:g} s"
        )
    return done


def cancellable(examination: Examination) -> None:
    """6. Cancelled at its first event: the process is gone, the answers are kept, and deciding again works."""
    with Workers(Setup(threads=1)) as workers:
        run = examination.new_run(workers=workers)
        run.open()
        run.seal({})
        begun = threading.Event()
        problems: list[BaseException] = []
        blocker = threading.Thread(target=_decide, args=(run, begun, problems))
        run.warm()
        blocker.start()
        assert begun.wait(120), "no event came"
        pids = list(workers.running().values())
        seconds = run.cancel()
        blocker.join(30)
        assert not blocker.is_alive(), "the caller was not released"
        assert seconds <= 0.5 * TEN, f"cancelling took {seconds:.2f} s"
        assert not any(_alive(pid) for pid in pids), "the worker is still there"
        if problems:  # a quick lab may have finished first
            assert isinstance(problems[0], WorkerCancelled), f"cancelling raised {problems[0]!r}"
            assert run.state.status == "cancelled", run.state.status
            assert run.state.phase == "decide", run.state.phase
            assert run.decide(), "deciding again gave no verdicts"


def front_end_free(examination: Examination) -> None:
    """7. While a run goes on in a thread, this process's event loop turns and its memory stays."""

    async def watched() -> float:
        loop, worst = asyncio.get_running_loop(), 0.0
        task = loop.run_in_executor(None, lambda: examination.play({}))
        while not task.done():
            before = time.monotonic()
            await asyncio.sleep(0.01)
            worst = max(worst, time.monotonic() - before - 0.01)
        await task
        return worst

    examination.play({})
    before = resident_mb()
    worst = asyncio.run(watched())
    assert resident_mb() - before < GROWTH_MB, f"this process grew by {resident_mb() - before:.0f} MB"
    assert worst < LAG_S, f"the event loop stood still for {worst * 1000:.0f} ms"


def sealed(examination: Examination) -> None:
    """8. Before sealing only what gives nothing away is passed on; nothing is decided unsealed, sealed twice, or graded twice."""
    run = examination.new_run()
    while run.stage is not None:
        seen = Seen()
        view = run.open(seen)
        for event in seen.events:
            if isinstance(event, Fact | Picture):
                early = owners(run.plan, event.key) - run.state.answers.keys()
                assert not early, f"{event.key} was shown before {', '.join(sorted(early))} was sealed"
        for question in view.questions:
            for key in sorted(set(question.needs) - view.facts.keys() - view.pictures.keys()):
                why = "which gives an answer away" if owners(run.plan, key) else "which the lab did not tell when it was asked to show it"
                raise AssertionError(f"{question.id} is to be shown with {key}, {why}")
        _refused(run.decide, "decided before sealing")
        run.seal({})
        _refused(lambda: run.seal({}), "sealed twice")
        run.decide()
    for id, truth in examination.truths.items():
        if run.plan.question(id).kind == "code":
            continue
        before = run.state.verdicts[id]
        again = run.practise(id, truth)
        assert again.practice, f"{id}: a second answer is not practice"
        assert not again.graded, f"{id}: a second answer is graded"
        assert run.state.verdicts[id] == before, f"{id}: practice changed the verdict"


def diagnosed(examination: Examination) -> None:
    """9. Oracle, empty learner, stubs, misconceptions over several seeds, right solutions and mutants."""
    wrong = [f"{v.q} {v.outcome} ({v.say})" for v in examination.oracle.state.verdicts.values() if v.outcome != "right" and not v.forecast]
    assert not wrong, f"right answers are judged: {'; '.join(wrong)}"
    assert all(verdict.outcome in ("skipped", "void") for verdict in examination.empty.state.verdicts.values()), (
        "nothing answered, yet something judged"
    )
    void = [verdict.q for verdict in examination.oracle.state.verdicts.values() if verdict.outcome == "void"]
    assert not void, f"void: {', '.join(void)}"
    measured = examination.lab.truth(examination.plan(), examination.empty.state.facts)
    for seed in (SEED, *range(MISCONCEPTION_SEEDS)):
        plan = examination.plan(seed)
        truths = {**examination.closed_form(plan), **(measured if seed == SEED else {})}
        for question in plan.questions:
            if (truth := truths.get(question.id)) is None or question.kind == "code":
                continue
            for value, concept in misconceptions(question, truth):
                problem = named_as_itself(question, truth, value, concept)
                assert problem is None, f"seed {seed}: {problem}"
    _code_diagnosed(examination)


def _code_diagnosed(examination: Examination) -> None:
    """Stub and mutants fail, each mutant under its name (one in ten may have none), right solutions pass."""
    questions = [question for question in examination.plan().questions if question.kind == "code"]
    if not questions:
        return
    solutions, mutants = examination.solutions(), examination.mutants()
    sources = {q.id: [q.stub, *solutions[q.id], *(mutant.source for mutant in mutants[q.id])] for q in questions}
    reports = examination.judge_sources(sources)
    for question in questions:
        stub, *rest = reports[question.id]
        right, wrong = rest[: len(solutions[question.id])], rest[len(solutions[question.id]) :]
        assert not stub["ok"], f"{question.id}: the stub passes"
        for number, report in enumerate(right):
            assert report["ok"], f"{question.id}: right solution {number} is rejected: {report['say']}"
        concepts = {trap.code: trap.concept for trap in question.traps}
        expected = [mutant for mutant in mutants[question.id] if mutant.expects is not None]
        assert len(expected) >= 0.9 * len(mutants[question.id]), f"{question.id}: fewer than nine in ten mutants expect a name"
        for mutant, report in zip(mutants[question.id], wrong, strict=True):
            assert not report["ok"], f"{question.id}: the mutant {mutant.name!r} passes"
            name = concepts.get(report["permutation"])
            assert mutant.expects in (None, name), f"{question.id}: the mutant {mutant.name!r} is called {name}, want {mutant.expects}"


def resumable(examination: Examination) -> None:
    """11. The sink hears of the seal before any fact that it covers; a run that is put away as JSON after each step ends the same, also
    where its worker was gone in between (once: loading takes its time)."""
    sink = Memory()
    run = examination.new_run(sink=sink)
    answers = {id: truth for id, truth in examination.truths.items() if run.plan.question(id).kind != "code"}

    def put_away(run: LabRun) -> LabRun:
        state = RunState.model_validate_json(run.state.model_dump_json())
        return LabRun(run.ref, Plan.model_validate_json(run.plan.model_dump_json()), run.folder, sink, examination.workers, state)

    late = max((question.stage for question in run.plan.questions if question.kind != "code"), default=0)
    while run.stage is not None:
        stage = run.stage
        run = put_away(run)
        run.open()
        run = put_away(run)
        run.seal({id: value for id, value in answers.items() if run.plan.question(id).stage == stage})
        run = put_away(run)
        if stage == late:
            examination.workers.cancel()
        run.decide()
    expected = {id: verdict.outcome for id, verdict in examination.oracle.state.verdicts.items() if id in answers}
    assert {id: run.state.verdicts[id].outcome for id in answers} == expected, "a resumed run ends differently"
    covered: set[str] = set()
    for call, what in sink.calls:
        covered |= set(what) if call == "sealed" else set()
        if call in ("fact", "picture"):
            assert owners(run.plan, what) <= covered, f"{what} was stored before its questions were sealed"
    missing = [file for picture in run.state.pictures.values() for file in picture.files if not (run.folder / file).is_file()]
    assert not missing, f"picture files are missing: {missing}"


def contained(examination: Examination) -> None:
    """12. Learner code that never ends, takes all memory, opens files or imports others is stopped and said so."""
    plan = examination.plan()
    questions = [question for question in plan.questions if question.kind == "code"]
    if not questions:
        return
    question: CodeQuestion = questions[0].model_copy(update={"time_s": 1.0})
    hurried = plan.model_copy(update={"questions": tuple(question if q.id == question.id else q for q in plan.questions)})
    run = examination.new_run(hurried)
    for body, failure in (
        ("    while True:\n        pass", "time"),
        ("    return [0] * 10**11", None),
        ("    return open('/etc/passwd').read()", "allowed-names"),
        ("    import os\n    return os.getcwd()", "allowed-names"),
    ):
        verdict = run.try_code(question.id, f"def {question.entry}(*args):\n{body}\n")
        assert verdict.outcome == "wrong", f"{body.strip()!r} is judged {verdict.outcome}"
        assert verdict.report is not None
        assert failure in (None, verdict.report.first_failure), f"{body.strip()!r} fails by {verdict.report.first_failure}, want {failure}"
        assert verdict.truth is None, "the reference was shown without success"
    verdict = examination.new_run(plan).try_code(question.id, examination.solutions()[question.id][0])
    assert verdict.outcome == "right", f"after those the right solution is judged {verdict.outcome}: {verdict.say}"


def _decide(run: LabRun, begun: threading.Event, problems: list[BaseException]) -> None:
    try:
        run.decide(lambda event: begun.set())
    except BaseException as error:
        problems.append(error)
    finally:
        begun.set()


def _refused(call: Callable[[], Any], what: str) -> None:
    try:
        call()
    except BadInput:
        return
    raise AssertionError(what)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
