"""`studyapp study`: the review session, on the screen or line by line."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, count, example


@click.command(epilog=example("studyapp study --section 2 --minutes 10"))
@click.option("--section", metavar="N", help="Only this section.")
@click.option("--limit", type=click.IntRange(1), help="At most so many cards.")
@click.option("--minutes", type=click.FloatRange(0.1), help="Length of the session (default: the setting `minutes`).")
@click.option("--ahead", is_flag=True, help="When nothing is due, go on with reviews ahead of time.")
@click.option("--plain", is_flag=True, help="Line by line, for screen readers and pipes.")
@common_options
def command(place: Place, section: str | None, limit: int | None, minutes: float | None, ahead: bool, plain: bool) -> None:
    """Review what is due. Leave at any moment: every answer is kept, and the session goes on where you left it."""
    if not plain and not place.as_json:
        from studyapp.commands.home import run_screen

        run_screen(
            place.home, place.now, "study", instead="studyapp study --plain", section=section, limit=limit, minutes=minutes, ahead=ahead
        )
        return
    from studyapp.commands.plain import PlainSession, reader, writer

    with place.study() as study:
        run = study.run(section=section, limit=limit, minutes=minutes, ahead=ahead)
        finished = PlainSession(run, reader(), writer(place.as_json)).play()
        run.leave()
        done = run.summary()
        problem = study.daily_care()
    if problem:
        click.echo(f"studyapp: {problem}", err=True)
    document = {
        "cards": done.cards,
        "minutes": round(done.minutes, 1),
        "new": done.new,
        "right": done.right,
        "again": done.again,
        "missed": list(done.missed),
        "tomorrow": done.tomorrow,
        "tomorrow_minutes": done.tomorrow_minutes,
        "next_due": done.next_due,
        "ended": done.why if finished else "left",
    }
    text = (
        f"\n{count(done.cards, 'card')}, {count(round(done.minutes), 'minute')}: {done.new} new, {done.right} right, {done.again} again. "
    )
    text += f"Tomorrow: {count(done.tomorrow, 'card')}, {count(done.tomorrow_minutes, 'minute')}."
    if not done.cards and finished and section:
        text = "\nNothing is due in this section."
    elif not done.cards and done.next_due and finished:
        text = f"\nNothing is due; the next card comes {done.next_due}."
    place.emit(document, text)
