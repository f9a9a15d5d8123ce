"""noising runs for real, and every figure that it shows is worked out again here, from the pixels and the betas, without its functions."""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labs.noising.lab import LAB
from labs.scenes.raster import rasterise
from labs.scenes.sampling import single
from labs.scenes.vocabulary import COMBINATIONS
from studyapp.labkit.backends import resolve
from studyapp.labkit.run_state import Memory
from studyapp.labkit.runner import LabRun, play
from studyapp.workers.pool import Workers

np = pytest.importorskip("numpy")
REF, SEED = "labs.noising.lab:LAB", 7
WEIGHTS = Path(__file__).parents[3] / "labs" / "zoo" / "weights"
WRONG_CODE = "def add_noise(x0, eps, abar):\n    a = abar.view(-1, 1, 1, 1)\n    return a * x0 + (1 - a) * eps\n"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as made:
        yield made


def played(backend: str, seed: int, folder: Path, workers: Workers, answers: dict[str, Any]) -> LabRun:
    run = LabRun(REF, LAB.plan(seed, resolve(backend, LAB.backends, LAB.id)), folder, Memory(), workers)
    play(run, answers)
    return run


@pytest.fixture(scope="module")
def mistaken() -> dict[str, Any]:
    """Answers of someone with the classic misconceptions."""
    plan = LAB.plan(SEED, resolve("tiny", LAB.backends, LAB.id))
    params, closed = plan.params, LAB.closed_form(plan)
    a = alpha_bars(params["schedule"])
    options = {id: {option.concept: option.id for option in plan.question(id).options} for id in ("q5", "q11", "q13", "q17")}
    signal = params["asked2"] == "signal"
    late = next(id for id in "abcd" if [id] != closed["q9"].value)
    return {
        "q1": closed["q1"].value[::-1],
        "q2": float(a[params["t2"]] if signal else 1 - a[params["t2"]]),
        "q4": int((a < 0.5).argmax()),
        "q5": options["q5"]["half-is-left"],
        "q6": next(trap.value for trap in plan.question("q6").traps),
        "q7": 5,
        "q8": 2 - float(a[params["t8"]]),
        "q9": [late],
        "q11": {"value": options["q11"]["texture-is-noise"]},
        "q12": 10,
        "q13": options["q13"]["signal-is-gone"],
        "q14": 1,
        "q15": 1,
        "q16": 1,
        "q17": options["q17"]["divides-by-zero"],
        "q3": {"source": WRONG_CODE},
    }


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, workers: Workers, mistaken: dict[str, Any]) -> LabRun:
    return played("tiny", SEED, tmp_path_factory.mktemp("tiny"), workers, mistaken)


def alpha_bars(schedule: dict[str, Any], zero: bool = False) -> Any:
    """From the papers' formulas, with numpy: DDPM's linear, the scaled-linear, the cosine with its cap, and the zero-terminal rescaling."""
    T, first, last = schedule["T"], schedule["first"], schedule["last"]
    if schedule["family"] == "linear":
        betas = np.linspace(first, last, T)
    elif schedule["family"] == "scaled-linear":
        betas = np.linspace(first**0.5, last**0.5, T) ** 2
    else:
        f = np.cos((np.arange(T + 1) / T + 0.008) / 1.008 * np.pi / 2) ** 2
        betas = np.minimum(1 - f[1:] / f[:-1], 0.999)
    a = np.cumprod(1 - betas)
    if zero or schedule["zero"]:
        root = np.sqrt(a)
        a = ((root - root[-1]) * root[0] / (root[0] - root[-1])) ** 2
    return a


def pixels(seed: int) -> Any:
    """The picture of a run, (32, 32, 3) in -1..1, by its recipe."""
    draw = random.Random(f"noising/1/{seed}/1/picture")
    radius = 0.24 + 0.2 * draw.random()
    found = np.frombuffer(rasterise(single(draw, size=32, radius=(radius, radius))), dtype=np.uint8)
    return found.astype(float).reshape(32, 32, 3) / 127.5 - 1


