"""`studyapp course check` for authors and scripts: what a warning carries, the list of rules, and a learner's own deck."""

from __future__ import annotations

from pathlib import Path

from studyapp.course.lint import RULES

COURSE = 'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml}\n'


def course_of(folder: Path, *items: str) -> str:
    (folder / "course.yaml").write_text(COURSE)
    (folder / "s01.yaml").write_text("section: s01\nitems:\n" + "".join(f"  - {item}\n" for item in items))
    return str(folder)


def test_the_list_of_rules_is_complete(cli):
    listed = cli("course", "check", "--rules", "--json").json()["rules"]
    assert [rule["rule"] for rule in listed] == [rule.id for rule in RULES]
    assert all(rule["wants"] and rule["level"] in ("error", "warning") for rule in listed)
    text = cli("course", "check", "--rules").out
    for rule in RULES:
        assert any(line.startswith((f"{rule.id}:", f"{rule.id} (")) for line in text.splitlines()), rule.id
        assert rule.wants in text


def test_a_warning_carries_its_rule_its_place_and_what_to_do(cli, tmp_path: Path):
    folder = course_of(tmp_path, '{id: a, kind: short, ask: "A patch token is what?", accept: ["patch token"]}')
    (warning,) = cli("course", "check", folder, "--json").json()["warnings"]
    assert warning == {
        "file": f"{folder}/s01.yaml",
        "line": 3,
        "field": "a.ask",
        "message": "gives the answer away: 'patch token'",
        "rule": "answer-in-cue",
        "advice": "Say it in other words",
    }
    done = cli("course", "check", folder)
    assert (done.code, cli("course", "check", folder, "--strict").code) == (0, 1)
    assert done.out.splitlines() == [
        f"warning: {folder}/s01.yaml:3: a.ask: gives the answer away: 'patch token'. Say it in other words [answer-in-cue]",
        "1 items, 0 errors, 1 warnings",
    ]


def test_an_error_carries_its_rule_as_well(cli, tmp_path: Path):
    folder = course_of(tmp_path, '{id: a, kind: short, ask: "Which?", accept: [x], siblings: [b]}')
    done = cli("course", "check", folder, "--json")
    assert done.code == 1
    assert [(problem["rule"], problem["line"], problem["advice"]) for problem in done.json()["errors"]] == [
        ("reference", 3, "Mend the spelling, or add it")
    ]


def test_a_deck_of_ones_own_is_held_to_fewer_rules_unless_asked(cli, tmp_path: Path):
    folder = course_of(tmp_path, '{id: a, kind: basic, ask: "Capital of France?", answer: Paris}')
    assert cli("course", "check", folder, "--strict").code == 0
    strict = cli("course", "check", folder, "--published", "--json").json()
    assert [warning["rule"] for warning in strict["warnings"]] == ["why-missing"]


def test_twenty_problems_are_shown_and_all_of_them_on_demand(cli, tmp_path: Path):
    cards = [f'{{id: a{n}, kind: basic, ask: "Does {n} come before {n + 1}?", answer: "Yes"}}' for n in range(25)]
    folder = course_of(tmp_path, *cards)
    lines = cli("course", "check", folder).out.splitlines()
    assert (len(lines), lines[20]) == (22, "warning: and 5 more")
    assert len(cli("course", "check", folder, "--all").out.splitlines()) == 26
    assert len(cli("course", "check", folder, "--json").json()["warnings"]) == 25


def test_a_card_that_was_just_added_is_checked_like_any_other(run, home: Path):
    assert run("add", "--ask", "What does a ViT cut an image into?", "--answer", "patches").code == 0
    assert run("add", "--ask", "Name the three primary colours", "--answer", "red, green, blue").code == 0
    report = run("course", "check", str(home / "courses" / "own"), "--json").json()
    assert [(warning["rule"], Path(warning["file"]).name) for warning in report["warnings"]] == [("set-of-things", "cards.yaml")]
