"""Course text on a terminal: made safe, then Markdown-light as lines of styled spans. No Textual, no markup strings.

Spans carry one or more of the words bold, italic, code, heading, quote, rule, link, joined by spaces; "" is plain text.
Not every Markdown is understood, on purpose: `[CLS]`, `2 * 3 * 4` and `patch_size` must come out as they are.
"""

from __future__ import annotations

import re
import unicodedata

Span = tuple[str, str]
Line = list[Span]

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"  # bidi controls and invisible marks
    "\ud800-\udfff\U000e0000-\U000e007f]"  # lone surrogates, tag characters
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_INLINE = re.compile(
    r"\\(?P<escaped>[\\`*_{}\[\]()#+\-.!|~])"
    r"|(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?<![\w*])(?P<both>\*\*\*)(?=[^\s*])(?P<bothtext>.+?)(?<=[^\s*])\*\*\*(?![\w*])"
    r"|(?<!\*)\*\*(?=[^\s*])(?P<bold>.+?)(?<=\S)\*\*(?!\*)"
    r"|(?<![\w*])\*(?=[^\s*])(?P<star>[^*\n]+?)(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<under>[^_\n]+?)(?<=[^\s_])_(?![\w_])"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<url>https?://[^\s()]+)\)",
    re.DOTALL,
)


def safe_text(text: str) -> str:
    """Without anything that could drive the terminal or reorder the line: control, C1 and bidi control characters.

    Newlines stay (every kind becomes one), a tab becomes four spaces. Idempotent; text without such characters is unchanged.
    """
    text = _BREAKS.sub("\n", text) if _BREAKS.search(text) else text
    text = text.replace("\t", "    ") if "\t" in text else text
    return _UNSAFE.sub("", text) if _UNSAFE.search(text) else text


def inline_spans(text: str, style: str = "") -> list[Span]:
    """Bold, italic, code and links of one paragraph as (text, style) spans; the text is made safe."""
    return _spans(safe_text(text), style)


def _spans(text: str, style: str) -> list[Span]:
    spans: list[Span] = []
    end = 0

    def add(piece: str, its_style: str) -> None:
        if piece and spans and spans[-1][1] == its_style:
            spans[-1] = (spans[-1][0] + piece, its_style)
        elif piece:
            spans.append((piece, its_style))

    for match in _INLINE.finditer(text):
        add(text[end : match.start()], style)
        end = match.end()
        group = match.groupdict()
        if group["escaped"] is not None:
            add(group["escaped"], style)
        elif group["code"] is not None:
            code = group["code"]
            inner = code[1:-1] if code.startswith(" ") and code.endswith(" ") and code.strip() else code
            add(inner, _with(style, "code"))
        elif group["label"] is not None:
            for piece, its_style in _spans(group["label"], _with(style, "link")):
                add(piece, its_style)
            add(f" ({group['url']})", style)
        else:
            name = "bold italic" if group["both"] else "bold" if group["bold"] is not None else "italic"
            inside = group["bothtext"] or group["bold"] or group["star"] or group["under"] or ""
            for piece, its_style in _spans(inside, _with(style, name)):
                add(piece, its_style)
    add(text[end:], style)
    return spans


def _with(style: str, name: str) -> str:
    return f"{style} {name}".strip() if name not in style.split() else style


def plain(spans: list[Span]) -> str:
    """The characters of a line without their styles."""
    return "".join(text for text, _ in spans)


def cell_width(text: str) -> int:
    """Columns that a terminal uses for it: wide East Asian characters and emoji take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def wrap(spans: list[Span], width: int | None, indent: str = "") -> list[Line]:
    """One paragraph as lines of at most `width` columns, later lines indented; a word longer than a line is cut."""
    lines: list[Line] = [[]]
    used = 0
    gap: Span = ("", "")  # the space before the next word, dropped where the line ends there

    def break_line() -> None:
        nonlocal used
        lines.append([(indent, "")] if indent else [])
        used = cell_width(indent)

    for word in _words(spans):
        text = plain(word)
        if text == "\n":
            break_line()
            gap = ("", "")
            continue
        if text.isspace():
            gap = word[0]
            continue
        size = cell_width(text)
        empty = used <= (cell_width(indent) if len(lines) > 1 else 0)
        if width is not None and not empty and used + cell_width(gap[0]) + size > width:
            break_line()
        elif gap[0] and (width is None or used + cell_width(gap[0]) + min(size, 2) <= width):  # a wide letter needs two columns
            lines[-1].append(gap)
            used += cell_width(gap[0])
        gap = ("", "")
        while width is not None and used + size > width > used:
            head, word = _cut(word, width - used)
            lines[-1] += head
            break_line()
            size = cell_width(plain(word))
        lines[-1] += word
        used += size
    return [_merged(line) for line in lines]


def _words(spans: list[Span]) -> list[list[Span]]:
    """Words, spaces and line breaks; a word may run over several spans (`**[CLS]**,` is one)."""
    words: list[list[Span]] = []
    glued = False
    for text, style in spans:
        for piece in re.findall(r"\n|[^\S\n]+|\S+", text):
            if glued and not piece.isspace():
                words[-1].append((piece, style))
            else:
                words.append([(piece, style)])
            glued = not piece.isspace()
    return words


def _cut(word: list[Span], room: int) -> tuple[list[Span], list[Span]]:
    """Split a word after `room` columns, but never before its first character."""
    head: list[Span] = []
    for number, (text, style) in enumerate(word):
        for index, char in enumerate(text):
            room -= _char_width(char)
            if room < 0 and (index or head):
                return [*head, *([(text[:index], style)] if index else [])], [(text[index:], style), *word[number + 1 :]]
        head.append((text, style))
    return head, []


def _merged(line: Line) -> Line:
    result: Line = []
    for text, style in line:
        if result and result[-1][1] == style:
            result[-1] = (result[-1][0] + text, style)
        else:
            result.append((text, style))
    return result
