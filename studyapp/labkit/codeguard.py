"""Which names a learner's source may use, checked on its syntax tree before it is run: an accident filter, not a jail."""

from __future__ import annotations

import ast
from collections.abc import Iterable

BUILTINS = tuple(
    [
        "abs",
        "all",
        "any",
        "bool",
        "bytearray",
        "bytes",
        "callable",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "frozenset",
        "hash",
        "hasattr",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "ord",
        "chr",
        "pow",
        "print",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "zip",
        "staticmethod",
        "classmethod",
        "property",
        "super",
        "True",
        "False",
        "None",
        "NotImplemented",
        "Ellipsis",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "Exception",
        "IndexError",
        "KeyError",
        "LookupError",
        "NotImplementedError",
        "OverflowError",
        "RuntimeError",
        "StopIteration",
        "TypeError",
        "ValueError",
        "ZeroDivisionError",
    ]
)
# Attributes of the allowed libraries that reach files, processes, the network or other code.
CLOSED = frozenset(
    [
        "load",
        "save",
        "hub",
        "jit",
        "compile",
        "distributed",
        "multiprocessing",
        "utils",
        "ops",
        "classes",
        "package",
        "onnx",
        "serialization",
        "storage",
        "from_file",
        "_C",
        "os",
        "sys",
        "builtins",
        "subprocess",
        "socket",
        "importlib",
        "fromfile",
        "tofile",
        "memmap",
        "save_file",
        "load_file",
    ]
)
MAX_SOURCE = 20_000  # characters


def allowed(source: str, imports: Iterable[str], forbid: Iterable[str] = ()) -> tuple[int, str] | None:
    """None when the source may be run; else the line and what is not allowed there (a syntax error included)."""
    if len(source) > MAX_SOURCE:
        return 1, f"the source is longer than {MAX_SOURCE:,} characters"
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        return getattr(error, "lineno", None) or 1, f"syntax error: {getattr(error, 'msg', error)}"
    except RecursionError:
        return 1, "the source is nested too deeply"
    return _first(tree, tuple(imports), frozenset(forbid))


def _first(tree: ast.Module, imports: tuple[str, ...], forbid: frozenset[str]) -> tuple[int, str] | None:
    known = set(BUILTINS) | _defined(tree)
    problems = []
    for node in ast.walk(tree):
        if say := _problem(node, known, imports, forbid):
            problems.append((getattr(node, "lineno", 1), say))
    return min(problems, default=None)


def _problem(node: ast.AST, known: set[str], imports: tuple[str, ...], forbid: frozenset[str]) -> str | None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names:
            if getattr(node, "level", 0) or not any(name == root or name.startswith(root + ".") for root in imports):
                return f"{name or 'a relative module'} cannot be imported here (allowed: {', '.join(imports)})"
            if closed := CLOSED.intersection(name.split(".")) | CLOSED.intersection(alias.name for alias in node.names):
                return f"{sorted(closed)[0]} is not available here"
            if taken := forbid.intersection(alias.name for alias in node.names):
                return f"{sorted(taken)[0]} is what this task asks you to write"
    elif isinstance(node, ast.Attribute):
        if node.attr.startswith("__") or node.attr in CLOSED:
            return f".{node.attr} is not available here"
        if node.attr in forbid:
            return f"{node.attr} is what this task asks you to write"
    elif isinstance(node, ast.Name):
        if node.id.startswith("__") or (isinstance(node.ctx, ast.Load) and node.id not in known):
            return f"the name {node.id} is not available here"
    elif isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith | ast.Global):
        return f"{type(node).__name__} is not available here"
    return None


def _defined(tree: ast.Module) -> set[str]:
    """Every name that the source binds anywhere: a generous union, for a name used before it is bound fails on its own."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (isinstance(node, ast.MatchAs | ast.MatchStar) and node.name):
            names.add(node.name)
    return names
