"""What a session shows, as plain data: the card in play, its other side, a recorded answer, the end."""

from __future__ import annotations

from studyapp.api.desk import Desk, due_iso, interval_words
from studyapp.api.faces import hints, reveal, show
from studyapp.api.place import iso
from studyapp.api.views import CardView, RevealView, Saved, SummaryView
from studyapp.memory.state import Moment, Rating
from studyapp.store import settings_store as settings
from studyapp.study.session import Session, State
from studyapp.study.turns import Graded, Reason, Turn

MOVES_NO_DATE = (Turn.DRILL, Turn.PRACTICE, Turn.CONTRAST)


def card_view(desk: Desk, session: Session, draft: str, scope: str | None) -> CardView | None:
    """The card in play, None when there is none."""
    card = session.card
    if card is None:
        return None
    presented = card.presented
    item = presented.item
    section = desk.section(item)
    ladder = hints(item, presented.draw, desk.stored_run)
    return CardView(
        key=item.key,
        id=item.id,
        kind=item.kind,
        section=item.section,
        section_title=section.title if section else item.section,
        turn=presented.turn.value,
        shown=show(item, presented.draw, desk.stored_run),
        ask_confidence=presented.ask_confidence,
        draft=draft,
        page=section if presented.section_intro and section and section.page else None,
        hints=tuple(hint.text for hint in ladder if hint.level <= card.hints),
        more_hints=any(hint.level > card.hints for hint in ladder),
        done=session.cards,
        left=desk.left(scope, desk.clock.now()),
        minutes_left=session.minutes_left(),
    )


def reveal_view(desk: Desk, session: Session) -> RevealView | None:
    """The other side of the card in play, once it was answered. Its dates count from now; a drill, practice or contrast moves none."""
    card = session.card
    if card is None or card.judgement is None or session.state not in (State.REVEAL, State.RETRY):
        return None
    now = desk.clock.now()
    presented = card.presented
    previews = {} if presented.turn in MOVES_NO_DATE else desk.previews(presented.item.key, now)
    return RevealView(
        judgement=card.judgement,
        reveal=reveal(presented.item, presented.draw, desk.stored_run),
        proposal=session.proposal,
        previews={rating: interval_words(sched, now) for rating, sched in previews.items()},
        ticks={point.id: point.found for point in card.judgement.points},
        needs_key=session.needs_key,
    )


def saved_view(desk: Desk, event: str, graded: Graded, now: Moment) -> Saved:
    """An answer that was just recorded, with what became of its item."""
    after = desk.row(graded.key)
    moved = graded.kind == "answer"
    rating: Rating | None = graded.rating if moved else None
    return Saved(
        event=event,
        item=graded.key,
        rating=rating.word if rating else None,
        due=due_iso(after, now, settings.memory_settings(desk.conn).rollover_hour),
        interval_days=float(after.interval),
        s=after.s,
        d=after.d,
        in_words=interval_words(after, now) if moved else "",
    )


def summary_view(desk: Desk, session: Session) -> SummaryView:
    """What was done, and what waits tomorrow."""
    done = session.summary()
    tomorrow = desk.due_tomorrow()
    next_ms = desk.counts().next_due_ms
    return SummaryView(
        cards=done.cards,
        minutes=done.minutes,
        new=len(done.new),
        right=done.right,
        again=done.again,
        missed=tuple({"id": key.partition(":")[2], "ask": desk.ask_of(key)} for key in done.missed),
        tomorrow=tomorrow,
        tomorrow_minutes=desk.minutes_for(tomorrow),
        next_due=None if next_ms is None else iso(next_ms, desk.clock.now().offset_min),
        why=(done.reason or Reason.LEFT).value,
    )
