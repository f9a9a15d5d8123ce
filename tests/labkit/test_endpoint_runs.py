"""A lab on an endpoint, and the same run played again from its recording: through real worker processes, or none."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import Fact, Log, Picture, Progress
from studyapp.labkit.asking import TRANSCRIPT, Exchange, digest
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.discover import load_ref
from studyapp.labkit.recordings import FILE, Recording, read_recording, replay_plan
from studyapp.labkit.run_state import Memory, RunState
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers
from tests.chat_server import Server, says, status
from tests.labkit.asking_lab import PROMPT, square

Start = Callable[..., LabRun]


class Keeper(Memory):
    """Remembers the values of facts too."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: dict[str, Any] = {}

    def fact(self, fact: Fact) -> None:
        super().fact(fact)
        self.facts[fact.key] = fact.value


@pytest.fixture
def start(asking_ref: str, workers: Workers, tmp_path: Path, server: Server) -> Start:
    def started(name: str = "run", sink: Memory | None = None, state: RunState | None = None, limit: int | None = None) -> LabRun:
        ref = f"{asking_ref}:LAB"
        plan = load_ref(ref).plan(3, parse_backend(server.spec))
        run = LabRun(ref, plan, tmp_path / name, sink or Memory(), workers, state, cache=tmp_path / "cache")
        run.state.asked.limit = limit
        return run

    return started


