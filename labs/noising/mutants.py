"""Wrong ways to write each code task, and the trap that must name each: the test data of the checker."""

from __future__ import annotations

from labs.noising.solutions import T
from studyapp.labkit.api import Mutant

VIEW = "a = abar.view(-1, 1, 1, 1)"


def _mutants(call: str, rows: list[tuple[str, str, str | None]]) -> list[Mutant]:
    return [
        Mutant(name=name, source=f"{T}def {call}:\n" + "".join(f"    {line}\n" for line in body.splitlines()), expects=expects)
        for name, body, expects in rows
    ]


# The first six are LABS' six wrong formulas: each is named, and each gives an x_t that is clearly another one.
ADD = _mutants(
    "add_noise(x0, eps, abar)",
    [
        ("both roots forgotten", f"{VIEW}\nreturn a * x0 + (1 - a) * eps", "root-forgotten"),
        ("the noise's root forgotten", f"{VIEW}\nreturn a.sqrt() * x0 + (1 - a) * eps", "root-forgotten"),
        ("the picture's root forgotten", f"{VIEW}\nreturn a * x0 + (1 - a).sqrt() * eps", "root-forgotten"),
        ("factors swapped", f"{VIEW}\nreturn (1 - a).sqrt() * x0 + a.sqrt() * eps", "coefficients-swapped"),
        ("picture not scaled", f"{VIEW}\nreturn x0 + (1 - a).sqrt() * eps", "only-adds-noise"),
        ("factors add up to 1", f"{VIEW}\nreturn a.sqrt() * x0 + (1 - a.sqrt()) * eps", "coefficients-sum-to-one"),
        ("factors add up to 1, the other way", f"{VIEW}\nn = (1 - a).sqrt()\nreturn (1 - n) * x0 + n * eps", "coefficients-sum-to-one"),
        ("noise at full strength", f"{VIEW}\nreturn a.sqrt() * x0 + eps", "noise-unscaled"),
        ("swapped, roots forgotten", f"{VIEW}\nreturn (1 - a) * x0 + a * eps", "coefficients-swapped"),
        ("just added", "return x0 + eps", "only-adds-noise"),
        ("subtracted", f"{VIEW}\nreturn a.sqrt() * x0 - (1 - a).sqrt() * eps", "noise-sign"),
        ("no noise", f"{VIEW}\nreturn a.sqrt() * x0", "noise-forgotten"),
        ("noise alone", f"{VIEW}\nreturn (1 - a).sqrt() * eps", "signal-forgotten"),
        ("draws its own", f"{VIEW}\nreturn a.sqrt() * x0 + (1 - a).sqrt() * torch.randn_like(x0)", "own-noise"),
        ("cut off", f"{VIEW}\nreturn (a.sqrt() * x0 + (1 - a).sqrt() * eps).clamp(-1, 1)", "clamped"),
        ("no axes added", "return abar.sqrt() * x0 + (1 - abar).sqrt() * eps", "broadcast-over-wrong-axis"),
        ("along the rows", "a = abar[:, None]\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps", "broadcast-over-wrong-axis"),
        ("along the channels", "a = abar[:, None, None]\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps", "broadcast-over-wrong-axis"),
        ("the first picture's step", "a = abar[0]\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps", "one-step-for-all"),
        ("the mean of the steps", "a = abar.mean()\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps", "one-step-for-all"),
        ("taken for a number", "a = abar.item()\nreturn a ** 0.5 * x0 + (1 - a) ** 0.5 * eps", "batch-forgotten"),
        (
            "accumulated again",
            "a = abar.cumprod(0).view(-1, 1, 1, 1)\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps",
            "accumulated-twice",
        ),
        (
            "taken for betas",
            "a = (1 - abar).cumprod(0).view(-1, 1, 1, 1)\nreturn a.sqrt() * x0 + (1 - a).sqrt() * eps",
            "accumulated-twice",
        ),
        ("in place", f"{VIEW}\nx0 *= a.sqrt()\nreturn x0 + (1 - a).sqrt() * eps", "input-changed"),
        ("a list", f"{VIEW}\nreturn (a.sqrt() * x0 + (1 - a).sqrt() * eps).tolist()", None),
    ],
)

