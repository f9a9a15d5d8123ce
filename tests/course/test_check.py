from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studyapp.course.check import check_course, facts_coverage
from studyapp.course.coverage import coverage
from studyapp.course.items import Item
from studyapp.course.load import load_course
from studyapp.course.new import new_course
from studyapp.course.schema_json import FILE, schema_json
from studyapp.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studyapp.course.check", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_coverage_counts_facts_by_importance_and_form(sample: Path) -> None:
    assert facts_coverage(load_course(sample)) == {
        "items": 16,
        "facts_total": 4,
        "facts_covered": 3,
        "core_total": 3,
        "core_covered": 2,
        "core_two_forms": 2,
        "useful_total": 1,
        "useful_covered": 1,
        "missing": ["f4"],
        "unknown": [],
    }


def test_coverage_names_facts_that_do_not_exist() -> None:
    item = Item("c:a", "basic", "s", 0, facts=("f1", "gone"))
    assert coverage([item], {"f1": "core"})["unknown"] == ["gone"]


def test_a_course_without_facts_has_no_coverage(sample: Path) -> None:
    (sample / "facts.yaml").unlink()
    assert check_course(sample).coverage is None


def test_the_check_of_a_good_course_exits_0_with_its_coverage(sample: Path) -> None:
    done = run(str(sample))
    assert done.returncode == 0
    assert "core facts that no item tests: f4" in done.stdout
    assert "16 items, 0 errors" in done.stdout.splitlines()[-1]


def test_the_check_of_a_broken_course_exits_1_and_still_lints_the_rest(sample: Path) -> None:
    text = (sample / "s01.yaml").read_text().replace('ask: "Who?", ', "")
    (sample / "s01.yaml").write_text(text)
    done = run("--all", str(sample))
    assert done.returncode == 1
    assert f"{sample}/s01.yaml:5: name-basic.ask: is missing" in done.stdout
    assert "warning: " in done.stdout


def test_the_check_of_no_course_exits_2_in_one_line(tmp_path: Path) -> None:
    done = run(str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert run().returncode == 2


def test_a_new_course_passes_its_check_without_a_warning(tmp_path: Path) -> None:
    written = new_course(tmp_path / "My Course")
    report = check_course(tmp_path / "My Course")
    assert all(path.is_file() for path in written)
    assert (report.errors, report.warnings) == ((), ())
    assert report.items == 3
    assert load_course(tmp_path / "My Course").course.id == "my-course"


def test_a_new_course_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="exists already"):
        new_course(tmp_path)


def test_the_committed_schema_is_current() -> None:
    assert FILE.read_text("utf-8") == schema_json(), "run python -m studyapp.course.schema_json"


def test_the_shipped_course_has_no_error_and_every_core_fact_is_tested() -> None:
    report = check_course(ROOT / "content" / "week-13")
    assert report.errors == ()
    assert report.coverage is not None
    assert report.coverage["missing"] == []
    assert report.coverage["unknown"] == []
