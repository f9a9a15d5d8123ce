"""The one loader of models, used in worker processes only: `tiny` (the zoo's shipped weights) and `hf:<dir>` (transformers, local
files, safetensors, no code of the model's own).

Pictures are numpy arrays, uint8, H x W x 3. Torch and the libraries are imported inside the functions. Every failure of a directory is
an EnvironmentProblem in one line.
"""

from labs.zoo.loading.clip import Clip, clip
from labs.zoo.loading.encoder import Encoder, encoder
from labs.zoo.loading.judge import Judge, judge
from labs.zoo.loading.patch import PatchModel, hf_patch_model, tiny_patch_model
from labs.zoo.loading.shared import warm
from labs.zoo.loading.video import Roller, video
from labs.zoo.loading.vlm import Vlm, vlm

__all__ = [
    "Clip",
    "Encoder",
    "Judge",
    "PatchModel",
    "Roller",
    "Vlm",
    "clip",
    "encoder",
    "hf_patch_model",
    "judge",
    "tiny_patch_model",
    "video",
    "vlm",
    "warm",
]