def test_each_classic_misconception_is_named(tiny: LabRun) -> None:
    found = {id: (verdict.outcome, verdict.trap) for id, verdict in tiny.state.verdicts.items()}
    assert found["q1"] == ("wrong", "order-reversed")
    named = {
        "q2": "root-forgotten",
        "q4": "unit-variance-assumed",
        "q5": "half-is-left",
        "q6": "crossing-is-not-end",
        "q8": "only-adds-noise",
        "q11": "texture-is-noise",
        "q13": "signal-is-gone",
        "q14": "scaling-imagined",
        "q15": "scaling-imagined",
        "q16": "error-stays",
        "q17": "divides-by-zero",
        "q3": "root-forgotten",
    }
    assert {id: found[id] for id in named} == {id: ("wrong", concept) for id, concept in named.items()}
    assert found["q9"][0] == "wrong"
    assert found["q9"][1] in ("texture-drowned-early", "layout-drowned-too")
    assert found["q10"][0] == "skipped"


def test_no_verdict_is_void_and_formulas_agree(tiny: LabRun) -> None:
    assert not [id for id, verdict in tiny.state.verdicts.items() if verdict.outcome == "void"]


def test_by_arithmetic_alone_the_right_answers_are_all_right(tmp_path: Path, workers: Workers) -> None:
    plan = LAB.plan(3, resolve("none", LAB.backends, LAB.id))
    closed = LAB.closed_form(plan)
    right = {id: {"value": truth.value, "reason": truth.reason} if truth.reason else truth.value for id, truth in closed.items()}
    run = played("none", 3, tmp_path, workers, right)
    assert (run.state.status, run.state.message) == ("pass", "12 of 12 right")
    assert "torch" not in run.state.versions


def test_facts_about_the_schedules_are_recomputed(tiny: LabRun) -> None:
    params, facts = tiny.plan.params, tiny.state.facts
    a = alpha_bars(params["schedule"])
    x = pixels(SEED)
    assert params["v"] == pytest.approx(x.var(), abs=5e-5)
    assert facts["crossing"] == int((a * x.var() < 1 - a).argmax())
    assert facts["factors"]["signal"] == pytest.approx(math.sqrt(a[params["t2"]]))
    assert facts["factors"]["noise"] == pytest.approx(math.sqrt(1 - a[params["t2"]]))
    assert facts["terminal"]["amplitude"] == pytest.approx(math.sqrt(alpha_bars(params["end"])[-1]), abs=1e-9)
    first, last = params["firsts"]
    ends = {"T": 1000, "first": first, "last": last, "zero": False}
    ordered = [
        {**ends, "family": "linear"},
        {**ends, "family": "scaled-linear"},
        {**ends, "family": "cosine"},
        {**ends, "family": "scaled-linear", "first": 0.00085, "last": 0.012},
    ]
    for id, schedule in zip("abcd", ordered, strict=True):
        bars = alpha_bars(schedule)
        assert facts["schedules"]["crossing"][id] == int((bars < 0.5).argmax())
        assert facts["schedules"]["leftover"][id] == pytest.approx(bars[-1] / (1 - bars[-1]), rel=1e-6)
    at = a[params["t16"]]
    assert facts["growth"] == pytest.approx(math.sqrt((1 - at) / at))
    rescaled = alpha_bars(params["schedule"], zero=True)
    end = facts["zero-end"]
    assert (end["finite"], end["v_error"] < 1e-12) == (False, True)
    assert end["earlier"] == pytest.approx(math.sqrt(rescaled[end["t"]]), rel=1e-6)
    assert end["tiny_error"] == pytest.approx(100, rel=0.05)


