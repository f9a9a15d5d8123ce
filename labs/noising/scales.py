"""Task 9: of four noised pictures, the one that lost its fine texture and kept its layout."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from labs.noising.params import Params, kept
from labs.noising.schedules import decibels, snr
from labs.noising.textures import BANDS, bands
from labs.noising.words import ladder
from studyapp.labkit.api import Option, PickQuestion, Trap, Truth


def pick(params: Params, sibling: Params) -> PickQuestion:
    told = levels(sibling)
    worked = "; ".join(f"{id.upper()}: texture {told[id]['texture']:+.0f} dB, layout {told[id]['layout']:+.0f} dB" for id in told)
    right = right_of(told)
    return PickQuestion(
        id="q9",
        title="Texture gone, layout still there",
        ask=(
            f"Four textured pictures, first clean, then noised along a {params.schedule}, not all to the same step. "
            "In which of them does the noise drown the fine strokes but not the coarse layout? A band counts as drowned where the "
            "noise has "
            "more variance in it than the picture: strokes are what varies inside blocks of 8 × 8 pixels, layout is what varies "
            "between the "
            "means of the blocks."
        ),
        options=tuple(Option(id=id, text=f"picture {id.upper()}") for id in "abcd"),
        concept="low-frequencies-last",
        stage=3,
        needs=("picture:clean", "picture:textures"),
        decided_by=("bands", "picture:bands"),
        hints=ladder(
            "With half-closed eyes, what is left of each picture? And close up, which strokes of the clean one can you still follow?",
            "The noise is equally strong in every band. A mean over 64 pixels holds only 1/64 of its variance, so coarse layout "
            "outlasts fine "
            "texture of the same contrast (section 10).",
            "Compare the strokes' spread with the noise's; compare the spread of block means with an eighth of the noise's. Each picture's "
            "part is scaled by √ᾱ, the noise by √(1 − ᾱ).",
            f"A sibling, signal-to-noise ratio of each band: {worked}. So {right.upper()} it is.",
        ),
        difficulty=3,
        importance=4,
        minutes=2,
    )


def levels(params: Params) -> dict[str, dict[str, float]]:
    """By formula: each picture's signal-to-noise ratio in dB, band by band."""
    return {
        id: {band: decibels(snr(params.schedule.bars[one.t], bands(one.texture)[band])) for band in BANDS}
        for id, one in zip("abcd", params.shown, strict=True)
    }


def right_of(found: Mapping[str, Mapping[str, float]]) -> str:
    """The one picture with its texture below 0 dB and its layout above; "" where there is not just one."""
    fitting = [id for id, level in found.items() if level["texture"] < 0 < level["layout"]]
    return fitting[0] if len(fitting) == 1 else ""


def truth(found: Mapping[str, Mapping[str, float]]) -> Truth:
    """From levels that were measured or calculated."""
    right = right_of(found)
    if not right:
        return Truth(value=None, void="Not just one picture lost its texture and kept its layout: a bug of this lab.")
    named = []
    for id, level in found.items():
        if id == right:
            continue
        if level["texture"] > 0:
            concept, say = "texture-drowned-early", f"In {id.upper()} the strokes are still {level['texture']:.0f} dB above the noise."
        else:
            concept, say = "layout-drowned-too", f"In {id.upper()} the layout is {-level['layout']:.0f} dB below the noise as well."
        named.append(Trap(value=[id], concept=concept, say=say))
    level = found[right]
    why = (
        f"In {right.upper()} the strokes lie {-level['texture']:.0f} dB below the noise, the layout {level['layout']:.0f} dB above it: "
        "noise is as strong in the one band as in the other, the picture is not."
    )
    return Truth(value=[right], traps=tuple(named), why=why, evidence=("bands", "picture:bands"))


def spreads(params: Params, id: str) -> dict[str, float]:
    """Standard deviations that the text alternative tells: strokes, block means, and the noise's, as they stand in the noised picture."""
    one = dict(zip("abcd", params.shown, strict=True))[id]
    a, power = params.schedule.bars[one.t], bands(one.texture)
    return {"strokes": sqrt(a * power["texture"]), "layout": sqrt(a * power["layout"] / 64), "noise": sqrt(1 - a)}


def kinds(params: Params) -> dict[str, str]:
    """What each picture keeps, by formula: both, layout, texture or none."""
    return {id: kept(one, params.schedule) for id, one in zip("abcd", params.shown, strict=True)}
