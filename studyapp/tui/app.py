"""The Textual app: themes, keys, where one goes from where. Screens are imported when they open, so the first paint stays light."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.filter import LineFilter, Monochrome
from textual.screen import Screen
from textual.theme import Theme

from studyapp.tui import themes
from studyapp.tui.fit import can_run, too_small
from studyapp.tui.keymap import Keys
from studyapp.tui.widgets.paper import Paints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studyapp.api import Study
    from studyapp.tui.screens.base import KeyScreen

__all__ = ["StudyApp", "can_run", "run_app"]

SCREENS = {
    "home": "home:HomeScreen",
    "study": "study:StudyScreen",
    "quiz": "quiz:QuizScreen",
    "lab": "lab:LabScreen",
    "labs": "labs:LabsScreen",
    "summary": "summary:SummaryScreen",
    "result": "result:ResultScreen",
    "page": "page:PageScreen",
    "pages": "pages:PagesScreen",
    "glossary": "glossary:GlossaryScreen",
    "stats": "stats:StatsScreen",
    "readiness": "readiness:ReadinessScreen",
    "misconceptions": "insight:MisconceptionsScreen",
    "calibration": "insight:CalibrationScreen",
    "mastery": "insight:MasteryScreen",
    "settings": "settings:SettingsScreen",
    "help": "help:HelpScreen",
    "text": "text:TextScreen",
    "add": "add:AddScreen",
    "same": "same:SameScreen",
}


def run_app(study: Study, start: str = "home", **args: Any) -> int:
    """Open the terminal UI at a screen (home, study, quiz, lab) and return the exit code when the learner leaves.

    `args` go to that screen: section, limit, minutes, ahead for study; kind, section, minutes for quiz; lab, seed, backend, run for lab.
    An error that ended the app is raised, so that the command line tells it in one line.
    """
    app = StudyApp(study, start, args)
    code = app.run()
    if app.failure is not None:
        raise app.failure
    problem = study.daily_care()
    if problem:
        print(f"studyapp: {problem}", file=sys.stderr)
    return code or 0


class StudyApp(App[int]):
    """One study in a terminal."""

    TITLE = "studyapp"
    CSS_PATH = "styles/app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = []  # keys are resolved from actions.py by KeyScreen
    AUTO_FOCUS = None

    def __init__(self, study: Study, start: str = "home", args: dict[str, Any] | None = None) -> None:
        self.study = study
        self.preferences = Preferences(study)
        # Before Textual's own start, so that the style sheet is made for our theme at once.
        self.set_reactive(App.theme, self.preferences.theme)
        self._no_colour = themes.NoColour()
        super().__init__()
        self.no_color = self.preferences.no_colour(os.environ)
        self.failure: BaseException | None = None
        self.look_for_renames = True  # the courses may have changed since the learner was asked "same card?"
        self.put_off: set[tuple[str, str]] = set()  # pairs that they want to be asked about at the next start
        self._start, self._args = start, args or {}
        self._first_is_over = False
        self.keys = Keys(self.preferences.keys)
        self.paints = self._new_paints()

    @property
    def available_themes(self) -> dict[str, Theme]:
        return {name: themes.textual_theme(name) for name in themes.PALETTES}

    def get_theme(self, theme_name: str) -> Theme | None:
        return themes.textual_theme(theme_name) if theme_name in themes.PALETTES else None

    def get_line_filters(self) -> Sequence[LineFilter]:
        if self.no_color:
            return [self._no_colour]
        return [line_filter for line_filter in super().get_line_filters() if not isinstance(line_filter, Monochrome)]

    def get_default_screen(self) -> Screen[Any]:
        return self.new_screen(self._start, **self._args)

    def new_screen(self, name: str, **args: Any) -> KeyScreen:
        """A screen by its name in SCREENS."""
        module, _, attribute = SCREENS[name].partition(":")
        return getattr(import_module(f"studyapp.tui.screens.{module}"), attribute)(**args)  # type: ignore[no-any-return]

    def open(self, name: str, **args: Any) -> None:
        """Put a screen on top; `escape` comes back."""
        self.push_screen(self.new_screen(name, **args))

    def ask_line(self, question: str, then: Callable[[str], None], text: str = "") -> None:
        """Ask for one line of text; `then` gets it unless the learner goes back."""
        from studyapp.tui.screens.dialog import LineDialog

        self.push_screen(LineDialog(question, then, text))

    def turn_to(self, name: str, **args: Any) -> None:
        """Replace the screen on top. (Textual cannot replace the first screen: the new one then covers it for good.)"""
        if len(self.screen_stack) > 1:
            self.switch_screen(self.new_screen(name, **args))
        else:
            self._first_is_over = True
            self.push_screen(self.new_screen(name, **args))

    def back(self) -> None:
        """Close the screen on top; where nothing lies under it, go home, and from home leave."""
        if len(self.screen_stack) > (2 if self._first_is_over else 1):
            self.pop_screen()
        elif self.screen.name == "home":
            self.exit(0)
        else:
            self.turn_to("home")

    def next_theme(self) -> str:
        """Change to the next theme, keep it in the settings, and return its name."""
        names = list(themes.PALETTES)
        name = names[(names.index(self.theme) + 1) % len(names)]
        self.use_theme(name)
        self.preferences.keep_theme(name)
        return name

    def use_theme(self, name: str) -> None:
        """Paint everything in this theme."""
        self.theme = name
        self.paints = self._new_paints()
        for screen in self.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    def _new_paints(self) -> Paints:
        return Paints(themes.PLAIN_ROLES if self.no_color else themes.role_styles(self.theme))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: every action that the screen offers now."""
        if hasattr(screen, "palette_commands"):
            yield from screen.palette_commands()

    async def _on_resize(self, event: events.Resize) -> None:
        self._mind_size(event.size.width, event.size.height)

    def _on_mount(self) -> None:
        self._mind_size(*self.size)

    def _mind_size(self, columns: int, rows: int) -> None:
        """Below the least size one line covers everything; the screens beneath keep their state."""
        line = too_small(columns, rows)
        covered = bool(self.screen_stack) and self.screen.name == "too-small"
        if line and not covered:
            from studyapp.tui.screens.small import SmallScreen

            self.push_screen(SmallScreen(line))
        elif line and covered:
            self.screen.say(line)  # type: ignore[attr-defined]
        elif covered:
            self.pop_screen()

    async def action_quit(self) -> None:
        self.exit(0)

    async def action_help_quit(self) -> None:  # type: ignore[override]  # ctrl+c leaves: there is nothing to lose
        self.exit(130)

    def _handle_exception(self, error: Exception) -> None:
        """Keep the error for the command line, which tells it in one line and files the details; no traceback on the screen."""
        if self.is_headless:  # tests want it as it is
            super()._handle_exception(error)
        elif self.failure is None:
            self.failure = error
            self.exit(3)


class Preferences:
    """What the UI reads from the settings: theme, colour, the learner's own keys."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.theme = themes.DEFAULT
        self.keys: dict[str, str] = {}
        self._colour = "auto"
        for name, value in study.preferences().items():
            if name == "theme" and value in themes.PALETTES:
                self.theme = value
            elif name == "color":
                self._colour = value
            elif name.startswith("keys."):
                self.keys[name[5:]] = str(value)

    def no_colour(self, env: Mapping[str, str]) -> bool:
        """Whether to paint without colour: the setting `color`, else NO_COLOR (no-color.org: set and not empty)."""
        return self._colour == "never" or (self._colour != "always" and bool(env.get("NO_COLOR")))

    def keep_theme(self, name: str) -> None:
        self._study.set_setting("theme", name)
