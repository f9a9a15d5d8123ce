"""The home screen: what waits, the one suggested next thing, the sections with their strength, the labs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.tui.lab.ahead import prepare
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.screens.labs import state_of
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, beside, clean, lay
from studyapp.tui.text.words import count, meter, share, when

if TYPE_CHECKING:
    from studyapp.api.views import HomeView, LabRow, SectionRow, Suggestion

TWO_COLUMNS = 74  # from this width the labs stand beside the sections
LAB_COLUMN, GAP = 20, 2


class HomeScreen(KeyScreen):
    """The cursor starts on the suggestion and walks over sections and labs."""

    def __init__(self) -> None:
        super().__init__("home")
        self.view: HomeView | None = None
        self.at = 0
        self._rows: list[tuple[str, str]] = []  # what the cursor can stand on: ("next", ""), ("section", id), ("lab", id)

    async def opened(self) -> None:
        self._load()

    def on_screen_resume(self) -> None:
        if self.view is not None:
            self._load()

    def _load(self) -> None:
        self.view = self.study.home_view()
        view = self.view
        self._rows = [("next", ""), *(("section", row.id) for row in view.sections), *(("lab", row.id) for row in view.labs)]
        self.at = min(self.at, len(self._rows) - 1)
        self.draw()
        if view.notes and not self._said:  # what a screen on top has just told comes first
            self.say(view.notes[0], "warn")
        self.call_after_refresh(self._ask_renames)

    def _ask_renames(self) -> None:
        """Cards that are gone and others that are like them: the same? Here nobody is in the middle of an answer."""
        if not self.study_app.look_for_renames or self.app.screen is not self:
            return
        self.study_app.look_for_renames = False
        pairs = [pair for pair in self.study.renamed() if (pair["old"], pair["new"]) not in self.study_app.put_off]
        if pairs:
            self.study_app.open("same", pairs=pairs, done=self.say)

    def contexts(self) -> list[str]:
        return ["home", "own", "list", "scroll", "app", "read"]

    # what is painted

    def heading(self) -> tuple[Line, Line]:
        if self.view is None:
            return (Piece("studyapp", "strong"),), ()
        view = self.view
        right: list[Piece] = []
        if view.done_today:
            right.append(Piece(f"{view.done_today} today   ", "dim"))
        note = f" ({view.streak_note})" if view.streak_note and self.app.size.width >= 100 else ""
        right.append(
            Piece(f"streak {count(view.streak, 'day')}{note}" if view.streak else "no streak yet", "accent" if view.streak else "dim")
        )
        return (Piece(clean(view.title), "strong"),), tuple(right)

    def draw_paper(self, top: int | None = 0) -> None:
        if self.view is None:
            return
        width = self.measure
        lines = lay(self._headline(), width)
        if width >= TWO_COLUMNS:
            left_width = width - LAB_COLUMN - GAP
            lines += beside(lay(self._sections(left_width), left_width), lay(self._labs(), LAB_COLUMN), left_width, GAP)
        else:
            lines += [*lay(self._sections(width), width), (), *lay(self._labs(), width)]
        pad = (Piece(" " * self.margin),)
        self.paper.show([pad + line for line in lines], top)
        here = [n for n, line in enumerate(lines) if any(piece.click == f"home.row:{self.at}" for piece in line)]
        if here:
            self.paper.reveal_row(here[0], here[-1] - here[0] + 1)

    def _headline(self) -> list[Block]:
        assert self.view is not None
        due, suggestion = self.view.due, self.view.suggestion
        here = self.at == 0
        label = Piece(f" {clean(suggestion.label)} ", "chosen" if here else "button", "home.row:0")
        rows = [BLANK] if self.app.size.height > 26 else []
        rows += [Block((label, Piece("  "), Piece(clean(suggestion.detail), "dim")), first=(_marker(here),), wrap=False), BLANK]
        if due.due_now:
            parts = [f"{n} {word}" for n, word in ((due.learning, "learning"), (due.review, "to review"), (due.new, "new")) if n]
            minutes = "" if suggestion.action == "study" else f"   about {count(max(1, due.minutes), 'minute')}"
            text = (Piece(f"{due.due_now} due", "head"), Piece(f"   {', '.join(parts)}{minutes}", "dim"))
        else:
            coming = f"   the next card comes {when(due.next_due)}" if due.next_due else ""
            text = (Piece("Nothing is due", "head"), Piece(coming, "dim"))
        return [*rows, Block(text, first=(Piece("  "),), wrap=False), BLANK]

    def _sections(self, width: int) -> list[Block]:
        assert self.view is not None
        rows = [Block((Piece("  Sections", "dim"),), right=(Piece("strength  due", "dim"),), wrap=False)]
        cells = 4 if width < 62 else 12
        course = ""
        for n, row in enumerate(self.view.sections, 1):
            if row.course != course:
                course = row.course
                rows.append(Block((Piece(clean(course), "head"),), first=(Piece("  "),), wrap=False))
            rows.append(self._section(row, here=self.at == n, cells=cells))
        return rows

    def _section(self, row: SectionRow, here: bool, cells: int) -> Block:
        number = row.number if row.number.isdigit() else "·"
        due = Piece(f"{row.due:>4}", "accent") if row.due else Piece("   ·", "dim")
        right = (*meter(row.strength, cells), Piece(f"{share(row.strength):>5}", "dim"), due)
        first = (_marker(here), Piece(f"{number:>2} ", "dim"))
        title = Piece(clean(row.title), "strong" if here else "")
        return Block((title,), first=first, right=right, wrap=False, click=f"home.row:{self._index('section', row.id)}")

    def _labs(self) -> list[Block]:
        assert self.view is not None
        labs = self.view.labs
        rows = [Block((Piece("  Labs", "dim"),), wrap=False)]
        if not labs:
            rows.append(Block((Piece("  none installed", "dim"),), wrap=False))
        room = self.app.size.height - 9
        short, brief = 3 * len(labs) >= room, 2 * len(labs) > room  # many labs: two lines each, or one
        for row in labs:
            index = self._index("lab", row.id)
            here, click = self.at == index, f"home.row:{index}"
            title = Piece(clean(row.title), "strong" if here else "")
            rows.append(Block((title,), first=(_marker(here),), rest=(Piece("  "),), wrap=not short, click=click))
            if not brief:
                rows.append(Block((_lab_state(row),), first=(Piece("  "),), rest=(Piece("  "),), wrap=not short, click=click))
        return rows

    def _index(self, kind: str, id: str) -> int:
        return self._rows.index((kind, id))

    # what can be done

    async def click(self, target: str) -> None:
        kind, _, index = target.partition(":")
        if kind == "home.row":
            self.at = int(index)
            await self.act("home.next")
        else:
            await super().click(target)

    def _move(self, step: int) -> None:
        self.at = max(0, min(len(self._rows) - 1, self.at + step))
        self.draw(top=None)
        if self._rows[self.at][0] == "lab":
            prepare(self._rows[self.at][1])

    def do_list_down(self, _: int) -> None:
        self._move(1)

    def do_list_up(self, _: int) -> None:
        self._move(-1)

    def do_list_top(self, _: int) -> None:
        self._move(-len(self._rows))
        self.paper.scroll_by(-(10**6))

    def do_list_end(self, _: int) -> None:
        self._move(len(self._rows))

    def do_home_next(self, _: int) -> None:
        kind, id = self._rows[self.at]
        if kind == "section":
            self.study_app.open("page", section=id)
        elif kind == "lab":
            self.study_app.open("lab", lab=id)
        elif self.view is not None:
            self._follow(self.view.suggestion)

    def _follow(self, suggestion: Suggestion) -> None:
        match suggestion.action:
            case "study":
                self.study_app.open("study")
            case "quiz":
                self.study_app.open("quiz", kind=suggestion.target or "self-check")
            case "lab" if suggestion.target:
                self.study_app.open("lab", lab=suggestion.target)
            case "page" if suggestion.target:
                self.study_app.open("page", section=suggestion.target)
            case _:
                self.study_app.open("study", ahead=True)

    def do_home_study(self, _: int) -> None:
        self.study_app.open("study")

    def do_home_ahead(self, _: int) -> None:
        self.study_app.open("study", ahead=True)

    def do_home_quiz(self, _: int) -> None:
        self.study_app.open("quiz", kind="self-check")

    def do_home_exam(self, _: int) -> None:
        self.study_app.open("quiz", kind="exam")

    def do_home_labs(self, _: int) -> None:
        self.study_app.open("labs")

    def do_home_pages(self, _: int) -> None:
        self.study_app.open("pages")

    def do_home_search(self, _: int) -> None:
        self.study_app.open("pages", search=True)

    def do_home_stats(self, _: int) -> None:
        self.study_app.open("stats")

    def do_home_misconceptions(self, _: int) -> None:
        self.study_app.open("misconceptions")

    def do_home_readiness(self, _: int) -> None:
        self.study_app.open("readiness")

    def do_home_settings(self, _: int) -> None:
        self.study_app.open("settings")

    def do_app_back(self, _: int) -> None:
        self.say("q leaves; everything is saved")

    def do_app_leave(self, _: int) -> None:
        self.app.exit(0)


def _marker(here: bool) -> Piece:
    return Piece("▸ " if here else "  ", "key")


def _lab_state(row: LabRow) -> Piece:
    if row.state == "ready" and not (row.run or row.last):
        return Piece(f"{row.minutes} min", "dim")
    return state_of(row)
