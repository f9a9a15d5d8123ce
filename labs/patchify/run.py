"""The worker's side of patchify: finds every fact by running the model, never by formula. Torch is imported only when a fact needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any

from labs.patchify import arithmetic, choices
from labs.patchify.params import Params
from studyapp.labkit.api import Event, Fact, Json, Log, Picture, Plan, Progress, RunContext

# What is said while a fact is looked for.
DOING = {
    "tokens": "cutting a picture",
    "patch-length": "flattening a patch",
    "block-input": "going into block 1",
    "projection-params": "counting weights",
    "costs": "counting pairs",
    "remainder": "changing the last rows",
    "pixel-tokens": "taking single pixels as tokens",
}
CHECKERS = {"q7": "check_patchify", "q8": "check_unpatchify", "q9": "check_linear"}


def run(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """Report what was asked for, cheapest first."""
    params = Params.of(plan.params)
    keys = sorted(ctx.keys(plan))
    measures = found_by(plan, params, ctx)
    code = [id for id in sorted(CHECKERS) if id in ctx.want and id in ctx.answers]
    steps = [key for key in keys if key in measures or key.startswith("picture:")] + code
    yield Progress(done=0, say="starting")
    if ctx.want:
        yield Log(say=model_of(plan).say if plan.backend.kind != "none" else "no model: counted by enumeration")
    for number, step in enumerate(steps):
        if step in CHECKERS:
            yield from checked(plan, step, ctx)
        elif step.startswith("picture:"):
            yield picture(step, plan, params)
        else:
            yield Fact(key=step, value=measures[step]())
        said = "running your code" if step in CHECKERS else "drawing" if step.startswith("picture:") else DOING.get(step, "counting")
        yield Progress(done=(number + 1) / (len(steps) + 1), say=said)
    yield Progress(done=1, say="done")


def found_by(plan: Plan, params: Params, ctx: RunContext) -> dict[str, Callable[[], Json]]:
    """Fact key -> how this backend finds it."""
    found = arithmetic.measures(params)
    if plan.backend.kind != "none":
        found |= {
            "tokens": lambda: _tokens(plan, params),
            "patch-length": lambda: _patch_length(params),
            "block-input": lambda: list(model_of(plan).block_input(_pictures(plan, params)).shape),
            "projection-params": lambda: sum(weight.numel() for weight in model_of(plan).conv.parameters()),
            "costs": lambda: {id: _attention_pairs(*setting) for id, setting in zip("abcd", params.settings, strict=True)},
            "remainder": lambda: _remainder(plan, params),
            "pixel-tokens": lambda: _pixel_tokens(plan, params),
        }
    return found | {"made-by": lambda: choices.shuffled(plan.seed, "pick", choices.RECONSTRUCTIONS)}


def picture(key: str, plan: Plan, params: Params) -> Picture:
    """One picture by its key."""
    from labs.patchify import pictures

    if key == "picture:grid":
        return pictures.grid(params, plan.seed)
    if key == "picture:patch":
        return pictures.patch(params, plan.seed)
    letter = key.rpartition("-")[2]
    return pictures.reconstruction(plan.seed, None if letter == "target" else letter)


def checked(plan: Plan, id: str, ctx: RunContext) -> Iterator[Event]:
    """A learner's source against its checker; the report as a fact, yours beside target as a picture."""
    from labs.figures import beside

    question = plan.question(id)
    assert question.kind == "code"
    assert ctx.check_code is not None
    checker, source = f"labs.patchify.checkers:{CHECKERS[id]}", ctx.answers[id]["source"]
    with _weights_file(plan, ctx) if id == "q9" else nullcontext() as weights:
        report = ctx.check_code(question, source, checker, {"seed": plan.seed, "weights": weights})
    yield Fact(key=f"code:{id}", value=report.model_dump(mode="json", exclude={"yours", "target"}))
    if report.target:
        yield beside(f"mosaic:{id}", question.title, report.yours, report.target)


def model_of(plan: Plan) -> Any:
    """The backend's model, loaded once a process."""
    params = Params.of(plan.params)
    info = plan.backend.model_dump_json()
    return _model(plan.seed, params.C, params.D, params.p, params.N, params.policy or "crop", info)


