"""`import FILE`: the events of another log, or a plain-text deck that becomes a course of the learner's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api.study import Study

FORMS = "give JSON Lines of `studyapp export --to jsonl`, or a deck of `Q:` / `A:` / `C:` lines"


def import_file(study: Study, file: str) -> dict[str, Any]:
    """By what stands in the file; BadInput names both forms where it is neither."""
    from studyapp.interop.hashcards import is_deck

    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not UTF-8 text; {FORMS}") from None
    if text.lstrip().startswith("{"):
        from studyapp.api.admin import import_events

        return import_events(study, file)
    if not is_deck(text):
        raise BadInput(f"{file}: cannot be read: {FORMS}")
    return import_deck(study, text, file)


def import_deck(study: Study, text: str, file: str) -> dict[str, Any]:
    """Add the cards of a deck that are not there yet to `<home>/courses/<name>/`; those that are there keep their history.

    The name is the deck's own, else the file's. BadInput in one line; then nothing was written.
    """
    from studyapp.api.own_cards import grow, read_course_at, sync_again, taken_ids
    from studyapp.course.own import new_id
    from studyapp.interop.hashcards import parse_deck
    from studyapp.store.db import write

    deck = parse_deck(text, file)
    title = deck.name or Path(file).stem
    id = new_id(title, ())
    folder = study.home / "courses" / id
    with write(study.conn):
        loaded = read_course_at(folder)
        other = next((info for info in study.courses() if info.id == id and Path(info.directory).resolve() != folder.resolve()), None)
        if loaded is None and other is not None:
            raise BadInput(f'{file}: there is a course {id!r} in {other.directory}: give the deck another name, name = "..." at its top')
        taken = taken_ids(loaded)
        fresh = [item for item in deck.items if item["id"] not in taken]
        if fresh:
            grow(folder, (id, title), "", fresh)
    sync_again(study)
    course = loaded.course.id if loaded else id
    return {"file": file, "course": course, "directory": str(folder), "added": len(fresh), "known": len(deck.items) - len(fresh)}
