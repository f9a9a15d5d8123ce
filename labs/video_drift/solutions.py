"""Right ways to write each code task, in many styles: the first is the reference, and the checker must accept all of them."""

from __future__ import annotations

N = "import numpy as np\n"
M = "import math\nimport numpy as np\n"

CONSISTENCY = [
    N
    + """def subject_consistency(features):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    before = np.clip((rows[1:] * rows[:-1]).sum(axis=1), 0, None)
    first = np.clip(rows[1:] @ rows[0], 0, None)
    return float(((before + first) / 2).mean())
""",
    N
    + """def subject_consistency(features):
    def cos(a, b):
        return max(0.0, float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b))))
    total = 0.0
    for t in range(1, len(features)):
        total += (cos(features[t], features[t - 1]) + cos(features[t], features[0])) / 2
    return total / (len(features) - 1)
""",
    N
    + """def subject_consistency(features):
    rows = features / np.sqrt((features ** 2).sum(1))[:, None]
    table = np.maximum(rows @ rows.T, 0)
    return (np.diag(table, 1).mean() + table[0, 1:].mean()) / 2
""",
    N
    + """def subject_consistency(features):
    norms = np.linalg.norm(features, axis=-1)
    before = np.einsum("td,td->t", features[1:], features[:-1]) / (norms[1:] * norms[:-1])
    first = np.einsum("td,d->t", features[1:], features[0]) / (norms[1:] * norms[0])
    return np.concatenate([before, first]).clip(min=0).mean()
""",
    M
    + """def subject_consistency(features):
    frames = features.tolist()
    def cos(a, b):
        dot = sum(x * y for x, y in zip(a, b))
        return max(0.0, dot / math.sqrt(sum(x * x for x in a)) / math.sqrt(sum(y * y for y in b)))
    scores = [(cos(b, a) + cos(b, frames[0])) / 2 for a, b in zip(frames, frames[1:])]
    return sum(scores) / len(scores)
""",
    N
    + """def subject_consistency(features):
    unit = np.stack([f / np.linalg.norm(f) for f in features])
    scores = np.stack([(unit[1:] * unit[:-1]).sum(-1), (unit[1:] * unit[:1]).sum(-1)])
    scores[scores < 0] = 0
    return scores.mean()
""",
    N
    + """def subject_consistency(features):
    first = previous = None
    total = 0.0
    for f in features:
        f = f / np.linalg.norm(f)
        if first is None:
            first = f
        else:
            total += 0.5 * max(0, f @ previous) + 0.5 * max(0, f @ first)
        previous = f
    return total / (features.shape[0] - 1)
""",
    N
    + """def subject_consistency(features):
    rows = (features.T / np.linalg.norm(features.T, axis=0)).T
    before = (rows[:-1] * rows[1:]).sum(1)
    first = (rows[:1] * rows[1:]).sum(1)
    return np.where(before > 0, before, 0).mean() / 2 + np.where(first > 0, first, 0).mean() / 2
""",
    N
    + """def subject_consistency(features):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    half_squared = lambda a, b: 1 - ((a - b) ** 2).sum(axis=1) / 2  # of unit vectors: the cosine
    before, first = half_squared(rows[1:], rows[:-1]), half_squared(rows[1:], rows[0])
    return np.mean([np.maximum(before, 0).mean(), np.maximum(first, 0).mean()])
""",
    N
    + """def subject_consistency(features):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    previous = np.vstack([rows[:1], rows[:-1]])
    values = (np.maximum((rows * previous).sum(1), 0) + np.maximum(rows @ rows[0], 0)) / 2
    return values[1:].sum() / (len(values) - 1)
""",
    N
    + """def subject_consistency(features):
    gram = features @ features.T
    length = np.sqrt(np.diagonal(gram))
    cosine = gram / np.outer(length, length)
    cosine = (cosine + np.abs(cosine)) / 2
    n = len(features)
    return sum((cosine[t, t - 1] + cosine[t, 0]) / 2 for t in range(1, n)) / (n - 1)
""",
    N
    + """def subject_consistency(features):
    rows = features.astype(np.float64) / np.linalg.norm(features, axis=1).reshape(-1, 1)
    angles = lambda a, b: np.arccos(np.clip((a * b).sum(axis=1), -1, 1))
    before = np.cos(np.minimum(angles(rows[1:], rows[:-1]), np.pi / 2))
    first = np.cos(np.minimum(angles(rows[1:], rows[:1]), np.pi / 2))
    return float((before.mean() + first.mean()) / 2)
""",
]

