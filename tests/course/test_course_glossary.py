"""`glossary.yaml`: read by section, checked with file and line; the shipped one covers every section."""

from __future__ import annotations

from pathlib import Path

from studyapp.course.check import check_course
from studyapp.course.glossary import GLOSSARY_FILE, read_glossary
from studyapp.course.load import load_course
from studyapp.course.new import new_course

COURSE = Path(__file__).resolve().parents[2] / "content" / "week-13"
MOST_WORDS = 22


def write(folder: Path, text: str) -> Path:
    new_course(folder)
    (folder / GLOSSARY_FILE).write_text(text, "utf-8")
    return folder


def test_terms_come_in_the_order_of_the_sections(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", 'terms: [{term: "b", section: s02, say: "x"}, {term: "a", section: s01, say: "y"}]')
    terms, problems = read_glossary(folder, ["s01", "s02"])
    assert ([term.term for term in terms], problems) == (["a", "b"], [])


def test_a_course_need_not_have_one(tmp_path: Path) -> None:
    assert read_glossary(tmp_path, ["s01"]) == ([], [])


def test_the_check_names_file_line_and_term(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "c",
        'terms:\n  - {term: "knot", section: s01, say: "x", also: [tie]}\n  - {term: "hitch", section: s09, say: "y"}\n'
        '  - {term: "Tie", section: s01, say: "z"}\n',
    )
    told = [(Path(problem.file).name, problem.line, problem.field, problem.message) for problem in check_course(folder).errors]
    assert told == [
        (GLOSSARY_FILE, 3, "hitch", "unknown section 's09'"),
        (GLOSSARY_FILE, 4, "Tie", "'Tie' is a name of 'knot' already"),
    ]


def test_a_broken_file_is_an_error_of_the_course_and_shows_no_terms(tmp_path: Path) -> None:
    folder = write(tmp_path / "c", "terms: [{term: 3}]")
    assert [Path(problem.file).name for problem in check_course(folder).errors] == [GLOSSARY_FILE] * len(check_course(folder).errors)
    assert check_course(folder).errors
    assert read_glossary(folder, ["s01"])[0] == []


def test_the_shipped_glossary_has_short_terms_for_every_section_with_items() -> None:
    loaded = load_course(COURSE)
    terms, problems = read_glossary(COURSE, [section.id for section in loaded.course.sections])
    assert problems == []
    assert {term.section for term in terms} == {section.id for section in loaded.course.sections if section.file} - {"self-check"}
    assert {term.term: len(term.say.split()) for term in terms if len(term.say.split()) > MOST_WORDS} == {}
