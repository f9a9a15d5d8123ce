"""Figures, cards, and holding shipped weights against their cards; no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labs.zoo import cards, registry, verify
from labs.zoo.recipe import Figure, mean, share
from labs.zoo.registry import Model

FIGURES = [
    share("colour read", 97, 100, baseline=0.125, at_least=0.95),
    share("shape read", 80, 100, baseline=1 / 6, at_least=0.85),
    mean("PSNR, dB", [20.0, 22.0, 24.0], at_least=21.0),
]
TINY = Model("tiny", "a model of a test", "none:NONE", ("tiny",))
CARD = cards.document(
    TINY,
    {"preset": "full", "seed": 0, "steps": 10, "seconds": 60.0},
    FIGURES,
    {
        "command": "python -m labs.zoo ship tiny --from RUN",
        "parameters": 10,
        "bytes": 20,
        "precision": "float16",
        "precision_gap": 0.001,
        "can": ["x"],
    },
)


def test_a_share_has_its_binomial_error_and_a_mean_its_standard_error() -> None:
    assert (FIGURES[0].value, FIGURES[0].error) == (0.97, pytest.approx(0.0171, abs=1e-4))
    assert (FIGURES[2].value, FIGURES[2].error) == (22.0, pytest.approx(2 / 3**0.5, abs=1e-4))


def test_what_was_not_reached_is_said_first_and_by_name() -> None:
    text = cards.readme(CARD)
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert rows[0].startswith("| shape read | 0.8")
    assert "(missed)" in rows[0]
    assert "(missed)" not in "".join(rows[1:])
    assert CARD["not_reached"] == ["shape read"]
    assert "Not reached: shape read." in text


def test_a_card_reads_back_as_it_was_written(tmp_path: Path) -> None:
    cards.write(CARD, tmp_path)
    assert cards.figures_of(json.loads((tmp_path / "card.json").read_text())) == FIGURES
    assert (tmp_path / "README.md").read_text() == cards.readme(CARD)


@pytest.mark.parametrize(
    ("now", "ok"),
    [
        ((0.97, 0.80, 22.0), True),
        ((0.90, 0.80, 22.0), True),  # within four standard errors of both
        ((0.70, 0.80, 22.0), False),
        ((0.97, 0.40, 22.0), False),
        ((0.97, 0.80, 9.0), False),
    ],
)
def test_weights_that_measure_otherwise_differ_from_their_card(now: Any, ok: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Measured:
        def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
            return [share("colour read", now[0] * 100, 100), share("shape read", now[1] * 100, 100), Figure("PSNR, dB", now[2], 3, 1.1547)]

    cards.write(CARD, tmp_path / "tiny")
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    monkeypatch.setitem(registry.MODELS, "tiny", TINY)
    monkeypatch.setattr(registry, "recipe", lambda name: Measured())
    assert verify.verify("tiny", 1, 100)["ok"] is ok


def test_a_few_pictures_that_are_all_read_right_do_not_differ_from_nine_in_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lucky:
        def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
            return [share("colour read", 97, 100), share("shape read", 10, 10), FIGURES[2]]

    cards.write(CARD, tmp_path / "tiny")
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    monkeypatch.setitem(registry.MODELS, "tiny", TINY)
    monkeypatch.setattr(registry, "recipe", lambda name: Lucky())
    assert verify.verify("tiny", 1, 10)["ok"]


def test_a_figure_that_is_no_longer_measured_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Less:
        def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
            return FIGURES[:2]

    cards.write(CARD, tmp_path / "tiny")
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    monkeypatch.setitem(registry.MODELS, "tiny", TINY)
    monkeypatch.setattr(registry, "recipe", lambda name: Less())
    assert not verify.verify("tiny", 1, 100)["ok"]


def test_weights_that_are_not_there_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "WEIGHTS", tmp_path)
    with pytest.raises(FileNotFoundError, match="zoo train shapeclip"):
        verify.verify("shapeclip", 1, 100)


def test_a_model_that_is_not_in_the_zoo_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no model 'shapeclap' in the zoo; there are shapejudge, .*shapevideo"):
        verify.verify("shapeclap", 1, 100)


SHIPPED = [name for name in registry.MODELS if registry.card(name)]


def test_weights_are_shipped_with_a_card_or_not_at_all() -> None:
    assert set(SHIPPED) == set(registry.MODELS)
    for name, model in registry.MODELS.items():
        if name not in SHIPPED:
            assert not any((registry.WEIGHTS / folder).exists() for folder in model.folders), f"{name} has weights without a card"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_card_agrees_with_its_files(name: str) -> None:
    model = registry.MODELS[name]
    card = registry.card(name)
    assert card is not None
    assert card["model"] == name
    assert card["folders"] == list(model.folders)
    files = [file for folder in model.folders for file in (registry.WEIGHTS / folder).rglob("*.safetensors")]
    assert card["bytes"] == sum(file.stat().st_size for file in files)
    assert (registry.WEIGHTS / model.folders[0] / "README.md").read_text(encoding="utf-8") == cards.readme(card)
    assert card["not_reached"] == [figure.name for figure in cards.figures_of(card) if not figure.reached]


def test_the_weights_together_are_under_25_megabytes() -> None:
    assert sum(registry.size(name) for name in registry.MODELS) < 25e6