def test_measured_noise_is_what_theory_says_within_sampling_error(tiny: LabRun) -> None:
    params, facts = tiny.plan.params, tiny.state.facts
    a = alpha_bars(params["schedule"])
    for id, share in facts["noise-shares"].items():
        t = params["_noised"]["abcdef".index(id)]
        assert share == pytest.approx(1 - a[t], rel=6 * math.sqrt(2 / 3072))
    at = a[params["t8"]]
    betas = 1 - a / np.concatenate(([1.0], a[:-1]))
    told = {"right": 1.0, "summed": 1 + betas[: params["t8"] + 1].sum(), "unscaled": 2 - at}
    for name, variance in told.items():
        assert facts["variances"][name] == pytest.approx(variance, rel=0.03)
    copies = facts["copies"]
    assert copies["strength"] == pytest.approx(math.sqrt(at), abs=0.05)
    assert copies["spread"] == pytest.approx(math.sqrt(1 - at), rel=0.05)
    assert copies["left"] == pytest.approx(1 / math.sqrt(copies["copies"]), rel=0.1)
    assert abs(copies["between"]) < 0.06
    assert copies["texture"] > 0.7


def test_bands_are_recomputed_from_the_pixels(tiny: LabRun) -> None:
    from labs.noising.textures import Texture, scene

    params = tiny.plan.params
    a = alpha_bars(params["schedule"])
    for id, one in zip("abcd", params["_shown"], strict=True):
        x = np.frombuffer(rasterise(scene(Texture.of(one["texture"]))), dtype=np.uint8).astype(float).reshape(48, 48, 3) / 127.5 - 1
        blocks = x.reshape(6, 8, 6, 8, 3).mean((1, 3))
        inside = x - np.kron(blocks, np.ones((8, 8, 1)))
        power = {
            "texture": (inside**2).sum() / (3 * (48 * 48 - 36)),
            "layout": 64 * ((blocks - blocks.mean((0, 1))) ** 2).sum() / (3 * 35),
            "mean": 48 * 48 * (blocks.mean((0, 1)) ** 2).sum() / 3,
        }
        at = a[one["t"]]
        for band, value in power.items():
            assert tiny.state.facts["bands"][id][band] == pytest.approx(10 * math.log10(at * value / (1 - at)), abs=1e-6)
    right = tiny.state.verdicts["q9"].truth[0]
    levels = tiny.state.facts["bands"][right]
    assert levels["texture"] < 0 < levels["layout"] < levels["mean"], "fine detail drowns first, then the layout, the mean colour last"


def test_figures_in_pictures_are_recomputed(tiny: LabRun) -> None:
    params, pictures = tiny.plan.params, tiny.state.pictures
    a, v = alpha_bars(params["schedule"]), params["v"]
    points = re.findall(r"(-?[\d.]+) at ([\d,]+)", pictures["picture:snr"].alt.split("a picture of variance 1")[0])
    assert len(points) >= 6
    for level, t in points:
        at = a[int(t.replace(",", ""))]
        assert float(level) == pytest.approx(10 * math.log10(at * v / (1 - at)), abs=0.01)
    assert f"your guess at {int((a < 0.5).argmax())}" in pictures["picture:snr"].alt
    for t, bar in re.findall(r"t (\d+), ᾱ ([\d.e-]*\d)", pictures["picture:bars"].alt):
        assert float(bar) == pytest.approx(a[int(t)], rel=1e-3)
    for t, level in re.findall(r"t=(\d+) ([+-]\d+) dB", pictures["picture:filmstrip"].alt):
        assert float(level) == pytest.approx(10 * math.log10(a[int(t)] * v / (1 - a[int(t)])), abs=0.51)
    for factor, t in re.findall(r"([\d.,]+) at ([\d,]+)", pictures["picture:growth"].alt.split("Marked")[0]):
        at = a[int(t.replace(",", ""))]
        assert float(factor.replace(",", "")) == pytest.approx(math.sqrt((1 - at) / at), rel=2e-3)
    bars = re.search(
        r"this one ([\d.e-]+) %; Stable Diffusion's ([\d.]+) %; DDPM's linear ([\d.]+) %; cosine, T = 1000 ([\d.]+) %",
        pictures["picture:terminal"].alt,
    )
    assert bars
    assert float(bars[1]) == pytest.approx(100 * math.sqrt(alpha_bars(params["end"])[-1]), rel=2e-3, abs=1e-9)
    assert [float(value) for value in bars.groups()[1:]] == pytest.approx([6.826, 0.6353, 0.004928], rel=1e-3)


