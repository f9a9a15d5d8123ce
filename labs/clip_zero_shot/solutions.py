"""Right ways to write each code task, in many styles: the first is the reference, and the checker must accept all of them."""

from __future__ import annotations

T = "import torch\n"
F = "import torch\nimport torch.nn.functional as F\n"
N = "import numpy as np\nimport torch\n"
M = "import math\nimport torch\n"

ZERO_SHOT = [
    F
    + """def zero_shot(images, texts):
    images = F.normalize(images, dim=1)
    texts = F.normalize(texts, dim=1)
    return (images @ texts.T).argmax(dim=1)
""",
    T
    + """def zero_shot(images, texts):
    return (images @ (texts / texts.norm(dim=1, keepdim=True)).T).argmax(1)  # a picture's own length changes no order
""",
    F + "def zero_shot(images, texts):\n    return F.cosine_similarity(images[:, None], texts[None], dim=-1).argmax(-1)\n",
    T
    + """def zero_shot(images, texts):
    i = images / images.norm(dim=-1, keepdim=True)
    t = texts / texts.norm(dim=-1, keepdim=True)
    return torch.einsum("nd,ld->nl", i, t).max(dim=1).indices
""",
    F + "def zero_shot(images, texts):\n    return torch.cdist(F.normalize(images, dim=1), F.normalize(texts, dim=1)).argmin(1)\n",
    F
    + """def zero_shot(images, texts):
    logits = 100 * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    return logits.softmax(dim=1).argmax(dim=1)
""",
    T
    + """def zero_shot(images, texts):
    best = []
    for image in images:
        cosines = [(image @ text) / (image.norm() * text.norm()) for text in texts]
        best.append(int(torch.stack(cosines).argmax()))
    return torch.tensor(best)
""",
    M
    + """def zero_shot(images, texts):
    answer = []
    for image in images.tolist():
        scores = []
        for text in texts.tolist():
            dot = sum(a * b for a, b in zip(image, text))
            scores.append(dot / math.sqrt(sum(b * b for b in text)))
        answer.append(scores.index(max(scores)))
    return torch.tensor(answer)
""",
    N
    + """def zero_shot(images, texts):
    i, t = images.numpy(), texts.numpy()
    i = i / np.linalg.norm(i, axis=1, keepdims=True)
    t = t / np.linalg.norm(t, axis=1, keepdims=True)
    return torch.from_numpy((i @ t.T).argmax(axis=1))
""",
    N
    + """def zero_shot(images, texts):
    t = np.asarray(texts, dtype=np.float64)
    t /= np.sqrt((t ** 2).sum(axis=1))[:, None]
    return np.argmax(np.asarray(images) @ t.T, axis=1)
""",
    T
    + """def zero_shot(images, texts):
    dots = texts @ images.T
    lengths = texts.pow(2).sum(1).sqrt()
    return (dots / lengths[:, None]).argmax(0)
""",
    T
    + """def zero_shot(images, texts):
    cosines = images @ torch.nn.functional.normalize(texts).T
    return torch.sort(cosines, dim=1, descending=True).indices[:, 0]
""",
    T
    + """def zero_shot(images, texts):
    texts = texts * texts.square().sum(1, keepdim=True).rsqrt()
    return (images @ texts.T).topk(1, dim=1).indices.squeeze(1)
""",
]

