"""The schedules agree with diffusers' to 1e-6, and with the figures that the literature and the course give for them."""

from __future__ import annotations

import math

import pytest

from labs.noising.params import STABLE
from labs.noising.schedules import DIFFUSERS, Schedule, decibels, first_below, snr

torch = pytest.importorskip("torch")
diffusers = pytest.importorskip("diffusers")
LINEAR, SCALED, COSINE = Schedule("linear", 1000, 1e-4, 0.02), Schedule("scaled-linear", 1000, 1e-4, 0.02), Schedule("cosine", 1000)


def scheduler(schedule: Schedule) -> object:
    """The same asked of diffusers by the very line of code that the lab shows."""
    return eval(schedule.code, {"DDPMScheduler": diffusers.DDPMScheduler})


@pytest.mark.parametrize("family", list(DIFFUSERS))
@pytest.mark.parametrize(("T", "first", "last"), [(1000, 1e-4, 0.02), (1000, 0.00085, 0.012), (200, 0.00425, 0.125), (250, 4e-4, 0.04)])
@pytest.mark.parametrize("zero", [False, True])
def test_betas_and_alpha_bars_agree_with_diffusers(family: str, T: int, first: float, last: float, zero: bool) -> None:
    schedule = Schedule(family, T, first, last, zero)
    theirs = scheduler(schedule)
    assert len(schedule.betas) == len(schedule.bars) == T
    assert max(abs(a - b) for a, b in zip(schedule.bars, theirs.alphas_cumprod.tolist(), strict=True)) <= 1e-6
    assert max(abs(a - b) for a, b in zip(schedule.betas, theirs.betas.tolist(), strict=True)) <= (1e-5 if zero else 1e-6)


def test_noised_pictures_agree_with_diffusers() -> None:
    from labs.noising import draws

    x, noise = torch.rand(8, 3, 4, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1, torch.randn(8, 3, 4, 4)
    steps = torch.tensor([0, 1, 50, 258, 259, 500, 998, 999])
    theirs = scheduler(LINEAR).add_noise(x, noise, steps)
    for row, t in enumerate(steps.tolist()):
        ours = draws.mixed(x[row].flatten().tolist(), LINEAR.bars[t], noise[row].flatten().tolist())
        assert max(abs(a - b) for a, b in zip(ours, theirs[row].flatten().tolist(), strict=True)) < 1e-5


@pytest.mark.parametrize(
    ("schedule", "crossing", "left"),
    [(LINEAR, 259, 4.036e-5), (SCALED, 418, 7.34e-4), (COSINE, 496, 2.43e-9), (STABLE, 354, 0.004682)],
)
def test_crossings_and_remainders_are_the_known_ones(schedule: Schedule, crossing: int, left: float) -> None:
    assert schedule.crossing() == crossing
    assert schedule.bars[crossing] < 0.5 <= schedule.bars[crossing - 1]
    assert snr(schedule.bars[-1]) == pytest.approx(left, rel=2e-3)


def test_stable_diffusion_leaves_seven_percent_and_rescaled_nothing() -> None:
    assert math.sqrt(STABLE.bars[-1]) == pytest.approx(0.06826, abs=5e-6)
    rescaled = Schedule(STABLE.family, STABLE.T, STABLE.first, STABLE.last, zero=True)
    assert rescaled.bars[-1] == 0
    assert rescaled.bars[0] == pytest.approx(STABLE.bars[0])
    assert all(bar > 0 for bar in rescaled.bars[:-1])


def test_summed_betas_grow_to_eleven_and_one_noise_never_passes_two() -> None:
    assert 1 + sum(LINEAR.betas) == pytest.approx(11.05)
    assert all(2 - bar < 2 for bar in LINEAR.bars)


def test_a_schedule_is_told_in_words() -> None:
    assert str(LINEAR) == "linear schedule (T = 1000, β from 0.0001 to 0.02)"
    assert str(Schedule("cosine", 250, zero=True)) == "cosine schedule (T = 250), rescaled to zero terminal SNR"


def test_the_first_step_below_a_level_is_found() -> None:
    bars = [0.9, 0.8, 0.8, 0.3]
    assert [first_below(bars, level) for level in (1.0, 0.9, 0.8, 0.5, 0.1)] == [0, 1, 3, 3, 4]
    assert decibels(100) == 20
    assert decibels(0) == -math.inf


@pytest.mark.parametrize("seed", range(4))
def test_signal_to_noise_of_the_very_picture_agrees_with_torchmetrics(seed: int) -> None:
    """In dB, about the means, with noise brought to variance 1 - alpha_bar exactly, for sampling is not what is compared."""
    from labs.noising.params import pixels_of, variance

    audio = pytest.importorskip("torchmetrics.functional.audio")
    pixels = pixels_of(seed)
    x = torch.tensor(list(pixels), dtype=torch.float64) * 2 / 255 - 1
    noise = torch.randn(x.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    noise = (noise - noise.mean()) / noise.std(correction=0)
    for bar in (LINEAR.bars[0], COSINE.bars[400], SCALED.bars[600], STABLE.bars[-1]):
        part = bar**0.5 * x
        theirs = audio.signal_noise_ratio(part + (1 - bar) ** 0.5 * noise, part, zero_mean=True)
        assert decibels(snr(bar, variance(pixels))) == pytest.approx(float(theirs), abs=1e-6)
