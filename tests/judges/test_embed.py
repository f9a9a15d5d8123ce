"""The embedding judge with tiny models on disk: in a worker process, one for a batch, and the default where the model cannot serve."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.judges import Judged, Panel
from studyapp.judges.scale import Scale
from studyapp.study.grading.free import Question, grade
from studyapp.workers.pool import Workers
from tests.judges.chat import ANSWER, QUESTION

SAME = [
    (QUESTION.points[0].text, "looking at all of them costs a fortune"),
    (QUESTION.points[1].text, "one dot says next to nothing"),
    (QUESTION.points[2].text, "chunks keep the row brief"),
    (QUESTION.anti[0], "the card is out of room"),
]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as made:
        yield made


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Path:
    """Directories: plain, mean (sentence-transformers), ignorant (knows no word's meaning), sqrt (a pooling that is not known)."""
    folder = tmp_path_factory.mktemp("models")
    workers.get("the embedding model").submit("tests.judges.tiny:sentence_encoders", {"folder": str(folder), "same": SAME}).wait()
    return folder


@pytest.fixture
def panel(workers: Workers) -> Panel:
    return Panel(workers)  # not closed: its worker is shared by the tests of this file


def notice(judged: Judged, question: Question, answer: str) -> str:
    assert judged.judge == "default"
    assert judged.graded == grade(question, answer)
    assert judged.notice.endswith("; graded by the default")
    assert "\n" not in judged.notice
    return judged.notice


def cosines(workers: Workers, folder: Path, pieces: list[str], wanted: list[str]) -> tuple[list[list[float]], Scale]:
    payload = {"folder": str(folder), "pieces": pieces, "statements": wanted}
    found: dict[str, Any] = workers.get("the embedding model").submit("studyapp.judges.embedding:nearness", payload).wait()
    return found["cosines"], Scale(*found["scale"])


@pytest.mark.parametrize("layout", ["plain", "mean"])
def test_the_model_puts_the_same_said_in_other_words_nearest(workers: Workers, models: Path, layout: str) -> None:
    wanted = [first for first, _ in SAME]
    table, scale = cosines(workers, models / layout, [second for _, second in SAME], wanted)
    assert [max(range(4), key=row.__getitem__) for row in table] == [0, 1, 2, 3]
    assert scale.useful
    assert all(scale(table[i][i]) > 0.5 for i in range(4))
    assert all(scale(table[i][k]) < 0.5 for i in range(4) for k in range(4) if i != k)


def test_texts_of_any_length_and_script_are_embedded(workers: Workers, models: Path) -> None:
    table, _ = cosines(workers, models / "plain", ["", "画像 \U0001f600", "cost " * 5000], ["attention", "attention"])
    assert all(-1.001 <= value <= 1.001 for row in table for value in row)
    assert [row[0] for row in table] == [row[1] for row in table]


def test_an_answer_is_graded_under_the_name_of_the_model(panel: Panel, models: Path, question: Question) -> None:
    spec = f"embed:{models / 'plain'}"
    text = "Looking at all of them costs a fortune. One dot says next to nothing. Chunks keep the row brief."
    judged = panel.grade(spec, question, text)
    assert (judged.judge, judged.notice) == (spec, "")
    rank = ["missed", "unsure", "found"]
    before, now = grade(question, text), judged.graded
    assert all(rank.index(new.state) >= rank.index(old.state) for new, old in zip(now.points, before.points, strict=True))
    empty = panel.grade(spec, question, " ")
    assert (empty.judge, empty.graded) == (spec, grade(question, " "))


def test_a_batch_is_graded_by_one_process_that_holds_the_model(panel: Panel, workers: Workers, models: Path, question: Question) -> None:
    pids = set()
    for text in (ANSWER, "One dot says next to nothing.", "The card is out of room."):
        assert panel.grade(f"embed:{models / 'plain'}", question, text).notice == ""
        pids.add(workers.running()["the embedding model"])
    assert len(pids) == 1
    assert os.getpid() not in pids


@pytest.mark.slow
def test_a_process_that_dies_falls_back_and_the_next_answer_has_another(
    panel: Panel, workers: Workers, models: Path, question: Question, answer: str
) -> None:
    spec = f"embed:{models / 'plain'}"
    workers.get("the embedding model").start()
    pid = workers.running()["the embedding model"]
    os.kill(pid, signal.SIGSTOP)  # so that it cannot answer before it dies
    os.kill(pid, signal.SIGKILL)
    judged = panel.grade(spec, question, answer)
    if judged.notice:  # it had taken the job before it was seen to be gone
        assert "SIGKILL" in notice(judged, question, answer)
        judged = panel.grade(spec, question, answer)
    assert (judged.judge, judged.notice) == (spec, "")


def spoiled(models: Path, tmp_path: Path, how: str) -> Path:
    folder = tmp_path / how
    if how == "nowhere":
        return folder
    shutil.copytree(models / "mean", folder)
    config = json.loads((folder / "config.json").read_text())
    weights = folder / "model.safetensors"
    if how == "no config":
        (folder / "config.json").unlink()
    elif how == "own code":
        (folder / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "evil.Model"}}))
        (folder / "evil.py").write_text("raise SystemExit('it ran')")
    elif how == "pickled":
        weights.rename(folder / "pytorch_model.bin")
    elif how == "half":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif how == "no tokenizer":
        for path in folder.glob("tokenizer*"):
            path.unlink()
    elif how == "a dense step":
        steps = json.loads((folder / "modules.json").read_text())
        (folder / "modules.json").write_text(json.dumps([*steps, {"path": "3_Dense", "type": "sentence_transformers.models.Dense"}]))
    elif how == "outside":
        steps = json.loads((folder / "modules.json").read_text())
        (folder / "modules.json").write_text(json.dumps([steps[0] | {"path": "../nowhere"}, *steps[1:]]))
    return folder


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("nowhere", "there is no such directory"),
        ("no config", "no config.json there"),
        ("own code", "needs its own Python code"),
        ("pickled", "no .safetensors weights there"),
        ("half", "the model cannot be loaded"),
        ("no tokenizer", "does not tell sentences that say the same"),
        ("a dense step", "a step Dense that studyapp does not know"),
    ],
)
def test_a_directory_without_a_model_that_can_be_used_falls_back(
    panel: Panel, models: Path, tmp_path: Path, question: Question, answer: str, how: str, reason: str
) -> None:
    assert reason in notice(panel.grade(f"embed:{spoiled(models, tmp_path, how)}", question, answer), question, answer)