CURVE = [
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    curve = []
    for d in range(1, longest + 1):
        cosines = (rows[:-d] * rows[d:]).sum(axis=1)
        curve.append(float(np.clip(cosines, 0, None).mean()))
    return curve
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    table = np.maximum(rows @ rows.T, 0)
    return [np.diagonal(table, d).mean() for d in range(1, longest + 1)]
""",
    N
    + """def gap_curve(features, longest):
    def cos(a, b):
        return max(0.0, a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    out = []
    for d in range(1, longest + 1):
        total, pairs = 0.0, 0
        for t in range(len(features) - d):
            total += cos(features[t], features[t + d])
            pairs += 1
        out.append(total / pairs)
    return out
""",
    N
    + """def gap_curve(features, longest):
    n = np.linalg.norm(features, axis=1)
    out = np.zeros(longest)
    for d in range(1, longest + 1):
        c = np.einsum("td,td->t", features[d:], features[:-d]) / (n[d:] * n[:-d])
        out[d - 1] = np.where(c < 0, 0, c).mean()
    return out
""",
    M
    + """def gap_curve(features, longest):
    rows = [[x / math.sqrt(sum(v * v for v in row)) for x in row] for row in features.tolist()]
    curve = []
    for d in range(1, longest + 1):
        cosines = [max(0, sum(a * b for a, b in zip(one, other))) for one, other in zip(rows, rows[d:])]
        curve.append(sum(cosines) / len(cosines))
    return curve
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.sqrt((features * features).sum(1, keepdims=True))
    sums, counts = np.zeros(longest + 1), np.zeros(longest + 1)
    for a in range(len(rows)):
        for b in range(a + 1, min(len(rows), a + longest + 1)):
            sums[b - a] += max(0.0, rows[a] @ rows[b])
            counts[b - a] += 1
    return (sums / np.maximum(counts, 1))[1:]
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    table = (rows @ rows.T).clip(0)
    t = np.arange(len(rows))
    gap = t[None, :] - t[:, None]
    return tuple(float(table[gap == d].mean()) for d in range(1, longest + 1))
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    return np.array([np.maximum(0, np.sum(rows[d:] * rows[: len(rows) - d], axis=-1)).mean() for d in np.arange(1, longest + 1)])
""",
    N
    + """def gap_curve(features, longest):
    rows = [f / np.linalg.norm(f) for f in features]
    curve = []
    d = 1
    while d <= longest:
        pairs = list(zip(rows[:-d], rows[d:]))
        curve.append(float(np.mean([max(a.dot(b), 0.0) for a, b in pairs])))
        d += 1
    return curve
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    def one(d):
        c = 1 - ((rows[d:] - rows[:-d]) ** 2).sum(1) / 2
        return ((c + abs(c)) / 2).mean()
    return list(map(one, range(1, longest + 1)))
""",
    N
    + """def gap_curve(features, longest):
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    T = len(rows)
    out = []
    for d in range(1, longest + 1):
        i = np.arange(T - d)
        out.append(np.maximum((rows[i] * rows[i + d]).sum(1), 0).sum() / (T - d))
    return out
""",
]

CENTRES = """def centres(frames):
    found = []
    for frame in frames.astype(float):
        ground = np.median(frame.reshape(-1, 3), axis=0)
        weight = np.abs(frame - ground).sum(axis=2)
        weight[weight < 40] = 0
        rows, columns = np.indices(weight.shape)
        total = weight.sum() + 1e-9
        down, across = (rows * weight).sum(), (columns * weight).sum()
        found.append((down / total, across / total))
    return np.array(found)

"""
MOTION = [
    N
    + CENTRES
    + """def motion_score(frames):
    path = centres(frames)
    return float(np.linalg.norm(path[1:] - path[:-1], axis=1).max())
""",
    N
    + CENTRES
    + """def motion_score(frames):
    path = centres(frames)
    return np.linalg.norm(np.diff(path, axis=0), axis=1).mean()
""",
    N
    + CENTRES
    + """def motion_score(frames):
    speed = np.diff(centres(frames), axis=0)
    return np.abs(np.diff(speed, axis=0)).sum(axis=1).max()
""",
    N
    + CENTRES
    + """def motion_score(frames):
    steps = np.linalg.norm(np.diff(centres(frames), axis=0), axis=1)
    return steps.std()
""",
    N
    + """def motion_score(frames):
    masks = []
    for frame in frames.astype(int):
        ground = frame[0, 0]
        masks.append(np.abs(frame - ground).sum(axis=2) > 40)
    overlaps = [(a & b).sum() / max(1, (a | b).sum()) for a, b in zip(masks, masks[1:])]
    return 1 - min(overlaps)
""",
    N
    + """def motion_score(frames):
    boxes = []
    for frame in frames.astype(int):
        ground = np.median(frame, axis=(0, 1))
        rows, columns = np.nonzero(np.abs(frame - ground).max(axis=2) > 25)
        boxes.append([(rows.min() + rows.max()) / 2, (columns.min() + columns.max()) / 2])
    boxes = np.array(boxes)
    return float(np.abs(boxes[1:] - boxes[:-1]).max())
""",
    M
    + """def motion_score(frames):
    path = []
    for frame in frames:
        ground = frame[0, 0].astype(int)
        spots = np.argwhere(np.abs(frame.astype(int) - ground).sum(axis=-1) > 60)
        path.append(spots.mean(axis=0))
    return max(math.dist(a, b) for a, b in zip(path, path[1:]))
""",
    N
    + CENTRES
    + """def motion_score(frames):
    path = centres(frames)
    steps = np.linalg.norm(path[1:] - path[:-1], axis=1)
    return float((steps > 3).sum())  # a good object moves less than two pixels a frame
""",
    N
    + """def motion_score(frames):
    rows, columns = [], []
    for frame in frames.astype(float):
        ink = np.abs(frame - np.median(frame.reshape(-1, 3), axis=0)).sum(axis=2)
        ink = ink * (ink > 40)
        rows.append((ink.sum(axis=1) * np.arange(ink.shape[0])).sum() / ink.sum())
        columns.append((ink.sum(axis=0) * np.arange(ink.shape[1])).sum() / ink.sum())
    return np.ptp(np.diff(rows)) + np.ptp(np.diff(columns))
""",
    N
    + CENTRES
    + """def motion_score(frames):
    path = centres(frames)
    predicted = 2 * path[1:-1] - path[:-2]  # as if it went on evenly
    return ((path[2:] - predicted) ** 2).sum(axis=1).mean()
""",
    N
    + """def motion_score(frames):
    t, h, w, _ = frames.shape
    grey = frames.astype(float) - np.median(frames.reshape(t, -1, 3), axis=1)[:, None, None, :]
    ink = np.abs(grey).sum(axis=3)
    ink = np.where(ink > 40, 1.0, 0.0)
    ink /= ink.sum(axis=(1, 2), keepdims=True)
    across = ink.sum(axis=1).cumsum(axis=1)
    down = ink.sum(axis=2).cumsum(axis=1)
    cost = np.abs(np.diff(across, axis=0)).sum(axis=1) + np.abs(np.diff(down, axis=0)).sum(axis=1)
    return cost.max()
""",
    N
    + CENTRES
    + """def motion_score(frames):
    path = centres(frames)
    steps = np.sort(np.linalg.norm(np.diff(path, axis=0), axis=1))
    return steps[-2:].mean()
""",
]

ALL = {"q5": CONSISTENCY, "q6": CURVE, "q8": MOTION}
