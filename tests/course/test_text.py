from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studyapp.course.text import cell_width, inline_spans, plain, safe_text, wrap

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\x9d\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028\ufeff\r\n\t")
    )
)


@given(NASTY)
def test_safe_text_leaves_nothing_that_drives_a_terminal(text: str) -> None:
    safe = safe_text(text)
    for char in safe:
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(char) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@given(NASTY)
def test_safe_text_is_idempotent_and_encodable(text: str) -> None:
    safe = safe_text(text)
    assert safe_text(safe) == safe
    safe.encode("utf-8")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs", "Mn"])))
def test_safe_text_keeps_ordinary_text(text: str) -> None:
    assert safe_text(text) == text


def test_escape_sequences_lose_their_start_and_line_ends_become_one_kind() -> None:
    assert safe_text("a\x1b[31mred\x1b]0;title\x07b") == "a[31mred]0;titleb"
    assert safe_text("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd    e"


@pytest.mark.parametrize(
    ("markdown", "spans"),
    [
        ("a **b** c", [("a ", ""), ("b", "bold"), (" c", "")]),
        ("*it* and _it_", [("it", "italic"), (" and ", ""), ("it", "italic")]),
        ("`x = 1`", [("x = 1", "code")]),
        ("``a`b``", [("a`b", "code")]),
        ("**`x`**", [("x", "bold code")]),
        ("**a *b* c**", [("a ", "bold"), ("b", "bold italic"), (" c", "bold")]),
        ("***x***", [("x", "bold italic")]),
        ("[CLS] token", [("[CLS] token", "")]),
        ("**[CLS]**", [("[CLS]", "bold")]),
        ("2 * 3 * 4, 2*3*4, a ** b ** c", [("2 * 3 * 4, 2*3*4, a ** b ** c", "")]),
        ("patch_size_x __init__", [("patch_size_x __init__", "")]),
        ("\\*no\\* \\[x\\]", [("*no* [x]", "")]),
        ("[paper](https://arxiv.org/abs/1)", [("paper", "link"), (" (https://arxiv.org/abs/1)", "")]),
        ("[x](javascript:alert)", [("[x](javascript:alert)", "")]),
        ("**open", [("**open", "")]),
        ("`**code**`", [("**code**", "code")]),
    ],
)
def test_inline_markdown_becomes_spans(markdown: str, spans: list[tuple[str, str]]) -> None:
    assert inline_spans(markdown) == spans


@given(st.text(alphabet=st.characters(exclude_characters="*_`\\[]", categories=["L", "N", "P", "S", "Zs"])))
def test_text_without_marks_is_one_plain_span(text: str) -> None:
    assert inline_spans(text) == ([(text, "")] if text else [])


@given(st.text(alphabet="ab *_`\\[]()漢\n", max_size=80), st.integers(1, 30))
@example(" 漢", 2)
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    spans = inline_spans(text)
    lines = wrap(spans, width)
    assert all(cell_width(plain(line)) <= max(2, width) for line in lines)  # a wide letter needs two columns
    assert "".join("".join(plain(line) for line in lines).split()) == "".join(plain(spans).split())


def test_a_word_in_several_styles_is_not_torn() -> None:
    assert [plain(line) for line in wrap(inline_spans("aaaa bbbb **cccc**, dddd"), 11)] == ["aaaa bbbb", "cccc, dddd"]


def test_later_lines_are_indented() -> None:
    assert [plain(line) for line in wrap([("• one two three", "")], 9, "  ")] == ["• one two", "  three"]


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("漢字", 4), ("é", 1), ("e\u0301", 1), ("─▶", 2), ("🎉", 2), ("", 0)])
def test_width_is_counted_in_columns(text: str, width: int) -> None:
    assert cell_width(text) == width
