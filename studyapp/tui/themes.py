"""The three themes and the paint of each role. Colour never carries meaning alone: every mark has a sign or a word beside it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import Theme

DEFAULT = "dark"


class Palette(NamedTuple):
    """The colours of one theme; texts reach a contrast of 4.5 to 1 on `ground` and `panel`."""

    ground: str
    ink: str
    dim: str
    accent: str
    good: str
    warn: str
    bad: str
    code: str
    rule: str
    panel: str
    dark: bool = True


PALETTES = {
    "dark": Palette("#14171c", "#dde1e8", "#8e97a6", "#7fb0ff", "#8fce8b", "#e6b566", "#f28b82", "#c9b5f5", "#363d49", "#1f242c"),
    "light": Palette(
        "#fbfaf6", "#22262d", "#5f6773", "#1a5bb8", "#1d6b34", "#855300", "#b3261e", "#63389b", "#cfccc2", "#efece3", dark=False
    ),
    "high-contrast": Palette("#000000", "#ffffff", "#d6d6d6", "#ffff00", "#6cff6c", "#ffd75f", "#ff9a9a", "#7fe3ff", "#ffffff", "#262626"),
}


@cache
def textual_theme(name: str) -> Theme:
    """The theme as Textual's own widgets (inputs, palette) use it."""
    p = PALETTES[name]
    return Theme(
        name=name,
        primary=p.accent,
        secondary=p.code,
        accent=p.accent,
        success=p.good,
        warning=p.warn,
        error=p.bad,
        foreground=p.ink,
        background=p.ground,
        surface=p.ground,
        panel=p.panel,
        dark=p.dark,
        variables={
            "border": p.accent,
            "border-blurred": p.rule,
            "input-cursor-text-style": "reverse",
            "input-cursor-background": p.ground,
            "input-cursor-foreground": p.ink,
            "input-selection-background": f"{p.accent} 35%",
            "block-cursor-background": p.panel,
            "block-cursor-foreground": p.accent,
            "block-cursor-text-style": "bold",
        },
    )


def role_styles(name: str) -> dict[str, Style]:
    """role -> style on the theme's ground. Roles may be joined by spaces ("dim code"); `style_of` does that."""
    p = PALETTES[name]
    return {
        "": Style(color=p.ink, bgcolor=p.ground),
        "dim": Style(color=p.dim),
        "strong": Style(bold=True),
        "emph": Style(italic=True),
        "code": Style(color=p.code),
        "head": Style(color=p.accent, bold=True),
        "accent": Style(color=p.accent),
        "key": Style(color=p.accent, bold=True),
        "good": Style(color=p.good, bold=True),
        "warn": Style(color=p.warn, bold=True),
        "bad": Style(color=p.bad, bold=True),
        "note": Style(color=p.warn),
        "rule": Style(color=p.rule),
        "bar": Style(color=p.accent),
        "cursor": Style(bgcolor=p.panel, bold=True),
        "panel": Style(bgcolor=p.panel),
        "button": Style(bgcolor=p.panel, bold=True),
        "chosen": Style(color=p.ground, bgcolor=p.accent, bold=True),
        "under": Style(underline=True),
        "edit": Style(reverse=True),
    }


# Without colour the same roles differ by weight, underline and reverse video; the words and signs beside them say the rest.
PLAIN_ROLES = {
    "": Style(),
    "dim": Style(),
    "strong": Style(bold=True),
    "emph": Style(italic=True),
    "code": Style(),
    "head": Style(bold=True),
    "accent": Style(bold=True),
    "key": Style(bold=True),
    "good": Style(bold=True),
    "warn": Style(bold=True),
    "bad": Style(bold=True, underline=True),
    "note": Style(),
    "rule": Style(dim=True),
    "bar": Style(bold=True),
    "cursor": Style(bold=True),
    "panel": Style(),
    "button": Style(reverse=True),
    "chosen": Style(reverse=True, bold=True),
    "under": Style(underline=True),
    "edit": Style(reverse=True),
}


class NoColour(LineFilter):
    """NO_COLOR: not one colour code reaches the terminal (Textual's own filter turns colours into greys)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, _bare(style) if style else None, control) for text, style, control in segments]


@lru_cache(1024)
def _bare(style: Style) -> Style:
    bare = style.without_color
    return bare + Style.from_meta(style.meta) if style.meta else bare
