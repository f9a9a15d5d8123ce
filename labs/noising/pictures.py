"""The pictures of noising, by key. Those that are shown with a question need no facts; the others tell what the run found, with the
learner's own guess as a mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from labs.figures import Bar, bars, beside, curves, sheet, strip, table
from labs.noising import arithmetic, draws, scales, textures
from labs.noising.params import STABLE, Params, pixels_of
from labs.noising.readers import READERS
from labs.noising.schedules import Schedule, decibels, snr
from labs.scenes.raster import rasterise
from studyapp.labkit.api import Json, Picture

LOWEST = -40.0  # dB: what lies below is not drawn
FILM = (0.0, 0.08, 0.18, 0.3, 0.45, 0.6, 0.8, 1.0)  # shares of T - 1 on the filmstrip
BEFORE = ("picture:noised", "picture:scene", "picture:bars", "picture:clean", "picture:textures")  # shown with their questions
Facts = Mapping[str, Json]


def shown(key: str, params: Params, seed: int, level: int, png: bool = True) -> Picture:
    """One of BEFORE."""
    makers: dict[str, Callable[[], Picture]] = {
        "picture:noised": lambda: noised(params, seed, level, png),
        "picture:scene": lambda: scene(params, seed, level, png),
        "picture:bars": lambda: alpha_bars(params),
        "picture:clean": lambda: clean(params, png),
        "picture:textures": lambda: textured(params, png),
    }
    return makers[key]()


def told(key: str, params: Params, seed: int, level: int, facts: Facts, answers: Facts) -> Picture:
    """One that tells what the run found."""
    makers: dict[str, Callable[[], Picture]] = {
        "picture:filmstrip": lambda: filmstrip(params, seed, level),
        "picture:snr": lambda: ratios(params, _guess(answers, "q4")),
        "picture:terminal": lambda: terminal(params, facts["terminal"]["amplitude"]),
        "picture:schedules": lambda: crossings(params, facts["schedules"]),
        "picture:variances": lambda: variances(params, facts["variances"], answers),
        "picture:bands": lambda: bands(params, facts["bands"]),
        "picture:accuracy": lambda: accuracy(facts["readers"], answers),
        "picture:growth": lambda: growth(params, answers),
        "picture:copies": lambda: copies(params),
    }
    return makers[key]()


def _guess(answers: Facts, id: str) -> float | None:
    return float(answers[id]) if id in answers else None


def with_lines(picture: Picture, lines: Sequence[str]) -> Picture:
    """The same with lines of numbers under its text form."""
    return picture.model_copy(update={"grid": (*picture.grid, *lines)})


def noised(params: Params, seed: int, level: int, png: bool) -> Picture:
    """Task 1: six noised pictures with letters."""
    pixels = pixels_of(seed, level)
    made = {
        id: draws.noised(pixels, params.schedule.bars[t], f"{seed}/{level}/{id}") for id, t in zip("abcdef", params.noised, strict=True)
    }
    seen = {id: draws.shown(x) for id, x in made.items()}
    rough = {id: roughness(x) for id, x in seen.items()}
    say = {id: f"with neighbouring pixels that differ by {value:.2f} on average" for id, value in rough.items()}
    found = sheet("picture:noised", "One picture, noised to six steps", seen, columns=3, say=say, png=png)
    line = "difference of neighbouring pixels: " + ", ".join(f"{id.upper()} {value:.2f}" for id, value in rough.items())
    return with_lines(found, _wrapped(line))


def roughness(pixels: bytes) -> float:
    """Mean size of the difference of pixels beside each other, values -1..1."""
    side = round((len(pixels) / 3) ** 0.5)
    places = [place for place in range(len(pixels) - 3) if (place // 3 + 1) % side]
    return sum(abs(pixels[place + 3] - pixels[place]) for place in places) / len(places) * 2 / 255


def filmstrip(params: Params, seed: int, level: int) -> Picture:
    """The picture from step 0 to the last, with the same noise all along."""
    pixels, schedule = pixels_of(seed, level), params.schedule
    steps = [round(share * (schedule.T - 1)) for share in FILM]
    noise = draws.normals(f"{seed}/{level}/film", len(pixels))
    frames = [draws.shown(draws.mixed(draws.values(pixels), schedule.bars[t], noise)) for t in steps]
    say = [f"{_db(snr(schedule.bars[t], params.v))} dB" for t in steps]
    found = strip("picture:filmstrip", f"The picture along a {schedule}", frames, say=say, names=[f"t={t}" for t in steps])
    order = sorted(zip("abcdef", params.noised, strict=True), key=lambda pair: pair[1])
    lines = (
        "signal to noise of this picture: " + ", ".join(f"{t}: {word}" for t, word in zip(steps, say, strict=True)),
        "task 1: " + ", ".join(f"{id.upper()} t = {t}" for id, t in order),
    )
    return with_lines(found, [part for line in lines for part in _wrapped(line)])


def _wrapped(line: str) -> list[str]:
    from textwrap import wrap

    return wrap(line, 76)


def _db(ratio: float) -> str:
    return f"{decibels(ratio):+.0f}" if ratio > 0 else "minus infinity"


def scene(params: Params, seed: int, level: int, png: bool) -> Picture:
    """The clean picture of task 4."""
    pixels = pixels_of(seed, level)
    say = {"clean": f"with variance {params.v:g}"}
    return sheet("picture:scene", "The picture of this run", {"clean": pixels}, columns=1, say=say, png=png)


def alpha_bars(params: Params) -> Picture:
    """Task 4: alpha_bar at about twenty steps, in two columns."""
    bars_, T = params.schedule.bars, params.schedule.T
    steps = sorted({min(T - 1, round(T * part / 20)) for part in range(21)})
    half = -(-len(steps) // 2)
    cells = [(str(t), f"{bars_[t]:.4g}") for t in steps] + [("", "")] * (2 * half - len(steps))
    rows = [(*cells[row], *cells[half + row]) for row in range(half)]
    return table("picture:bars", f"ᾱ along a {params.schedule}", ("t", "ᾱ", "t", "ᾱ"), rows)


def curve(schedule: Schedule, variance: float) -> list[tuple[float, float, float]]:
    """(t, SNR in dB, 0) at about forty steps."""
    steps = sorted({round(part * (schedule.T - 1) / 40) for part in range(41)})
    levels = [(t, decibels(snr(schedule.bars[t], variance))) for t in steps]
    return [(float(t), level, 0.0) for t, level in levels if level >= LOWEST]


def ratios(params: Params, guess: float | None) -> Picture:
    """Task 4: SNR in dB along the schedule, for this picture and for one of variance 1."""
    schedule = params.schedule
    lines = {f"this picture, v = {params.v:g}": curve(schedule, params.v), "a picture of variance 1": curve(schedule, 1.0)}
    marks = [("SNR 1 for this picture", float(schedule.crossing(params.v)))]
    marks += [("your guess", min(float(schedule.T), max(0.0, guess)))] if guess is not None else []
    return curves("picture:snr", f"Signal to noise along a {schedule}", lines, "step t", "dB", marks)


def crossings(params: Params, found: Json) -> Picture:
    """Task 6: the four schedules for variance 1."""
    lines = {_short(schedule): curve(schedule, 1.0) for schedule in params.ordered}
    made = curves("picture:schedules", "Signal to noise for variance 1, four schedules", lines, "step t", "dB")
    rows = [
        f"{_short(schedule)}: SNR 1 at t = {found['crossing'][id]}, {found['leftover'][id]:.2g} at the end"
        for id, schedule in zip("abcd", params.ordered, strict=True)
    ]
    told = made.model_copy(update={"alt": f"{made.alt} {'; '.join(rows)}."})
    return with_lines(told, rows)


def _short(schedule: Schedule) -> str:
    return f"{schedule.family}{f' {schedule.first:g} to {schedule.last:g}' if schedule.ends else ''}"


def terminal(params: Params, amplitude: float) -> Picture:
    """Task 5: what is left at the last step, beside two well-known schedules."""
    rows = [
        Bar("this one", 100 * amplitude),
        Bar("Stable Diffusion's", 100 * sqrt(STABLE.bars[-1])),
        Bar("DDPM's linear", 100 * sqrt(Schedule("linear", 1000, 1e-4, 0.02).bars[-1])),
        Bar("cosine, T = 1000", 100 * sqrt(Schedule("cosine", 1000).bars[-1])),
    ]
    return bars("picture:terminal", "What is left of a picture's amplitude at the last step", rows, unit="%")


def variances(params: Params, found: Json, answers: Facts) -> Picture:
    """Task 8: three variances as measured, with the learner's."""
    names = {"q8": ("right", "DDPM"), "q14": ("summed", "noise only summed"), "q15": ("unscaled", "picture not scaled")}
    rows = [Bar(name, found[key], mark=_guess(answers, id)) for id, (key, name) in names.items()]
    return bars("picture:variances", f"Variance at t = {params.t8}", rows)


