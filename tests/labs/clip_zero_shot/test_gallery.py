"""Pictures of the learner's own: a sub-folder a label, or labels.json; what cannot be used is one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labs.clip_zero_shot import gallery
from labs.clip_zero_shot.params import draw
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef

LABELS = ("cat", "dog", "golden_retriever", "boat", "tree", "house", "moon")
CLIP = BackendRef(
    kind="hf", name="hf:clip", target="clip", info={"config": {"model_type": "clip", "vision_config": {"image_size": 64}}, "tensors": {}}
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for label in LABELS:
        (tmp_path / label).mkdir()
        for number in range(2):
            (tmp_path / label / f"{number}.jpg").write_bytes(b"")
    monkeypatch.setenv(gallery.VARIABLE, str(tmp_path))
    return tmp_path


def test_folders_are_labels_and_other_files_are_left_alone(folder: Path) -> None:
    (folder / "cat" / "notes.txt").write_text("x")
    (folder / ".hidden").mkdir()
    found = gallery.found()
    assert found.labels == ("boat", "cat", "dog", "golden retriever", "house", "moon", "tree")
    assert len(found.pictures) == 14
    assert ("golden_retriever/1.jpg", "golden retriever") in found.pictures


def test_labels_json_is_read_in_its_stead(folder: Path) -> None:
    rows = [{"file": f"{label}/{number}.jpg", "label": f"A {label}", "caption": "not used"} for label in LABELS for number in range(2)]
    (folder / "labels.json").write_text(json.dumps(rows))
    assert "a golden retriever" in gallery.found().labels


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "cannot be read as JSON"),
        ('[{"file": "cat/0.jpg"}]', "entry 1 is not"),
        ('[{"file": "../x.jpg", "label": "cat"}]', "names ../x.jpg"),
        ('[{"file": "cat/9.jpg", "label": "cat"}]', "names cat/9.jpg"),
        ("[]", "0 pictures of 0 labels"),
        ("7", "0 pictures of 0 labels"),
    ],
)
def test_a_labels_file_that_cannot_be_used_is_one_line(folder: Path, text: str, says: str) -> None:
    (folder / "labels.json").write_text(text)
    with pytest.raises(BadInput, match=says) as caught:
        draw(1, CLIP)
    assert "\n" not in str(caught.value)


def test_too_few_pictures_or_no_folder_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gallery.VARIABLE, str(tmp_path))
    with pytest.raises(BadInput, match="at least 12 of 5 are needed"):
        gallery.found()
    monkeypatch.setenv(gallery.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(BadInput, match="no such folder"):
        gallery.found()


def test_of_a_large_folder_every_label_keeps_some(folder: Path) -> None:
    for number in range(2, 60):
        (folder / "cat" / f"{number}.jpg").write_bytes(b"")
        (folder / "dog" / f"{number}.jpg").write_bytes(b"")
    found = gallery.found()
    assert len(found.pictures) == gallery.MOST_PICTURES
    assert len(found.labels) == len(LABELS)
    assert found == gallery.found()


def test_one_label_is_kept_back_for_the_picture_that_fits_none(folder: Path) -> None:
    for seed in range(10):
        params = draw(seed, CLIP)
        assert params.outside not in params.labels
        assert len(params.labels) == len(LABELS) - 1
        assert len({params.files[place][1] for place in params.chosen}) == 4
        assert 1 <= params.pair <= len(params.asked)
        assert params.side == 64
        assert not params.twin