ENSEMBLE = [
    F
    + """def ensemble(images, prompts):
    prompts = F.normalize(prompts, dim=-1)
    labels = F.normalize(prompts.mean(dim=0), dim=-1)
    return F.normalize(images, dim=-1) @ labels.T
""",
    F
    + """def ensemble(images, prompts):
    labels = F.normalize(F.normalize(prompts, dim=2).sum(0), dim=1)  # a sum has the mean's direction
    return F.normalize(images, dim=1) @ labels.T
""",
    F
    + """def ensemble(images, prompts):
    labels = F.normalize(prompts, dim=2).mean(0)
    return F.cosine_similarity(images[:, None], labels[None], dim=2)
""",
    T
    + """def ensemble(images, prompts):
    unit = prompts / prompts.norm(dim=-1, keepdim=True)
    mean = unit.mean(0)
    mean = mean / mean.norm(dim=-1, keepdim=True)
    images = images / images.norm(dim=-1, keepdim=True)
    return torch.einsum("nd,ld->nl", images, mean)
""",
    T
    + """def ensemble(images, prompts):
    columns = []
    for l in range(prompts.shape[1]):
        unit = torch.stack([p / p.norm() for p in prompts[:, l]])
        mean = unit.mean(0)
        columns.append(images @ (mean / mean.norm()) / images.norm(dim=1))
    return torch.stack(columns, dim=1)
""",
    N
    + """def ensemble(images, prompts):
    p = prompts.numpy()
    p = p / np.linalg.norm(p, axis=-1, keepdims=True)
    m = p.mean(axis=0)
    m = m / np.linalg.norm(m, axis=-1, keepdims=True)
    i = images.numpy()
    i = i / np.linalg.norm(i, axis=-1, keepdims=True)
    return torch.from_numpy(i @ m.T)
""",
    N
    + """def ensemble(images, prompts):
    def unit(v):
        v = np.asarray(v, dtype=np.float64)
        return v / np.sqrt((v * v).sum(-1, keepdims=True))
    return unit(images) @ unit(unit(prompts).mean(0)).T
""",
    F
    + """def ensemble(images, prompts):
    T = prompts.shape[0]
    total = torch.zeros_like(prompts[0])
    for t in range(T):
        total = total + F.normalize(prompts[t], dim=1) / T
    return (F.normalize(total, dim=1) @ F.normalize(images, dim=1).T).T
""",
    F
    + """def ensemble(images, prompts):
    scores = F.normalize(images, dim=1) @ F.normalize(prompts, dim=2).mean(0).T
    lengths = F.normalize(prompts, dim=2).mean(0).norm(dim=1)
    return scores / lengths  # dividing afterwards is the same
""",
    T
    + """def ensemble(images, prompts):
    unit = torch.nn.functional.normalize
    weights = 1 / prompts.norm(dim=2, keepdim=True)
    return unit(images) @ unit((weights * prompts).sum(dim=0)).transpose(0, 1)
""",
    T
    + """def ensemble(images, prompts):
    p = prompts.permute(1, 0, 2)  # labels first
    p = p / p.square().sum(-1, keepdim=True).sqrt()
    labels = torch.stack([label.mean(0) for label in p])
    cosines = images @ labels.T
    return cosines / images.norm(dim=1)[:, None] / labels.norm(dim=1)[None]
""",
    M
    + """def ensemble(images, prompts):
    def unit(v):
        length = math.sqrt(sum(x * x for x in v))
        return [x / length for x in v]
    T, L, D = prompts.shape
    rows = prompts.tolist()
    labels = []
    for l in range(L):
        units = [unit(rows[t][l]) for t in range(T)]
        labels.append(unit([sum(u[d] for u in units) for d in range(D)]))
    return torch.tensor([[sum(a * b for a, b in zip(unit(i), label)) for label in labels] for i in images.tolist()])
""",
]

