"""Settings, backups, the log: care for the data folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from studyapp.api.place import Clock, home_dir
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.store import backup, log, replay, transfer
from studyapp.store import settings_store as settings

if TYPE_CHECKING:
    from studyapp.api.study import Study


def setting_rows(study: Study) -> list[dict[str, Any]]:
    """Every setting with its value, default and help."""
    values = settings.all_values(study.conn)
    return [_setting(name, value) for name, value in values.items()]


def setting_row(study: Study, name: str) -> dict[str, Any]:
    """One setting."""
    return _setting(name, settings.get(study.conn, name))


def _setting(name: str, value: Any) -> dict[str, Any]:
    known = settings.describe(name)
    return {
        "name": name,
        "value": settings.format_value(name, value),
        "default": settings.format_value(name, known.default),
        "help": known.help,
    }


def backup_now(study: Study) -> Path:
    """A verified backup in the folder backups."""
    return backup.backup(study.conn, study.clock.now())


def daily_care(study: Study) -> str | None:
    """The day's backup where it is due; a line when it failed."""
    try:
        backup.daily(study.conn, study.clock.now())
    except EnvironmentProblem as error:
        return f"the daily backup failed: {error}"
    return None


def restore(home: str | None, file: str, now: str | None) -> Path | None:
    """Go back to a backup, named by its path or by its name in the folder backups; where the replaced database is kept."""
    folder = home_dir(home)
    path = Path(file)
    inside = folder / "backups" / file
    return backup.restore(folder, inside if not path.exists() and inside.exists() else path, Clock(now).now())


def verify_log(study: Study, rebuild: bool) -> dict[str, Any]:
    """Whether the chain is whole and the schedule is what the log says; with `rebuild` the schedule is made anew from it."""
    problems = replay.verify(study.conn)
    changed = False
    if rebuild:
        before = replay.dump(study.conn)
        replay.rebuild(study.conn)
        changed = replay.dump(study.conn) != before
        problems = replay.verify(study.conn)
    events, devices = log.size(study.conn)
    return {"ok": not problems, "problems": problems, "events": events, "devices": devices, "rebuilt": rebuild, "changed": changed}


def export(study: Study, form: str, file: str) -> dict[str, Any]:
    """The history as jsonl or csv into a file, or to standard output for `-`."""
    if file == "-":
        rows = _write(study, form, sys.stdout)
    else:
        try:
            with Path(file).open("w", encoding="utf-8", newline="") as handle:
                rows = _write(study, form, handle)
        except OSError as error:
            raise EnvironmentProblem(f"{file}: {error.strerror}") from None
    return {"file": file, "form": form, "rows": rows}


def import_events(study: Study, file: str) -> dict[str, Any]:
    """Merge the events of a jsonl file, after a backup; nothing is written when a line is wrong."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: not UTF-8 text; give a file that `studyapp export --to jsonl` wrote") from None
    backup.backup(study.conn, study.clock.now(), "before-import")
    merged = transfer.merge(study.conn, lines, file)
    return {"file": file, "added": merged.added, "known": merged.known}


def _write(study: Study, form: str, out: TextIO) -> int:
    if form == "csv":
        return transfer.reviews_csv(study.conn, out)
    rows = 0
    for rows, line in enumerate(transfer.export_lines(study.conn)):  # the first line names the format  # noqa: B007
        out.write(line + "\n")
    return rows