def document(first: LabRun, kept: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    """As an export has it."""
    plan = first.plan.model_dump(mode="json")
    rows = {"run": "squares-1", "lab": "squares", "backend": first.plan.backend.name, "plan": plan, "facts": first.state.facts}
    pictures = [{"key": key, "alt": picture.alt, "grid": list(picture.grid)} for key, picture in first.state.pictures.items()]
    return dict(json.loads(json.dumps({**rows, "transcript": kept.get(TRANSCRIPT, []), "pictures": pictures, **changes})))


# Live


def test_replies_decide_the_run_and_its_transcript_is_stored(start: Start, server: Server) -> None:
    colours = ["{green}"] * 3
    server.replies = [says(colour, tokens=40) for colour in colours]
    sink = Keeper()
    run = start(sink=sink)
    told: list[Any] = []
    verdicts = play(run, {"q1": 0, "q2": 0}, told.append)
    assert [verdict.outcome for verdict in verdicts][1:] == ["right"]
    assert run.state.facts["again"] == ["{green}"] * 4
    shown = run.plan.params["shown"]
    distinct = len(set(shown))
    assert len(sink.facts[TRANSCRIPT]) == 3 * distinct
    assert {row["turn"] for row in sink.facts[TRANSCRIPT]} == {0, 1, 2}
    assert TRANSCRIPT not in run.state.facts  # kept, never shown
    assert (run.state.asked.calls, run.state.asked.tokens) == (3 * distinct, 40 * 3 * distinct)
    assert run.state.asked.cached == distinct  # the first of the three askings was asked before
    assert [event.say for event in told if isinstance(event, Progress) and "squares" in event.say]
    assert not [event for event in told if isinstance(event, Log)]


def test_progress_moves_by_the_calls_and_never_falls(start: Start, server: Server) -> None:
    server.replies = [says("{red}")]
    done: list[float] = []
    run = start()
    run.open()
    run.seal({})
    run.decide(lambda event: done.append(event.done) if isinstance(event, Progress) else None)
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_a_run_that_failed_goes_on_and_pays_only_for_what_is_missing(start: Start, server: Server) -> None:
    server.replies = [says("{red}"), status(500), says("{blue}")]
    run = start()
    run.open()
    run.seal({"q1": 1})
    with pytest.raises(EnvironmentProblem, match=r"the server failed \(500\)"):
        run.decide()
    assert (run.state.status, run.state.phase) == ("error", "decide")
    asked = len(server.requests)
    resumed = start(state=RunState.model_validate_json(run.state.model_dump_json()))
    resumed.decide()
    assert len(resumed.state.facts["replies"]) == 4
    assert resumed.state.facts["replies"].count("{red}") >= 1
    assert len(server.requests) < asked + len(set(resumed.plan.params["shown"]))


def test_the_limit_holds_for_the_whole_run_and_can_be_raised(start: Start, server: Server) -> None:
    server.replies = [says("{red}")]
    run = start(limit=5)
    distinct = len(set(run.plan.params["shown"]))
    run.open()
    run.seal({})
    run.decide()
    run.open()
    run.seal({})
    with pytest.raises(EnvironmentProblem, match="stopped at the limit of calls"):
        run.decide()
    assert (len(server.requests), run.state.asked.calls) == (5, 5)
    run.state.asked.limit = 100
    run.decide()
    assert run.state.asked.calls == len(server.requests) == 3 * distinct
    assert run.stage is None


def test_a_repeated_run_costs_nothing(start: Start, server: Server) -> None:
    server.replies = [says("{red}")]
    play(start("one"), {})
    asked = len(server.requests)
    again = start("two")
    play(again, {})
    assert (len(server.requests), again.state.asked.calls) == (asked, 0)


# The learner as the model


def test_timed_answers_of_the_learner_are_facts(asking_ref: str, workers: Workers, tmp_path: Path) -> None:
    ref = f"{asking_ref}:LAB"
    run = LabRun(ref, load_ref(ref).plan(3, parse_backend("human")), tmp_path / "human", workers=workers)
    right = {f"s{n}": colour for n, colour in enumerate(run.plan.params["shown"])}
    times = {f"s{n}": 0.5 + n for n in range(4)}
    (verdict,) = play(run, {"q3": {"value": right, "item_seconds": times}})
    assert (verdict.outcome, verdict.why) == ("right", "8 s in all")
    assert run.state.facts["human"] == {"said": right, "seconds": times}


# Played again


@pytest.fixture
def recorded(asking_ref: str) -> dict[str, Any]:
    """The document of a finished run, written by hand."""
    plan = load_ref(f"{asking_ref}:LAB").plan(3, parse_backend("openai:http://127.0.0.1:1/v1#tiny"))
    shown = plan.params["shown"]
    rows = [Exchange(digest(square(colour)), (8, 8), PROMPT, turn, "{red}").row() for colour in dict.fromkeys(shown) for turn in range(3)]
    return {
        "run": "squares-1",
        "lab": "squares",
        "backend": plan.backend.name,
        "plan": plan.model_dump(mode="json"),
        "facts": {"replies": ["{red}"] * 4, "again": ["{red}", "{red}", None, "{red}"]},
        "pictures": [{"key": "sheet", "alt": "squares", "grid": ["##"], "png": [base64.b64encode(square("red")).decode()]}],
        "transcript": rows,
    }


def replay(asking_ref: str, folder: Path, recording: Recording, seed: int | None = None, name: str = "LAB") -> tuple[LabRun, Workers]:
    lab = load_ref(f"{asking_ref}:{name}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(recording.model_dump_json())
    mine = Workers()
    return LabRun(f"{asking_ref}:{name}", replay_plan(lab, recording, seed), folder, workers=mine, recording=recording), mine


def test_a_recording_gives_the_same_verdicts_without_a_worker_or_a_call(
    start: Start, asking_ref: str, tmp_path: Path, server: Server
) -> None:
    server.replies = [says("{red}"), says("{green}"), says("{blue}")]
    sink = Keeper()
    first = start(sink=sink)
    play(first, {"q1": 2, "q2": 1})
    asked = len(server.requests)
    again, mine = replay(asking_ref, tmp_path / "again", read_recording(document(first, sink.facts), "a file"))
    with mine:
        told: list[Any] = []
        verdicts = play(again, {"q1": 2, "q2": 1}, told.append)
        again.warm()
        assert mine.running() == {}
    judged = [(v.q, v.outcome, v.truth, v.said) for v in verdicts]
    assert judged == [(v.q, v.outcome, v.truth, v.said) for v in first.state.verdicts.values()]
    assert again.state.facts == first.state.facts
    assert len(server.requests) == asked
    assert again.plan.backend.name == "replay:squares-1"
    assert again.plan.backend.info["recorded"]["backend"] == server.spec
    assert [event.alt for event in told if isinstance(event, Picture)] == [first.state.pictures["sheet"].alt]


def test_recorded_pictures_lie_in_the_folder_of_the_new_run(recorded: dict[str, Any], asking_ref: str, tmp_path: Path) -> None:
    again, mine = replay(asking_ref, tmp_path / "again", read_recording(recorded, "a file"))
    with mine:
        play(again, {})
    (name,) = again.state.pictures["sheet"].files
    assert (again.folder / name).read_bytes() == square("red")
    assert again.state.pictures["sheet"].grid == ("##",)


def test_recorded_facts_stay_withheld_until_answers_are_sealed(recorded: dict[str, Any], asking_ref: str, tmp_path: Path) -> None:
    again, mine = replay(asking_ref, tmp_path / "again", read_recording(recorded, "a file"))
    with mine:
        assert again.open().facts == {}
        assert again.state.facts == {}
        with pytest.raises(BadInput, match="seal the answers"):
            again.decide()


def test_other_questions_are_asked_over_recorded_facts_where_the_lab_has_them(
    recorded: dict[str, Any], asking_ref: str, tmp_path: Path
) -> None:
    recording = read_recording(recorded, "a file")
    replies = recording.facts["replies"]
    again, mine = replay(asking_ref, tmp_path / "again", recording, 11, "CURIOUS")
    with mine:
        (verdict,) = play(again, {"q1": 0})
        assert mine.running() == {}
    assert again.plan.seed == 11
    assert verdict.truth == sum(again.plan.params["asked"] in reply for reply in replies)
    with pytest.raises(BadInput, match="is of seed 3, and squares has no other questions over it; leave --seed out"):
        replay_plan(load_ref(f"{asking_ref}:LAB"), recording, 11)


def test_what_the_facts_do_not_tell_the_transcript_answers(start: Start, server: Server, asking_ref: str, tmp_path: Path) -> None:
    """Played to its first chapter only: the picture was never shown, but every reply that it needs was given."""
    server.replies = [says("{red}")]
    sink = Keeper()
    first = start(sink=sink)
    first.open()
    first.seal({})
    first.decide()
    asked = len(server.requests)
    recording = read_recording(document(first, sink.facts), "a file")
    assert [q.id for q in replay_plan(load_ref(f"{asking_ref}:LAB"), recording, None).questions] == ["q1"]
    again, mine = replay(asking_ref, tmp_path / "again", recording, 11, "READER")
    with mine:
        (verdict,) = play(again, {"q1": 4})
        assert list(mine.running()) == ["the lab worker for replay"]
    assert (verdict.outcome, verdict.truth) == ("right", 4)
    assert again.state.pictures.keys() == {"sheet"}
    assert len(server.requests) == asked


def test_a_recording_of_a_replay_is_one_of_what_was_recorded_first(recorded: dict[str, Any], asking_ref: str, tmp_path: Path) -> None:
    recording = read_recording(recorded, "a file")
    again, mine = replay(asking_ref, tmp_path / "again", recording)
    with mine:
        play(again, {})
    told = document(again, {}, run="squares-2", recorded=recording.run, origin=recording.backend)
    second = read_recording(told, "a file")
    assert (second.run, second.backend) == (recording.run, recording.backend)
    assert replay_plan(load_ref(f"{asking_ref}:LAB"), second, None).backend == again.plan.backend


DAMAGE: list[tuple[dict[str, Any], str]] = [
    ({"plan": None}, "it has no stored plan"),
    ({"plan": {}}, "not an exported lab run: plan"),
    ({"facts": []}, "not an exported lab run: facts"),
    ({"run": "../up"}, "not an exported lab run: run"),
    ({"pictures": [{"key": "sheet", "alt": "x", "png": ["%%"]}]}, "pictures: sheet: not base64"),
    ({"pictures": 3}, "pictures is no list of objects"),
    ({"transcript": [{"prompt": 1}]}, "not an exchange of a transcript"),
]


@pytest.mark.parametrize(("change", "says"), DAMAGE, ids=[says for _, says in DAMAGE])
def test_what_is_no_recording_is_one_line(recorded: dict[str, Any], change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read_recording({**recorded, **change}, "run.json")
    assert str(refused.value).startswith("run.json: ")
    assert "\n" not in str(refused.value)


def test_a_recording_of_another_lab_or_version_or_of_nothing_is_refused(recorded: dict[str, Any], asking_ref: str, lab_ref: str) -> None:
    recording = read_recording(recorded, "run.json")
    with pytest.raises(BadInput, match="is of the lab squares, not of doubling"):
        replay_plan(load_ref(lab_ref), recording, None)
    lab = load_ref(f"{asking_ref}:LAB")
    older = recording.model_copy(update={"plan": recording.plan.model_copy(update={"version": 0})})
    with pytest.raises(BadInput, match="is of version 0 of squares; this is 1"):
        replay_plan(lab, older, None)
    with pytest.raises(BadInput, match="holds nothing that decides a question"):
        replay_plan(lab, recording.model_copy(update={"facts": {}}), None)
    for text in ("[]", '{"plan": 1}', '"run"'):
        with pytest.raises(BadInput, match="not an exported lab run"):
            read_recording(json.loads(text), "run.json")


def test_code_of_others_is_never_taken_for_the_learners_own(lab_ref: str, workers: Workers, tmp_path: Path) -> None:
    run = LabRun(lab_ref, load_ref(lab_ref).plan(3, parse_backend("none")), tmp_path / "run", workers=workers)
    play(run, {"q3": {"source": "def double(x):\n    return 2 * x\n"}})
    assert "code:q3" in run.state.facts
    recording = read_recording(document(run, {}, lab="doubling"), "a file")
    assert [question.id for question in replay_plan(load_ref(lab_ref), recording, None).questions] == ["q1", "q2"]