def test_a_layout_that_points_out_of_its_directory_is_read_inside_it(
    panel: Panel, models: Path, tmp_path: Path, question: Question
) -> None:
    assert panel.grade(f"embed:{spoiled(models, tmp_path, 'outside')}", question, ANSWER).notice == ""


@pytest.mark.parametrize(
    ("model", "reason"), [("ignorant", "does not tell sentences that say the same"), ("sqrt", "pooling mean_sqrt_len")]
)
def test_a_model_that_is_no_judge_falls_back(panel: Panel, models: Path, question: Question, answer: str, model: str, reason: str) -> None:
    assert reason in notice(panel.grade(f"embed:{models / model}", question, answer), question, answer)


def test_without_torch_it_falls_back_and_says_what_to_install(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: Question, answer: str
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Panel() as fresh:
        said = notice(fresh.grade(f"embed:{models / 'plain'}", question, answer), question, answer)
    assert "No module named 'torch'" in said
    assert "pip install 'studyapp[labs]'" in said


@pytest.mark.slow
def test_a_model_that_is_still_loading_is_not_waited_for_and_ready_later(models: Path, question: Question, answer: str) -> None:
    with Panel() as fresh:
        spec = f"embed:{models / 'plain'}"
        first = fresh.grade(spec, question, answer, limit_s=0.05)
        assert "no verdict within 0.05 s" in notice(first, question, answer)
        fresh.warm(spec)
        assert fresh.grade(spec, question, answer).judge == spec


@pytest.mark.slow
def test_the_process_that_grades_never_imports_torch(models: Path) -> None:
    spec = f"embed:{models / 'plain'}"
    code = (
        "import sys, json\n"
        "from studyapp.judges import Panel\n"
        "from studyapp.study.grading.free import KeyPoint, Question\n"
        "question = Question('Why?', 'Because.', (KeyPoint('it costs too much'),))\n"
        "with Panel() as panel:\n"
        f"    judged = panel.grade({spec!r}, question, 'it costs')\n"
        "print(json.dumps([judged.judge, sorted({m.partition('.')[0] for m in sys.modules})]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    judge, modules = json.loads(done.stdout.splitlines()[-1])
    assert judge.startswith("embed:")
    assert not {"torch", "transformers", "numpy", "httpx"} & set(modules)
