"""The patch side of a vision transformer: made here from a seed, or a model directory's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef

Tensor = Any  # torch.Tensor; torch is not imported in this module's body


@dataclass(frozen=True)
class PatchModel:
    """The patch side of a vision transformer. Pictures are float tensors (B, C, H, W) with values 0..1.

    `conv` is its real patch projection (nn.Conv2d); `block_input(x)` the tensor that enters its first encoder block, (B, T, D);
    `take_in(x)` runs one picture (1, C, H, W) of any size through the model's own way in (processor line or image processor, then
    patch embedding) and gives its tokens (1, N, D), or raises; `say` names the model in a line.
    """

    conv: Any
    block_input: Callable[[Tensor], Tensor]
    take_in: Callable[[Tensor], Tensor]
    say: str


def tiny_patch_model(seed: int, C: int, D: int, p: int, tokens: int, policy: str) -> PatchModel:
    """A randomly initialised ViT front: nn.Conv2d, one [CLS] token, positions for `tokens` patches, one nn.TransformerEncoder
    layer. `policy` says what its processor line does with rows that no patch covers: crop (the convolution floors), error (an exact
    split), pad (zeros up to the next multiple)."""
    import torch
    from einops import rearrange
    from torch import nn

    torch.manual_seed(seed)
    conv = nn.Conv2d(C, D, kernel_size=p, stride=p)
    cls, positions = torch.randn(1, 1, D) * 0.02, torch.randn(1, tokens + 1, D) * 0.02
    layer = nn.TransformerEncoderLayer(D, nhead=D // 16, dim_feedforward=2 * D, dropout=0.0, batch_first=True, norm_first=True)
    encoder = nn.TransformerEncoder(layer, num_layers=1, enable_nested_tensor=False).eval()

    for part in (conv, encoder):
        part.requires_grad_(False)

    def block_input(x: Tensor) -> Tensor:
        sequence = conv(x).flatten(2).transpose(1, 2)
        sequence = torch.cat((cls.expand(len(x), -1, -1), sequence), dim=1) + positions
        return _entering(encoder.layers[0], lambda: encoder(sequence))

    def take_in(x: Tensor) -> Tensor:
        if policy == "error":
            patches = rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=p, p2=p)
            return nn.functional.linear(patches, conv.weight.flatten(1), conv.bias)
        if policy == "pad":
            x = nn.functional.pad(x, (0, -x.shape[3] % p, 0, -x.shape[2] % p))
        return conv(x).flatten(2).transpose(1, 2)

    return PatchModel(conv, block_input, take_in, f"tiny: Conv2d({C}, {D}, {p}, {p}) and one encoder layer, random weights of seed {seed}")


def hf_patch_model(backend: BackendRef) -> PatchModel:
    """The vision side of a model directory: local files only, safetensors only, no code of its own. Raises EnvironmentProblem in a line."""
    import torch
    from torch import nn
    from transformers import AutoModel

    try:
        model = AutoModel.from_pretrained(backend.target, local_files_only=True, use_safetensors=True, trust_remote_code=False)
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise EnvironmentProblem(f"--backend {backend.name}: transformers cannot load it: {type(error).__name__}: {text[:200]}") from error
    vision = getattr(model, "vision_model", model).eval().requires_grad_(False)
    conv = next(
        (part for part in vision.modules() if isinstance(part, nn.Conv2d) and part.kernel_size == part.stride and part.stride[0] > 1), None
    )
    depth = getattr(vision.config, "num_hidden_layers", 0)
    blocks = next((part for part in vision.modules() if isinstance(part, nn.ModuleList) and depth and len(part) == depth), None)
    if conv is None or blocks is None:
        raise EnvironmentProblem(
            f"--backend {backend.name}: {type(model).__name__} has no patch projection and encoder blocks that this lab knows"
        )
    processor = _processor(backend)

    def forward(x: Tensor) -> Any:
        try:
            return vision(pixel_values=x, interpolate_pos_encoding=True)
        except TypeError:
            return vision(pixel_values=x)

    def take_in(x: Tensor) -> Tensor:
        if processor is not None:
            pixels = (x[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
            return _leaving(conv, lambda: vision(pixel_values=processor(images=pixels, return_tensors="pt")["pixel_values"]))
        return _leaving(conv, lambda: vision(pixel_values=x))

    return PatchModel(conv, lambda x: _entering(blocks[0], lambda: forward(x)), take_in, f"{type(model).__name__} from {backend.target}")


def _processor(backend: BackendRef) -> Any:
    """The model's own image processor, None where its directory has none."""
    if not backend.info.get("preprocessor"):
        return None
    from transformers import AutoImageProcessor

    try:
        return AutoImageProcessor.from_pretrained(backend.target, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise EnvironmentProblem(f"--backend {backend.name}: its image processor cannot be loaded: {text[:200]}") from error


def _entering(module: Any, call: Callable[[], object]) -> Tensor:
    """What a module is given first during a call."""
    seen: list[Tensor] = []
    handle = module.register_forward_pre_hook(
        lambda part, args, kwargs: seen.append(args[0] if args else kwargs["hidden_states"]), with_kwargs=True
    )
    try:
        call()
    finally:
        handle.remove()
    return seen[0]


def _leaving(module: Any, call: Callable[[], object]) -> Tensor:
    """What a convolution gives during a call, as tokens (B, N, D)."""
    seen: list[Tensor] = []
    handle = module.register_forward_hook(lambda part, args, out: seen.append(out))
    try:
        call()
    finally:
        handle.remove()
    return seen[0].flatten(2).transpose(1, 2)
