"""Labs are found in a checkout and by entry points; what is broken is listed with its reason and stops nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.discover import entry, listing, load, verified


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lab_ref: str) -> Path:
    """An installed distribution `acme-labs` with a good lab, one that raises on import, one without a module, and one named as ours."""
    (tmp_path / "acme_broken.py").write_text("raise RuntimeError('needs a licence\\nfor that')\n")
    points = f"doubling = {lab_ref}\nbroken = acme_broken:LAB\nlost = acme_nowhere:LAB\nempty = json:loads\npatchify = {lab_ref}\n"
    info = tmp_path / "acme_labs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-labs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[studyapp.labs]\n{points}")
    (info / "RECORD").write_text("")
    return tmp_path


def test_our_own_labs_are_found_in_a_checkout_with_their_metadata() -> None:
    found = entry("patchify")
    assert (found.ref, found.title, found.version) == ("labs.patchify.lab:LAB", "Pixels to patch tokens", 1)
    assert found.backends == ("none", "tiny", "hf")
    assert found.broken is None
    assert load("patchify").title == found.title


def test_each_of_our_labs_is_listed_once_by_the_name_of_its_entry_point() -> None:
    ours = [entry for entry in listing() if entry.ref.startswith("labs.")]
    assert len({entry.ref for entry in ours}) == len(ours)
    assert {"patchify", "clip-zero-shot"} <= {entry.id for entry in ours}


def test_metadata_and_lab_agree() -> None:
    assert verified(entry("patchify")) == entry("patchify")


def test_listing_our_labs_imports_neither_pydantic_nor_torch() -> None:
    code = (
        "import json, sys\n"
        "sys.path[:] = json.loads(sys.argv[1])\n"
        "from studyapp.labkit.discover import listing, missing_runtime\n"
        "missing_runtime()\n"
        "print('patchify' in [entry.id for entry in listing()], [m for m in ('pydantic', 'torch') if m in sys.modules])\n"
    )
    path = json.dumps([os.path.abspath(part) for part in sys.path])
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "[]"]


def test_third_party_labs_are_listed_and_broken_ones_say_why(plugin: Path) -> None:
    found = {entry.id: entry for entry in listing()}
    assert (found["doubling"].title, found["doubling"].source, found["doubling"].broken) == ("Doubling", "acme-labs", None)
    assert found["broken"].broken == "RuntimeError: needs a licence"
    assert "Traceback" in found["broken"].traceback
    assert found["lost"].broken == "ModuleNotFoundError: No module named 'acme_nowhere'"
    assert "TypeError" in str(found["empty"].broken)
    assert found["patchify"].source == "checkout", "ours keeps the plain name"
    assert found["acme-labs:patchify"].title == "Doubling"


def test_a_broken_lab_is_refused_when_it_is_opened_and_others_still_work(plugin: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="lab broken is broken: RuntimeError: needs a licence"):
        load("broken")
    assert load("doubling").id == "doubling"


def test_an_unknown_lab_is_bad_input_that_names_what_there_is() -> None:
    with pytest.raises(BadInput, match=r"no lab 'origami' \(labs: .*patchify"):
        load("origami")
