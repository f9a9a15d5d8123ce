"""What is forgiven in a short typed answer, and what is not."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.grading.result import Outcome
from studyapp.study.grading.text import judge_text


def outcome(typed: str, *accept: str) -> str:
    return judge_text(typed, accept).outcome.value


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("PATCH token", "patch token"),
        ("patch tokens", "patch token"),
        ("a patch-token", "patch token"),
        ("the patch token.", "patch token"),
        ("cls", "[CLS]"),
        ("cafe", "café"),
        ("pretraining", "pre-training"),
        ("pre training", "pre-training"),
        ("zeroshot", "zero-shot"),
        ("matrices", "matrix"),
        ("bias", "biases"),
        ("queries", "query"),
        ("three", "3"),
        ("14", "fourteen"),
        ("two hundred and fifty-six", "256"),
        ("196,608", "196608"),
        ("50 %", "50 percent"),
        ("16 by 16", "16×16"),
        ("token of a patch", "token of a patch"),
        ("embedding patch", "patch embedding"),
        ("CLIP's", "clips"),
        ("ｐａｔｃｈ", "patch"),
        ("x²", "x2"),
        (".5", "0.5"),
        ("0.5", ".5"),
        ("-.5", "−0.5"),
        ("still .5", "still 0.5"),
        ("5.", "5"),
        ("section2.4", "section 2.4"),
        ("[-1, 1]", "-1, 1"),
    ],
)
def test_spellings_of_the_same_answer_are_right(typed, accepted):
    assert outcome(typed, accepted) == "right"


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [("pathc embedding", "patch embedding"), ("cross atention", "cross-attention"), ("normalized", "normalised"), ("encodr", "encoder")],
)
def test_a_small_typo_is_forgiven(typed, accepted):
    assert outcome(typed, accepted) == "right"


@pytest.mark.parametrize(("typed", "accepted"), [("enkodr", "encoder"), ("patch enkodr", "patch encoder")])
def test_a_close_typo_is_near(typed, accepted):
    assert outcome(typed, accepted) == "near"


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("decoder", "encoder"),
        ("asymmetric", "symmetric"),
        ("unsupervised", "supervised"),
        ("DDIM", "DDPM"),
        ("LLaMA", "LLaVA"),
        ("level B", "level A"),
        ("16", "14"),
        ("197 patches", "196 patches"),
        ("image to text", "text to image"),
        ("patch", "patch embedding"),
        ("", "patch"),
        ("???", "patch"),
        ("not a patch", "patch"),
        ("5", ".5"),
        (".5", "5"),
        ("5", "0.5"),
        ("0,5", "5"),
        ("-.5", ".5"),
        ("(-5)", "5"),
        ("1, 1", "[-1, 1]"),
        ("v15", "v1.5"),
        ("still 5", "still .5"),
    ],
)
def test_another_answer_is_wrong_however_alike_it_looks(typed, accepted):
    assert outcome(typed, accepted) == "wrong"


def test_a_trap_that_fits_better_goes_before_a_typo_of_the_answer():
    trap = {"when": "latent apace", "concept": "apace", "say": "No."}
    judged = judge_text("latent apace", ["latent space"], traps=[trap])
    assert (judged.outcome, judged.trap.concept, judged.say) == (Outcome.WRONG, "apace", "No.")
    assert judge_text("latent spce", ["latent space"], traps=[trap]).outcome is Outcome.RIGHT


def test_a_declared_near_form_is_near_and_says_so():
    judged = judge_text("Token", ["patch token"], near=["token"])
    assert judged.outcome is Outcome.NEAR
    assert judged.say


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4))
def test_any_text_is_judged_without_an_error(typed, accept):
    assert judge_text(typed, accept).outcome in (Outcome.RIGHT, Outcome.NEAR, Outcome.WRONG)


@given(st.lists(st.from_regex(r"[a-zA-Z]{2,12}", fullmatch=True), min_size=1, max_size=5))
def test_an_accepted_form_is_right_in_any_case(words):
    form = " ".join(words)
    assert outcome(form.upper(), form) == "right"
    assert outcome(f"  the {form.lower()}. ", form) == "right"


def test_rapidfuzz_is_not_loaded_before_a_typo_is_judged():
    code = (
        "import sys\nfrom studyapp.study.grading.text import judge_text\n"
        "judge_text('patch', ['patch'])\nassert 'rapidfuzz' not in sys.modules\n"
        "judge_text('patcj', ['patch'])\nassert 'rapidfuzz' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("typed", "form"), [("12", "1/2"), ("2/1", "1/2"), ("1/2", "12"), ("1 2", "1/2"), ("116", "1/16")])
def test_a_fraction_keeps_its_bar(typed: str, form: str) -> None:
    assert outcome(typed, form) != "right"


@pytest.mark.parametrize(
    ("typed", "form"), [("1/2", "1/2"), ("1 / 2", "1/2"), ("½", "1/2"), ("and/or", "and or"), ("text/image", "text image")]
)
def test_a_fraction_may_be_written_in_any_way_and_other_slashes_part_words(typed: str, form: str) -> None:
    assert outcome(typed, form) == "right"