INFO_NCE = [
    F
    + """def info_nce(images, texts, scale):
    images = F.normalize(images, dim=1)
    texts = F.normalize(texts, dim=1)
    logits = scale * images @ texts.T
    own = torch.arange(len(logits))
    rows = F.cross_entropy(logits, own)
    columns = F.cross_entropy(logits.T, own)
    return (rows + columns) / 2
""",
    F
    + """def info_nce(images, texts, scale):
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    rows = -logits.log_softmax(dim=1).diagonal().mean()
    columns = -logits.log_softmax(dim=0).diagonal().mean()
    return 0.5 * (rows + columns)
""",
    F
    + """def info_nce(images, texts, scale):
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    return ((logits.logsumexp(0) + logits.logsumexp(1)) / 2 - logits.diagonal()).mean()
""",
    T
    + """def info_nce(images, texts, scale):
    i = images / images.norm(dim=1, keepdim=True)
    t = texts / texts.norm(dim=1, keepdim=True)
    logits = scale * torch.einsum("id,jd->ij", i, t)
    loss = torch.nn.CrossEntropyLoss()
    own = torch.arange(i.shape[0])
    return (loss(logits, own) + loss(logits.t(), own)) / 2
""",
    F
    + """def info_nce(images, texts, scale):
    logits = scale * F.cosine_similarity(images[:, None], texts[None], dim=2)
    both = torch.cat([logits, logits.T])
    return F.cross_entropy(both, torch.arange(len(images)).repeat(2))
""",
    F
    + """def info_nce(images, texts, scale):
    logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T
    target = torch.eye(len(logits))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
""",
    F
    + """def info_nce(images, texts, scale):
    logits = (scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T).double()
    powers = (logits - logits.max()).exp()
    right = powers.diagonal()
    return -((right / powers.sum(1)).log() + (right / powers.sum(0)).log()).mean() / 2
""",
    N
    + """def info_nce(images, texts, scale):
    i, t = (np.asarray(v, dtype=np.float64) for v in (images, texts))
    i = i / np.linalg.norm(i, axis=1, keepdims=True)
    t = t / np.linalg.norm(t, axis=1, keepdims=True)
    logits = scale * i @ t.T
    def side(m):
        top = m.max(axis=1, keepdims=True)
        return (np.log(np.exp(m - top).sum(axis=1)) + top[:, 0] - np.diag(m)).mean()
    return torch.tensor((side(logits) + side(logits.T)) / 2)
""",
    F
    + """def info_nce(images, texts, scale):
    images, texts = F.normalize(images, dim=1), F.normalize(texts, dim=1)
    total = 0.0
    for k in range(len(images)):
        total = total + torch.logsumexp(scale * texts @ images[k], 0) - scale * images[k] @ texts[k]
        total = total + torch.logsumexp(scale * images @ texts[k], 0) - scale * images[k] @ texts[k]
    return total / (2 * len(images))
""",
    M
    + """def info_nce(images, texts, scale):
    def unit(v):
        length = math.sqrt(sum(x * x for x in v))
        return [x / length for x in v]
    i, t = [unit(v) for v in images.tolist()], [unit(v) for v in texts.tolist()]
    logits = [[scale * sum(a * b for a, b in zip(x, y)) for y in t] for x in i]
    def surprise(row, k):
        top = max(row)
        return top + math.log(sum(math.exp(z - top) for z in row)) - row[k]
    B = len(i)
    return torch.tensor(sum(surprise(logits[k], k) + surprise([row[k] for row in logits], k) for k in range(B)) / (2 * B))
""",
    F
    + """def info_nce(images, texts, scale):
    def one_side(a, b):
        return F.nll_loss(F.log_softmax(scale * a @ b.T, dim=1), torch.arange(len(a)))
    a, b = F.normalize(images, dim=1), F.normalize(texts, dim=1)
    return torch.stack([one_side(a, b), one_side(b, a)]).mean()
""",
    F
    + """def info_nce(images, texts, scale):
    B = len(images)
    logits = F.normalize(images, dim=1).mul(scale) @ F.normalize(texts, dim=1).T
    own = logits[range(B), range(B)]
    gaps_row, gaps_column = logits - own[:, None], logits - own[None, :]
    return (gaps_row.logsumexp(1).sum() + gaps_column.logsumexp(0).sum()) / (2 * B)
""",
]

ALL = {"q3": ZERO_SHOT, "q5": ENSEMBLE, "q7": INFO_NCE}
