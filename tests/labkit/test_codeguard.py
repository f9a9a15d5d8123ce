"""Sources with names outside the allowed list are refused before they run, with their line."""

from __future__ import annotations

import pytest

from studyapp.labkit.codeguard import MAX_SOURCE, allowed

IMPORTS = ("torch", "einops", "math")


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nimport torch.nn.functional as F\nfrom einops import rearrange\ndef f(x, p):\n    return F.unfold(x, p, stride=p)\n",
        "from math import sqrt\nf = lambda x: [sqrt(y) for y in x]\n",
        "class A:\n    def go(self, *a):\n        try:\n            return a\n        except ValueError as e:\n            print(e)\n",
        "def f(x):\n    match x:\n        case [a, *rest]:\n            return a, rest\n    n = 0\n    n += 1\n    return (m := n)\n",
    ],
)
def test_ordinary_code_passes(source: str) -> None:
    assert allowed(source, IMPORTS) is None


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("import os", 1, "os cannot be imported here"),
        ("\nimport torchvision", 2, "torchvision cannot be imported"),
        ("from . import x", 1, "relative"),
        ("from torch import hub", 1, "hub is not available"),
        ("import torch.utils.cpp_extension", 1, "utils is not available"),
        ("x = 1\nopen('f')", 2, "the name open"),
        ("eval('1')", 1, "the name eval"),
        ("__import__('os')", 1, "the name __import__"),
        ("getattr(1, 'real')", 1, "the name getattr"),
        ("().__class__", 1, ".__class__ is not available"),
        ("import torch\ntorch.load('f')", 2, ".load is not available"),
        ("def f():\n    global g", 2, "Global"),
        ("async def f(): pass", 1, "Async"),
        ("def f(:", 1, "syntax error"),
        ("x = '\0'", 1, "syntax error"),
        ("#" * (MAX_SOURCE + 1), 1, "longer than"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(source: str, line: int, says: str) -> None:
    found = allowed(source, IMPORTS)
    assert found is not None
    assert found[0] == line
    assert says in found[1]


def test_a_task_can_forbid_the_call_that_would_defeat_it() -> None:
    source = "import torch\nf = torch.nn.PixelUnshuffle(2)\n"
    assert allowed(source, IMPORTS) is None
    assert allowed(source, IMPORTS, forbid=("PixelUnshuffle",)) == (2, "PixelUnshuffle is what this task asks you to write")
