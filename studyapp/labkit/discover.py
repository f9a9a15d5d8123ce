"""Finds labs: entry points of the group `studyapp.labs`, and our own `labs` package when running from a checkout.

Listing costs neither pydantic nor torch: a lab package's `__init__` carries its metadata as a plain dict `META`
(title, sections, backends, version, minutes), and only `load` imports the lab itself. What is broken is listed as broken, with its reason.
"""

from __future__ import annotations

import importlib
import importlib.util
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.errors import BadInput, EnvironmentProblem

if TYPE_CHECKING:
    from studyapp.labkit.api import Lab

GROUP = "studyapp.labs"
RUNTIME = ("torch", "transformers", "safetensors")  # what models need beyond the core


@dataclass(frozen=True, slots=True)
class LabEntry:
    """One lab as listed. `ref` is "module:attribute"; `broken` the one-line reason, with the `traceback` for the log."""

    id: str
    ref: str
    source: str  # "checkout", or the distribution's name
    title: str = ""
    sections: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    version: int = 0
    minutes: int = 0
    broken: str | None = None
    traceback: str = ""


def listing() -> list[LabEntry]:
    """All labs, ours first; a second lab of the same name is qualified by its distribution ("vision:patchify")."""
    entries: dict[str, LabEntry] = {}
    for name, ref, source in _found():
        if name in entries and entries[name].ref == ref:
            continue  # our own labs, seen both in the checkout and as installed
        id = name if name not in entries else f"{source}:{name}"
        entries[id] = _described(LabEntry(id, ref, source))
    return list(entries.values())


def entry(id: str) -> LabEntry:
    """The lab of that id; BadInput when there is none. One of ours is found without looking at installed distributions."""
    for name, ref, source in _found():
        if name == id:
            return _described(LabEntry(id, ref, source))
    entries = listing()
    for found in entries:
        if found.id == id:
            return found
    raise BadInput(f"there is no lab {id!r} (labs: {', '.join(e.id for e in entries) or 'none'})")


def load(id: str) -> Lab:
    """Import a lab for use; EnvironmentProblem with its reason when it is broken."""
    found = entry(id)
    if found.broken:
        raise EnvironmentProblem(f"lab {id} is broken: {found.broken}")
    try:
        return load_ref(found.ref)
    except Exception as error:
        raise EnvironmentProblem(f"lab {id} is broken: {_reason(error)}") from error


def load_ref(ref: str) -> Lab:
    """The lab object behind "module:attribute" (an object, or a factory without arguments)."""
    module, _, attribute = ref.partition(":")
    found: Any = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    lab = found() if isinstance(found, type) or not hasattr(found, "plan") else found
    missing = [name for name in ("id", "title", "sections", "backends", "version", "plan", "run", "truth") if not hasattr(lab, name)]
    if missing:
        raise TypeError(f"{ref} has no {', '.join(missing)}")
    return lab  # type: ignore[no-any-return]


def verified(found: LabEntry) -> LabEntry:
    """The entry after really importing the lab: broken with a reason where that fails."""
    if found.broken:
        return found
    try:
        lab = load_ref(found.ref)
    except Exception as error:
        return replace(found, broken=_reason(error), traceback=traceback.format_exc())
    return replace(found, title=lab.title, sections=tuple(lab.sections), backends=tuple(lab.backends), version=lab.version)


def missing_runtime() -> list[str]:
    """Libraries of the lab runtime that are not installed (none of them is imported to find out)."""
    return [name for name in RUNTIME if importlib.util.find_spec(name) is None]


def _found() -> Iterator[tuple[str, str, str]]:
    """(name, ref, source), our own first."""
    spec = importlib.util.find_spec("labs")
    for folder in spec.submodule_search_locations or () if spec else ():
        for file in sorted(Path(folder).glob("*/lab.py")):
            yield file.parent.name.replace("_", "-"), f"labs.{file.parent.name}.lab:LAB", "checkout"  # as its entry point is named
    from importlib.metadata import entry_points  # costs more than all the rest of listing

    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        yield point.name, point.value.replace(" ", ""), point.dist.name if point.dist else "?"


def _described(found: LabEntry) -> LabEntry:
    """With the metadata of the lab's package, or of the lab itself where its package has none."""
    package = found.ref.partition(":")[0].rpartition(".")[0]
    try:
        meta = getattr(importlib.import_module(package), "META", None) if package else None
        if not isinstance(meta, Mapping):
            return verified(found)
        if importlib.util.find_spec(found.ref.partition(":")[0]) is None:
            raise ModuleNotFoundError(f"No module named {found.ref.partition(':')[0]!r}")
        return replace(
            found,
            title=str(meta["title"]),
            sections=tuple(meta["sections"]),
            backends=tuple(meta["backends"]),
            version=int(meta["version"]),
            minutes=int(meta.get("minutes", 0)),
        )
    except Exception as error:
        return replace(found, broken=_reason(error), traceback=traceback.format_exc())


def _reason(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
