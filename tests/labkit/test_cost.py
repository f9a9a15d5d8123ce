"""What a run on an endpoint will cost is known and said before its first call."""

from __future__ import annotations

import pytest

from studyapp.labkit.api import BackendRef, Lab, Plan
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.cost import Cost, calls_of, cost_of, picture_tokens
from tests.labkit.asking_lab import LAB

SPEC = "openai:http://127.0.0.1:8000/v1#tiny"


def plan(backend: str = SPEC) -> Plan:
    return LAB.plan(3, parse_backend(backend))


def test_a_run_on_an_endpoint_is_counted_by_what_the_lab_says() -> None:
    cost = cost_of(LAB, plan(), 100)
    assert cost is not None
    assert (cost.calls, cost.size, cost.limit) == (4 + 3 * 4, (8, 8), 100)
    assert cost.tokens == 16 * (85 + 170 + 100)
    assert not cost.free
    assert calls_of(LAB, plan(), [0]) == 4


@pytest.mark.parametrize("backend", ["none", "tiny", "human", "replay:squares-1", "hf:somewhere"])
def test_what_calls_nobody_costs_nothing(backend: str) -> None:
    assert cost_of(LAB, plan(backend)) is None


def test_a_lab_that_does_not_say_is_told_as_such() -> None:
    class Quiet:
        def __getattr__(self, name: str) -> object:
            if name in ("calls", "picture_size"):
                raise AttributeError(name)
            return getattr(LAB, name)

    quiet: Lab = Quiet()  # type: ignore[assignment]
    cost = cost_of(quiet, plan())
    assert cost is not None
    assert (cost.calls, cost.size, cost.tokens, cost.free) == (None, None, None, False)
    assert "an unknown number of calls (the lab does not say)" in cost.says()


def test_the_line_names_model_calls_sizes_tokens_and_the_limit() -> None:
    cost = cost_of(LAB, plan(), 10, (3, 2, 1234))
    assert cost is not None
    says = cost.says()
    assert says.startswith(f"{SPEC}: this run makes up to 16 calls with pictures of 8 x 8 px, about 5,700 tokens as OpenAI counts pictures")
    assert "so far 3 calls, 2 kept from before, 1,234 tokens by the server's count" in says
    assert "it stops at 10 calls (--max-calls, or the setting lab_max_calls) - that is fewer, so it will stop in the middle" in says
    assert "\n" not in says


def test_an_estimate_has_two_digits_and_is_never_too_small() -> None:
    for tokens, shown in ((7, 7), (99, 99), (101, 110), (5_680, 5_700), (123_456, 130_000)):
        assert Cost(backend="x", calls=1, size=None, tokens=tokens).estimate == shown


@pytest.mark.parametrize(
    ("size", "tokens"),
    [((8, 8), 255), ((512, 512), 255), ((513, 512), 425), ((1024, 1024), 765), ((2048, 4096), 1105), ((4096, 8192), 1105)],
)
def test_a_picture_is_counted_by_the_tiles_that_cover_it(size: tuple[int, int], tokens: int) -> None:
    """1024 x 1024 and 2048 x 4096 are the published examples: scaled to a short side of 768, four and six tiles."""
    assert picture_tokens(*size) == tokens
    assert picture_tokens(*reversed(size)) == tokens


def test_a_backend_is_live_only_where_a_server_is_called() -> None:
    assert cost_of(LAB, plan().model_copy(update={"backend": BackendRef(kind="replay", name="replay:x", target="x")})) is None