def clean(params: Params, png: bool) -> Picture:
    """Task 9: the four pictures before they are noised."""
    seen = {id: rasterise(textures.scene(one.texture)) for id, one in zip("abcd", params.shown, strict=True)}
    say = {id: f"with the layout {one.texture.layout}" for id, one in zip("abcd", params.shown, strict=True)}
    return sheet("picture:clean", "Four textured pictures, clean", seen, columns=4, say=say, png=png)


def textured(params: Params, png: bool) -> Picture:
    """Task 9: the same four noised, each to its step."""
    seen, rows = {}, []
    for id, one in zip("abcd", params.shown, strict=True):
        noise, a = f"texture/{one.texture.seed}", params.schedule.bars[one.t]
        seen[id] = draws.shown(draws.noised(rasterise(textures.scene(one.texture)), a, noise))
        told = scales.spreads(params, id)
        rows.append(
            f"{id.upper()}, t = {one.t}: strokes {told['strokes']:.3f}, block means {told['layout']:.3f}, noise {told['noise']:.3f}"
        )
    made = sheet("picture:textures", "The same four, noised", seen, columns=4, png=png)
    head = "Spreads (standard deviations) of the parts of the noised pictures:"
    return with_lines(made.model_copy(update={"alt": f"{made.alt} {head} {'; '.join(rows)}."}), (head, *rows))