@lru_cache(maxsize=2)
def _model(seed: int, C: int, D: int, p: int, tokens: int, policy: str, backend: str) -> Any:
    from labs.zoo import load
    from studyapp.labkit.api import BackendRef

    reference = BackendRef.model_validate_json(backend)
    if reference.kind == "hf":
        return load.hf_patch_model(reference)
    return load.tiny_patch_model(seed, C, D, p, tokens, policy)


def _pictures(plan: Plan, params: Params) -> Any:
    """The batch of the plan: random pixels, the same for the same seed."""
    import torch

    return torch.rand(params.B, params.C, params.H, params.W, generator=torch.Generator().manual_seed(plan.seed))


def _tokens(plan: Plan, params: Params) -> int:
    import torch

    with torch.no_grad():
        return int(model_of(plan).conv(_pictures(plan, params)[:1]).flatten(2).shape[2])


def _patch_length(params: Params) -> int:
    import torch

    return int(torch.nn.functional.unfold(torch.zeros(1, params.C, params.H, params.W), params.p, stride=params.p).shape[1])


def _attention_pairs(H: int, W: int, p: int) -> int:
    """Numbers in one attention map of a real convolution's tokens; on the meta device shapes cost nothing."""
    import torch

    tokens = torch.nn.Conv2d(1, 8, p, stride=p, device="meta")(torch.zeros(1, 1, H, W, device="meta")).flatten(2)
    return int((tokens.transpose(1, 2) @ tokens).numel())


def _remainder(plan: Plan, params: Params) -> Json:
    """What this model did with the left-over rows: change them, and see what changes."""
    import torch

    (H, W), p = params.odd, params.p
    model = model_of(plan)
    x = torch.rand(1, params.C, H, W, generator=torch.Generator().manual_seed(plan.seed + 1))
    other = x.clone()
    other[:, :, H - H % p :] = 1 - other[:, :, H - H % p :]
    try:
        tokens, changed = model.take_in(x), model.take_in(other)
    except (ValueError, RuntimeError) as error:  # einops' EinopsError is a RuntimeError
        return {"outcome": "error", "tokens": None, "say": (str(error).strip().splitlines() or [""])[0][:160].rstrip(". ")}
    count = int(tokens.shape[1])
    if torch.equal(tokens, changed):
        return {"outcome": "crop", "tokens": count, "say": "changing them changes no token"}
    padded = count == -(-H // p) * -(-W // p)
    return {"outcome": "pad" if padded else "resize", "tokens": count, "say": "changing them changes tokens"}


def _pixel_tokens(plan: Plan, params: Params) -> Json:
    """Single pixels as tokens through a real encoder layer; a half-way patch through the real projection; the costs compared."""
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(plan.seed)
    torch.manual_seed(plan.seed)
    layer = nn.TransformerEncoderLayer(16, nhead=2, dim_feedforward=32, dropout=0.0, batch_first=True).eval()
    conv = model_of(plan).conv
    first, second = torch.rand(2, 1, params.C, params.p, params.p, generator=generator)
    with torch.no_grad():
        pixels = nn.Linear(params.C, 16)(torch.rand(1, 64, params.C, generator=generator))
        works = bool(torch.isfinite(layer(pixels)).all())
        half_way = torch.allclose(conv((first + second) / 2), (conv(first) + conv(second)) / 2, atol=1e-5)
    H, W = params.h * params.p, params.w * params.p
    ratio = _attention_pairs(H, W, 1) // _attention_pairs(H, W, params.p)
    return {"works": works, "half_way": bool(half_way), "cost_ratio": ratio, "pixels_per_patch": params.p**2}


@contextmanager
def _weights_file(plan: Plan, ctx: RunContext) -> Iterator[str]:
    """This run's convolution weight as a safetensors file in the run's folder, for the sandbox."""
    from safetensors.torch import save_file

    ctx.workdir.mkdir(parents=True, exist_ok=True)
    file = ctx.workdir.resolve() / "projection.safetensors"
    save_file({"weight": model_of(plan).conv.weight.detach().contiguous()}, str(file))
    try:
        yield str(file)
    finally:
        file.unlink(missing_ok=True)
