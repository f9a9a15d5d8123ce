"""The learner's own copy of the companion explainer, opened at the places that the course text names."""

from __future__ import annotations

from pathlib import Path

from studyapp.api.explainer import FILE, places

TEXT = """\
# Explainer
## Chapter 2: Seeing
Two.
### §2.1 Grids
Grids of numbers.
```
# 2.2 not a heading
```
### 2.2 Patches
Patches here.
#### 2.2.1 Detail
Deeper.
## Chapter 4
Generation.
"""


def copy_in(folder: Path) -> str:
    (folder / FILE).write_text(TEXT, encoding="utf-8")
    return str(folder)


def test_a_place_is_cut_out_by_the_number_in_its_heading(tmp_path: Path) -> None:
    first, second = places(copy_in(tmp_path), ("2.1", "2.2"))
    assert first.markdown.startswith("### §2.1 Grids")
    assert "not a heading" in first.markdown
    assert "Patches here" not in first.markdown
    assert "Deeper." in second.markdown
    assert "Generation" not in second.markdown


def test_a_chapter_is_found_by_its_number(tmp_path: Path) -> None:
    (place,) = places(copy_in(tmp_path), ("chapter 4",))
    assert place.markdown == "## Chapter 4\nGeneration."


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    (place,) = places(copy_in(tmp_path), ("6.5",))
    assert not place.markdown
    assert "no heading numbered 6.5" in place.reason


def test_without_a_copy_each_place_says_how_to_name_one() -> None:
    (place,) = places("", ("2.4",))
    assert "explainer_path" in place.reason


def test_a_path_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    (place,) = places(str(tmp_path / "nowhere.md"), ("2.4",))
    assert "No such file" in place.reason


def test_a_section_without_named_places_has_none(tmp_path: Path) -> None:
    assert places(copy_in(tmp_path), ()) == ()


def test_control_characters_of_the_copy_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# 1 Title\n\x1b]0;owned\x07text", encoding="utf-8")
    (place,) = places(str(tmp_path), ("1",))
    assert "\x1b" not in place.markdown
