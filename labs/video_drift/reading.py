"""Frames and features of a clip on a backend. Worker side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from labs.scenes.raster import rasterise
from labs.scenes.scene import Scene
from labs.video_drift import metrics
from studyapp.labkit.api import BackendRef

Array = Any  # numpy.ndarray
JUDGED = 32  # pixels of a side that the zoo's judge reads


class Reader:
    """Loads the backend's encoder when the first frame is read; `none` has none, `human` that of `tiny` where torch is installed."""

    def __init__(self, backend: BackendRef) -> None:
        self.backend = backend

    @cached_property
    def reads(self) -> bool:
        if self.backend.kind == "human":
            from importlib.util import find_spec

            return find_spec("torch") is not None
        return self.backend.kind in ("tiny", "hf")

    @cached_property
    def encoder(self) -> Any:
        from labs.zoo import load

        return load.encoder(self.backend if self.backend.kind == "hf" else BackendRef(kind="tiny", name="tiny"))

    def frames(self, scenes: Sequence[Scene]) -> Array:
        """Scenes as (T, H, W, 3) uint8."""
        import numpy as np

        side = scenes[0]["size"]
        return np.stack([np.frombuffer(rasterise(scene), dtype=np.uint8).reshape(side, side, 3) for scene in scenes])

    def features(self, frames: Array) -> Array:
        """One vector a frame, (T, D). The judge reads squares of 32: what is larger is cut to its middle and made smaller."""
        if self.backend.kind != "hf" and frames.shape[1:3] != (JUDGED, JUDGED):
            frames = _squared(frames)
        return self.encoder.vectors(list(frames))

    def changes(self, features: Array) -> int | None:
        """The place of the first frame that the network reads as another colour or shape; with other encoders, the first frame that is less
        than half as like the first one as can be."""
        if self.backend.kind == "hf":
            below = metrics.to_first(features) < 0.5
            return int(below.argmax()) if below.any() else None
        colours, shapes = features[:, :8].argmax(axis=1), features[:, 8:].argmax(axis=1)
        other = (colours != colours[0]) | (shapes != shapes[0])
        return int(other.argmax()) if other.any() else None

    def scores(self, frames: Array, features: Array) -> dict[str, float | None]:
        """Every metric of a clip, None where it is too short for a gap."""
        found: dict[str, float | None] = {
            "flicker": metrics.flickering(frames),
            "neighbours": float(metrics.at_gap(features, 1).mean()),
            "subject": metrics.subject_consistency(features),
            "moving": metrics.moving(frames),
            "step": metrics.largest_step(frames),
        }
        for gap in (4, 8, 16):
            found[f"gap{gap}"] = float(metrics.at_gap(features, gap).mean()) if len(features) > gap else None
        return {name: None if value is None else round(value, 6) for name, value in found.items()}

    def curve(self, features: Array, longest: int = 16) -> list[float]:
        return [round(value, 6) for value in metrics.gap_curve(features, longest)]


def _squared(frames: Array) -> Array:
    import numpy as np
    from PIL import Image

    _, height, width, _ = frames.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = frames[:, top : top + side, left : left + side]
    return np.stack([np.asarray(Image.fromarray(frame).resize((JUDGED, JUDGED), Image.Resampling.BOX)) for frame in cut])
