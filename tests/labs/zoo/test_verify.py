"""All shipped weights measured again on pictures that no card has seen: what `studyapp zoo verify` does, model by model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch")

from labs.zoo import registry  # noqa: E402
from labs.zoo.verify import verify  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", [name for name in registry.MODELS if registry.card(name)])
def test_shipped_weights_measure_as_their_card_says(name: str) -> None:
    told = verify(name, 987_001, 150)
    assert told["ok"], [row for row in told["rows"] if not row["ok"]]
