"""The bundled replay: of these very weights, large enough to compare, true to the generator, and never used for other weights."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from labs.vlm_probes import record, recording
from labs.vlm_probes.first_sheet import SHEETS
from labs.vlm_probes.probes import DIALS, FAMILIES, SMALL, Cell, cells, pair
from labs.vlm_probes.recording import FILE, bundled, hash_of, shipped_weights
from labs.vlm_probes.switches import LIST_CELL, switch_cell
from labs.vlm_probes.told import flat

ALL = [cell for dial in DIALS.values() for cell in cells(dial, SMALL)]


def test_the_recording_is_of_the_shipped_weights() -> None:
    found = bundled()
    assert found is not None, "no recording, or one of other draws: run python -m labs.vlm_probes.record"
    assert found.weights == hash_of(shipped_weights()), "shapevlm was trained anew: run python -m labs.vlm_probes.record"


def test_other_weights_are_not_given_this_recording() -> None:
    assert bundled("0" * 64) is None


def test_every_setting_has_at_least_a_hundred_pictures() -> None:
    found = bundled()
    assert found is not None
    assert 2 * found.pairs >= 100
    for cell in ALL:
        assert len(found.couples(cell)) == found.pairs, cell
    for family in FAMILIES:
        assert len(found.changed(switch_cell(family, SMALL), "crop")) == found.pairs
    assert len(found.changed(LIST_CELL, "list")) == found.pairs
    assert len(found.sheets) == SHEETS
    assert not found.couples(Cell("count", "n", 77))


def test_the_recorded_truths_are_those_of_the_pictures() -> None:
    found = bundled()
    assert found is not None
    for cell in ALL[::4]:
        couples = found.couples(cell)
        for place in (0, len(couples) - 1):
            assert [told.answer for told in couples[place]] == [shot.answer for shot in pair(cell, place)]
            assert [told.key for told in couples[place]] == [shot.key for shot in pair(cell, place)]


def test_it_is_compact_and_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    assert FILE.stat().st_size < 200_000
    data = json.loads(gzip.decompress(FILE.read_bytes()))
    for name in ("one", "two"):
        record.write(data, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_replies_that_are_no_single_word_are_kept_as_a_sign() -> None:
    assert record._words(["red", "", "two words", "7"]) == "red ? ? 7"


def test_a_recording_of_other_draws_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(gzip.decompress(FILE.read_bytes()))
    record.write({**data, "version": data["version"] + 1}, tmp_path / "other.json.gz")
    monkeypatch.setattr(recording, "FILE", tmp_path / "other.json.gz")
    recording._bundled.cache_clear()
    try:
        assert bundled() is None
        monkeypatch.setattr(recording, "FILE", tmp_path / "missing.json.gz")
        recording._bundled.cache_clear()
        assert bundled() is None
    finally:
        recording._bundled.cache_clear()


def test_both_answers_of_a_pair_are_recorded_apart_from_what_grey_gets() -> None:
    found = bundled()
    assert found is not None
    told = flat(found.couples(Cell("defect", "area", 16)))
    assert len({one.grey.value for one in told}) == 1, "one question, one grey picture, one answer"
    lucky = sum(one.lucky for one in told)
    assert lucky == len(told) // 2, "of a pair exactly one is right without looking"
    assert math.isclose(sum(one.answer == "yes" for one in told) / len(told), 0.5)
