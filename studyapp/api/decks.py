"""`import FILE`: the events of another log, or a plain-text deck that becomes a course of the learner's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.course.load import LoadedCourse
    from studyapp.interop.hashcards import Deck

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

    The name is the deck's own, else the file's. A card whose text was edited in the deck takes the place of its old text (`replaced`);
    whether the history goes along is asked as for any card that changed its id. BadInput in one line; then nothing was written.
    """
    from studyapp.api.own_cards import grow, read_course_at, sync_again, taken_ids
    from studyapp.course.own import new_id
    from studyapp.interop.hashcards import parse_deck
    from studyapp.store import pending
    from studyapp.store.db import write

    deck = parse_deck(text, file)
    title = deck.name or Path(file).stem
    id = new_id(title, ())
    folder = study.home / "courses" / id
    record = f"deck/{id}/{Path(file).name}"  # of local state: the ids that came from this file
    replaced: set[str] = set()
    with write(study.conn):
        loaded = read_course_at(folder)
        other = next((info for info in study.courses() if info.id == id and Path(info.directory).resolve() != folder.resolve()), None)
        if loaded is None and other is not None:
            raise BadInput(f'{file}: there is a course {id!r} in {other.directory}: give the deck another name, name = "..." at its top')
        taken = taken_ids(loaded)
        fresh = [item for item in deck.items if item["id"] not in taken]
        known = set(pending.state(study.conn, record) or ())
        if fresh:
            replaced = _outdated(loaded, known, deck, fresh)
            try:
                grow(folder, (id, title), "", fresh, replaced)
            except BadInput:
                if not replaced:
                    raise
                replaced = set()  # something in the course still names the old card: both stay
                grow(folder, (id, title), "", fresh)
        pending.keep_state(study.conn, record, sorted((known & taken - replaced) | {item["id"] for item in deck.items}))
    sync_again(study)
    course = loaded.course.id if loaded else id
    added, had = len(fresh), len(deck.items) - len(fresh)
    return {"file": file, "course": course, "directory": str(folder), "added": added, "known": had, "replaced": len(replaced)}


def _outdated(loaded: LoadedCourse | None, known: set[str], deck: Deck, fresh: list[dict[str, Any]]) -> set[str]:
    """Ids of cards that came from this deck, are as they came, stand in it no longer, and have a new card that is like them.

    The cards of one cloze text go together.
    """
    from studyapp.api.renames import similarity
    from studyapp.interop.hashcards import is_as_read

    gone = known - {item["id"] for item in deck.items}
    if loaded is None or not gone:
        return set()
    raw = [item.marked.data["items"][item.path[-1]] for item in loaded.items if item.model.id in gone]
    left = {fields["id"]: fields for fields in raw if is_as_read(fields)}
    alike = {id for id, fields in left.items() if any(similarity(_card(fields), _card(item)) is not None for item in fresh)}
    return alike | {other for id in alike for other in left[id].get("siblings", ()) if other in left}


def _card(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in ("ask", "answer") if name in fields}
