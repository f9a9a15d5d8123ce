"""Every figure of a run once more, by transformers' own forward pass, numpy and plain Python: nothing of the lab's measuring is used."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from PIL import Image

from labs.clip_zero_shot import worlds
from labs.clip_zero_shot.params import Params
from labs.scenes.raster import rasterise
from labs.scenes.vocabulary import SEEN
from labs.zoo.clip_pictures import pairs

Facts = dict[str, Any]


class Model:
    """A directory of transformers, asked in its own way."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

        self.net = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval()
        self.words = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
        self.sigmoid = hasattr(self.net, "logit_bias")

    def cosines(self, pictures: list[Any], texts: list[str]) -> Any:
        """By the model's whole forward pass: logits back to cosines."""
        with torch.inference_mode():
            tokens = self.words(texts, padding="max_length" if self.sigmoid else True, max_length=16, truncation=True, return_tensors="pt")
            kept = {name: tokens[name] for name in ("input_ids", "attention_mask") if name in tokens}
            out = self.net(pixel_values=self.processor(images=pictures, return_tensors="pt")["pixel_values"], **kept)
        bias = float(self.net.logit_bias) if self.sigmoid else 0.0
        return (out.logits_per_image.double().numpy() - bias) / math.exp(float(self.net.logit_scale))

    def vectors(self, pictures: list[Any]) -> Any:
        with torch.inference_mode():
            found = [
                self.net.get_image_features(pixel_values=self.processor(images=pictures[k : k + 50], return_tensors="pt")["pixel_values"])
                for k in range(0, len(pictures), 50)
            ]
        vectors = np.concatenate([getattr(one, "pooler_output", one).double().numpy() for one in found])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def tokens(self, pictures: list[Any]) -> Any:
        with torch.inference_mode():
            found = [
                self.net.vision_model(pixel_values=self.processor(images=pictures[k : k + 50], return_tensors="pt")["pixel_values"])
                for k in range(0, len(pictures), 50)
            ]
        features = np.concatenate([one.last_hidden_state.double().numpy() for one in found])
        return (features if self.sigmoid else features[:, 1:]).reshape(len(features), -1)


def phrase(template: str, label: str) -> str:
    return template.replace("{plain}", label).replace("{phrase}", ("an " if label[0] in "aeiou" else "a ") + label)


def picture(scene: Any) -> Any:
    return np.frombuffer(rasterise(scene), np.uint8).reshape(scene["size"], scene["size"], 3)


class Pictures:
    """The pictures of a plan, read and drawn here."""

    def __init__(self, params: Params, seed: int) -> None:
        self.params, self.seed = params, seed
        self.natural = params.world == "natural"

    def file(self, place: int) -> Any:
        return np.asarray(Image.open(Path(self.params.folder) / self.params.files[place][0]).convert("RGB"))

    def four(self) -> list[Any]:
        if self.natural:
            return [self.file(place) for place in self.params.chosen]
        return [picture(scene) for scene, _ in worlds.four(self.params, self.seed)]

    def own(self) -> list[Any]:
        if self.natural:
            first = {label: place for place, (_, label) in reversed(list(enumerate(self.params.files)))}
            return [self.file(first[label]) for label in self.params.labels]
        return [picture(scene) for scene in worlds.batch(self.params, self.seed)]

    def outside(self) -> Any:
        if self.natural:
            return self.file(next(place for place, (_, label) in enumerate(self.params.files) if label == self.params.outside))
        return picture(worlds.outside(self.params, self.seed))

    def rated(self) -> tuple[list[Any], list[int]]:
        if self.natural:
            kept = [(place, label) for place, (_, label) in enumerate(self.params.files) if label != self.params.outside]
            return [self.file(place) for place, _ in kept], [self.params.labels.index(label) for _, label in kept]
        scenes, numbers = worlds.rated(self.params, self.seed)
        return [picture(scene) for scene in scenes], numbers

    def two(self, what: str, count: int) -> tuple[list[Any], list[Any]]:
        scenes, pixels = pairs(Random(f"clip-zero-shot/1/{self.seed}/pairs/{what}"), count, self.params.side, SEEN)
        return scenes, [((one.permute(1, 2, 0).numpy() + 1) * 127.5).round().astype(np.uint8) for one in pixels]


