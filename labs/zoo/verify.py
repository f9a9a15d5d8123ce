"""Measure shipped weights again on fresh pictures and hold them against their cards."""

from __future__ import annotations

from typing import Any

from labs.zoo import cards, registry
from labs.zoo.recipe import Figure

SIGMAS = 4.0
SLACK = 0.01


def spread(old: Figure, new: Figure | None) -> float:
    """The standard error of a new measurement: its own, or what the card's is worth at its n. A few pictures that are all read right
    have none of their own."""
    return max(new.error, old.error * (old.n / max(1, new.n)) ** 0.5) if new else 0.0


def verify(name: str, seed: int, n: int) -> dict[str, Any]:
    """{"model", "ok", "rows": [{"name", "card", "now", "n", "allowed", "ok"}]}: each figure within four standard errors of its card.

    A figure that met its demand in the card must meet it again, within the same allowance. Raises FileNotFoundError without a card.
    """
    card = registry.card(name)
    if card is None:
        raise FileNotFoundError(f"{name}: no weights are shipped; train it with: studyapp zoo train {name} --preset full")
    then = {figure.name: figure for figure in cards.figures_of(card)}
    now = {figure.name: figure for figure in registry.recipe(name).measure(registry.WEIGHTS, seed, n)}
    rows = []
    for key, old in then.items():
        new = now.get(key)
        allowed = SIGMAS * (old.error**2 + spread(old, new) ** 2) ** 0.5 + SLACK * max(1.0, abs(old.value))
        ok = new is not None and abs(new.value - old.value) <= allowed
        if new is not None and old.reached:
            ok = (
                ok
                and (old.at_least is None or new.value >= old.at_least - allowed)
                and (old.at_most is None or new.value <= old.at_most + allowed)
            )
        rows.append(
            {
                "name": key,
                "card": old.value,
                "now": new.value if new else None,
                "n": new.n if new else 0,
                "allowed": round(allowed, 4),
                "ok": ok,
            }
        )
    return {"model": name, "ok": all(row["ok"] for row in rows) and set(now) == set(then), "rows": rows}
