"""The judges as scripts and front ends meet them: `studyapp grade --judge`, the setting `judge`, `api.grading.propose`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from studyapp.api.grading import propose, warm
from studyapp.api.study import Study
from studyapp.errors import BadInput
from studyapp.study.grading.free import Question, grade
from studyapp.study.grading.free.batch import question_of
from tests.chat_server import Server, says, status
from tests.judges.chat import verdicts

ITEM = "sc-why-patches"


@pytest.fixture
def line(question: Question, answer: str) -> str:
    points = [{"text": p.text, "aliases": list(p.aliases), "indispensable": p.indispensable} for p in question.points]
    row = {"question": question.question, "reference": question.reference, "key_points": points, "anti_points": list(question.anti)}
    return json.dumps(row | {"answer": answer}) + "\n"


@pytest.fixture
def batch(run: Callable[..., Any]) -> Callable[..., tuple[int, list[dict[str, Any]], str]]:
    def go(lines: str, *args: str) -> tuple[int, list[dict[str, Any]], str]:
        done = run("grade", "--batch", "-", *args, input=lines)
        return done.code, [json.loads(text) for text in done.out.splitlines()], done.err

    return go


def test_a_batch_names_the_judge_on_each_line(batch, server: Server, line: str, answer: str) -> None:
    server.replies = [says(verdicts(answer[:30], answer[:30], None)), says(verdicts(None, None, None))]
    code, rows, err = batch(line * 2, "--judge", server.spec)
    assert (code, err) == (0, "")
    assert [(row["judge"], row["notice"]) for row in rows] == [(server.spec, None)] * 2
    assert [row["points"] for row in rows] == [[True, True, False], [False, False, False]]
    assert [row["verdict"] for row in rows] == ["correct", "incorrect"]


def test_a_batch_whose_judge_fails_is_graded_by_the_default_and_tells_it_once(batch, server: Server, line: str) -> None:
    _, plain, _ = batch(line)
    assert not {"judge", "notice"} & set(plain[0])
    server.replies = [status(500)]
    code, rows, err = batch(line + "not json\n" + line, "--judge", server.spec)
    assert code == 2
    good = [row for row in rows if "error" not in row]
    assert [(row["judge"], row["verdict"], row["points"]) for row in good] == [("default", plain[0]["verdict"], plain[0]["points"])] * 2
    assert all(row["notice"].startswith(server.spec) and "(500)" in row["notice"] for row in good)
    assert err.count("(500)") == 1


@pytest.mark.parametrize("judge", ["bert", "embed:", "openai:http://user:sesame@h/v1#m"])
def test_a_judge_that_is_none_is_bad_use(run, line: str, judge: str) -> None:
    done = run("grade", "--batch", "-", "--judge", judge, input=line)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("studyapp: judge: ")
    assert done.err.count("\n") == 1
    assert "sesame" not in done.err


def test_the_help_of_grade_explains_the_judges(run) -> None:
    for text in (run("grade", "--help").out, run("help", "judges").out):
        for word in ("embed:<dir>", "openai:<url>#<model>", "STUDYAPP_JUDGE_KEY", "default"):
            assert word in text


def test_one_answer_shows_who_graded_it(cli, server: Server) -> None:
    server.replies = [says("no idea")]
    done = cli("grade", "--item", ITEM, "--judge", server.spec, "--json", "a pixel means nothing")
    assert (done.json()["judge"], done.code) == ("default", 0)
    assert server.spec in done.json()["notice"]
    assert "judge: default" in cli("grade", "--item", ITEM, "a pixel means nothing").out


def test_the_setting_is_kept_for_this_machine(study: Study, server: Server) -> None:
    assert study.preferences()["judge"] == "default"
    study.set_setting("judge", server.spec)
    assert study.preferences()["judge"] == server.spec
    with pytest.raises(BadInput, match="setting judge"):
        study.set_setting("judge", "openai:http://me:secret@host/v1#m")


def test_a_proposal_comes_from_the_judge_or_from_the_default_with_a_notice(study: Study, server: Server) -> None:
    item = study.desk.item(study.resolve(ITEM))
    question = question_of(item.body)
    text = "a pixel alone says nothing and there would be far too many of them"
    server.replies = [says(verdicts(*([text] + [None] * (len(question.points) - 1)), false=(None,) * len(question.anti))), says("?")]
    first, second = (propose(study, item, text, server.spec) for _ in range(2))
    assert (first.judge, first.notice, first.graded.points[0].state) == (server.spec, "", "found")
    assert (second.judge, second.graded) == ("default", grade(question, text))
    assert server.spec in second.notice
    plain = propose(study, item, text, "default")
    assert (plain.judge, plain.notice, plain.graded) == ("default", "", second.graded)


def test_a_proposal_survives_a_setting_that_is_none(study: Study) -> None:
    item = study.desk.item(study.resolve(ITEM))
    judged = propose(study, item, "anything", "oracle:delphi")
    assert judged.judge == "default"
    assert "give default" in judged.notice
    warm(study, "oracle:delphi")
    warm(study, "embed:/nowhere")


def test_only_items_with_key_points_are_proposed_on(study: Study) -> None:
    item = study.desk.item(study.resolve("patch-token-name"))
    with pytest.raises(BadInput, match="only explain items"):
        propose(study, item, "anything", "default")


def test_the_offline_judge_loads_no_http_library(line: str) -> None:
    code = "import sys; from studyapp.cli import run; run(['grade', '--batch', '-']); print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], input=line, capture_output=True, text=True, check=True)
    assert not {"httpx", "torch", "numpy", "textual", "pydantic"} & set(done.stdout.splitlines()[-1].split())
