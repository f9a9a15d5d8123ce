"""Where courses are: in a checkout, an editable install, a wheel, third parties' packages, the learner's own folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

COURSE_FILE = "course.yaml"
GROUP = "studyapp.courses"


class CourseDir(NamedTuple):
    """A place that says it holds a course. `source` is `studyapp`, `package:<entry point>` or `home`.

    `broken` is a one-line reason why it cannot be used; it stops nothing else.
    """

    source: str
    path: Path
    broken: str | None = None


def course_dirs(home: Path | None = None) -> list[CourseDir]:
    """All courses that can be found, ours first, then third parties' by name, then the learner's own in `<home>/courses`."""
    found = [_course("studyapp", path) for path in _folders(shipped_content())]
    found += _from_packages()
    if home is not None:
        found += [_course("home", path) for path in _folders(home / "courses")]
    return found


def shipped_content(package: Path | None = None) -> Path | None:
    """The folder of the courses that come with the app: inside the package in a wheel, beside it in a checkout."""
    package = package or Path(__file__).resolve().parent.parent
    if (package / "content").is_dir():
        return package / "content"
    beside = package.parent / "content"
    return beside if beside.is_dir() and (package.parent / "pyproject.toml").is_file() else None


def _folders(parent: Path | None) -> list[Path]:
    if parent is None or not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def _course(source: str, path: Path) -> CourseDir:
    return CourseDir(source, path, None if (path / COURSE_FILE).is_file() else f"{path} has no {COURSE_FILE}")


def _from_packages() -> list[CourseDir]:
    """Entry points name a package or module, a path, or a function that returns a path."""
    if not any(GROUP.encode() in text for text in _entry_point_files()):
        return []  # without importlib.metadata, whose import alone would cost more than the rest of a start
    from importlib.metadata import entry_points

    found = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        source = f"package:{point.name}"
        try:
            found.append(_course(source, _path_of(point.load())))
        except Exception as error:  # a plug-in may fail in any way; it is listed, and the app goes on
            found.append(CourseDir(source, Path(), f"{point.value} cannot be used: {type(error).__name__}: {error}".splitlines()[0]))
    return found


def _path_of(target: Any) -> Path:
    if callable(target):
        target = target()
    if isinstance(target, str | os.PathLike):
        return Path(target)
    file = getattr(target, "__file__", None)
    folder = Path(file).parent if file else next(iter(getattr(target, "__path__", ())), None)
    if folder is None:
        raise TypeError(f"a package, a path or a function that returns a path is expected, not {type(target).__name__}")
    return Path(folder)


def _entry_point_files() -> Iterator[bytes]:
    for folder in dict.fromkeys(sys.path):
        try:
            with os.scandir(folder or ".") as entries:
                names = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue  # sys.path may name folders that are not there, and zip files
        for name in names:
            try:
                with open(f"{name}/entry_points.txt", "rb") as file:
                    yield file.read()
            except OSError:
                continue  # most distributions have none
