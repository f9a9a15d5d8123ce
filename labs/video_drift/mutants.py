"""Wrong ways to write each code task, and the trap that must name each: the test data of the checkers."""

from __future__ import annotations

from labs.video_drift.solutions import CENTRES, N
from studyapp.labkit.api import Mutant

UNIT = "rows = features / np.linalg.norm(features, axis=1, keepdims=True)\n"
BEFORE = "before = np.clip((rows[1:] * rows[:-1]).sum(axis=1), 0, None)\n"
FIRST = "first = np.clip(rows[1:] @ rows[0], 0, None)\n"


def _made(name: str, call: str, body: str, expects: str | None, head: str = N) -> Mutant:
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return Mutant(name=name, source=f"{head}def {call}:\n{lines}\n", expects=expects)


def _score(name: str, body: str, expects: str | None) -> Mutant:
    return _made(name, "subject_consistency(features)", body, expects)


CONSISTENCY = [
    _score("no clamp", UNIT + "return (((rows[1:] * rows[:-1]).sum(1) + rows[1:] @ rows[0]) / 2).mean()", "no-clamp"),
    _score(
        "clamps the mean of the two",
        UNIT + "return np.clip(((rows[1:] * rows[:-1]).sum(1) + rows[1:] @ rows[0]) / 2, 0, None).mean()",
        "clamp-order",
    ),
    _score(
        "clamps to -1..1",
        UNIT + "return (np.clip((rows[1:] * rows[:-1]).sum(1), -1, 1) + np.clip(rows[1:] @ rows[0], -1, 1)).mean() / 2",
        "no-clamp",
    ),
    _score(
        "absolute values",
        UNIT + "return (np.abs((rows[1:] * rows[:-1]).sum(1)) + np.abs(rows[1:] @ rows[0])).mean() / 2",
        "absolute-for-clamp",
    ),
    _score(
        "moved to 0..1",
        UNIT + "return ((1 + (rows[1:] * rows[:-1]).sum(1)) / 2 + (1 + rows[1:] @ rows[0]) / 2).mean() / 2",
        "absolute-for-clamp",
    ),
    _score("not normalised", "rows = features\n" + BEFORE + FIRST + "return ((before + first) / 2).mean()", "unnormalised"),
    _score(
        "normalised over frames",
        "rows = features / np.linalg.norm(features, axis=0)\n" + BEFORE + FIRST + "return ((before + first) / 2).mean()",
        "wrong-axis",
    ),
    _score(
        "mean removed first",
        "features = features - features.mean(axis=0)\n" + UNIT + BEFORE + FIRST + "return ((before + first) / 2).mean()",
        "mean-removed",
    ),
    _score("over n frames", UNIT + BEFORE + FIRST + "return ((before + first) / 2).sum() / len(features)", "over-n"),
    _score("over n - 2", UNIT + BEFORE + FIRST + "return ((before + first) / 2).sum() / (len(features) - 2)", "over-n"),
    _score("frame 0 as 1", UNIT + BEFORE + FIRST + "return np.concatenate([[1.0], (before + first) / 2]).mean()", "over-n"),
    _score("first with itself", UNIT + BEFORE + "return (before.mean() + np.clip(rows @ rows[0], 0, None).mean()) / 2", "over-n"),
    _score("no first frame", UNIT + BEFORE + "return before.mean()", "adjacent-sees-drift"),
    _score("first frame only", UNIT + FIRST + "return first.mean()", "first-only"),
    _score(
        "last frame for first",
        UNIT + "before = np.clip((rows[1:] * rows[:-1]).sum(1), 0, None)\nlast = np.clip(rows[:-1] @ rows[-1], 0, None)\n"
        "return ((before + last) / 2).mean()",
        "last-for-first",
    ),
    _score("not halved", UNIT + BEFORE + FIRST + "return (before + first).mean()", "not-halved"),
    _score("sum over frames", UNIT + BEFORE + FIRST + "return ((before + first) / 2).sum()", "sum-for-mean"),
    _score("percent", UNIT + BEFORE + FIRST + "return 100 * ((before + first) / 2).mean()", "percent"),
    _score(
        "np.roll",
        UNIT + "before = np.clip((rows * np.roll(rows, 1, axis=0)).sum(1), 0, None)\nfirst = np.clip(rows @ rows[0], 0, None)\n"
        "return ((before + first) / 2).mean()",
        "wraps-round",
    ),
    _score("all pairs", UNIT + "table = np.clip(rows @ rows.T, 0, None)\nreturn table[np.triu_indices(len(rows), 1)].mean()", "all-pairs"),
    _score(
        "gap of two",
        UNIT + FIRST + "two = np.clip((rows[2:] * rows[:-2]).sum(1), 0, None)\nreturn (two.mean() + first.mean()) / 2",
        "wrong-neighbour",
    ),
    _score("one minus", UNIT + BEFORE + FIRST + "return 1 - ((before + first) / 2).mean()", "error-for-score"),
    _score("a value a frame", UNIT + BEFORE + FIRST + "return (before + first) / 2", "per-frame"),
    _score(
        "changes its input",
        "features /= np.linalg.norm(features, axis=1, keepdims=True)\nrows = features\n"
        + BEFORE
        + FIRST
        + "return ((before + first) / 2).mean()",
        "input-changed",
    ),
    _score("geometric mean", UNIT + BEFORE + FIRST + "return np.sqrt(before * first).mean()", None),
    _score("returns None", UNIT + "print(rows.mean())", None),
]


