"""Pictures together: a sheet with letters, a strip of numbered frames, two beside each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from labs.figures import canvas as paper
from labs.figures.pixels import Frame, Pixels, frame, in_text
from labs.figures.words import COLUMNS, cut, ended, letter, listed, opened, plain, wrapped
from studyapp.labkit.api import Picture

ROW, FRAMES = 5, 8  # of a strip: so many in one row, so many in two; more stand eight a row
SIDE, LARGEST = 200, 400  # pixels of a shown side: about, at most
TEXT_WIDE, TEXT_COLUMNS = 24, 6  # a picture in text: at most so wide, so many beside each other
GAP, HEAD = 14, 36


def sheet(
    key: str,
    title: str,
    pictures: Mapping[str, Pixels],
    columns: int = 4,
    say: Mapping[str, str] | None = None,
    scale: float | None = None,
    png: bool = True,
) -> Picture:
    """A contact sheet. The keys of `pictures` are shown: one letter as it is ("a" as A), a longer name after the letter of its
    place. `say` puts the content into words, for the text alternative only; `scale` is pixels a pixel (fitting where None)."""
    say = say or {}
    for name in say:
        if name not in pictures:
            raise ValueError(f"words are given for {plain(name)}, which is no picture of this sheet")
    names = [name.upper() if len(name) == 1 else f"{letter(n)} {plain(name)}" for n, name in enumerate(pictures)]
    words = [plain(say.get(name, "")) for name in pictures]
    return _together(key, title, names, [frame(p) for p in pictures.values()], columns, words, scale, png)


def strip(
    key: str,
    title: str,
    frames: Sequence[Pixels],
    say: Sequence[str] = (),
    names: Sequence[str] = (),
    marked: Collection[int] = (),
    scale: float | None = None,
    png: bool = True,
) -> Picture:
    """Frames in their order, numbered from 0 (or under `names`), in rows that half cells can show; those at the places `marked` are
    framed."""
    if (say and len(say) != len(frames)) or (names and len(names) != len(frames)):
        raise ValueError(f"{len(frames)} frames, {len(say)} words and {len(names)} names do not fit together")
    said = [plain(str(name)) for name in names] or [str(n) for n in range(len(frames))]
    count = len(frames)
    columns = max(1, count if count <= ROW else -(-count // 2) if count <= FRAMES else FRAMES)
    return _together(key, title, said, [frame(p) for p in frames], columns, [plain(s) for s in say], scale, png, marked)


def beside(
    key: str, title: str, yours: Pixels | None, target: Pixels | None, names: tuple[str, str] = ("yours", "the target"), png: bool = True
) -> Picture:
    """Two pictures side by side; one may be missing (None or empty), where there was nothing that could be drawn."""
    both = [None if picture is None or (not hasattr(picture, "dtype") and not picture) else frame(picture) for picture in (yours, target)]
    if all(both):
        end = f"{names[0]} and {names[1]} are the same picture" if both[0] == both[1] else f"{names[0]} differs from {names[1]}"
    else:
        end = " and ".join(f"{name} cannot be drawn" for name, picture in zip(names, both, strict=True) if picture is None)
    width = 36
    texts = iter(in_text([picture for picture in both if picture], width))
    blocks = [next(texts) if picture else ["(nothing to draw)"] for picture in both]
    lines = [*wrapped(title), f"{cut(names[0], width):<{width}} │ {cut(names[1], width)}", *_joined(blocks, width, " │ ")]
    drawn = _drawn(title, names, both, 2, LARGEST, None, ()) if png else None
    return Picture(key=key, png=drawn, grid=tuple(lines), alt=f"{opened(title)} {end}.")


def _together(
    key: str,
    title: str,
    names: Sequence[str],
    pictures: Sequence[Frame],
    columns: int,
    words: Sequence[str],
    scale: float | None,
    png: bool,
    marked: Collection[int] = (),
) -> Picture:
    if columns < 1:
        raise ValueError(f"a sheet of {columns} columns cannot be drawn")
    if not pictures:
        drawn = paper.empty(title) if png else None
        return Picture(key=key, png=drawn, grid=paper.nothing(title), alt=f"{opened(title)} no pictures.")
    parts = [f"{name} {word}" for name, word in zip(names, words, strict=True) if word] if any(words) else [_in_turn(names)]
    count = f"{len(pictures)} pictures" if len(pictures) > 1 else "one picture"
    notes = f" Marked: {listed([names[n] for n in sorted(marked)])}." if marked else ""
    alt = ended(f"{opened(title)} {count}: {'; '.join(parts)}") + notes
    drawn = _drawn(title, names, pictures, columns, SIDE, scale, marked) if png else None
    return Picture(key=key, png=drawn, grid=_text(title, names, pictures, columns, marked), alt=alt)


def _in_turn(names: Sequence[str]) -> str:
    numbered = len(names) > 2 and list(names) == [str(n) for n in range(len(names))]
    return f"numbered 0 to {len(names) - 1}" if numbered else listed(names)


def _text(title: str, names: Sequence[str], pictures: Sequence[Frame], columns: int, marked: Collection[int]) -> tuple[str, ...]:
    columns = min(columns, len(pictures), TEXT_COLUMNS)
    width = min(TEXT_WIDE, (COLUMNS - 2 * (columns - 1)) // columns)
    lines, texts = wrapped(title), in_text(pictures, width)
    for start in range(0, len(pictures), columns):
        row = range(start, min(len(pictures), start + columns))
        heads = [cut(f"[{names[n]}]" if n in marked else names[n], width) for n in row]
        lines.append("  ".join(f"{head:<{width}}" for head in heads).rstrip())
        lines += _joined(texts[start : start + columns], width, "  ")
    return tuple(lines)


def _joined(blocks: Sequence[list[str]], width: int, between: str) -> list[str]:
    height = max(map(len, blocks))
    filled = [block + [""] * (height - len(block)) for block in blocks]
    return [between.join(f"{line:<{width}}" for line in lines).rstrip() for lines in zip(*filled, strict=True)]


def _drawn(
    title: str,
    names: Sequence[str],
    pictures: Sequence[Frame | None],
    columns: int,
    side: float,
    scale: float | None,
    marked: Collection[int],
) -> bytes:
    """All cells as large as the largest picture; a picture is enlarged by a whole number where it can be."""
    columns = min(columns, len(pictures))
    widest = max((picture.width for picture in pictures if picture), default=1)
    highest = max((picture.height for picture in pictures if picture), default=1)
    room = min(LARGEST, (paper.WIDTH - GAP) / columns - GAP)
    if scale is None:
        fits = min(room if columns <= 4 else max(room, 0.7 * side), LARGEST) / max(widest, highest)
        scale = int(fits) if fits >= 1 else fits
    wide, high = widest * scale, highest * scale
    rows = -(-len(pictures) // columns)
    width = max(paper.WIDTH, columns * (wide + GAP) + GAP)
    canvas, top = paper.headed(title, rows * (high + HEAD + GAP), width)
    for n, (name, picture) in enumerate(zip(names, pictures, strict=True)):
        x, y = round(GAP + n % columns * (max(wide, room) + GAP)), round(top + n // columns * (high + HEAD + GAP))
        canvas.text(x + 2, y + HEAD / 2, paper.fitted(name, max(wide, room)))
        if picture is None:
            canvas.text(x + 2, y + HEAD + 20, "(nothing to draw)", paper.SMALL, paper.DIM)
            continue
        canvas.paste(picture.rgb, (picture.width, picture.height), x, y + HEAD, (picture.width * scale, picture.height * scale))
        edge = (x - 5, y + HEAD - 5, x + picture.width * scale + 5, y + HEAD + picture.height * scale + 5)
        if n in marked:
            canvas.box(*edge, edge=paper.COLOURS[1], width=5)
    return canvas.png()
