"""`studyapp config list|get|set|edit|path`: settings, each change an event in the log."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.errors import BadInput


@click.group(epilog=example("studyapp config set minutes 20"))
def command() -> None:
    """Settings."""


@command.command("list", epilog=example("studyapp config list"))
@common_options
def list_(place: Place) -> None:
    """Every setting with its value, default and meaning."""
    with place.study() as study:
        rows = study.settings()
    lines = []
    for row in rows:
        changed = "" if row["value"] == row["default"] else f"  (default {row['default']})"
        lines.append(f"{row['name']} = {row['value']}{changed}\n    {row['help']}")
    place.emit({"settings": rows}, "\n".join(lines))


@command.command(epilog=example("studyapp config get retention"))
@click.argument("name")
@common_options
def get(place: Place, name: str) -> None:
    """One setting."""
    with place.study() as study:
        row = study.setting(name)
    place.emit(row, str(row["value"]))


@command.command("set", epilog=example("studyapp config set retention 0.92"))
@click.argument("name")
@click.argument("value")
@common_options
def set_(place: Place, name: str, value: str) -> None:
    """Change a setting."""
    with place.study() as study:
        row = study.set_setting(name, value)
    place.emit(row, f"{name} = {row['value']}")


@command.command(epilog=example("EDITOR=nano studyapp config edit"))
@common_options
def edit(place: Place) -> None:
    """Edit all settings as text in $EDITOR; only what you changed is stored."""
    with place.study() as study:
        rows = study.settings()
        text = "".join(f"# {row['help']} (default {row['default']})\n{row['name']} = {row['value']}\n\n" for row in rows)
        edited = click.edit(text, extension=".conf")
        if edited is None:
            place.emit({"changed": []}, "nothing changed")
            return
        old = {row["name"]: str(row["value"]) for row in rows}
        changes = [(name, value, line) for name, value, line in _pairs(edited) if old.get(name) != value]
        for name, value, line in changes:
            try:
                study.check_setting(name, value)
            except BadInput as error:
                raise BadInput(f"line {line}: {error}; nothing was changed") from None
        for name, value, _ in changes:
            study.set_setting(name, value)
    names = [name for name, _, _ in changes]
    place.emit({"changed": names}, "changed: " + ", ".join(names) if names else "nothing changed")


@command.command(epilog=example("studyapp config path"))
@common_options
def path(place: Place) -> None:
    """The data folder."""
    from studyapp.api import home_dir

    folder = home_dir(place.home)
    place.emit({"path": str(folder)}, str(folder))


def _pairs(text: str) -> list[tuple[str, str, int]]:
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise BadInput(f"line {number}: write `name = value`; nothing was changed")
        pairs.append((name.strip(), value.strip(), number))
    return pairs
