"""A clip of one's own: counted without any library, refused in one line, scored beside the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labs.video_drift import owned
from labs.video_drift.lab import LAB
from studyapp.errors import BadInput
from studyapp.labkit.backends import parse_backend

np = pytest.importorskip("numpy")
Image = pytest.importorskip("PIL.Image")


def pictures(count: int, size: tuple[int, int] = (48, 32)) -> list[Any]:
    """Frames in which a red field moves over a grey ground."""
    frames = []
    for n in range(count):
        frame = Image.new("RGB", size, (120, 120, 120))
        frame.paste((200, 30, 40), (n, 8, n + 12, 20))
        frames.append(frame)
    return frames


def gif(file: Path, count: int, **options: Any) -> Path:
    first, *rest = pictures(count, (count + 39, 32))  # Pillow joins frames that are alike
    first.save(file, save_all=True, append_images=rest, **options)
    return file


def folder(place: Path, count: int, suffix: str = ".png") -> Path:
    place.mkdir()
    for n, frame in enumerate(pictures(count)):
        frame.save(place / f"frame{n}{suffix}")
    return place


@pytest.mark.parametrize("count", [8, 12, 40])
def test_a_gif_is_counted_as_pillow_counts_it(tmp_path: Path, count: int) -> None:
    file = gif(tmp_path / "clip.gif", count, duration=80, loop=0)
    with Image.open(file) as opened:
        assert owned.described(str(file))["frames"] == opened.n_frames == count
    assert owned.frames(owned.described(str(file))).shape == (count, 32, count + 39, 3)


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    place = folder(tmp_path / "frames", 12)
    (place / "notes.txt").write_text("not a frame")
    own = owned.described(str(place))
    assert own["frames"] == 12
    assert [file.stem for file in owned.frame_files(place)] == [f"frame{n}" for n in range(12)]
    frames = owned.frames(own)
    assert [int(frame[10, :, 0].argmax()) for frame in frames] == list(range(12)), "frame2 comes before frame10"


def test_large_frames_are_made_smaller(tmp_path: Path) -> None:
    (tmp_path / "large").mkdir()
    for n in range(8):
        Image.new("RGB", (640, 320), (n, 0, 0)).save(tmp_path / "large" / f"{n}.png")
    assert owned.frames(owned.described(str(tmp_path / "large"))).shape == (8, 64, 128, 3)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("clip.gif", b"<svg/>", "not a GIF"),
        ("clip.gif", b"GIF89a", "not a GIF"),
        ("clip.gif", b"GIF89a\x10\x00\x10\x00\x00\x00\x00\x2c", "cut off"),
        ("clip.gif", b"GIF89a\x10\x00\x10\x00\x00\x00\x00\x99" + bytes(20), "not a sound GIF"),
        ("clip.gif", b"GIF89a\x10\x00\x10\x00\x00\x00\x00\x3b", "0 frames; a clip needs at least 8"),
    ],
)
def test_what_is_no_clip_is_said_in_one_line(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=says) as caught:
        owned.described(str(tmp_path / name))
    assert "\n" not in str(caught.value)


def test_a_missing_an_empty_and_a_short_clip_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file or folder"):
        owned.described(str(tmp_path / "nothing.gif"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no pictures in this folder"):
        owned.described(str(tmp_path / "empty"))
    with pytest.raises(BadInput, match="5 frames; a clip needs at least 8"):
        owned.described(str(gif(tmp_path / "short.gif", 5)))
    with pytest.raises(BadInput, match="at most 240"):
        owned.described(str(gif(tmp_path / "long.gif", 241)))


def test_frames_of_several_sizes_and_broken_frames_are_refused(tmp_path: Path) -> None:
    place = folder(tmp_path / "frames", 8)
    Image.new("RGB", (20, 20)).save(place / "frame9.png")
    with pytest.raises(BadInput, match="differ in size"):
        owned.frames(owned.described(str(place)))
    (place / "frame9.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(BadInput, match="a frame cannot be read") as caught:
        owned.frames(owned.described(str(place)))
    assert "\n" not in str(caught.value)


def test_a_clip_that_changed_since_the_run_began_is_not_scored(tmp_path: Path) -> None:
    place = folder(tmp_path / "frames", 8)
    own = owned.described(str(place))
    Image.new("RGB", (48, 32)).save(place / "frame0.png")
    with pytest.raises(BadInput, match="has changed since the run began"):
        owned.frames(own)


def test_the_environment_names_the_clip_and_one_more_forecast_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, none = parse_backend("tiny"), parse_backend("none")
    assert "q16" not in {question.id for question in LAB.plan(7, tiny).questions}
    monkeypatch.setenv(owned.VARIABLE, str(gif(tmp_path / "clip.gif", 9)))
    plan = LAB.plan(7, tiny)
    question = plan.question("q16")
    assert question.forecast
    assert "9 frames" in question.ask
    assert plan.params["own"]["frames"] == 9
    assert "q16" not in {question.id for question in LAB.plan(7, none).questions}, "without a model nothing reads it"
    monkeypatch.setenv(owned.VARIABLE, str(tmp_path / "gone.gif"))
    with pytest.raises(BadInput, match="there is no such file or folder"):
        LAB.plan(7, tiny)
