"""A learner's source runs in a fresh isolated interpreter with limits, and only its report comes back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from studyapp.workers.sandbox import CodeLimits, Sandbox, Shelf

CHECKER = """
import sys

def check(space, args):
    return {"value": space[args["entry"]](*args.get("with", []))}

def about(space, args):
    return {"isolated": sys.flags.isolated, "ours": [name for name in sys.modules if name.startswith("studyapp")]}

def writes(space, args):
    with open(args["file"], "wb") as file:
        file.write(bytes(5_000_000))

def network(space, args):
    import socket
    socket.create_connection(("127.0.0.1", args["port"]), timeout=2).close()
"""
BUILTINS = ["range", "len", "sum", "list", "ValueError", "Exception"]


@pytest.fixture(autouse=True)
def checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sandbox_checker.py").write_text(CHECKER)
    monkeypatch.syspath_prepend(str(tmp_path))


def run(source: str, call: str = "check", limits: CodeLimits | None = None, **args: Any) -> dict[str, Any]:
    sandbox = Sandbox()
    sandbox.ready()
    job = {
        "source": source,
        "filename": "<answer>",
        "builtins": BUILTINS,
        "imports": ["math"],
        "checker": f"sandbox_checker:{call}",
        "args": {"entry": "f", **args},
    }
    return sandbox.run(job, limits or CodeLimits())


def test_the_checker_sees_the_names_of_the_source_and_its_prints_are_kept() -> None:
    done = run("import math\nprint('trying')\ndef f(x):\n    return math.sqrt(x)\n", **{"with": [9]})
    assert done["ok"]
    assert done["result"] == {"value": 3.0}
    assert done["output"] == "trying\n"


def test_it_is_an_isolated_interpreter_without_anything_of_ours() -> None:
    assert run("", "about")["result"] == {"isolated": 1, "ours": []}


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("def f(:\n", "SyntaxError", 1),
        ("x = 1\nraise ValueError('no')\n", "ValueError", 2),
        ("import os\n", "ImportError", 1),
        ("open('/etc/passwd')\n", "NameError", 1),
        ("\n\nundefined\n", "NameError", 3),
    ],
)
def test_a_source_that_cannot_be_loaded_is_told_with_its_line(source: str, kind: str, line: int) -> None:
    done = run(source)
    assert (done["ok"], done["stage"], done["kind"], done["line"]) == (False, "load", kind, line)


def test_an_endless_loop_is_stopped_by_the_clock() -> None:
    started = time.monotonic()
    done = run("def f():\n    while True:\n        pass\n", limits=CodeLimits(time_s=0.5))
    assert (done["stage"], done["kind"]) == ("limit", "time")
    assert time.monotonic() - started < 10


def test_taking_all_memory_fails_inside_the_sandbox_only() -> None:
    done = run("def f():\n    return len([0] * 10**10)\n", limits=CodeLimits(memory_mb=200))
    assert (done["ok"], done["kind"]) == (False, "MemoryError")


def test_large_files_cannot_be_written(tmp_path: Path) -> None:
    done = run("", "writes", file=str(tmp_path / "large"))
    assert (done["ok"], done["kind"]) == (False, "OSError")
    assert (tmp_path / "large").stat().st_size <= 1_000_000


def test_the_network_is_cut_where_the_system_allows_it() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        sandbox = Sandbox()
        sandbox.ready()
        job = {"source": "", "filename": "<answer>", "builtins": [], "imports": [], "checker": "sandbox_checker:network"}
        done = sandbox.run({**job, "args": {"port": server.getsockname()[1]}}, CodeLimits())
    assert done["ok"] is not sandbox.offline


def test_a_shelf_keeps_the_next_interpreter_ready_and_uses_each_once() -> None:
    shelf = Shelf(())
    job = {"source": "seen = []\ndef f():\n    seen.append(1)\n    return len(seen)\n", "filename": "<answer>", "builtins": BUILTINS}
    job |= {"imports": [], "checker": "sandbox_checker:check", "args": {"entry": "f"}}
    shelf.stock()
    values = [shelf.run(job, CodeLimits())["result"]["value"] for _ in range(2)]
    shelf.close()
    assert values == [1, 1]
