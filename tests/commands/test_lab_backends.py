"""`studyapp lab` on endpoints and recordings: the cost before the first call, the limit, export and replay; and all of it without a net."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chat_server import Server, chat_server, says, status
from tests.conftest import Done
from tests.labkit.plugin import installed_squares

Cli = Callable[..., Done]
SEED = ("--seed", "3")


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with installed_squares(tmp_path / "plugins", monkeypatch) as folder:
        yield folder


@pytest.fixture
def server(plugin: Path) -> Iterator[Server]:
    with chat_server() as running:
        running.replies = [says("{red}", tokens=50)]
        yield running


def lab(cli: Cli, command: str, *args: str, answers: Any = None, **options: Any) -> Done:
    more = () if answers is None else ("--answers", "-")
    return cli("lab", command, *args, *more, "--json", input=json.dumps(answers), **options)


# Endpoints


def test_a_plan_on_an_endpoint_says_what_it_would_cost_and_asks_nobody(cli: Cli, server: Server) -> None:
    done = lab(cli, "plan", "squares", *SEED, "--backend", server.spec)
    cost = done.json()["cost"]
    assert cost.pop("says") == done.err.strip()
    assert cost == {
        "backend": server.spec, "calls": 16, "size": [8, 8], "tokens": 5680, "limit": 1000, "made": 0, "cached": 0, "counted": 0,
    }  # fmt: skip
    assert server.requests == []
    assert "cost" not in lab(cli, "plan", "squares", *SEED, "--backend", "none").json()


def test_the_cost_is_said_before_the_first_call_and_counted_after(cli: Cli, server: Server) -> None:
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={"q2": 0})
    assert done.code == 0
    lines = done.err.splitlines()
    assert lines[0].startswith(f"{server.spec}: this run makes up to 16 calls with pictures of 8 x 8 px")
    cost = done.json()["cost"]
    assert cost["made"] == len(server.requests) > 0
    assert cost["counted"] == 50 * cost["made"]
    assert done.json()["backend"] == server.spec
    again = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={"q2": 0}).json()["cost"]
    assert (again["made"], again["cached"] > 0) == (0, True)


def test_the_first_chapter_is_shown_with_its_cost(cli: Cli, server: Server) -> None:
    done = lab(cli, "start", "squares", *SEED, "--backend", server.spec, "--max-calls", "7")
    assert done.json()["cost"]["limit"] == 7
    assert "this run makes up to 16 calls" in done.err
    assert "fewer, so it will stop in the middle" in done.err


def test_the_limit_stops_the_run_with_exit_code_3_and_it_goes_on_with_a_higher_one(cli: Cli, server: Server) -> None:
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, "--max-calls", "5", answers={"q1": 1, "q2": 0})
    assert (done.code, done.out, len(server.requests)) == (3, "", 5)
    kept, problem = done.err.splitlines()[-2:]
    assert "stopped at the limit of calls (--max-calls)" in problem
    name = kept.split()[1]
    assert f"studyapp lab answer {name} --answers FILE" in kept
    exported = lab(cli, "export", name).json()
    assert (exported["status"], len(exported["transcript"])) == ("error", 5)
    on = lab(cli, "answer", name, "--max-calls", "50", answers={})
    assert (on.code, [verdict["outcome"] for verdict in on.json()["verdicts"]]) == (0, ["right"])
    assert on.json()["cost"]["limit"] == 50
    assert len(lab(cli, "export", name).json()["transcript"]) == len(server.requests) == on.json()["cost"]["made"]


def test_the_limit_of_the_settings_holds_where_none_is_given(cli: Cli, server: Server) -> None:
    cli("config", "set", "lab_max_calls", "2")
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={"q1": 1})
    assert (done.code, len(server.requests)) == (3, 2)


def test_a_run_that_was_started_keeps_its_limit(cli: Cli, server: Server) -> None:
    name = lab(cli, "start", "squares", *SEED, "--backend", server.spec, "--max-calls", "2").json()["run"]
    done = lab(cli, "answer", name, answers={"q1": 1})
    assert (done.code, len(server.requests)) == (3, 2)


@pytest.mark.parametrize(
    ("reply", "says"),
    [(status(401), "the server asks for a key (401): set STUDYAPP_LAB_KEY"), (status(500), "the server failed (500)")],
)
def test_a_server_that_fails_is_one_line_and_exit_code_3(cli: Cli, server: Server, reply: Any, says: str) -> None:
    server.replies = [reply]
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={"q1": 1})
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-1].startswith(f"studyapp: {server.spec}: {says}")
    assert "Traceback" not in done.err


def test_the_key_is_sent_and_stored_nowhere(cli: Cli, server: Server, home: Path) -> None:
    key = "sk-test-0123456789abcdef"
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={}, env={"STUDYAPP_LAB_KEY": key})
    assert server.requests[0][1]["authorization"] == f"Bearer {key}"
    stored = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"{red}" in stored
    assert key.encode() not in stored
    assert key not in done.out + done.err


# Export and replay


@pytest.fixture
def played(cli: Cli, server: Server) -> tuple[str, dict[str, Any]]:
    """A finished run on the endpoint: its id and its document."""
    done = lab(cli, "run", "squares", *SEED, "--backend", server.spec, answers={"q1": 2, "q2": {"value": 0, "confidence": 70}})
    return done.json()["run"], done.json()


def judged(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(verdict[name] for name in ("q", "outcome", "said", "truth", "trap", "say")) for verdict in document["verdicts"]]


def test_an_exported_run_gives_the_same_verdicts_in_another_home(
    cli: Cli, played: tuple[str, dict[str, Any]], server: Server, tmp_path: Path, template_home: Path
) -> None:
    name, first = played
    file, other = tmp_path / "run.json", Path(shutil.copytree(template_home, tmp_path / "other"))
    file.write_text(lab(cli, "export", name).out, encoding="utf-8")
    asked = len(server.requests)
    again = lab(cli, "replay", str(file), at=other)
    assert (again.code, judged(again.json())) == (1 if any(v[1] == "wrong" for v in judged(first)) else 0, judged(first))
    answers = {"q1": 2, "q2": {"value": 0, "confidence": 70}}
    anew = lab(cli, "run", "squares", "--backend", f"replay:{file}", answers=answers, at=other).json()
    assert judged(anew) == judged(first)
    assert (anew["backend"], anew["seed"]) == (f"replay:{name}", 3)
    assert anew["facts"] == first["facts"]
    assert "cost" not in anew
    assert len(server.requests) == asked
    told = lab(cli, "export", anew["run"], at=other).json()
    assert (told["backend"], told["origin"], told["recorded"]) == (f"replay:{name}", server.spec, name)
    assert cli("log", "verify", "--json", at=other).code == 0


def test_pictures_travel_with_the_export(cli: Cli, played: tuple[str, dict[str, Any]], tmp_path: Path, template_home: Path) -> None:
    file, other = tmp_path / "run.json", Path(shutil.copytree(template_home, tmp_path / "other"))
    exported = lab(cli, "export", played[0]).json()
    (picture,) = exported["pictures"]
    assert (picture["key"], len(picture["png"]), len(picture["grid"])) == ("sheet", 1, 4)
    file.write_text(json.dumps(exported), encoding="utf-8")
    shown = lab(cli, "start", "squares", "--backend", f"replay:{file}", at=other).json()
    on = lab(cli, "answer", shown["run"], answers={"q1": 1}, at=other).json()
    (there,) = on["pictures"]
    assert (there["alt"], there["grid"]) == (picture["alt"], picture["grid"])
    assert (other / "runs" / shown["run"] / there["files"][0]).read_bytes().startswith(b"\x89PNG")


def test_a_replay_goes_on_after_its_file_is_gone(cli: Cli, played: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(lab(cli, "export", played[0]).out)
    shown = lab(cli, "start", "squares", "--backend", f"replay:{file}").json()
    file.unlink()
    on = lab(cli, "answer", shown["run"], answers={"q1": 2})
    assert on.json()["verdicts"][0]["truth"] == played[1]["verdicts"][0]["truth"]


def test_replaying_a_run_whose_truth_was_shown_is_practice(cli: Cli, plugin: Path) -> None:
    """As playing its seed again is; and the other way round."""
    first = lab(cli, "run", "patchify", "--seed", "7", "--backend", "none", answers={"q1": 3}).json()
    assert first["kept"]
    again = lab(cli, "run", "patchify", "--backend", f"replay:{first['run']}", answers={"q1": 3}).json()
    assert again["backend"] == f"replay:{first['run']}"
    assert again["kept"] == []


def test_other_questions_over_a_recording(cli: Cli, server: Server) -> None:
    name = lab(cli, "run", "curious", *SEED, "--backend", server.spec, answers={}).json()["run"]
    asked = len(server.requests)
    other = lab(cli, "run", "curious", "--seed", "12", "--backend", f"replay:{name}", answers={"q1": 9}).json()
    assert (other["seed"], other["verdicts"][0]["outcome"], len(server.requests)) == (12, "wrong", asked)
    plan = lab(cli, "plan", "curious", "--seed", "12", "--backend", f"replay:{name}").json()
    assert [question["id"] for question in plan["questions"]] == ["q1"]


def test_runs_of_different_backends_are_never_taken_together(cli: Cli, played: tuple[str, dict[str, Any]], server: Server) -> None:
    """Each run has its own facts; neither the replies of another address nor what a recording holds flow into it."""
    name, first = played
    other = server.url.replace("/v1", "/v2")
    before = len(server.requests)
    server.replies = [says("{blue}")]
    second = lab(cli, "run", "squares", *SEED, "--backend", f"openai:{other}#tiny", answers={}).json()
    assert len(server.requests) > before
    assert set(second["facts"]["replies"]) == {"{blue}"}
    third = lab(cli, "run", "squares", "--backend", f"replay:{name}", answers={}).json()
    assert set(third["facts"]["replies"]) == set(first["facts"]["replies"]) == {"{red}"}
    names = [run["backend"] for run in (first, second, third)]
    assert len(set(names)) == 3
    listed = {row["id"]: row for row in cli("lab", "list", "--json").json()["labs"]}
    assert f"on replay:{name}" in listed["squares"]["last"]


BAD_REPLAYS = [
    (("run", "squares", "--backend", "replay:nowhere-1"), 2, "no lab run 'nowhere-1'"),
    (("run", "squares", "--backend", "replay:./nowhere.json"), 2, "there is no such file"),
    (("run", "squares", "--backend", "replay:{text}"), 2, "not JSON"),
    (("run", "squares", "--backend", "replay:{other}"), 2, "not an exported lab run"),
    (("run", "patchify", "--backend", "replay:{run}"), 2, "is of the lab squares, not of patchify"),
    (("run", "squares", "--seed", "4", "--backend", "replay:{run}"), 2, "is of seed 3, and squares has no other questions over it"),
    (("run", "squares", "--backend", "none"), 2, "--seed is missing"),
    (("plan", "squares", "--backend", "none"), 2, "--seed is missing"),
    (("replay", "{text}"), 2, "not JSON"),
    (("replay", "nowhere-1"), 2, "no lab run"),
]


@pytest.mark.parametrize(("args", "code", "says"), BAD_REPLAYS, ids=[f"{args[0]} {says}" for args, _, says in BAD_REPLAYS])
def test_a_recording_that_cannot_be_used_is_one_line(
    cli: Cli, played: tuple[str, dict[str, Any]], tmp_path: Path, args: tuple[str, ...], code: int, says: str
) -> None:
    (tmp_path / "text.json").write_text("{")
    (tmp_path / "other.json").write_text("[1]")
    names = {"run": played[0], "text": str(tmp_path / "text.json"), "other": str(tmp_path / "other.json")}
    given = [arg.format(**names) for arg in args]
    done = cli("lab", *given, *(["--answers", "-"] if args[0] == "run" else []), input="{}")
    assert (done.code, done.err.count("\n"), done.out) == (code, 1, ""), done.err
    assert says in done.err


# Without a net

FORBIDDEN = """
import sys

