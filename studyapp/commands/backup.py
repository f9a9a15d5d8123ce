"""`studyapp backup` and `studyapp restore`."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.command("backup", epilog=example("studyapp backup"))
@common_options
def backup_command(place: Place) -> None:
    """Make a verified backup now."""
    with place.study() as study:
        path = study.backup()
    place.emit({"path": str(path)}, f"backup: {path}")


@click.command("restore", epilog=example("studyapp restore study-2026-03-01.db"))
@click.argument("file")
@common_options
def restore_command(place: Place, file: str) -> None:
    """Go back to a backup; the database that it replaces is kept beside it."""
    from studyapp.api.admin import restore

    kept = restore(place.home, file, place.now)
    place.emit(
        {"restored": file, "kept": str(kept) if kept else None},
        f"restored {file}" + (f"; what was there is kept as {kept}" if kept else ""),
    )
