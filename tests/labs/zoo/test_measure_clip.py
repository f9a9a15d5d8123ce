"""The figures of a CLIP, held against a library that computes the same."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from labs.zoo.measure_clip import found_among, readout  # noqa: E402


@pytest.mark.slow  # numba compiles ranx for a minute
def test_recall_among_k_agrees_with_ranx_by_both_of_its_definitions() -> None:
    from ranx import Qrels, Run, evaluate

    scores = torch.rand((60, 60), generator=torch.Generator().manual_seed(3)) + 0.3 * torch.eye(60)
    qrels = Qrels({f"q{row}": {f"d{row}": 1} for row in range(60)})
    run = Run({f"q{row}": {f"d{column}": float(scores[row, column]) for column in range(60)} for row in range(60)})
    for k in (1, 5, 10):
        theirs = evaluate(qrels, run, [f"recall@{k}", f"hit_rate@{k}"])
        ours = float(found_among(scores, k).double().mean())
        assert theirs[f"recall@{k}"] == pytest.approx(ours, abs=1e-12)
        assert theirs[f"hit_rate@{k}"] == pytest.approx(ours, abs=1e-12)
        assert 0 < ours < 1


def test_the_readout_agrees_with_ridge_regression_of_scikit_learn() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    draw = torch.Generator().manual_seed(4)
    teach, test = torch.randn((300, 40), generator=draw), torch.randn((200, 40), generator=draw)
    way = torch.randn(40, generator=draw)
    sides, truth = (teach @ way + 3 * torch.randn(300, generator=draw)).sign(), (test @ way).sign()
    scaler = StandardScaler().fit(teach)
    ridge = Ridge(alpha=40.0, fit_intercept=False).fit(scaler.transform(teach), sides)
    theirs = torch.tensor(ridge.predict(scaler.transform(test))).sign()
    assert readout(teach, sides, test, truth) == int((theirs == truth).sum())
