from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.blocks import markdown_lines, plain_text
from studyapp.course.text import cell_width, plain


def test_blocks_of_a_page() -> None:
    page = """# Title `x`

Some **bold**
text.

- one two three four
  continued
  - nested
1. first
2) second

> a quote
> goes on

---
"""
    assert plain_text(page, 16).split("\n") == [
        "Title x",
        "",
        "Some bold text.",
        "",
        "• one two three",
        "  four continued",
        "  • nested",
        "1. first",
        "2) second",
        "",
        "│ a quote",
        "│ goes on",
        "",
        "─" * 16,
    ]


def test_headings_lists_and_code_carry_styles() -> None:
    lines = markdown_lines("## A **b**\n\n```\n x  <b>\n\n y\n```\n")
    assert lines == [[("A ", "heading"), ("b", "heading bold")], [], [(" x  <b>", "code block")], [], [(" y", "code block")]]


def test_fenced_code_is_neither_wrapped_nor_read() -> None:
    diagram = "image ──▶ **patches** ──▶ tokens ──▶ encoder"
    assert plain_text(f"```text\n{diagram}\n```", 10) == diagram


def test_an_open_fence_runs_to_the_end() -> None:
    assert plain_text("```\na\n# b") == "a\n# b"


def test_a_table_is_aligned() -> None:
    table = "| bridge | count |\n|---|:--:|\n| linear | one `a|b` each |\n| **MLP** |\n"
    assert plain_text(table).split("\n") == ["bridge │ count", "───────┼─────────────", "linear │ one a|b each", "MLP    │"]
    assert markdown_lines(table)[0][0] == ("bridge", "bold")


def test_a_wide_table_is_wrapped_into_its_columns() -> None:
    table = "| a | b |\n|---|---|\n| one two three four | five six seven eight |\n"
    lines = plain_text(table, 20).split("\n")
    assert all(len(line) <= 20 for line in lines)
    assert lines[2:] == ["one two  │ five six", "three    │ seven", "four     │ eight"]


def test_a_row_with_a_bar_is_no_table_without_its_rule() -> None:
    assert plain_text("p(x | y) is conditional") == "p(x | y) is conditional"


@given(st.text(alphabet="ab#-*|`>1. \n~_[]", max_size=120), st.integers(8, 40))
def test_any_text_is_laid_out_within_the_width(text: str, width: int) -> None:
    fenced = "```" in text or "~~~" in text or text.count("|") > 2
    for line in markdown_lines(text, width):
        assert fenced or cell_width(plain(line)) <= width
