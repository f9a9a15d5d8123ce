"""The twelve properties hold for every installed lab, and the examiners notice a lab that breaks one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.labkit.conformance import PROPERTIES, assert_lab_conforms, examine
from studyapp.labkit.discover import listing, load, load_ref

SAMPLE = Path(__file__).parents[1] / "labkit" / "sample_lab.py"
INSTALLED = [entry.id for entry in listing() if entry.broken is None]


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The module of the sample lab, importable by workers."""
    name = "sample_lab_for_conformance"
    (tmp_path / f"{name}.py").write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


@pytest.mark.slow
@pytest.mark.timeout(1500)  # a dozen worker processes, each of which imports torch: on a busy machine that takes minutes
@pytest.mark.parametrize("id", INSTALLED)
def test_every_installed_lab_conforms(id: str, tmp_path: Path) -> None:
    assert_lab_conforms(load(id), tmp_path)


def test_a_lab_of_one_file_conforms(sample: str, tmp_path: Path) -> None:
    assert_lab_conforms(load_ref(f"{sample}:LAB"), tmp_path, seeds=50)


@pytest.mark.parametrize(
    ("name", "property", "says"),
    [
        ("HEAVY", 1, "imported numpy"),
        ("RESTLESS", 2, "differs the second time"),
        ("LUCKY", 3, "lucky gives the right answer"),
        ("MUTE", 3, "hints are to be nudge"),
        ("RANDOM", 4, "in another process: .double"),
        ("BACKWARDS", 5, "progress falls"),
        ("SILENT", 5, "is silent for 2.5 s after 'progress counting': say something within 1 s"),
        ("CRASHES", 9, "RuntimeError: the model fell over"),
        ("MISCOUNTS", 9, "bug of this lab"),
        ("LENIENT", 9, "the stub passes"),
        ("FORGETFUL", 10, "judged differently"),
        ("STALE", 10, "the card of q2 is the same for 8 seeds"),
    ],
)
def test_a_lab_that_breaks_a_property_is_found_out(sample: str, tmp_path: Path, name: str, property: int, says: str) -> None:
    (finding,) = examine(f"{sample}:{name}", tmp_path, seeds=10, only=[property])
    assert not finding.ok
    assert says in finding.reason
    with pytest.raises(AssertionError, match=f"property {property} "):
        assert_lab_conforms(f"{sample}:{name}", tmp_path, seeds=10, only=[property])


@pytest.mark.parametrize(
    ("name", "property", "says"),
    [
        ("LITTERING", 6, "another run is in this folder"),
        ("GREEDY", 7, "this process grew by"),
        ("BLOCKING", 7, "the event loop stood still"),
        ("OPEN", 8, "q2 is to be shown with even, which gives an answer away"),
        ("WORN", 11, "the chapter before was not played here"),
        ("RECKLESS", 12, "took longer than 3 s"),
    ],
)
def test_a_lab_that_breaks_a_property_when_it_runs_is_found_out(tmp_path: Path, name: str, property: int, says: str) -> None:
    (finding,) = examine(f"tests.conformance.breaking_labs:{name}", tmp_path, seeds=10, only=[property])
    assert not finding.ok
    assert says in finding.reason


def test_there_are_twelve_properties() -> None:
    assert [number for number, _, _ in PROPERTIES] == list(range(1, 13))
