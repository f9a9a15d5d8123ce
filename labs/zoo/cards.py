"""Model cards: the figures that a command measured, as data (card.json) and as the README.md of a model's directory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labs.zoo.recipe import Figure
from labs.zoo.registry import LICENCE, Model

SCHEMA = 1
SAMPLES = "samples.png"


def document(model: Model, run: Mapping[str, Any], figures: Sequence[Figure], more: Mapping[str, Any]) -> dict[str, Any]:
    """The card as data. `run` is what training reported; `more` holds command, parameters, bytes, precision, can, cannot, notes."""
    missed = [figure.name for figure in figures if not figure.reached]
    kept = {name: run[name] for name in ("preset", "seed", "steps", "seconds") if name in run}
    return {
        "schema": SCHEMA,
        "model": model.name,
        "say": model.say,
        "licence": LICENCE,
        "trained": kept,
        "figures": [asdict(figure) | {"seeds": list(figure.seeds)} for figure in figures],
        "not_reached": missed,
        **more,
    }


def figures_of(card: Mapping[str, Any]) -> list[Figure]:
    """The figures of a card."""
    return [Figure(**(entry | {"seeds": tuple(entry["seeds"])})) for entry in card["figures"]]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, failures first."""
    rows = ["| figure | value | n | guessing | demanded | other seeds |", "|---|---|---|---|---|---|"]
    for figure in sorted(figures, key=lambda figure: figure.reached):
        value = f"{figure.value:g} ± {figure.error:.2g}" + ("" if figure.reached else " **(missed)**")
        baseline = "" if figure.baseline is None else f"{figure.baseline:g} ({figure.baseline_is})"
        others = ", ".join(f"{value:g}" for value in figure.seeds)
        rows.append(f"| {figure.name} | {value} | {figure.n} | {baseline} | {_demand(figure)} | {others} |")
    return "\n".join(rows)


def _demand(figure: Figure) -> str:
    bounds = [
        f"at least {figure.at_least:g}" if figure.at_least is not None else "",
        f"at most {figure.at_most:g}" if figure.at_most is not None else "",
    ]
    return ", ".join(bound for bound in bounds if bound)


def readme(card: Mapping[str, Any]) -> str:
    """The model card as Markdown, with the front matter that the hub reads."""
    trained = card["trained"]
    lines = [
        "---",
        f"license: {card['licence'].lower()}",
        "tags: [studyapp, synthetic-pictures]",
        "---",
        "",
        f"# {card['model']}",
        "",
        card["say"][0].upper() + card["say"][1:] + ".",
        "",
    ]
    for title, key in (("What it can do", "can"), ("What it cannot do", "cannot"), ("Read this before you use it", "notes")):
        if card.get(key):
            lines += [f"## {title}", "", *[f"- {entry}" for entry in card[key]], ""]
    lines += [
        "## Measured",
        "",
        f"By `{card['command']}`; each figure with its standard error. Weights: {card['parameters']:,} parameters, "
        f"{card['bytes'] / 1e6:.2f} MB, {card['precision']}.",
        "",
    ]
    lines += [table(figures_of(card)), ""]
    if card.get("precision_gap") is not None:
        lines += [
            f"The largest change of a figure from float32 to {card['precision']} on the same pictures: {card['precision_gap']:.4g}.",
            "",
        ]
    if card["not_reached"]:
        lines += ["Not reached: " + ", ".join(card["not_reached"]) + ".", ""]
    if card.get("pictures"):
        lines += [
            "## Pictures",
            "",
            f'<img src="{SAMPLES}" alt="samples of {card["model"]}" width="800">',
            "",
            f"Row by row: {card['pictures']}.",
            "",
        ]
    lines += [
        "## Trained",
        "",
        f"`studyapp zoo train {card['model']} --preset {trained['preset']} --seed {trained['seed']}`: {trained['steps']:,} steps in "
        f"{trained['seconds'] / 60:.0f} minutes of one shared CPU core, on pictures that labs/scenes draws. No photograph, no text and no "
        "weights of others went in.",
        "",
    ]
    return "\n".join(lines)


def write(card: Mapping[str, Any], folder: Path) -> None:
    """Write card.json and README.md into a model's directory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(card), encoding="utf-8")
