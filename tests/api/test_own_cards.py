"""Own cards: written beside what the learner wrote by hand, studied at once, and a bad one changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from studyapp.errors import BadInput, EnvironmentProblem


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "courses" / "own"


def test_the_first_card_makes_the_course_and_can_be_studied_at_once(study, folder: Path) -> None:
    made = study.add_card("What does CLIP stand for?", answer="Contrastive Language-Image Pre-training", why="Radford et al., 2021")
    assert made == {"item": "own:what-does-clip-stand-for", "file": str(folder / "cards.yaml")}
    run = study.run(section="own:cards")
    assert run.card is not None
    assert run.card.id == "what-does-clip-stand-for"
    run.leave()
    assert study.show("what-does-clip-stand-for", reveal=True)["why"] == "Radford et al., 2021"
    assert study.answer(made["item"], rating="good")["rating"] == "good"
    assert made["item"] in [hit["item"] for hit in study.search("Contrastive Language-Image Pre-training")]
    assert study.notes == []


def test_it_is_there_after_a_restart_and_checks_clean(open_study, folder: Path) -> None:
    from studyapp.api.authoring import check_course

    open_study().add_card("One?", answer="1")
    open_study().add_card("One?", answer="one")
    study = open_study()
    assert study.show("one")["ask"] == study.show("one-2")["ask"] == "One?"
    assert check_course(folder, None)["ok"]


@pytest.mark.parametrize("text", ['a "b": c', "[CLS]", "{{x}} {y}", "two\n\nlines: [x]", "- a\n- b", "no", "# x", "a\\n", "1e3"])
def test_any_text_is_shown_as_it_was_typed(study, text: str) -> None:
    item = study.add_card(f"{text}?", answer=text)["item"]
    shown = study.show(item, reveal=True)
    assert (shown["ask"], shown["answer"]) == (f"{text}?", text)


def test_kinds_are_judged_as_such(study) -> None:
    study.add_card("The unit of a ViT?", kind="short", answer="patch token", accept=["patch embedding"], id="vit-unit")
    study.add_card("A ViT adds a {{[CLS]|class token}} token", id="vit-cls")
    assert study.answer("vit-unit", text="patch embedding")["outcome"] == "right"
    assert study.answer("vit-cls", text="class token")["outcome"] == "right"


def test_what_was_written_by_hand_stays(study, folder: Path) -> None:
    study.add_card("One?", answer="1")
    file = folder / "cards.yaml"
    by_hand = file.read_text() + "\n  # mine\n  - {id: mine, kind: basic, ask: 'Mine?', answer: 'yes it is'}   # and so\n"
    file.write_text(by_hand)
    file.chmod(0o640)
    study.add_card("Two?", answer="2")
    assert file.read_text().startswith(by_hand)
    assert file.stat().st_mode & 0o777 == 0o640
    assert [item["id"] for item in yaml.safe_load(file.read_text())["items"]] == ["one", "mine", "two"]
    assert study.show("mine")["ask"] == "Mine?"
    assert sorted(path.name for path in folder.iterdir()) == ["cards.yaml", "course.yaml"]


def test_sections_are_made_and_found_again(study, folder: Path) -> None:
    study.add_card("One?", answer="1")
    made = study.add_card("Loss?", answer="L", section="Losses: all")
    again = study.add_card("Gradient?", answer="G", section="losses: ALL")
    assert made["file"] == again["file"] == str(folder / "losses-all.yaml")
    assert study.show("gradient")["section"] == "losses-all"
    assert study.page("own:losses-all").title == "Losses: all"
    assert study.add_card("Two?", answer="2")["file"] == str(folder / "cards.yaml")
    first = study.add_card("Three?", answer="3", section="cards")
    assert first["file"] == str(folder / "cards.yaml")


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"ask": "One?", "answer": "1", "id": "One Two"}, "id"),
        ({"ask": "One?", "answer": "1", "id": "there"}, "'there' is taken"),
        ({"ask": "A {{}} gap"}, "empty form"),
        ({"ask": "A gap", "kind": "cloze"}, "blank"),
        ({"ask": "One?"}, "answer"),
    ],
)
def test_a_bad_card_is_one_line_and_changes_nothing(study, folder: Path, card: dict, said: str) -> None:
    study.add_card("There?", answer="here", id="there")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BadInput, match=said) as told:
        study.add_card(**card)
    assert "\n" not in str(told.value)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_bad_first_card_makes_no_folder(study, folder: Path) -> None:
    with pytest.raises(BadInput):
        study.add_card("A {{}} gap")
    assert not folder.exists()


def test_an_own_course_with_a_mistake_is_named_and_left_alone(study, folder: Path) -> None:
    study.add_card("One?", answer="1")
    file = folder / "cards.yaml"
    file.write_text(file.read_text() + "  - {id: bad, kind: basic}\n")
    before = file.read_bytes()
    with pytest.raises(BadInput, match=r"cards.yaml:\d+: bad.* mend that first"):
        study.add_card("Two?", answer="2")
    assert file.read_bytes() == before


def test_a_link_to_a_file_elsewhere_stays_a_link(study, folder: Path, tmp_path: Path) -> None:
    study.add_card("One?", answer="1")
    kept = tmp_path / "dotfiles"
    folder.rename(kept)
    folder.symlink_to(kept)
    study.add_card("Two?", answer="2")
    assert folder.is_symlink()
    assert "Two?" in (kept / "cards.yaml").read_text()


def test_a_disk_that_refuses_is_told(study, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        study.add_card("One?", answer="1")


def said(study, ask: str, **card) -> tuple[list[str], list[str]]:
    """The fields of the errors and of the warnings."""
    check = study.card_checker().check(ask, **card)
    return [one.field for one in check.errors], [one.field for one in check.warnings]


def test_a_hint_is_offered(study) -> None:
    study.add_card("What is the unit of a ViT?", answer="patch", hint="Not a pixel", id="hinted")
    assert study.show("hinted")["hints"][0]["text"] == "Not a pixel"


@pytest.mark.parametrize(
    ("card", "errors", "warnings"),
    [
        ({"ask": "One?", "answer": "1"}, [], []),
        ({"ask": "", "answer": "1"}, [""], []),
        ({"ask": "One?"}, [""], []),
        ({"ask": "A {{}} gap", "kind": "cloze"}, ["ask"], []),
        ({"ask": "No gap", "kind": "cloze"}, ["ask"], []),
        ({"ask": "word " * 26 + "?", "answer": "1"}, [], ["ask"]),
        ({"ask": "Which unit is a patch?", "kind": "short", "answer": "patch"}, [], ["ask"]),
        ({"ask": "One?", "kind": "short", "accept": ["a b c d e f g h"]}, [], ["accept"]),
        ({"ask": "One?", "answer": "1", "section": "Anything: [at all]", "id": "Not An Id"}, [], []),
    ],
)
def test_a_card_is_judged_before_it_is_written(study, folder: Path, card: dict, errors: list[str], warnings: list[str]) -> None:
    assert said(study, **card) == (errors, warnings)
    assert not folder.exists()


def test_the_judgement_is_that_of_the_course_check(study, folder: Path) -> None:
    from studyapp.course.check import check_course

    card = {"ask": "word " * 26 + "?", "answer": "1"}
    check = study.card_checker().check(**card)
    study.add_card(**card)
    assert [problem.message for problem in check_course(folder).warnings] == [one.text.split(". ")[0] for one in check.warnings]


def test_it_is_judged_beside_the_cards_that_are_there(study) -> None:
    study.add_card("What is asked twice?", answer="this")
    assert said(study, "What is asked twice?", answer="that") == ([], ["ask"])


def test_an_own_course_that_cannot_be_read_is_an_error_of_any_new_card(study, folder: Path) -> None:
    study.add_card("One?", answer="1")
    (folder / "cards.yaml").write_text("items: [")
    check = study.card_checker().check("Two?", answer="2")
    assert "mend that first" in check.errors[0].text


def test_a_half_written_card_is_kept_until_it_is_forgotten(open_study) -> None:
    study = open_study()
    assert study.card_draft() == {}
    study.keep_card_draft({"kind": "basic", "ask": "Half"})
    study = open_study()
    assert study.card_draft() == {"kind": "basic", "ask": "Half"}
    study.keep_card_draft({})
    assert study.card_draft() == {}