def forbid(event, args):
    to_net = event in ("socket.connect", "socket.bind", "socket.sendto") and isinstance(args[1], tuple)  # a path is this machine's own
    if to_net or event in ("socket.getaddrinfo", "socket.gethostbyname"):
        with open({log!r}, "a") as log:
            log.write(event + " " + repr(args[1:]) + "\\n")
        raise OSError("the network is unplugged")

sys.addaudithook(forbid)
"""


@pytest.fixture
def unplugged(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """The environment in which every process, workers too, may open no connection; and where it is noted if one tries."""
    folder, log = tmp_path / "unplugged", tmp_path / "touched.txt"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FORBIDDEN.format(log=str(log)))
    root = str(Path(__file__).parents[2])
    return {"PYTHONPATH": os.pathsep.join([str(folder), root])}, log


def test_unplugged_means_that_no_worker_reaches_even_this_machine(
    unplugged: tuple[dict[str, str], Path], run: Cli, server: Server, plugin: Path
) -> None:
    """Else the next test would say nothing."""
    env, log = unplugged
    env = {"PYTHONPATH": os.pathsep.join([env["PYTHONPATH"], str(plugin)])}
    done = lab(run, "run", "squares", *SEED, "--backend", server.spec, answers={}, env=env)
    assert (done.code, server.requests) == (3, [])
    assert "the server cannot be reached" in done.err
    assert "socket." in log.read_text()


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in ("verdicts", "facts", "kept", "status", "concepts")}


def play_all(run: Cli, home: Path, tmp_path: Path, backend: str, env: dict[str, str]) -> list[Any]:
    """Each lab command once; what they said."""
    answers = {"q1": 3, "q2": {"value": 10, "confidence": 90}, "q5": ["a", "b", "c", "d"]}
    found: list[Any] = []

    def command(*args: str, answers: Any = None) -> Any:
        more = () if answers is None else ("--answers", "-")
        done = run("lab", *args, *more, "--json", input=json.dumps(answers), at=home, env=env)
        assert done.code in (0, 1), done.err
        return done.json()

    found.append(sorted(row["id"] for row in command("list")["labs"]))
    found.append(command("plan", "patchify", "--seed", "7", "--backend", backend))
    played = command("run", "patchify", "--seed", "7", "--backend", backend, answers=answers)
    found.append(comparable(played))
    shown = command("start", "patchify", "--seed", "8", "--backend", backend)
    found.append(shown["questions"])
    found.append(command("answer", shown["run"], answers={"q1": 3})["verdicts"])
    found.append(command("replay", played["run"])["verdicts"])
    exported = command("export", played["run"])
    file = tmp_path / f"{home.name}.json"
    file.write_text(json.dumps(exported))
    found.append(exported["facts"])
    found.append(comparable(command("run", "patchify", "--backend", f"replay:{file}", answers={"q1": 3})))
    return found


@pytest.mark.parametrize("backend", ["none", pytest.param("tiny", marks=pytest.mark.slow)])
def test_unplugging_the_network_changes_nothing(
    run: Cli, home: Path, template_home: Path, tmp_path: Path, unplugged: tuple[dict[str, str], Path], backend: str
) -> None:
    env, log = unplugged
    other = Path(shutil.copytree(template_home, tmp_path / "other"))
    plain = play_all(run, home, tmp_path, backend, {})
    assert play_all(run, other, tmp_path, backend, env) == plain
    assert not log.exists(), log.read_text()


# Every lab of ours


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("name", "backend"),
    [
        ("patchify", "none"),
        ("vlm-probes", "none"),
        ("noising", "none"),
        ("video-drift", "none"),
        *(pytest.param(name, "tiny", marks=pytest.mark.slow) for name in ("clip-zero-shot", "vlm-probes", "noising", "video-drift")),
    ],
)
def test_each_lab_is_replayed_in_another_home(cli: Cli, name: str, backend: str, tmp_path: Path, template_home: Path) -> None:
    """Code tasks are left out of a replay; every other question is asked and judged as it was."""
    file, other = tmp_path / "run.json", Path(shutil.copytree(template_home, tmp_path / "other"))
    first = lab(cli, "run", name, *SEED, "--backend", backend, answers={}).json()
    kinds = {question["id"]: question["kind"] for question in lab(cli, "plan", name, *SEED, "--backend", backend).json()["questions"]}
    file.write_text(lab(cli, "export", first["run"]).out, encoding="utf-8")
    right = {
        verdict["q"]: verdict["truth"] for verdict in first["verdicts"] if kinds[verdict["q"]] != "code" and verdict["truth"] is not None
    }
    said = {id: [truth, truth] if kinds[id] == "interval" else truth for id, truth in right.items()}
    again = lab(cli, "run", name, "--backend", f"replay:{file}", answers=said, at=other).json()
    assert {verdict["q"]: verdict["truth"] for verdict in again["verdicts"] if verdict["q"] in right} == right
    assert [verdict["q"] for verdict in again["verdicts"]] == [q for q, kind in kinds.items() if kind != "code"]
    assert {verdict["outcome"] for verdict in again["verdicts"] if verdict["q"] in right} == {"right"}
    assert {picture["key"] for picture in again["pictures"]} <= {picture["key"] for picture in first["pictures"]}