def _curve(name: str, body: str, expects: str | None) -> Mutant:
    return _made(name, "gap_curve(features, longest)", body, expects)


PAIRS = "(rows[:-d] * rows[d:]).sum(axis=1)"
CURVE = [
    _curve("no clamp", UNIT + f"return [{PAIRS}.mean() for d in range(1, longest + 1)]", "no-clamp"),
    _curve("clamps the mean", UNIT + f"return [max(0.0, {PAIRS}.mean()) for d in range(1, longest + 1)]", "clamp-order"),
    _curve("absolute values", UNIT + f"return [np.abs({PAIRS}).mean() for d in range(1, longest + 1)]", "absolute-for-clamp"),
    _curve(
        "not normalised", "rows = features\n" + f"return [np.clip({PAIRS}, 0, None).mean() for d in range(1, longest + 1)]", "unnormalised"
    ),
    _curve(
        "normalised over frames",
        "rows = features / np.linalg.norm(features, axis=0)\n"
        + f"return [np.clip({PAIRS}, 0, None).mean() for d in range(1, longest + 1)]",
        "wrong-axis",
    ),
    _curve(
        "from gap 0",
        UNIT + "return [np.clip((rows[: len(rows) - d] * rows[d:]).sum(1), 0, None).mean() for d in range(longest)]",
        "off-by-one",
    ),
    _curve(
        "gap 0 in front",
        UNIT + "return [np.clip((rows[: len(rows) - d] * rows[d:]).sum(1), 0, None).mean() for d in range(longest + 1)]",
        "off-by-one",
    ),
    _curve("one short", UNIT + f"return [np.clip({PAIRS}, 0, None).mean() for d in range(1, longest)]", "off-by-one"),
    _curve("longest first", UNIT + f"return [np.clip({PAIRS}, 0, None).mean() for d in range(longest, 0, -1)]", "reversed"),
    _curve("pairs with frame 0 only", UNIT + "return [max(0.0, float(rows[d] @ rows[0])) for d in range(1, longest + 1)]", "first-only"),
    _curve("last pair only", UNIT + "return [max(0.0, float(rows[-1] @ rows[-1 - d])) for d in range(1, longest + 1)]", "first-only"),
    _curve(
        "always neighbours",
        UNIT + "return [np.clip((rows[:-1] * rows[1:]).sum(1), 0, None).mean() for d in range(longest)]",
        "adjacent-sees-drift",
    ),
    _curve(
        "powers of neighbours",
        UNIT + "c = np.clip((rows[:-1] * rows[1:]).sum(1), 0, None).mean()\nreturn [c ** d for d in range(1, longest + 1)]",
        "adjacent-sees-drift",
    ),
    _curve("over n frames", UNIT + f"return [np.clip({PAIRS}, 0, None).sum() / len(rows) for d in range(1, longest + 1)]", "over-n"),
    _curve("sum over pairs", UNIT + f"return [np.clip({PAIRS}, 0, None).sum() for d in range(1, longest + 1)]", "sum-for-mean"),
    _curve(
        "np.roll",
        UNIT + "return [np.clip((rows * np.roll(rows, -d, axis=0)).sum(1), 0, None).mean() for d in range(1, longest + 1)]",
        "wraps-round",
    ),
    _curve(
        "mean of all up to d",
        UNIT
        + f"c = [np.clip({PAIRS}, 0, None).mean() for d in range(1, longest + 1)]\nreturn [np.mean(c[:d]) for d in range(1, longest + 1)]",
        "cumulative",
    ),
    _curve(
        "every d-th frame",
        UNIT + "return [np.clip((rows[::d][1:] * rows[::d][:-1]).sum(1), 0, None).mean() for d in range(1, longest + 1)]",
        "strided",
    ),
    _curve("one minus", UNIT + f"return [1 - np.clip({PAIRS}, 0, None).mean() for d in range(1, longest + 1)]", "error-for-score"),
    _curve(
        "changes its input",
        "features /= np.linalg.norm(features, axis=1, keepdims=True)\nrows = features\n"
        + f"return [np.clip({PAIRS}, 0, None).mean() for d in range(1, longest + 1)]",
        "input-changed",
    ),
    _curve("one number", UNIT + "return np.clip((rows[:-1] * rows[1:]).sum(1), 0, None).mean()", None),
]


