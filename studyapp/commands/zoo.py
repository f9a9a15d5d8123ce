"""`studyapp zoo list|train|verify`: the small models that the labs run."""

from __future__ import annotations

import sys
from typing import Any

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.errors import BadInput, EnvironmentProblem


@click.group(epilog=example("studyapp zoo list"))
def command() -> None:
    """The small models that the labs run: trained from recipes, with measured cards."""


@command.command("list", epilog=example("studyapp zoo list"))
@common_options
def list_(place: Place) -> int:
    """Size, licence, what each model can and cannot do."""
    events, said, code = _follow(["list"])
    models = [_fields(event) for event in events]
    total = sum(model["bytes"] for model in models)
    place.emit({"models": models, "bytes": total}, "\n".join([*said, f"together {total / 1e6:.1f} MB"]))
    return code


@command.command("train", epilog=example("studyapp zoo train shapejudge --preset quick --out /tmp/judge"))
@click.argument("model")
@click.option(
    "--preset", type=click.Choice(["quick", "full"]), default="quick", show_default=True, help="A few steps, or the whole recipe."
)
@click.option("--out", metavar="DIR", help="Where the run goes; zoo-runs/<model>-<preset>-<seed> by itself.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="More are faster and give slightly other numbers.")
@click.option("--fresh", is_flag=True, help="Start over instead of going on from the checkpoint in DIR.")
@common_options
def train(place: Place, model: str, preset: str, out: str | None, seed: int, threads: int, fresh: bool) -> int:
    """Train a model from its recipe; a killed run goes on from its last checkpoint."""
    arguments = ["train", model, "--preset", preset, "--seed", str(seed), "--threads", str(threads)]
    arguments += [*(["--out", out] if out else []), *(["--fresh"] if fresh else [])]
    events, said, code = _follow(arguments)
    if events:
        place.emit(_fields(events[-1]), said[-1])
    return code


@command.command("verify", epilog=example("studyapp zoo verify shapejudge"))
@click.argument("models", nargs=-1)
@click.option("--n", type=click.IntRange(48), default=300, show_default=True, help="Fresh pictures a figure.")
@click.option("--seed", type=int, help="Of the fresh pictures; another one each time by itself.")
@common_options
def verify(place: Place, models: tuple[str, ...], n: int, seed: int | None) -> int:
    """Measure the shipped weights again and hold them against their cards."""
    events, said, code = _follow(["verify", *models, "--n", str(n), *(["--seed", str(seed)] if seed is not None else [])])
    if code in (0, 1):
        place.emit({"ok": code == 0, "models": [_fields(event) for event in events]}, "\n".join(said))
    return code


def _fields(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("event", "text")}


def _follow(arguments: list[str]) -> tuple[list[dict[str, Any]], list[str], int]:
    """Run to the end: (events but progress, what they say to people, exit code). Progress and notes go to stderr."""
    from studyapp.api.zoo import ZooRun

    run = ZooRun(arguments)
    events: list[dict[str, Any]] = []
    for event in run:
        if event["event"] == "error":
            raise (EnvironmentProblem if event["code"] == 3 else BadInput)(event["text"])
        if event["event"] == "progress":
            _progress(event)
        elif event["event"] == "log":
            click.echo(event["text"], err=True)
        else:
            events.append(event)
    return events, [event["text"] for event in events], run.code


def _progress(event: dict[str, Any]) -> None:
    """One line that is written over on a terminal, a line each elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{event['text']}", err=True, nl=event["done"] >= 1)
    else:
        click.echo(event["text"], err=True)
