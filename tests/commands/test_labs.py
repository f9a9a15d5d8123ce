"""`studyapp lab`: the formats and exit codes that scripts rely on, through real worker processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FIRST = ("q", "outcome", "said", "truth", "trap", "say")


@pytest.fixture(scope="module")
def right(tmp_path_factory) -> dict:
    home = tmp_path_factory.mktemp("oracle")
    command = [sys.executable, "-m", "studyapp", "--home", str(home), "lab", "run", "patchify", "--seed", "7", "--backend", "none"]
    done = subprocess.run([*command, "--answers", "-", "--json"], input="{}", capture_output=True, text=True, check=True)
    return {verdict["q"]: verdict["truth"] for verdict in json.loads(done.stdout)["verdicts"]}


def play(run, answers, *args: str, seed: int = 7, backend: str = "none"):
    return run(
        "lab", "run", "patchify", "--seed", str(seed), "--backend", backend, "--answers", "-", "--json", *args, input=json.dumps(answers)
    )


def test_a_plan_holds_questions_and_no_truth(cli, right):
    plan = cli("lab", "plan", "patchify", "--seed", "7", "--backend", "none", "--json").json()
    assert [question["id"] for question in plan["questions"]] == list(right)
    text = json.dumps(plan["questions"])
    assert not {"truth", "traps", "say", "concept_of"} & set().union(*(question.keys() for question in plan["questions"]))
    assert json.dumps(right["q1"]) not in text.replace(json.dumps(plan["params"]), "")
    assert cli("lab", "plan", "patchify", "--seed", "7", "--backend", "none", "--json").json() == plan


def test_labs_come_in_the_order_of_the_course(cli):
    ours = [lab["id"] for lab in cli("lab", "list", "--json").json()["labs"]]
    assert [id for id in ours if id in ("patchify", "clip-zero-shot", "vlm-probes", "noising", "video-drift")] == [
        "patchify", "clip-zero-shot", "vlm-probes", "noising", "video-drift",
    ]  # fmt: skip


def test_what_a_run_says_is_true_is_right_when_given_back(run, right):
    done = play(run, right)
    document = done.json()
    assert (done.code, document["status"]) == (0, "pass")
    assert [verdict["outcome"] for verdict in document["verdicts"]] == ["right"] * len(right)
    assert all(tuple(verdict)[:6] == FIRST for verdict in document["verdicts"])
    assert {"run", "lab", "version", "seed", "backend", "status", "facts", "pictures", "timings", "versions", "concepts"} <= set(document)


def test_wrong_predictions_are_named_and_come_back_as_cards(run, cli, right):
    wrong = {**right, "q1": right["q1"] + 1, "q2": {"value": 1, "confidence": 90}}
    done = play(run, wrong)
    verdicts = {verdict["q"]: verdict for verdict in done.json()["verdicts"]}
    assert done.code == 1
    assert (verdicts["q1"]["outcome"], verdicts["q2"]["outcome"]) == ("wrong", "wrong")
    assert verdicts["q1"]["trap"]
    assert verdicts["q1"]["say"]
    kept = {card["item"]: card["rating"] for card in done.json()["kept"]}
    assert kept["week-13:patchify-count"] == kept["week-13:patchify-vector"] == "again"
    assert kept["week-13:patchify-shape"] == "good"
    assert cli("due", "--json").json()["learning"] == len(kept)
    assert cli("stats", "--json").json()["misconceptions"]


def test_skipped_questions_count_neither_way(run, cli):
    done = play(run, {})
    assert (done.code, {verdict["outcome"] for verdict in done.json()["verdicts"]}) == (0, {"skipped"})
    assert cli("due", "--json").json()["learning"] == 0


def test_stage_by_stage_gives_the_same_as_in_one_go(run, right):
    shown = run("lab", "start", "patchify", "--seed", "7", "--backend", "none", "--json").json()
    verdicts = []
    name = shown["run"]
    while shown.get("questions"):
        answers = {question["id"]: right[question["id"]] for question in shown["questions"]}
        done = run("lab", "answer", name, "--answers", "-", "--json", input=json.dumps(answers))
        shown = done.json()
        verdicts += shown["verdicts"]
        assert done.code == 0
    assert [verdict["q"] for verdict in verdicts] == list(right)
    assert {verdict["outcome"] for verdict in verdicts} == {"right"}
    assert run("lab", "answer", name, "--answers", "-", input="{}").code == 2


def test_what_was_not_sealed_stays_hidden(run, right):
    shown = run("lab", "start", "patchify", "--seed", "7", "--backend", "none", "--json").json()
    assert "tokens" not in shown["facts"]
    text = json.dumps([shown["facts"], shown["questions"]])
    assert f": {right['q1']}" not in text


def test_a_past_run_is_judged_again_from_its_facts_and_exported(run, right):
    done = play(run, {**right, "q1": 3})
    name = done.json()["run"]
    again = run("lab", "replay", name, "--json")
    assert again.code == 1
    pairs = [[(v["q"], v["outcome"], v["trap"], v["truth"]) for v in document["verdicts"]] for document in (done.json(), again.json())]
    assert pairs[0] == pairs[1]
    exported = run("lab", "export", name, "--json").json()
    assert (exported["run"], exported["seed"], exported["backend"]) == (name, 7, "none")
    assert exported["facts"]["tokens"] == right["q1"]
    assert set(exported["verdicts"]) == set(right)
    assert run("log", "verify", "--rebuild", "--json").json()["changed"] is False


def test_undo_takes_back_the_card_of_a_verdict(run, cli, right):
    play(run, {"q1": right["q1"] + 1})
    undone = cli("undo", "--json").json()["undone"][0]
    assert (undone["kind"], undone["item"]) == ("lab_verdict", "week-13:patchify-count")
    assert cli("why", "patchify-count", "--json").json()["reps"] == 0


def test_the_same_seed_again_is_practice(run, cli, right):
    """Its truth was shown: only the first run may touch the schedule."""
    first = play(run, {**right, "q1": 1}).json()["kept"]
    assert {card["rating"] for card in first} == {"again", "good"}
    again = play(run, right).json()
    assert again["status"] == "pass"
    assert again["kept"] == []
    assert play(run, right, seed=8).json()["kept"]


def test_missed_tasks_are_reviewed_with_fresh_numbers_and_no_model(run, cli, right):
    play(run, {"q1": right["q1"] + 1})
    later = "2026-03-02T09:05:00+01:00"
    card = cli("next", "--json", now=later).json()
    assert (card["id"], card["kind"]) == ("patchify-count", "lab")
    fresh = cli("show", "patchify-count", "--reveal", "--json", now=later).json()
    done = cli("answer", "patchify-count", "--answer", str(fresh["value"]), "--json", now=later)
    assert (done.code, done.json()["outcome"]) == (0, "right")
    assert cli("show", "patchify-count", "--json", now=later).json()["ask"] != fresh["ask"]


def test_a_lab_card_is_answered_in_a_plain_session(run, cli, right):
    play(run, {"q1": right["q1"] + 1})
    later = "2026-03-02T09:05:00+01:00"
    value = cli("show", "patchify-count", "--reveal", "--json", now=later).json()["value"]
    done = run("study", "--plain", "--limit", "1", "--json", input=f"{value}\n\n", now=later)
    assert (done.json()["right"], done.json()["cards"]) == (1, 1), done.err


def test_cards_of_labs_never_played_are_not_served(cli):
    cli("config", "set", "new_per_day", "9999")
    served = {row["id"] for row in cli("course", "list", "--json").json()["items"] if row["kind"] != "lab"}
    assert cli("due", "--json").json()["new"] == len(served)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["plan", "nosuch", "--seed", "1"], 2),
        (["plan", "patchify", "--seed", "1", "--backend", "bogus"], 2),
        (["plan", "patchify", "--seed", "1", "--backend", "hf:/nonexistent"], 3),
        (["plan", "patchify"], 2),
        (["start", "nosuch"], 2),
        (["answer", "nosuch", "--answers", "-"], 2),
        (["replay", "nosuch"], 2),
        (["export", "nosuch"], 2),
        (["run", "patchify", "--seed", "1", "--answers", "/nonexistent.json"], 2),
        (["watch", "patchify", "q1", "--once"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_use_is_one_line(cli, args, code):
    done = cli("lab", *args, input="{}")
    assert (done.code, done.err.count("\n")) == (code, 1), done.err


@pytest.mark.parametrize(
    "answers", ["[1]", "{", '{"q99": 1}', '{"q1": "many"}', '{"q1": {"value": 1, "confidence": 300}}', '{"q3": [1, "x"]}']
)
def test_answers_that_cannot_be_read_seal_nothing(cli, answers):
    done = cli("lab", "run", "patchify", "--seed", "7", "--backend", "none", "--answers", "-", input=answers)
    assert (done.code, done.err.splitlines()[-1].startswith("studyapp: ")) == (2, True)
    assert cli("stats", "--json").json()["answers"] == 0


def test_the_tiny_model_decides_what_none_can_not(run):
    done = play(run, {"q6": {"value": "a", "reason": "a"}}, backend="tiny")
    document = done.json()
    assert document["backend"] == "tiny"
    assert {"q6", "q7"} <= {verdict["q"] for verdict in document["verdicts"]}
    assert document["versions"]["torch"]
    assert done.code in (0, 1)


def test_watch_judges_a_file(run, tmp_path: Path):
    file = tmp_path / "mine.py"
    first = run("lab", "watch", "patchify", "7", "--once", "--json", "--file", str(file))
    assert (first.code, first.json()["verdicts"][0]["outcome"]) == (1, "wrong")
    assert "def patchify" in file.read_text()
    assert first.json()["verdicts"][0]["truth"] is None
    from labs.patchify.solutions import ALL

    file.write_text(ALL["q7"][0])
    assert run("lab", "watch", "patchify", "q7", "--once", "--json", "--file", str(file)).code == 0


def test_ctrl_c_ends_a_lab_with_130_and_its_answers_are_kept(home: Path):
    command = [sys.executable, "-m", "studyapp", "--home", str(home), "lab", "run", "patchify", "--seed", "7", "--answers", "-"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert child.stdin is not None
    assert child.stderr is not None
    child.stdin.write(b'{"q1": 3}')
    child.stdin.close()
    child.stdin = None
    child.stderr.readline()  # it narrates: the worker is at it
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    assert b"Traceback" not in err


def test_a_run_whose_process_was_killed_is_lost_and_can_go_on(run, right):
    shown = run("lab", "start", "patchify", "--seed", "7", "--backend", "none", "--json").json()
    run("lab", "start", "patchify", "--seed", "8", "--backend", "none")
    listed = {lab["id"]: lab for lab in run("lab", "list", "--json").json()["labs"]}
    assert listed["patchify"]["run"] is not None
    done = run("lab", "answer", shown["run"], "--answers", "-", "--json", input=json.dumps({"q1": right["q1"]}))
    assert (done.code, done.json()["verdicts"][0]["outcome"]) == (0, "right")


def test_answers_for_a_judged_chapter_do_not_seal_the_next_one_empty(run, right):
    """A script that sends the same file twice must not skip the chapter in play."""
    name = run("lab", "start", "patchify", "--seed", "7", "--backend", "none", "--json").json()["run"]
    first = json.dumps({"q1": right["q1"]})
    assert run("lab", "answer", name, "--answers", "-", "--json", input=first).code == 0
    again = run("lab", "answer", name, "--answers", "-", "--json", input=first)
    assert again.code == 2
    assert "q5" in again.err
    there = run("lab", "answer", name, "--answers", "-", "--json", input=json.dumps({"q5": right["q5"]})).json()
    assert {v["q"]: v["outcome"] for v in there["verdicts"]}["q5"] == "right"


def test_a_run_for_people_says_nothing_of_none_and_shows_code_as_code(run):
    done = run("lab", "run", "patchify", "--seed", "7", "--backend", "none", "--answers", "-", input='{"q1": 3}')
    assert "None" not in done.out
    assert "{'source'" not in done.out
    assert "said 3" in done.out
