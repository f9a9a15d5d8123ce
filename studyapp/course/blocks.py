"""Markdown-light blocks as lines for a terminal: paragraphs, headings, lists, quotes, tables, fenced code, rules."""

from __future__ import annotations

import re

from studyapp.course.text import Line, Span, cell_width, inline_spans, plain, safe_text, wrap

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_LIST = re.compile(r"(\s*)([-*+]|\d{1,3}[.)])\s+(.*)")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_LEAST_COLUMN = 6


def markdown_lines(markdown: str, width: int | None = None) -> list[Line]:
    """The text as lines of (text, style) spans, wrapped to `width` columns (None: not wrapped). Fenced code is kept as it is."""
    lines: list[Line] = []
    rows = safe_text(markdown).strip("\n").split("\n")
    at = 0
    while at < len(rows):
        row = rows[at]
        fence = _FENCE.match(row)
        if fence:
            at = _fenced(rows, at, fence.group(1), lines)
        elif not row.strip():
            if lines and lines[-1]:
                lines.append([])
            at += 1
        elif heading := _HEADING.match(row):
            lines += wrap(inline_spans(heading.group(2), "heading"), width)
            at += 1
        elif _RULE.match(row):
            lines.append([("─" * min(width or 40, 40), "rule")])
            at += 1
        elif "|" in row and at + 1 < len(rows) and _TABLE_RULE.match(rows[at + 1]) and "|" in rows[at + 1]:
            at = _table(rows, at, width, lines)
        else:
            at = _paragraph(rows, at, width, lines)
    return lines


def plain_text(markdown: str, width: int | None = None) -> str:
    """The same without styles, for `--plain`, search and messages."""
    return "\n".join(plain(line).rstrip() for line in markdown_lines(markdown, width))


def _fenced(rows: list[str], at: int, fence: str, lines: list[Line]) -> int:
    at += 1
    while at < len(rows) and not rows[at].strip().startswith(fence):
        lines.append([(rows[at], "code block")] if rows[at] else [])
        at += 1
    return at + 1


def _paragraph(rows: list[str], at: int, width: int | None, lines: list[Line]) -> int:
    """A paragraph, a list item or a quote, with the lines that continue it."""
    item = _LIST.match(rows[at])
    quote = rows[at].lstrip().startswith(">")
    prefix, style = "", ""
    first = rows[at].strip()
    if item:
        mark = "•" if item.group(2) in "-*+" else item.group(2)
        prefix, first = f"{item.group(1)}{mark} ", item.group(3)
    elif quote:
        prefix, style, first = "│ ", "quote", rows[at].lstrip()[1:].strip()
    text = [first]
    at += 1
    while at < len(rows) and rows[at].strip() and not _starts_block(rows[at], quote):
        text.append(rows[at].lstrip().removeprefix(">").strip() if quote else rows[at].strip())
        at += 1
    joined = "\n".join(text) if quote else " ".join(text)
    indent = prefix if quote else " " * cell_width(prefix)
    spans: list[Span] = [(prefix, style)] if prefix else []
    lines += wrap([*spans, *inline_spans(joined, style)], width, indent)
    return at


def _starts_block(row: str, in_quote: bool) -> bool:
    quote = row.lstrip().startswith(">")
    return bool(_FENCE.match(row) or _HEADING.match(row) or _LIST.match(row) or _RULE.match(row)) or (quote and not in_quote)


def _cells(row: str) -> list[list[Span]]:
    """The cells of a table row; a | inside code or after a backslash does not end one."""
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    cells = re.findall(r"(?:\\.|`[^`]*`|[^|\\`]|[\\`])+|(?<=\|)(?=\|)", row)
    return [inline_spans(cell.strip()) for cell in cells]


def _table(rows: list[str], at: int, width: int | None, lines: list[Line]) -> int:
    table = [[[(text, f"{style} bold".strip()) for text, style in cell] for cell in _cells(rows[at])]]
    at += 2
    while at < len(rows) and "|" in rows[at]:
        table.append(_cells(rows[at]))
        at += 1
    columns = max(len(row) for row in table)
    for row in table:
        row += [[] for _ in range(columns - len(row))]
    widths = _fitted([max(cell_width(plain(row[column])) for row in table) for column in range(columns)], width)
    for number, row in enumerate(table):
        lines += _table_row(row, widths)
        if number == 0:
            lines.append([("─┼─".join("─" * size for size in widths), "rule")])
    return at


def _fitted(widths: list[int], room: int | None) -> list[int]:
    """Take columns from the widest until the table fits (or nothing more can be taken)."""
    widths = [max(1, size) for size in widths]
    while room is not None and sum(widths) + 3 * (len(widths) - 1) > room and max(widths) > _LEAST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths


def _table_row(row: list[list[Span]], widths: list[int]) -> list[Line]:
    wrapped = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    result: list[Line] = []
    for number in range(max(len(cell) for cell in wrapped)):
        line: Line = []
        for column, (cell, size) in enumerate(zip(wrapped, widths, strict=True)):
            spans = cell[number] if number < len(cell) else []
            last = column == len(widths) - 1
            padding = "" if last else " " * (size - cell_width(plain(spans)))
            line += [*spans, (padding + ("" if last else " │ "), "")]
        result.append([span for span in line if span[0]])
    return result