def softmax(logits: Any) -> Any:
    powers = np.exp(np.asarray(logits) - np.max(logits))
    return powers / powers.sum()


def check_labels(model: Model, shown: Pictures, facts: Facts) -> None:
    """Tasks 1, 2, 4, 8, 12."""
    params = shown.params
    scale = math.exp(float(model.net.logit_scale.detach()))
    prompts = [phrase("a photo of {phrase}", label) for label in params.asked]
    cosines = model.cosines(shown.four(), prompts)
    assert np.allclose(cosines, facts["cosines"]["rows"], atol=2e-4)
    assert facts["cosines"]["labels"] == list(params.asked)
    (outside,) = model.cosines([shown.outside()], prompts)
    assert np.allclose(softmax(scale * outside), facts["outside"]["probabilities"], atol=5e-3)
    assert facts["outside"]["winner"] == params.asked[int(outside.argmax())]
    fitting = model.cosines(shown.own()[: len(prompts)], prompts)
    assert (
        facts["outside"]["usual"] == np.round(np.trace(fitting) / len(prompts), 4)
        or abs(facts["outside"]["usual"] - np.trace(fitting) / len(prompts)) < 2e-4
    )
    place = "ABCD".index(facts["winner-picture"])
    assert facts["winner-label"] == params.asked[int(cosines[place].argmax())]
    assert abs(facts["winning"]["sum"] - cosines[place].sum()) < 1e-3
    second = int(np.argsort(-cosines[place])[1])
    assert facts["winning"]["next"] == params.asked[second]
    assert abs(facts["winning"]["next-cosine"] - cosines[place][second]) < 2e-4
    check_row(model, shown, facts, scale)
    rated, right = shown.rated()
    for id, template in zip("abc", params.templates, strict=True):
        said = np.concatenate(
            [
                model.cosines(rated[k : k + 80], [phrase(template, label) for label in params.labels]).argmax(1)
                for k in range(0, len(rated), 80)
            ]
        )
        assert abs(int((said == np.array(right)).sum()) - facts["templates"]["hits"][id]) <= 1
    assert facts["templates"]["n"] == len(right)


def check_row(model: Model, shown: Pictures, facts: Facts, scale: float) -> None:
    """Task 2: the four cosines are those of one picture of the run, and the scale is the model's."""
    row = facts["row"]
    pool = [*shown.own(), *shown.four(), shown.outside()]
    cosines = model.cosines(pool, [phrase("a photo of {phrase}", label) for label in row["labels"]])
    assert np.abs(cosines - np.array(row["cosines"])).max(1).min() < 1e-3
    assert row["scale"] == round(scale, 2)


def check_space(model: Model, shown: Pictures, facts: Facts, gallery: list[Any]) -> None:
    """Tasks 10 and 13."""
    vectors = model.vectors(gallery)
    matrix = vectors @ vectors.T
    assert np.allclose(matrix, facts["gallery"]["cosines"], atol=2e-4)
    best = max(combinations(range(len(gallery)), 2), key=lambda pair: matrix[pair])
    assert {"abcdefghijkl"[place] for place in best} == set(facts["gallery"]["pair"]) or facts["gallery"]["margin"] < 1e-3
    own, labels = shown.own(), list(shown.params.labels)
    cosines, n = model.cosines(own, [phrase("a photo of {phrase}", label) for label in labels]), len(labels)
    pictures = model.vectors(own)
    among = pictures @ pictures.T
    assert abs(facts["space"]["matched"] - np.trace(cosines) / n) < 2e-4
    assert abs(facts["space"]["pictures"] - (among.sum() - n) / (n * n - n)) < 2e-4
    assert abs(facts["space"]["wrong"] - (cosines.sum() - np.trace(cosines)) / (n * n - n)) < 2e-4


