"""Right ways to write each code task, in many styles: the first is the reference, and the checker must accept all of them."""

from __future__ import annotations

T = "import torch\n"
R = "import torch\nfrom einops import rearrange\n"
F = "import torch\nimport torch.nn.functional as F\n"

PATCHIFY = [
    R
    + """def patchify(x, p):
    order = "b c (h p1) (w p2) -> b (h w) (c p1 p2)"
    return rearrange(x, order, p1=p, p2=p)
""",
    R + 'def patchify(x, p):\n    return rearrange(x, "b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=p, p2=p)\n',
    T
    + """def patchify(x, p):
    B, C, H, W = x.shape
    x = x.view(B, C, H // p, p, W // p, p).permute(0, 2, 4, 1, 3, 5)
    return x.reshape(B, (H // p) * (W // p), C * p * p)
""",
    T
    + """def patchify(x, p):
    B, C, H, W = x.shape
    x = x.reshape(B, C, H // p, p, W // p, p)
    return torch.einsum("bchiwj->bhwijc", x).reshape(B, -1, p * p * C)
""",
    F + "def patchify(x, p):\n    return F.unfold(x, kernel_size=p, stride=p).transpose(1, 2)\n",
    T + "def patchify(x, p):\n    return torch.nn.Unfold(p, stride=p)(x).permute(0, 2, 1)\n",
    T
    + """def patchify(x, p):
    t = x.unfold(2, p, p).unfold(3, p, p)  # B C h w p p
    return t.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)
""",
    T
    + """def patchify(x, p):
    B, C, H, W = x.shape
    rows = []
    for i in range(0, H, p):
        for j in range(0, W, p):
            rows.append(x[:, :, i:i + p, j:j + p].reshape(B, -1))
    return torch.stack(rows, dim=1)
""",
    T
    + """def patchify(x, p):
    tiles = [tile for band in x.split(p, dim=2) for tile in band.split(p, dim=3)]
    return torch.stack([tile.permute(0, 2, 3, 1).flatten(1) for tile in tiles], 1)
""",
    F
    + """def patchify(x, p):
    C = x.shape[1]
    kernel = torch.eye(C * p * p, dtype=x.dtype).reshape(C * p * p, C, p, p)
    return F.conv2d(x, kernel, stride=p).flatten(2).transpose(1, 2)
""",
    F
    + """def patchify(x, p):
    B, C, H, W = x.shape
    return F.pixel_unshuffle(x, p).flatten(2).transpose(1, 2)  # channels of the result are (c p1 p2)
""",
    T
    + """def patchify(x, p):
    B, C, H, W = x.shape
    h, w = H // p, W // p
    out = torch.empty(B, h * w, p * p * C, dtype=x.dtype)
    for b in range(B):
        for n in range(h * w):
            r, c = divmod(n, w)
            out[b, n] = x[b, :, r * p:(r + 1) * p, c * p:(c + 1) * p].flatten()
    return out
""",
]

UNPATCHIFY = [
    R
    + """def unpatchify(t, p, h, w):
    order = "b (h w) (c p1 p2) -> b c (h p1) (w p2)"
    return rearrange(t, order, h=h, w=w, p1=p, p2=p)
""",
    R + 'def unpatchify(t, p, h, w):\n    return rearrange(t, "b (h w) (c i j) -> b c (h i) (w j)", h=h, i=p, j=p)\n',
    T
    + """def unpatchify(t, p, h, w):
    B, N, L = t.shape
    C = L // (p * p)
    return t.view(B, h, w, C, p, p).permute(0, 3, 1, 4, 2, 5).reshape(B, C, h * p, w * p)
""",
    T
    + """def unpatchify(t, p, h, w):
    t = t.reshape(t.shape[0], h, w, -1, p, p)
    return torch.einsum("bhwcij->bchiwj", t).flatten(4).flatten(2, 3)
""",
    F + "def unpatchify(t, p, h, w):\n    return F.fold(t.transpose(1, 2), (h * p, w * p), kernel_size=p, stride=p)\n",
    T + "def unpatchify(t, p, h, w):\n    return torch.nn.Fold((h * p, w * p), p, stride=p)(t.permute(0, 2, 1))\n",
    F + "def unpatchify(t, p, h, w):\n    return F.pixel_shuffle(t.transpose(1, 2).unflatten(2, (h, w)), p)\n",
    T
    + """def unpatchify(t, p, h, w):
    B, N, L = t.shape
    C = L // p // p
    x = torch.empty(B, C, h * p, w * p, dtype=t.dtype)
    for n in range(N):
        r, c = n // w, n % w
        x[:, :, r * p:r * p + p, c * p:c * p + p] = t[:, n].reshape(B, C, p, p)
    return x
""",
    T
    + """def unpatchify(t, p, h, w):
    B, C = t.shape[0], t.shape[2] // p ** 2
    tiles = t.reshape(B, h, w, C, p, p)
    bands = [torch.cat([tiles[:, r, c] for c in range(w)], dim=-1) for r in range(h)]
    return torch.cat(bands, dim=-2)
""",
    F
    + """def unpatchify(t, p, h, w):
    L = t.shape[2]
    C = L // (p * p)
    kernel = torch.eye(L, dtype=t.dtype).reshape(L, C, p, p)
    return F.conv_transpose2d(t.transpose(1, 2).reshape(-1, L, h, w), kernel, stride=p)
""",
    T
    + """def unpatchify(t, p, h, w):
    B, N, L = t.shape
    C = L // (p * p)
    x = t.reshape(B, h, w, C, p, p).movedim(3, 1)  # B C h w p p
    return x.transpose(3, 4).reshape(B, C, h * p, w * p)
""",
]

LINEAR = [
    T + "def conv_to_linear(weight):\n    return weight.reshape(weight.shape[0], -1)\n",
    T + "def conv_to_linear(weight):\n    return weight.flatten(1)\n",
    R + 'def conv_to_linear(weight):\n    return rearrange(weight, "d c p1 p2 -> d (c p1 p2)")\n',
    T + "def conv_to_linear(weight):\n    D, C, p, q = weight.shape\n    return weight.view(D, C * p * q)\n",
    T + "def conv_to_linear(weight):\n    return torch.stack([kernel.flatten() for kernel in weight])\n",
    T + "def conv_to_linear(weight):\n    return torch.cat([weight[:, c].flatten(1) for c in range(weight.shape[1])], dim=1)\n",
    T + "def conv_to_linear(weight):\n    return torch.nn.Flatten()(weight)\n",
    T + "def conv_to_linear(weight):\n    return weight.flatten(2).flatten(1)\n",
    T
    + """def conv_to_linear(weight):
    D, C, p, _ = weight.shape
    out = torch.zeros(D, C * p * p, dtype=weight.dtype)
    for c in range(C):
        for i in range(p):
            for j in range(p):
                out[:, c * p * p + i * p + j] = weight[:, c, i, j]
    return out
""",
    F
    + """def conv_to_linear(weight):
    D, C, p, _ = weight.shape
    basis = torch.eye(C * p * p, dtype=weight.dtype).reshape(C * p * p, C, p, p)
    return F.conv2d(basis, weight).flatten(1).T.contiguous()
""",
    F + "def conv_to_linear(weight):\n    return F.unfold(weight, weight.shape[-1]).squeeze(-1)\n",
    T + "def conv_to_linear(weight):\n    return weight.contiguous().clone().unflatten(0, (-1, 1)).flatten(1)\n",
]

ALL = {"q7": PATCHIFY, "q8": UNPATCHIFY, "q9": LINEAR}