def _motion(name: str, body: str, expects: str | None, head: str = N + CENTRES) -> Mutant:
    return _made(name, "motion_score(frames)", body, expects, head)


STEPS = "steps = np.linalg.norm(np.diff(centres(frames), axis=0), axis=1)\n"
LEVELS = "levels = frames.astype(float)\n"
MOTION = [
    _motion("difference of frames", LEVELS + "return np.abs(levels[1:] - levels[:-1]).mean()", "light-for-motion", N),
    _motion(
        "largest difference of frames", LEVELS + "return np.abs(levels[1:] - levels[:-1]).mean(axis=(1, 2, 3)).max()", "light-for-motion", N
    ),
    _motion(
        "changed pixels",
        "levels = frames.astype(int)\nreturn (np.abs(levels[1:] - levels[:-1]).max(axis=3) > 16).mean()",
        "light-for-motion",
        N,
    ),
    _motion("variance of pixels", LEVELS + "return levels.var(axis=0).mean()", "light-for-motion", N),
    _motion("brightness", LEVELS + "return np.abs(np.diff(levels.mean(axis=(1, 2, 3)))).max()", "light-for-motion", N),
    _motion(
        "colour histogram",
        "h = [np.histogram(f, bins=8, range=(0, 256))[0] for f in frames]\nreturn max(np.abs(a - b).sum() for a, b in zip(h, h[1:]))",
        "light-for-motion",
        N,
    ),
    _motion("median step", STEPS + "return np.median(steps)", "typical-step"),
    _motion("smallest step", STEPS + "return steps.min()", "typical-step"),
    _motion("spread of places", "path = centres(frames)\nreturn np.ptp(path, axis=0).max()", "order-in-consistency"),
    _motion("spread of places as variance", "path = centres(frames)\nreturn path.var(axis=0).sum()", "order-in-consistency"),
    _motion("first to last", "path = centres(frames)\nreturn np.linalg.norm(path[-1] - path[0])", "amount-for-plausibility"),
    _motion("minus the largest step", STEPS + "return -steps.max()", "turned-round"),
    _motion("smoothness", STEPS + "return 1 / (1 + steps.max())", "turned-round"),
    _motion("always one", "return 1.0", "constant", N),
    _motion("number of frames", "return len(frames)", "constant", N),
    _motion(
        "largest over median, frozen forgotten",
        "with np.errstate(all='ignore'):\n    " + STEPS + "    return steps.max() / np.median(steps)",
        "not-finite",
    ),
    _motion("returns None", "print(len(frames))", None, N),
    _motion("a value a step", STEPS + "return steps", "per-frame"),
    _motion("changes its input", STEPS + "frames[0] = 0\nreturn steps.max()", "input-changed"),
    _motion("uint8 differences", "return np.abs(frames[1:] - frames[:-1]).mean()", "light-for-motion", N),
    _motion(
        "colour of the object",
        "means = []\nfor f in frames.astype(float):\n"
        "    w = np.abs(f - np.median(f.reshape(-1, 3), axis=0)).sum(axis=2) > 40\n"
        "    means.append(f[w].mean(axis=0) / f.max())\nreturn np.abs(np.diff(means, axis=0)).max()",
        "motion-in-consistency",
        N,
    ),
]

ALL = {"q5": CONSISTENCY, "q6": CURVE, "q8": MOTION}
