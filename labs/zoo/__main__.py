"""`python -m labs.zoo list | train | ship | pictures | verify`: what `studyapp zoo` starts in a process of its own.

`accelerate launch -m labs.zoo train MODEL` runs the same training on several GPUs or machines.

With --events each line of stdout is a JSON object; without, text for people. Exit codes: 0 ok, 1 a check failed, 2 bad use, 3 missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labs.zoo import registry


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    emit = _as_json if options.events else _as_text
    os.environ.setdefault("OMP_NUM_THREADS", str(getattr(options, "threads", 1)))
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing here is ever fetched
    os.environ.setdefault("TQDM_DISABLE", "1")  # our own progress is the only one
    try:
        return int(options.run(options, emit))
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        return _fail(emit, 3, f"the lab runtime is not installed ({error.name} is missing): run make labs")
    except OSError as error:
        return _fail(emit, 3, str(error))
    except ValueError as error:
        return _fail(emit, 2, str(error))


def _fail(emit: Any, code: int, text: str) -> int:
    emit({"event": "error", "text": text, "code": code})
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m labs.zoo")
    parser.add_argument("--events", action="store_true", help="JSON lines on stdout")
    commands = parser.add_subparsers(required=True)
    listed = commands.add_parser("list")
    listed.set_defaults(run=_list)
    trained = commands.add_parser("train")
    trained.add_argument("model")
    trained.add_argument("--preset", choices=("quick", "full"), default="quick")
    trained.add_argument("--out", type=Path)
    trained.add_argument("--seed", type=int, default=0)
    trained.add_argument("--threads", type=int, default=1)
    trained.add_argument("--fresh", action="store_true", help="start over instead of going on from a checkpoint")
    trained.set_defaults(run=_train)
    shipped = commands.add_parser("ship")
    shipped.add_argument("model")
    shipped.add_argument("--from", dest="source", type=Path, required=True)
    shipped.add_argument("--other", type=Path, action="append", default=[], help="a run of another seed")
    shipped.add_argument("--n", type=int, default=1000)
    shipped.add_argument("--seed", type=int, default=20_000)
    shipped.set_defaults(run=_ship)
    pictured = commands.add_parser("pictures")
    pictured.add_argument("model")
    pictured.add_argument("--from", dest="source", type=Path, help="a run; the shipped weights by itself")
    pictured.add_argument("--out", type=Path, required=True, help="a PNG file")
    pictured.add_argument("--seed", type=int, default=0)
    pictured.set_defaults(run=_pictures)
    verified = commands.add_parser("verify")
    verified.add_argument("models", nargs="*")
    verified.add_argument("--n", type=int, default=300)
    verified.add_argument("--seed", type=int, default=None, help="of the fresh pictures; the time of day by itself")
    verified.set_defaults(run=_verify)
    return parser


def _list(options: argparse.Namespace, emit: Any) -> int:
    for model in registry.MODELS.values():
        card = registry.card(model.name) or {}
        emit(
            {"event": "model", "name": model.name, "say": model.say, "shipped": bool(card), "bytes": registry.size(model.name)}
            | {"licence": registry.LICENCE, "can": card.get("can", []), "cannot": card.get("cannot", [])}
            | {"not_reached": card.get("not_reached", []), "folders": [str(registry.WEIGHTS / folder) for folder in model.folders]}
        )
    return 0


def _train(options: argparse.Namespace, emit: Any) -> int:
    from labs.zoo.train import train

    out = options.out or Path("zoo-runs") / f"{options.model}-{options.preset}-{options.seed}"
    done = train(registry.recipe(options.model), options.preset, out, emit, options.seed, options.threads, options.fresh)
    emit({"event": "log", "text": f"{options.model}: {done['steps']} steps, written to {out}"})
    return 0


def _ship(options: argparse.Namespace, emit: Any) -> int:
    from labs.zoo.ship import ship

    card = ship(options.model, options.source, emit, options.n, options.seed, options.other)
    for name in card["not_reached"]:
        emit({"event": "log", "text": f"not reached: {name}"})
    return 0


def _pictures(options: argparse.Namespace, emit: Any) -> int:
    from labs.zoo.pictures import SHEETS, png, sheet

    if options.model not in SHEETS:
        raise ValueError(f"{options.model} draws no pictures; there are sheets of {', '.join(SHEETS)}")
    pictures, say = sheet(options.model, options.source or registry.WEIGHTS, options.seed)
    options.out.write_bytes(png(pictures))
    emit({"event": "log", "text": f"{options.out}: {say}"})
    return 0


def _verify(options: argparse.Namespace, emit: Any) -> int:
    from labs.zoo.verify import verify

    names = [registry.model(name).name for name in options.models]  # a wrong one is told before anything is measured
    seed = options.seed if options.seed is not None else int(time.time()) % 1_000_000 + 1_000_000
    results = []
    for name in names or [name for name in registry.MODELS if registry.card(name)]:
        emit({"event": "log", "text": f"{name}: measuring on {options.n} fresh pictures a figure"})
        results.append(verify(name, seed, options.n))
        emit({"event": "verified", "seed": seed} | results[-1])
    return 0 if all(result["ok"] for result in results) else 1


def _as_json(event: dict[str, Any]) -> None:
    print(json.dumps(event | {"text": text_of(event)}), flush=True)


def _as_text(event: dict[str, Any]) -> None:
    print(text_of(event), file=sys.stderr if event["event"] == "error" else sys.stdout, flush=True)


def text_of(event: dict[str, Any]) -> str:
    """An event as a line (or a few) for people."""
    kind, name = event["event"], event.get("model", event.get("name", ""))
    if kind == "progress":
        known = ("event", "model", "stage", "step", "steps", "done", "seconds", "left")
        numbers = "  ".join(f"{key} {value:.4g}" for key, value in event.items() if key not in known)
        return f"{name} {event['stage']} {event['step']}/{event['steps']}  {event['done']:.0%}  {_time(event['left'])} left  {numbers}"
    if kind == "model":
        state = f"{event['bytes'] / 1e6:.1f} MB" if event["shipped"] else "not shipped"
        lines = [f"{name}  {state}  {event['licence']}", f"    {event['say']}"]
        for title, key in (("can", "can"), ("cannot", "cannot"), ("demanded and not reached", "not_reached")):
            lines += [f"    {title}: {entry}" for entry in event[key]]
        return "\n".join(lines)
    if kind == "verified":
        state = "as its card says" if event["ok"] else "differs from its card"
        return "\n".join([f"{name}: {state} (pictures of seed {event['seed']})", *map(_row, event["rows"])])
    if kind == "done":
        losses = ", ".join(f"{stage} {first:.4g} to {last:.4g}" for stage, (first, last) in event["losses"].items())
        return f"{name}: {event['steps']} steps in {_time(event['seconds'])}; loss: {losses}"
    return str(event["text"])


def _row(row: dict[str, Any]) -> str:
    now = "not measured" if row["now"] is None else f"now {row['now']:g}"
    state = "ok     " if row["ok"] else "DIFFERS"
    return f"  {state} {row['name']}: card {row['card']:g}, {now} (n {row['n']}, within {row['allowed']:g})"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    sys.exit(main())
