"""`studyapp add`: from options and from the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

FORM = "ask: What is: this?\nanswer: a thing\n\nwith two lines\nkind:\naccept:\nwhy: because\nsection: Own words\nid: a-thing\n"


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch):
    """Puts a text, or a function of the form that was opened, in place of the editor; returns the forms that it saw."""
    seen: list[str] = []

    def use(result):
        def edit(form, editor=None, extension=""):
            seen.append(form)
            return result(form) if callable(result) else result

        monkeypatch.setattr("click.edit", edit)
        return seen

    return use


def test_a_card_by_options_is_studied_at_once(run, home: Path) -> None:
    done = run("add", "--ask", 'Say "[CLS]": what is it?', "--answer", "a token {{for}} all", "--json")
    assert list(done.json()) == ["schema", "item", "file"]
    assert done.json()["file"] == str(home / "courses" / "own" / "cards.yaml")
    item = done.json()["item"]
    assert run("show", item, "--reveal", "--json").json()["answer"] == "a token {{for}} all"
    assert run("answer", item, "--rating", "good").code == 0
    assert run("course", "check", str(home / "courses" / "own")).code == 0


def test_options_of_a_short_card(cli) -> None:
    options = [
        "--kind",
        "short",
        "--answer",
        "patch",
        "--accept",
        "tile",
        "--accept",
        "square",
        "--why",
        "w",
        "--section",
        "S",
        "--id",
        "unit",
    ]
    assert cli("add", "--ask", "The unit?", *options).out.startswith("own:unit added to ")
    assert cli("answer", "own:unit", "--answer", "square", "--json").json()["outcome"] == "right"


@pytest.mark.parametrize(
    "args",
    [
        ["--ask", "Only a question?"],
        ["--answer", "only an answer"],
        ["--ask", "a", "--answer", "b", "--id", "Bad Id"],
        ["--ask", "x {{}}"],
        ["--ask", "a", "--answer", "b", "--kind", "number"],
    ],
)
def test_a_bad_card_is_one_line_with_code_2_and_writes_nothing(cli, home: Path, args: list[str]) -> None:
    done = cli("add", *args)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert not (home / "courses" / "own").exists()


def test_without_options_the_editor_opens_with_a_form(cli, editor) -> None:
    seen = editor(lambda form: form[: form.index("\nask:") + 1] + FORM)
    made = cli("add", "--json").json()
    assert seen[0].splitlines()[2:] == ["ask: ", "answer: ", "kind: ", "accept: ", "why: ", "hint: ", "section: ", "id: "]
    assert made["item"] == "own:a-thing"
    shown = cli("show", "a-thing", "--reveal", "--json").json()
    assert (shown["ask"], shown["answer"], shown["why"]) == ("What is: this?", "a thing\n\nwith two lines", "because")


@pytest.mark.parametrize("result", [None, "", "ask:\nanswer:\nkind: short\n", lambda form: form])
def test_an_empty_form_adds_nothing(cli, editor, home: Path, result) -> None:
    editor(result)
    assert cli("add", "--json").json() == {"schema": 1, "item": None, "file": None}
    assert not (home / "courses" / "own").exists()


def test_a_form_that_cannot_be_used_is_kept_for_the_next_time(cli, editor) -> None:
    editor(bad := FORM.replace("kind:", "kind: cloze"))
    done = cli("add")
    assert done.code == 2
    assert "kept" in done.err
    seen = editor(FORM)
    assert cli("add").code == 0
    assert seen[-1] == bad
    cli("add", "--section", "S")
    assert "section: S\n" in seen[-1]


def test_a_stray_line_is_named(cli, editor) -> None:
    editor("what?\nask: a\nanswer: b\n")
    assert "line 1" in cli("add").err
    seen = editor(None)
    cli("add")
    assert seen[-1].startswith("what?")
