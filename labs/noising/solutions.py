"""Right sources of the two code tasks, in as many styles as learners may choose; the first is the reference that is shown."""

from __future__ import annotations

T = "import torch\n"
R = "import torch\nfrom einops import rearrange\n"
M = "import math\nimport torch\n"

ADD = [
    T + "def add_noise(x0, eps, abar):\n    a = abar.view(-1, 1, 1, 1)\n    return a.sqrt() * x0 + (1 - a).sqrt() * eps\n",
    T + "def add_noise(x0, eps, abar):\n    a = abar[:, None, None, None]\n    return torch.sqrt(a) * x0 + torch.sqrt(1 - a) * eps\n",
    T + "def add_noise(x0, eps, abar):\n    a = abar.reshape(-1, 1, 1, 1)\n    return a ** 0.5 * x0 + (1 - a) ** 0.5 * eps\n",
    R + 'def add_noise(x0, eps, abar):\n    a = rearrange(abar, "b -> b 1 1 1")\n    return a.sqrt() * x0 + (1 - a).sqrt() * eps\n',
    T
    + """def add_noise(x0, eps, abar):
    out = torch.empty_like(x0)
    for b in range(len(x0)):
        out[b] = abar[b].sqrt() * x0[b] + (1 - abar[b]).sqrt() * eps[b]
    return out
""",
    T
    + """def add_noise(x0, eps, abar):
    mixed = [a.sqrt() * x + (1 - a).sqrt() * e for x, e, a in zip(x0, eps, abar)]
    return torch.stack(mixed)
""",
    T
    + """def add_noise(x0, eps, abar):
    signal = torch.einsum("b,bchw->bchw", abar.sqrt(), x0)
    noise = torch.einsum("b,bchw->bchw", (1 - abar).sqrt(), eps)
    return signal + noise
""",
    T
    + """def add_noise(x0, eps, abar):
    # the batch moved to the end, where broadcasting begins
    mixed = abar.sqrt() * x0.movedim(0, -1) + (1 - abar).sqrt() * eps.movedim(0, -1)
    return mixed.movedim(-1, 0)
""",
    T
    + """def add_noise(x0, eps, abar):
    a = abar.unsqueeze(1)
    flat = a.sqrt() * x0.flatten(1) + (1 - a).sqrt() * eps.flatten(1)
    return flat.view_as(x0)
""",
    M
    + """def add_noise(x0, eps, abar):
    rows = []
    for index, a in enumerate(abar.tolist()):
        rows.append(math.sqrt(a) * x0[index] + math.sqrt(1 - a) * eps[index])
    return torch.stack(rows, dim=0)
""",
    T
    + """def add_noise(x0, eps, abar):
    s = abar.sqrt()
    n = torch.sqrt(1 - s * s)
    while s.dim() < x0.dim():
        s, n = s.unsqueeze(-1), n.unsqueeze(-1)
    return s * x0 + n * eps
""",
    T
    + """def add_noise(x0, eps, abar):
    angle = torch.arccos(abar.sqrt()).view(-1, 1, 1, 1)
    return angle.cos() * x0 + angle.sin() * eps
""",
]

BACK = [
    T + "def predict_x0(x_t, eps, abar):\n    a = abar.view(-1, 1, 1, 1)\n    return (x_t - (1 - a).sqrt() * eps) / a.sqrt()\n",
    T + "def predict_x0(x_t, eps, abar):\n    a = abar[:, None, None, None]\n    return (x_t - torch.sqrt(1 - a) * eps) / torch.sqrt(a)\n",
    T + "def predict_x0(x_t, eps, abar):\n    a = abar.reshape(-1, 1, 1, 1)\n    return (x_t - (1 - a) ** 0.5 * eps) * a ** -0.5\n",
    R + 'def predict_x0(x_t, eps, abar):\n    a = rearrange(abar, "b -> b 1 1 1")\n    return (x_t - (1 - a).sqrt() * eps) / a.sqrt()\n',
    T
    + """def predict_x0(x_t, eps, abar):
    a = abar.view(-1, 1, 1, 1)
    return x_t / a.sqrt() - (1 / a - 1).sqrt() * eps
""",
    T
    + """def predict_x0(x_t, eps, abar):
    out = torch.zeros_like(x_t)
    for b in range(x_t.shape[0]):
        out[b] = (x_t[b] - (1 - abar[b]).sqrt() * eps[b]) / abar[b].sqrt()
    return out
""",
    T
    + """def predict_x0(x_t, eps, abar):
    return torch.stack([(x - (1 - a).sqrt() * e) / a.sqrt() for x, e, a in zip(x_t, eps, abar)])
""",
    T
    + """def predict_x0(x_t, eps, abar):
    rest = x_t - torch.einsum("b,bchw->bchw", (1 - abar).sqrt(), eps)
    return torch.einsum("b,bchw->bchw", abar.rsqrt(), rest)
""",
    T
    + """def predict_x0(x_t, eps, abar):
    a = abar.unsqueeze(-1)
    flat = (x_t.flatten(1) - (1 - a).sqrt() * eps.flatten(1)) / a.sqrt()
    return flat.reshape(x_t.shape)
""",
    T
    + """def predict_x0(x_t, eps, abar):
    rest = x_t.movedim(0, -1) - (1 - abar).sqrt() * eps.movedim(0, -1)
    return (rest / abar.sqrt()).movedim(-1, 0)
""",
    T
    + """def predict_x0(x_t, eps, abar):
    s, n = abar.sqrt(), (1 - abar).sqrt()
    for _ in range(x_t.dim() - 1):
        s, n = s[..., None], n[..., None]
    return (x_t - n * eps).div(s)
""",
    T
    + """def predict_x0(x_t, eps, abar):
    # by way of the noise level sigma of x_t / sqrt(abar)
    a = abar.view(-1, 1, 1, 1)
    sigma = ((1 - a) / a).sqrt()
    return x_t * (1 + sigma ** 2).sqrt() - sigma * eps
""",
]

ALL = {"q3": ADD, "q10": BACK}