def check_loss(model: Model, shown: Pictures, facts: Facts) -> None:
    """Tasks 6, 11, 14, 15."""
    params = shown.params
    count = len(params.asked)
    logits = math.exp(float(model.net.logit_scale.detach())) * model.cosines(
        shown.own()[:count], [phrase("a photo of {phrase}", label) for label in params.asked]
    )

    def loss(z: Any) -> float:
        rows = np.log(np.exp(z - z.max()).sum(1)) + z.max() - np.diag(z)
        columns = np.log(np.exp(z - z.max()).sum(0)) + z.max() - np.diag(z)
        return float((rows.mean() + columns.mean()) / 2)

    assert abs(facts["goal"]["loss"] - loss(logits)) < 2e-3
    k, scale = params.pair - 1, math.exp(float(model.net.logit_scale.detach()))
    others = np.delete(np.arange(count), k)
    raised = logits.copy()
    raised[k, others[logits[k, others].argmax()]] += 0.5 * scale
    assert abs(facts["goal"]["raised"] - loss(raised)) < 1e-2
    assert facts["goal"]["raised"] > facts["goal"]["loss"]
    B = params.batch
    assert facts["batch"] == {"apart": B * B - B, "together": B, "targets": "own"}
    assert abs(facts["equal-loss"] - math.log(params.equal)) < 1e-4
    B, D, s = params.random
    make = np.random.default_rng(1)
    found = []
    for _ in range(max(24, 6000 // B)):
        x, y = (make.standard_normal((B, D)) for _ in range(2))
        x, y = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
        found.append(loss(s * x @ y.T))
    error = np.std(found) / math.sqrt(len(found)) + facts["random-loss"]["error"]
    assert abs(np.mean(found) - facts["random-loss"]["mean"]) < 4 * error


def check_places(model: Model, shown: Pictures, facts: Facts, twin: Model | None) -> None:
    """Tasks 9, 16, 17, 18."""
    teach, n = worlds.counts(shown.params)
    tests, tried = shown.two("tried", n)
    lessons, taught = shown.two("taught", teach)

    def share(asked: Model, right: list[str], wrong: list[str]) -> float:
        rows = []
        for start in range(0, n, 40):
            part = slice(start, start + 40)
            cosines = asked.cosines(tried[part], right[part] + wrong[part])
            here = len(tried[part])
            rows += [cosines[k, k] > cosines[k, here + k] for k in range(here)]
        return sum(rows) / n

    relation, turned = [], []
    for scene in tests:
        truth = scene.scene["truth"]
        first, second = ("a " + " ".join(truth[name]) for name in ("first", "second"))
        first, second = (words.replace("a orange", "an orange") for words in (first, second))
        relation.append(f"a photo of {first} {truth['relation']} of {second}")
        turned.append(f"a photo of {second} {truth['relation']} of {first}")
    assert [scene.relation for scene in tests] == relation
    assert abs(facts["left-right"]["share"] - share(model, relation, turned)) <= 2 / n
    assert abs(facts["binding"]["share"] - share(model, [s.plain for s in tests], [s.crossed for s in tests])) <= 2 / n
    if twin is not None:
        assert abs(facts["left-right-twin"]["share"] - share(twin, relation, turned)) <= 2 / n

    side = [np.array([1.0 if s.first_colour_left else -1.0 for s in scenes]) for scenes in (lessons, tests)]
    found = facts["readouts"]
    readers = {"tokens": model.tokens, "pooled": model.vectors}
    for name, read in readers.items():
        x, z = read(taught), read(tried)
        if name == "tokens":
            assert abs(found["tokens"] - ridge(x, z, *side)) <= 2 / n
        narrow = principal(x, z, found["width"])
        assert abs(found["tokens-narrow" if name == "tokens" else name] - ridge(*narrow, *side)) <= 3 / n


def principal(x: Any, z: Any, width: int) -> tuple[Any, Any]:
    """The first principal components, by scikit-learn's iterative solver."""
    from sklearn.decomposition import PCA

    if x.shape[1] <= width:
        return x, z
    made = PCA(width, svd_solver="arpack", random_state=0).fit(x)
    return made.transform(x), made.transform(z)


def ridge(x: Any, z: Any, side: Any, truth: Any) -> float:
    """scikit-learn's ridge regression on standardised features, its penalty one a feature."""
    from sklearn.linear_model import Ridge

    mean, std = x.mean(0), x.std(0) + 1e-4
    fitted = Ridge(alpha=x.shape[1], fit_intercept=False, solver="cholesky").fit((x - mean) / std, side)
    return float((np.sign(fitted.predict((z - mean) / std)) == truth).mean())
