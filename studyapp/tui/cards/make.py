"""Which sheet a card is answered on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.tui.sheets.base import Sheet

if TYPE_CHECKING:
    from studyapp.api.views import CardView
    from studyapp.course.view import Shown


def sheet_for(card: CardView) -> Sheet:
    """A fresh sheet for the card, with its draft taken up. Kinds that are typed or chosen are imported when one comes."""
    sheet = _new(card.shown, card.ask_confidence)
    if card.draft:
        sheet.restore(card.draft)
    return sheet


def _new(shown: Shown, confidence: bool) -> Sheet:
    kind = shown.form
    if kind == "basic":
        return Sheet(shown, confidence)
    if kind in ("choice", "true-false-repair", "order"):
        from studyapp.tui.sheets import chosen

        if kind == "choice":
            return chosen.MultiSheet(shown, confidence, shown.choose) if shown.choose > 1 else chosen.ChoiceSheet(shown, confidence)
        return chosen.TrueFalseSheet(shown, confidence) if kind == "true-false-repair" else chosen.OrderSheet(shown, confidence)
    from studyapp.tui.sheets import typed

    if kind in ("explain", "contrast"):
        return typed.WordsSheet(shown, confidence) if kind == "explain" else typed.AloudSheet(shown, confidence)
    if kind == "list":
        return typed.ListSheet(shown, confidence)
    if shown.blanks > 1:
        return typed.BlanksSheet(shown, confidence)
    return typed.LineSheet(shown, confidence)
