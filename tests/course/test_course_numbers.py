"""Figures that stand in the fixed texts of the shipped course are what the arithmetic gives."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from studyapp.course.compile import compile_course
from studyapp.course.load import load_course

COURSE = Path(__file__).resolve().parents[2] / "content" / "week-13"
TEXTS = {item.id: json.dumps(item.body, ensure_ascii=False) for item in compile_course(load_course(COURSE))[1]}


def ddpm_alpha_bar(steps: int = 1000, first: float = 1e-4, last: float = 0.02) -> list[float]:
    """The share of variance that the image keeps after each step of DDPM's linear schedule (arXiv:2006.11239, section 4)."""
    kept, shares = 1.0, []
    for step in range(steps):
        kept *= 1 - (first + (last - first) * step / (steps - 1))
        shares.append(kept)
    return shares


ALPHA_BAR = ddpm_alpha_bar()
PATCHES = (224 // 16) ** 2
FIGURES = [
    ("pixels-or-patches", "50,176", f"{224**2:,}"),
    ("pixels-or-patches", "about 2.5 billion pairs", f"about {224**4 / 1e9:.1f} billion pairs"),
    ("pixels-or-patches", "38,416 pairs", f"{PATCHES**2:,} pairs"),
    ("pixels-or-patches", "256 times the tokens", f"{224**2 // PATCHES} times the tokens"),
    ("pixels-or-patches", "65,536 times the pairs", f"{224**4 // PATCHES**2:,} times the pairs"),
    ("pixels-vs-patches-pairs", "50,176 tokens", f"{224**2:,} tokens"),
    ("sc-why-patches", "50,176 pixels against 196", f"{224**2:,} pixels against {PATCHES}"),
    ("halve-the-patch", "16 times as many", f"{(2 * 2) ** 2} times as many"),
    ("table-for-patches", "768 values of 256 levels", f"{16 * 16 * 3} values of {2**8} levels"),
    ("patch-count-224", "224/16 is 14", f"224/16 is {224 // 16}"),
    ("tokens-into-encoder", "For 224/16 it is 197", f"For 224/16 it is {PATCHES + 1}"),
    ("patch-side-from-tokens", "257 encoder tokens", f"{(224 // 14) ** 2 + 1} encoder tokens"),
    ("tokens-in-tokens-out", '"50 vectors"', f'"{(224 // 32) ** 2 + 1} vectors"'),
    ("tokens-in-tokens-out", '"600"', f'"{12 * 50}"'),
    ("shapes-through-vit", "14 × 14 × 3 = 588", f"14 × 14 × 3 = {14 * 14 * 3}"),
    ("shapes-through-vit", "401 × 1024", f"{(280 // 14) ** 2 + 1} × 1024"),
    ("clip-small-batch", "ln 8 ≈ 2.1 nats", f"ln 8 ≈ {math.log(8):.1f} nats"),
    ("clip-small-batch", "10.4 with CLIP's 32,768", f"{math.log(32768):.1f} with CLIP's {2**15:,}"),
    ("token-left-behind", "24 × 24 = 576", f"{336 // 14} × 24 = {(336 // 14) ** 2}"),
    ("llm-577-patches", "577 vectors: 576 patch", f"{(336 // 14) ** 2 + 1} vectors: {(336 // 14) ** 2} patch"),
    ("two-token-levels", "257 to 32 in BLIP-2", f"{(224 // 14) ** 2 + 1} to 32 in BLIP-2"),
    ("linear-bridge-shape", "144 × 4096", f"{576 * 1024 // 4096} × 4096"),
    ("fewest-visual-tokens", "1, 32, 64 and 24 × 24 = 576", f"1, 32, 64 and 24 × 24 = {24 * 24}"),
    ("llava-why-two-stages", "5.11 points", f"{90.92 - 85.81:.2f} points"),
    ("tiles-for-small-text", "5 × 576 = 2,880", f"5 × 576 = {5 * (336 // 14) ** 2:,}"),
    ("misread-label", "keeps under 2 px", f"keeps under {math.ceil(20 * 336 / 4000)} px"),
    ("crack-after-resize", "under 3 pixels wide", f"under {math.ceil(30 * 336 / 4032)} pixels wide"),
    ("snr-equal-shares", "down to 0.00004", f"down to {ALPHA_BAR[-1]:.5f}"),
    ("snr-equal-shares", "√0.5 ≈ 0.707", f"√0.5 ≈ {math.sqrt(0.5):.3f}"),
    ("ddpm-last-step", "About 0.004 %", f"About {100 * ALPHA_BAR[-1]:.3f} %"),
    ("ddpm-last-step", "about 4.0e-5", f"about {ALPHA_BAR[-1]:.1e}".replace("e-05", "e-5")),
    ("single-step-vs-jump", "98 % of its variance", f"{100 * (1 - 0.02):.0f} % of its variance"),
    ("average-noisy-copies", "√100 = 10", f"√100 = {math.isqrt(100)}"),
    ("twice-the-frames", "16 frames of 196 patches are 3,136 tokens", f"16 frames of 196 patches are {16 * PATCHES:,} tokens"),
    ("sc-video-cost", "16 × 14 × 14 = 3,136", f"{32 // 2} × {224 // 16} × {224 // 16} = {32 // 2 * PATCHES:,}"),
    ("sc-video-cost", "256 times the attention entries", f"{16**2} times the attention entries"),
    (
        "explain-hallucination-rate-of-what",
        "give 20 % by the first and 5 %",
        f"give {100 * 20 // 100} % by the first and {100 * 20 // 400} %",
    ),
    ("always-yes-scores", "Recall 100 %, precision 50 %", f"Recall {100 * 50 // 50} %, precision {100 * 50 // 100} %"),
    ("ocr-zero-credit", "1/7 here", f"1/{len('LOT-318')} here"),
    ("mrr-second-hit", '"0.833"', f'"{1 / 2 + 1 / 3:.3f}"'),
    ("mrr-second-hit", '"0.417"', f'"{(1 / 2 + 1 / 3) / 2:.3f}"'),
    ("looks-fine-error", "right in 99 % of cases", f"right in {100 * 99 // 100} % of cases"),
    ("after-the-loop", "64 × 64 × 4", f"{512 // 8} × {512 // 8} × 4"),
    ("latent-compression", "512×512×3 → 64×64×4", f"512×512×3 → {512 // 8}×{512 // 8}×4"),
]


@pytest.mark.parametrize(("item", "stated", "computed"), FIGURES, ids=lambda value: None)
def test_a_stated_figure_is_right_and_stands_in_the_item(item: str, stated: str, computed: str) -> None:
    assert stated == computed
    assert stated in TEXTS[item] or stated.replace('"', '\\"') in TEXTS[item]


def test_half_of_the_variance_is_left_after_about_a_quarter_of_ddpms_steps() -> None:
    assert 0.24 < sum(share >= 0.5 for share in ALPHA_BAR) / len(ALPHA_BAR) < 0.27
    assert "about a quarter of the 1000 steps" in TEXTS["snr-equal-shares"]


def test_shrinking_4000_pixels_to_336_leaves_about_one_twelfth_of_a_side() -> None:
    assert round(4000 / 336) == 12
    assert "one twelfth of each side" in TEXTS["misread-label"]
