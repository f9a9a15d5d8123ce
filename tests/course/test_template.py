from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.template import fill
from studyapp.errors import BadInput

PARAMS = {"h": 224, "p": 16, "x": 0.1234567, "big": 1_000_000}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{h} x {p}", "224 x 16"),
        ("{(h // p) ** 2}", "196"),
        ("{h / p}", "14"),
        ("{x}", "0.123457"),
        ("{x:.2f} {x:.3g} {x:.0%}", "0.12 0.123 12%"),
        ("{big:,} {big * 1.0:,}", "1,000,000 1,000,000"),
        ("{ h }", "224"),
        ("{{h}} {{{h}}}", "{h} {224}"),
        ("{h > p}", "true"),
        ("no numbers, [CLS] and 100 %", "no numbers, [CLS] and 100 %"),
    ],
)
def test_numbers_are_filled_in(template: str, text: str) -> None:
    assert fill(template, PARAMS) == text


@pytest.mark.parametrize("template", ["{h", "h}", "{}", "{h:x}", "{h:>99999999}", "{w}", "{h!r}", "{h.real}", "{h:.99f}x{", "{x:d}"])
def test_a_bad_template_is_refused(template: str) -> None:
    with pytest.raises(BadInput):
        fill(template, PARAMS)


@given(st.text(alphabet=st.characters(exclude_characters="{}", exclude_categories=["Cs"])))
def test_text_without_braces_is_unchanged(text: str) -> None:
    assert fill(text, {}) == text


@given(st.text())
def test_doubled_braces_stand_for_themselves(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}) == text