BACK = _mutants(
    "predict_x0(x_t, eps, abar)",
    [
        ("both roots forgotten", f"{VIEW}\nreturn (x_t - (1 - a) * eps) / a", "root-forgotten"),
        ("the noise's root forgotten", f"{VIEW}\nreturn (x_t - (1 - a) * eps) / a.sqrt()", "root-forgotten"),
        ("divided by alpha_bar", f"{VIEW}\nreturn (x_t - (1 - a).sqrt() * eps) / a", "root-forgotten"),
        ("factors swapped", f"{VIEW}\nreturn (x_t - a.sqrt() * eps) / (1 - a).sqrt()", "coefficients-swapped"),
        ("not divided", f"{VIEW}\nreturn x_t - (1 - a).sqrt() * eps", "division-forgotten"),
        ("just subtracted", "return x_t - eps", "division-forgotten"),
        ("multiplied", f"{VIEW}\nreturn (x_t - (1 - a).sqrt() * eps) * a.sqrt()", "multiplied-for-divided"),
        ("divided first", f"{VIEW}\nreturn x_t / a.sqrt() - (1 - a).sqrt() * eps", "divided-before-subtracting"),
        ("added", f"{VIEW}\nreturn (x_t + (1 - a).sqrt() * eps) / a.sqrt()", "noise-sign"),
        ("factors add up to 1", f"{VIEW}\nreturn (x_t - (1 - a.sqrt()) * eps) / a.sqrt()", "coefficients-sum-to-one"),
        ("noise at full strength", f"{VIEW}\nreturn (x_t - eps) / a.sqrt()", "noise-unscaled"),
        ("noise left in", f"{VIEW}\nreturn x_t / a.sqrt()", "noise-forgotten"),
        ("noised again", f"{VIEW}\nreturn a.sqrt() * x_t + (1 - a).sqrt() * eps", "noises-again"),
        ("cut off", f"{VIEW}\nreturn ((x_t - (1 - a).sqrt() * eps) / a.sqrt()).clamp(-1, 1)", "clamped"),
        ("divisor kept large", f"{VIEW}\nreturn (x_t - (1 - a).sqrt() * eps) / a.sqrt().clamp(min=0.5)", "clamped"),
        ("no axes added", "return (x_t - (1 - abar).sqrt() * eps) / abar.sqrt()", "broadcast-over-wrong-axis"),
        ("along the rows", "a = abar[:, None]\nreturn (x_t - (1 - a).sqrt() * eps) / a.sqrt()", "broadcast-over-wrong-axis"),
        ("along the channels", "a = abar[:, None, None]\nreturn (x_t - (1 - a).sqrt() * eps) / a.sqrt()", "broadcast-over-wrong-axis"),
        ("the last picture's step", "a = abar[-1]\nreturn (x_t - (1 - a).sqrt() * eps) / a.sqrt()", "one-step-for-all"),
        ("taken for a number", "a = float(abar)\nreturn (x_t - (1 - a) ** 0.5 * eps) / a ** 0.5", "batch-forgotten"),
        (
            "accumulated again",
            "a = abar.cumprod(0).view(-1, 1, 1, 1)\nreturn (x_t - (1 - a).sqrt() * eps) / a.sqrt()",
            "accumulated-twice",
        ),
        ("in place", f"{VIEW}\nx_t -= (1 - a).sqrt() * eps\nreturn x_t / a.sqrt()", "input-changed"),
        ("a tiny number against zero", f"{VIEW}\nreturn (x_t - (1 - a).sqrt() * eps) / (a.sqrt() + 1e-2)", None),
    ],
)

ALL = {"q3": ADD, "q10": BACK}
