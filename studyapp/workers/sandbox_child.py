"""Inside the sandbox: one fresh isolated interpreter that runs one check of a learner's source and is gone.

Run as `python -I sandbox_child.py`, started ahead: it imports the large libraries, says "ready" and waits for its one job
`{"source", "filename", "builtins": [...], "imports": [...], "checker": "module:function", "args": {...}, "cpu_s", "memory_mb", "file_mb"}`.
The checker is called as `checker(namespace, args) -> JSON object` with the names that the source defined.
It is the learner's own machine, so the limits are against accidents, not against adversaries.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import importlib
import io
import json
import os
import resource
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
OUTPUT_LIMIT = 4000  # characters of what the source printed


class Output(io.StringIO):
    """Keeps the first characters that were printed and forgets the rest."""

    def write(self, text: str) -> int:
        room = OUTPUT_LIMIT - self.tell()
        super().write(text[: max(0, room)])
        return len(text)


def cut_network() -> bool:
    """Put this process into a network namespace of its own, where the OS allows it; before any thread is started."""
    if not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        return bool(libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
    return False


def limit(cpu_s: float, memory_mb: int, file_mb: int) -> None:
    """Limits for what happens from now on: CPU seconds, further address space, size of written files; no core files."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _lower(resource.RLIMIT_CPU, spent + max(1, round(cpu_s)) + 1)
    _lower(resource.RLIMIT_FSIZE, file_mb * 1_000_000)
    _lower(resource.RLIMIT_CORE, 0)
    with contextlib.suppress(OSError):
        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _lower(resource.RLIMIT_AS, size + memory_mb * 1_000_000)


def _lower(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value))


def namespace(job: Mapping[str, Any], printed: Output) -> dict[str, Any]:
    """The globals of the learner's source: the allowed builtins, and imports of the allowed modules."""
    roots = tuple(job["imports"])

    def allowed_import(name: str, space: Any = None, local: Any = None, fromlist: Any = (), level: int = 0) -> ModuleType:
        if level or not any(name == root or name.startswith(root + ".") for root in roots):
            raise ImportError(f"{name} cannot be imported here; allowed: {', '.join(roots)}")
        return __import__(name, space, local, fromlist, 0)

    def to_learner(*parts: object, sep: str | None = " ", end: str | None = "\n", file: object = None, flush: bool = False) -> None:
        print(*parts, sep=sep, end=end, file=printed)

    offered = {name: getattr(builtins, name) for name in job["builtins"] if hasattr(builtins, name)}
    return {
        "__builtins__": {**offered, "__import__": allowed_import, "__build_class__": builtins.__build_class__, "print": to_learner},
        "__name__": "learner",
    }


def run(job: Mapping[str, Any]) -> dict[str, Any]:
    """Load the source, then call the checker. `{"ok": True, "result"}`, or `{"ok": False, "stage", "kind", "say", "line"}`."""
    checker = _checker(job["checker"])
    printed = Output()
    space = namespace(job, printed)
    limit(job["cpu_s"], job["memory_mb"], job["file_mb"])
    try:
        exec(compile(job["source"], job["filename"], "exec"), space)
    except BaseException as error:  # whatever the source raises, exits included, is the learner's news
        return {"ok": False, "stage": "load", "output": printed.getvalue(), **told(error, job["filename"])}
    try:
        return {"ok": True, "result": checker(space, job["args"]), "output": printed.getvalue()}
    except BaseException as error:
        return {
            "ok": False,
            "stage": "check",
            "output": printed.getvalue(),
            "traceback": traceback.format_exc(),
            **told(error, job["filename"]),
        }


def told(error: BaseException, filename: str) -> dict[str, Any]:
    """An exception as kind, one line, and the line of the learner's source it came from."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == filename:
            line = frame.lineno
    text = (error.msg if isinstance(error, SyntaxError) else str(error)).strip().splitlines()
    return {"kind": type(error).__name__, "say": text[0][:300] if text else "", "line": line}


def _checker(name: str) -> Callable[[dict[str, Any], Any], Any]:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]


def _lifeline() -> None:
    """Gone as soon as the parent is."""
    while sys.stdin.readline():
        pass
    os._exit(0)


def main() -> None:
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    hello = json.loads(sys.stdin.readline() or "{}")
    offline = cut_network()
    sys.path[:] = hello["path"]
    for module in hello["preload"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    stream.write(json.dumps({"ready": True, "offline": offline}) + "\n")
    text = sys.stdin.readline()
    if not text:
        return
    threading.Thread(target=_lifeline, daemon=True).start()
    stream.write(json.dumps({"done": run(json.loads(text))}) + "\n")
    stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
