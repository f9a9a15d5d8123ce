"""The click group: every command by name and one-line help, imported only when it is named."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import click

from studyapp import __version__

# name -> (module in studyapp.commands, one-line help). The command in the module is `command`, or `<name>_command` where there are several.
COMMANDS: dict[str, tuple[str, str]] = {
    "study": ("study", "Review what is due: the study session."),
    "quiz": ("quiz", "The self-check, one section, or an exam over everything."),
    "due": ("due", "How much is due now, and when the next card is."),
    "next": ("show", "The next due item, as the learner would see it."),
    "show": ("show", "One item as the learner would see it."),
    "answer": ("answer", "Record one review without a user interface."),
    "undo": ("answer", "Take back the last answers."),
    "suspend": ("marks", "Take an item out of the schedule."),
    "unsuspend": ("marks", "Put a suspended item back."),
    "flag": ("marks", "Mark an item for a second look, with a note."),
    "stats": ("stats", "Answers, retention, streak, sections."),
    "readiness": ("stats", "The four ideas of the hand-off: which are automatic yet."),
    "misconceptions": ("insight", "The misconceptions seen: how often, when, beaten since?"),
    "calibration": ("insight", "Does your confidence match what comes of it?"),
    "mastery": ("insight", "The concepts of the labs: which are mastered yet."),
    "forecast": ("stats", "Reviews that wait in the coming days."),
    "why": ("why", "Why an item is due when it is."),
    "search": ("search", "Find items by their words."),
    "grade": ("grade", "Free text by key points: one answer, or lines of JSON."),
    "add": ("add", "Write a card of your own."),
    "memory": ("memory", "The memory model on review histories, line by line."),
    "lab": ("lab", "Labs: list, plan, start, answer, run, replay, export, watch."),
    "course": ("course", "Courses: check, list, coverage, schema, new, renamed."),
    "import": ("transfer", "Read exported events, or a plain-text deck."),
    "export": ("transfer", "Write the learning history as JSON Lines or CSV."),
    "log": ("log", "The event log: verify, merge."),
    "backup": ("backup", "Make a verified backup now."),
    "restore": ("backup", "Go back to a backup."),
    "zoo": ("zoo", "The labs' small models: list, train, verify."),
    "config": ("config", "Settings: list, get, set, edit, path."),
    "help": ("help", "Help topics: grades, answers, judges, backends, codes."),
}


class LazyGroup(click.Group):
    """Lists all commands by name and help without importing any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"studyapp.commands.{COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name}_command", None) or module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(f"no command '{args[0]}'" + (f"; did you mean '{near[0]}'?" if near else "; see studyapp --help"))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", metavar="DIR", help="Data folder (also: STUDYAPP_HOME).")
@click.option("--now", metavar="ISO", help="Set the clock, for tests and demos: 2026-03-01T09:00+01:00.")
@click.version_option(__version__, prog_name="studyapp")
@click.pass_context
def cli(ctx: click.Context, home: str | None, now: str | None) -> None:
    """Study on a spaced-repetition schedule, quiz yourself, and run labs that check your predictions.

    Without a command the home screen opens.

    \b
    Example: studyapp study --minutes 10
    """
    ctx.obj = {"home": home, "now": now}
    if ctx.invoked_subcommand is None:
        from studyapp.commands.home import open_home

        open_home(home, now)


def run(args: Sequence[str]) -> int:
    """Run the command line; the exit code. What click finds wrong with it is told in one line."""
    try:
        result: Any = cli.main(args=list(args), prog_name="studyapp", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:  # a family of commands without one: its help
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        click.echo(f"studyapp: {error.format_message()}", err=True)
        return 2
    except click.Abort:
        click.echo("studyapp: cancelled", err=True)
        return 130