def bands(params: Params, found: Json) -> Picture:
    """Task 9: signal to noise of each band along the schedule, for the picture that was asked for; all four at their steps in the text."""
    right = scales.right_of(found)
    texture = dict(zip("abcd", params.shown, strict=True))[right or "a"].texture
    power = textures.bands(texture)
    names = {"texture": "strokes", "layout": "layout", "mean": "mean colour"}
    lines = {names[band]: curve(params.schedule, power[band]) for band in textures.BANDS}
    marks = [("its step", float(one.t)) for id, one in zip("abcd", params.shown, strict=True) if id == right]
    made = curves("picture:bands", f"Signal to noise of picture {right.upper()}, band by band", lines, "step t", "dB", marks)
    rows = [
        f"{id.upper()} at t = {one.t}: " + ", ".join(f"{names[band]} {found[id][band]:+.0f} dB" for band in textures.BANDS)
        for id, one in zip("abcd", params.shown, strict=True)
    ]
    return with_lines(made.model_copy(update={"alt": f"{made.alt} {'; '.join(rows)}."}), rows)


def accuracy(found: Json, answers: Facts) -> Picture:
    """Task 7: shares of the three readers over the steps, with the learner's two forecasts."""
    n = found["n"]

    def line(reader: str) -> list[tuple[float, float, float]]:
        return [(float(t), share, sqrt(share * (1 - share) / n)) for t, share in zip(found["steps"], found[reader]["both"], strict=True)]

    names = {"clip": "shapeclip", "judge": "clean-trained judge", "twin": "noise-trained twin"}
    marks = [
        (name, min(float(found["steps"][-1]), max(0.0, guess)))
        for name, id in (("your guess, shapeclip", "q7"), ("your guess, twin", "q12"))
        if (guess := _guess(answers, id)) is not None
    ]
    made = curves(
        "picture:accuracy", "Share of noised pictures named right", {names[r]: line(r) for r in READERS}, "step t", "share", marks
    )
    rows = [
        f"{names[reader]}, {what}: " + ", ".join(f"{share:.0%}" for share in found[reader][what][::3])
        for reader in READERS
        for what in ("colour", "shape")
    ]
    head = "Colour and shape apart, at t = " + ", ".join(str(t) for t in found["steps"][::3])
    return with_lines(made.model_copy(update={"alt": f"{made.alt} {head}: {'; '.join(rows)}."}), _folded([head, *rows]))


def _folded(rows: Sequence[str]) -> list[str]:
    return [part for row in rows for part in _wrapped(row)]


def growth(params: Params, answers: Facts) -> Picture:
    """Task 10: by how much an error of eps is larger in x_0, along the schedule."""
    schedule = params.schedule
    steps = sorted({round(part * (schedule.T - 1) / 40) for part in range(41)})
    line = [(float(t), sqrt((1 - schedule.bars[t]) / schedule.bars[t]), 0.0) for t in steps]
    marks = [("the step asked about", float(params.t16))]
    title = f"Error of x₀ over error of ε̂ along a {schedule}"
    made = curves("picture:growth", title, {"√(1 − ᾱ) / √ᾱ": line}, "step t", "times", marks, log=True)
    guess = _guess(answers, "q16")
    right = sqrt((1 - schedule.bars[params.t16]) / schedule.bars[params.t16])
    said = f" You said {guess:g}." if guess is not None else ""
    return with_lines(made, (f"At t = {params.t16}: {right:.3g} times.{said}",))


def copies(params: Params) -> Picture:
    """Task 11: one noisy copy, and means of 4 and 16 copies, brought back to full strength."""
    pixels, a = rasterise(textures.scene(arithmetic.strong(params))), params.schedule.bars[params.t8]
    x, sums, frames = draws.values(pixels), [0.0] * len(pixels), []
    for number in range(1, 17):
        copy = draws.mixed(x, a, draws.normals(f"picture/{arithmetic.strong(params).seed}/{number}", len(x)))
        sums = [total + value for total, value in zip(sums, copy, strict=True)]
        if number in (1, 4, 16):
            frames.append(draws.shown([total / number / sqrt(a) for total in sums]))
    say = [f"with noise at {1 / sqrt(number):.2f} of one copy's" for number in (1, 4, 16)] + ["without noise"]
    return strip(
        "picture:copies", f"Noisy copies at t = {params.t8}, averaged and brought to full strength", [*frames, pixels], say=say,
        names=("1 copy", "mean of 4", "mean of 16", "clean"),
    )  # fmt: skip


def code(id: str, title: str, yours: Json, target: Json) -> Picture:
    """Yours beside target, from a checker's report."""
    return beside(f"mosaic:{id}", title, yours, target)