def test_every_picture_has_words_lines_and_where_it_can_a_drawing(tiny: LabRun) -> None:
    wanted = {
        *("picture:noised", "picture:filmstrip", "picture:scene", "picture:snr", "picture:terminal", "picture:schedules"),
        *(
            "picture:variances",
            "picture:clean",
            "picture:textures",
            "picture:bands",
            "picture:accuracy",
            "picture:growth",
            "picture:copies",
        ),
    }
    assert wanted <= tiny.state.pictures.keys()
    for key, picture in tiny.state.pictures.items():
        assert picture.alt
        assert max(len(line) for line in picture.grid) <= 78, key
        assert bool(picture.files) == (key != "picture:bars")
    assert "your guess, shapeclip at 5" in tiny.state.pictures["picture:accuracy"].alt
    assert "differs from the target" in tiny.state.pictures["mosaic:q3"].alt


def test_the_noise_trained_judge_reads_on_long_after_the_clean_trained_one(tiny: LabRun) -> None:
    facts = tiny.state.facts
    found = facts["readers"]
    assert all(found[name]["clean"] >= 0.9 for name in ("clip", "judge", "twin"))
    assert facts["half-judge"] * 3 < facts["half-twin"]
    for name in ("clip", "judge", "twin"):
        shares, steps = [found[name]["clean"], *found[name]["both"]], [0, *found["steps"]]
        after = next(place for place, share in enumerate(shares) if share <= shares[0] / 2)
        between = np.interp(shares[0] / 2, [shares[after], shares[after - 1]], [steps[after], steps[after - 1]])
        assert facts[f"half-{name}"] == pytest.approx(between, abs=0.51)


@pytest.mark.slow
def test_what_the_readers_name_is_recomputed_with_transformers_alone(tiny: LabRun) -> None:
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    draw = random.Random(f"noising/readers/{SEED}")
    labels = [number % 48 for number in range(144)]
    drawn = [np.frombuffer(rasterise(single(draw, *COMBINATIONS[label], size=32)), dtype=np.uint8).reshape(32, 32, 3) for label in labels]
    x = np.stack(drawn).transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
    key = int.from_bytes(hashlib.sha256(f"readers/{SEED}".encode()).digest()[:8], "big")
    noise = np.random.default_rng(key).standard_normal(x.shape)
    a, found = alpha_bars(tiny.plan.params["schedule"]), tiny.state.facts["readers"]
    for name, folder in (("judge", "shapejudge"), ("twin", "shapejudge-noised")):
        net = transformers.ResNetForImageClassification.from_pretrained(WEIGHTS / folder, dtype=torch.float32).eval()
        for place in (3, 8, 14):
            at = a[found["steps"][place]]
            made = torch.tensor(math.sqrt(at) * x + math.sqrt(1 - at) * noise, dtype=torch.float32)
            with torch.inference_mode():
                joint = net(pixel_values=made).logits.softmax(1).view(-1, 8, 6)
            named = joint.sum(2).argmax(1) * 6 + joint.sum(1).argmax(1)
            assert found[name]["both"][place] == pytest.approx(float((named == torch.tensor(labels)).float().mean()), abs=0.008)
    clip = transformers.CLIPModel.from_pretrained(WEIGHTS / "shapeclip", dtype=torch.float32).eval()
    words = transformers.AutoTokenizer.from_pretrained(WEIGHTS / "shapeclip")
    texts = [f"a photo of {'an' if colour[0] in 'aeiou' else 'a'} {colour} {shape}" for colour, shape in COMBINATIONS]
    tokens = words(texts, padding=True, return_tensors="pt")
    at = a[found["steps"][5]]
    made = torch.tensor(math.sqrt(at) * x + math.sqrt(1 - at) * noise, dtype=torch.float32)
    with torch.inference_mode():
        logits = clip(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"], pixel_values=made).logits_per_image
    assert found["clip"]["both"][5] == pytest.approx(float((logits.argmax(1) == torch.tensor(labels)).float().mean()), abs=0.008)
