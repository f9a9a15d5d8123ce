"""What the lab screen paints in each of its steps, as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from studyapp.tui.cards.said import said
from studyapp.tui.lab.questions import shown_of
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import inline, markdown

if TYPE_CHECKING:
    from studyapp.api.views import KeptCard
    from studyapp.labkit.api import Picture, Question, Verdict
    from studyapp.labkit.cost import Cost

OUTCOMES = {
    "right": ("✓", "good", "right"),
    "near": ("≈", "warn", "close"),
    "lucky": ("✗", "bad", "right, but for a wrong reason"),
    "wrong": ("✗", "bad", "not right"),
    "void": ("○", "dim", "could not be judged"),
    "skipped": ("○", "dim", "skipped"),
}


def chips(questions: Sequence[Question], answers: Mapping[str, Any], at: int | None) -> Block:
    """One sign a question: answered, open, and where one is."""
    pieces: list[Piece] = []
    for n, question in enumerate(questions):
        done = answers.get(question.id) is not None
        sign = "●" if done else "○"
        role = "head" if n == at else ("accent" if done else "dim")
        pieces.append(Piece(f"{'▸' if n == at else ' '}{n + 1}{sign} ", role, f"lab.jump:{n}"))
    return Block(tuple(pieces))


def picture_blocks(pictures: Sequence[Picture], width: int, with_files: bool, key: str = "v") -> list[Block]:
    """Pictures as lines of text with their words; a key shows them drawn where they have files."""
    rows: list[Block] = []
    for picture in pictures:
        rows.append(BLANK)
        indent = "   " if max((len(line) for line in picture.grid), default=0) <= width - 3 else ""
        rows += [Block((Piece(clean(line)),), first=(Piece(indent),), wrap=False) for line in picture.grid]
        rows.append(Block((Piece(clean(picture.alt), "dim"),), first=(Piece("   "),), rest=(Piece("   "),)))
        if picture.files and with_files:
            rows.append(Block((Piece(key, "key"), Piece(" shows it drawn", "dim")), first=(Piece("   "),), click="lab.pictures"))
    return rows


def question_head(question: Question, width: int, reason: bool = False) -> list[Block]:
    """Title and text of a question."""
    marks = []
    if question.forecast:
        marks.append("a forecast: it never changes your schedule")
    head = Block((Piece(clean(question.title), "accent"), Piece("   " + ", ".join(marks) if marks else "", "dim")))
    ask = question.reason.ask if reason and question.reason else question.ask
    return [head, BLANK, *markdown(ask, width, "strong" if "\n" not in ask else "")]


def overview(questions: Sequence[Question], answers: Mapping[str, Any], width: int) -> list[Block]:
    """All predictions of a chapter, before they are sealed."""
    rows = [Block((Piece("Your predictions", "head"),)), BLANK]
    for n, question in enumerate(questions):
        given = answers.get(question.id)
        text = in_words(question, given) if given is not None else "skipped"
        body = (Piece(f"{clean(question.title)}  ", ""), *inline(text, "strong" if given is not None else "dim"))
        rows.append(Block(body, first=(Piece(f"  {n + 1}  ", "key"),), rest=(Piece("     "),), click=f"lab.jump:{n}"))
    rows += [BLANK, Block((Piece("Sealed predictions cannot be changed; then the run decides.", "dim"),))]
    return rows


def compared(question: Question, verdict: Verdict, width: int, pictures: Sequence[Picture]) -> list[Block]:
    """One verdict: yours, the truth, what was wrong and why, the evidence. While a free retry waits, nothing that gives the truth away."""
    sign, role, word = OUTCOMES[verdict.outcome]
    head = (Piece(clean(question.title), "strong"), Piece(f"   {word}", role))
    rows = [BLANK, Block(head, first=(Piece(f"{sign} ", role),), rest=(Piece("  "),))]
    if verdict.held:
        offer = (Piece("r", "key"), Piece(" one free try more; or go on, and see what is right", "dim"))
        retry = Block(offer, first=(Piece("  "),), click="lab.retry")
        note = Block(tuple(inline(verdict.say, "note")), first=(Piece("  ▌ ", "warn"),), rest=(Piece("  ▌ ", "warn"),))
        return [*rows, _row("yours", in_words(question, verdict.said)), note, retry]
    if verdict.said is not None and question.kind != "code":
        rows += _pair(question, verdict)
    elif verdict.truth is not None and question.kind != "code":
        rows.append(_row("truth", in_words(question, verdict.truth), "good"))
    if verdict.say and (verdict.report is None or verdict.report.say != verdict.say):
        rows.append(Block(tuple(inline(verdict.say, "note")), first=(Piece("  ▌ ", "warn"),), rest=(Piece("  ▌ ", "warn"),)))
    if verdict.report is not None:
        rows += report_blocks(verdict.report)
    rows += reference_blocks(verdict)
    if verdict.why:
        rows += [
            Block(block.pieces, (Piece("  "), *block.first), (Piece("  "), *block.rest), wrap=block.wrap)
            for block in markdown(verdict.why, width - 2)
        ]
    return rows + picture_blocks(pictures, width, with_files=True)


def checked_blocks(verdict: Verdict, pictures: Sequence[Picture], width: int, key: str = "v") -> list[Block]:
    """One check of a source: what was found, yours beside the target, and after success a way to write it."""
    word = Piece("✓ the checks pass", "good") if verdict.outcome == "right" else Piece("✗ not yet", "bad")
    rows = [Block((word,))]
    if verdict.say and (verdict.report is None or verdict.report.say != verdict.say):
        rows.append(Block(tuple(inline(verdict.say, "note")), first=(Piece("  "),), rest=(Piece("  "),)))
    if verdict.report is not None:
        rows += report_blocks(verdict.report)
    return [*rows, *reference_blocks(verdict), *picture_blocks(pictures, width, with_files=True, key=key)]


def reference_blocks(verdict: Verdict) -> list[Block]:
    """The lab's own source, once the learner's passes."""
    source = verdict.truth.get("source") if isinstance(verdict.truth, dict) else None
    if verdict.outcome != "right" or not source:
        return []
    lines = [Block((Piece(clean(line), "code"),), first=(Piece("  ┃ ", "rule"),), wrap=False) for line in source.strip().split("\n")]
    return [BLANK, Block((Piece("One way to write it", "head"),), first=(Piece("  "),)), *lines]


def report_blocks(report: Any) -> list[Block]:
    """What the checker found in a source: the first failing property, got and wanted."""
    if report.ok:
        rows = [_row("checks", "all passed", "good")]
        return rows + ([_row("note", report.say)] if report.say else [])
    rows = [_row("fails", report.first_failure or "", "bad")] if report.first_failure else []
    if report.say:
        rows.append(_row("because", report.say, "note"))
    for label, text in (("got", report.got), ("wanted", report.want)):
        if text:
            rows.append(_row(label, text))
    if report.line:
        rows.append(_row("line", str(report.line)))
    if report.output.strip():
        rows.append(_row("printed", report.output.strip()[-400:]))
    return rows


def kept_blocks(kept: Sequence[KeptCard], titles: Mapping[str, str]) -> list[Block]:
    """Which cards this chapter scheduled, and when they come."""
    if not kept:
        return [BLANK, Block((Piece("Nothing was scheduled.", "dim"),))]
    rows = [BLANK, Block((Piece("Kept: these come back as cards with fresh numbers", "head"),))]
    for card in kept:
        title = titles.get(card.q) or card.item.partition(":")[2]
        rows.append(Block((Piece(clean(title)), Piece(f"   {card.rating}, in {card.in_words}", "dim")), first=(Piece("  ↻ ", "accent"),)))
    return rows


def cost_blocks(cost: Cost) -> list[Block]:
    """What a run on an endpoint will ask, before its first call."""
    calls = "not known: the lab does not say" if cost.calls is None else f"at most {cost.calls:,}"
    rows = [BLANK, Block((Piece("This run asks a model behind an endpoint", "head"),)), BLANK, _row("model", cost.backend)]
    rows.append(_row("calls", calls))
    if cost.size is not None:
        rows.append(_row("pictures", f"{cost.size[0]} × {cost.size[1]} pixels, one a call"))
    if cost.tokens:
        rows.append(_row("tokens", f"about {cost.estimate:,} in all, as OpenAI counts pictures; other servers count otherwise"))
    if cost.limit is not None:
        rows.append(_row("limit", f"it stops after {cost.limit:,} calls (setting lab_max_calls)"))
    if cost.limit is not None and cost.calls is not None and cost.limit < cost.calls:
        rows.append(_row("", "That is fewer than it needs: it will stop in the middle.", "warn"))
    note = "Replies are kept, so what was asked before is not asked again. Nothing was sent yet; Esc leaves without a call."
    return [*rows, BLANK, Block((Piece(note, "dim"),))]


def in_words(question: Question, value: Any) -> str:
    """An answer or a truth as the learner reads it."""
    if isinstance(value, dict) and "value" in value and set(value) <= {"value", "reason", "confidence", "seconds", "hints"}:
        text, options = _value_in_words(question, value["value"]), question.reason.options if question.reason else ()
        reason = next((option.text for option in options if option.id == value.get("reason")), None)
        return f"{text.removesuffix('.')}. Because: {reason}" if reason else text
    return _value_in_words(question, value)


def _value_in_words(question: Question, value: Any) -> str:
    if question.kind == "match" and isinstance(value, dict):
        left, right = {o.id: o.text for o in question.left}, {o.id: o.text for o in question.right}
        return "; ".join(f"{left.get(a, a)} → {right.get(b, b)}" for a, b in value.items())
    if question.kind == "code":
        return "written" if value else "as given"
    if question.kind in ("shape", "interval") and isinstance(value, list | tuple):
        return ("({})" if question.kind == "shape" else "[{}]").format(", ".join(str(part) for part in value))
    rows = said(value, shown_of(question))
    unit = f" {question.unit}" if question.kind == "number" and question.unit else ""
    return (", then " if question.kind == "order" else ", ").join(rows) + unit


def _pair(question: Question, verdict: Verdict) -> list[Block]:
    if verdict.outcome == "right":
        return [_row("yours", in_words(question, verdict.said), "good")]
    rows = [_row("yours", in_words(question, verdict.said))]
    return [*rows, _row("truth", in_words(question, verdict.truth), "good")] if verdict.truth is not None else rows


def _row(label: str, text: str, role: str = "") -> Block:
    body: Line = tuple(inline(text, role)) if "\n" not in text else (Piece(clean(text), role),)
    return Block(body, first=(Piece(f"  {label:<9}", "dim"),), rest=(Piece(" " * 11),))
