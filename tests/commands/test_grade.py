"""`studyapp grade`: lines of JSON on questions it has never seen, and one answer to an item."""

from __future__ import annotations

import json

import pytest

from studyapp.errors import BadInput
from studyapp.study.grading.free.batch import parse_line

LINE = {
    "question": "Why are there day and night?",
    "reference": "The Earth turns on its axis, so each place faces the Sun for a part of the day.",
    "key_points": [
        {"text": "the Earth turns on its axis", "aliases": ["the planet spins"], "indispensable": True},
        "one side faces the Sun",
    ],
    "anti_points": ["The Sun moves round the Earth."],
    "answer": "the earth turns on its axis and one side faces the sun",
}


def graded(run, *lines: object, code: int = 0) -> list[dict]:
    raw = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = run("grade", "--batch", "-", input=raw, now=None)
    assert done.code == code, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_batch_line_gives_points_verdict_and_confidence(run):
    (out,) = graded(run, LINE)
    assert out["points"] == [True, True]
    assert out["states"] == ["found", "found"]
    assert out["verdict"] == "correct"
    assert 0 < out["confidence"] <= 1
    assert out["misconceptions"] == []
    assert out["seconds"] >= 0


def test_a_misconception_is_named(run):
    (out,) = graded(run, LINE | {"answer": "the sun moves round the earth, that is why"})
    assert out["verdict"] != "correct"
    assert out["misconceptions"] == ["The Sun moves round the Earth."]


def test_points_may_be_plain_texts_and_false_statements_may_be_left_out(run):
    plain = {name: value for name, value in LINE.items() if name != "anti_points"} | {"key_points": ["the Earth turns on its axis"]}
    assert graded(run, plain)[0]["points"] == [True]


def test_a_bad_line_is_told_by_its_number_and_the_rest_is_graded(run):
    out = graded(run, LINE, "", "{not json", LINE, code=2)
    assert [set(row) >= {"verdict"} for row in out] == [True, False, True]
    assert out[1]["error"].startswith("line 3: not JSON")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": 7}, "answer must be a text, got a number"),
        ({"answer": None}, "answer must be a text, got nothing"),
        ({"key_points": []}, "key_points must be a list of at least one"),
        ({"key_points": "turns"}, "key_points must be a list"),
        ({"key_points": [3]}, "key_points[0] must be a text or an object"),
        ({"key_points": [{"aliases": []}]}, "key_points[0].text is missing"),
        ({"key_points": [{"text": "  "}]}, "key_points[0].text is empty"),
        ({"key_points": [{"text": "a", "aliases": "b"}]}, "key_points[0].aliases must be a list of texts, got a text"),
        ({"key_points": [{"text": "a", "indispensable": "yes"}]}, "key_points[0].indispensable must be true or false, got a text"),
        ({"anti_points": [1]}, "anti_points[0] must be a text, got a number"),
        ({"key_points": ["p"] * 41}, "key_points: at most 40"),
    ],
)
def test_a_wrong_type_is_named(change, said):
    with pytest.raises(BadInput) as caught:
        parse_line(json.dumps(LINE | change).encode())
    assert said in str(caught.value)


@pytest.mark.parametrize("line", ["[]", "7", "null", "{}", "[" * 100_000, '{"question": "q"}', "1" * 5000])
def test_a_line_that_is_no_question_is_bad_input(line):
    with pytest.raises(BadInput):
        parse_line(line.encode())


def test_a_line_that_is_not_utf_8_spoils_no_other(run, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b"\xff\xfe\n" + json.dumps(LINE).encode() + b"\n")
    done = run("grade", "--batch", str(path), now=None)
    assert done.code == 2
    assert [next(iter(json.loads(line))) for line in done.out.splitlines()] == ["error", "points"]


def test_a_lone_surrogate_is_graded_like_any_text(run):
    raw = json.dumps(LINE)[:-2] + '\\ud800"}'
    assert graded(run, raw)[0]["points"] == [True, True]


def test_an_item_is_graded_and_nothing_is_recorded(run):
    answer = "a pixel is only a brightness without meaning, and one token per pixel would make attention far too expensive"
    before = run("stats", "--json").json()
    done = run("grade", "--item", "sc-why-patches", answer, "--json")
    assert done.code == 0, done.err
    document = done.json()
    assert document["item"] == "week-13:sc-why-patches"
    assert document["judge"] == "default"
    for point in document["points"]:
        assert (point["span"] is None) == (point["state"] == "missed")
        assert point["span"] is None or answer[slice(*point["span"])] == point["quote"]
    assert run("stats", "--json").json() == before


def test_an_item_that_is_no_free_text_is_refused_in_a_line(run):
    done = run("grade", "--item", "one-pixel-value", "x")
    assert done.code == 2
    assert "only explain items" in done.err


@pytest.mark.parametrize(
    "args", [(), ("--item", "sc-why-patches", "--batch", "-"), ("--batch", "-", "an answer"), ("--batch", "/nonexistent/file")]
)
def test_bad_use_is_one_line_and_code_2(run, args):
    done = run("grade", *args, input="", now=None)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
