"""The lab screen's face: which keys hold in each step, the title, the progress, the text. What happens is lab.py's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.tui.actions import Action
from studyapp.tui.screens.sheet import SheetScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.words import meter

if TYPE_CHECKING:
    from studyapp.api.labs import LabDesk
    from studyapp.labkit.api import Picture, Question, Verdict
    from studyapp.labkit.run_state import StageView
    from studyapp.tui.lab.chapter import Chapter
    from studyapp.tui.lab.coding import Checked

OPENING, COST, PREDICT, RUNNING = "opening", "cost", "predict", "running"
COMPARE, RETRY, FAILED, STOPPED = "compare", "retry", "failed", "stopped"
RUNTIME = "make labs"


class LabFrame(SheetScreen):
    """The state of a lab on the screen, and how it is shown."""

    def __init__(self, lab: str) -> None:
        super().__init__("lab")
        self.lab_title = lab
        self.step = OPENING
        self.desk: LabDesk | None = None
        self.chapter: Chapter | None = None  # while predictions are made
        self.compared: StageView | None = None  # the chapter that runs or was judged
        self.verdicts: list[Verdict] = []
        self.kept_before = 0  # cards that earlier chapters kept
        self.done, self.log_line = 0.0, "opening"
        self.problem = ""
        self.checked: Checked | None = None  # what the last check of a code task said
        self.retrying: Question | None = None

    def contexts(self) -> list[str]:
        drawn = ["lab-pictures"] if self.drawn_pictures() else []
        rest = [*drawn, "read", "scroll", "app"]
        match self.step:
            case "predict" if self.chapter is not None and self.sheet is not None:
                question = self.chapter.question
                more = question is not None and self.chapter.hints.get(question.id, 0) < len(question.hints)
                hint = ["lab-hint"] if more else []
                tail = [*drawn, "scroll", "app"] if self.edit is not None else rest
                return [*self.sheet.contexts(), *hint, "lab-predict", *tail]
            case "predict":  # the overview
                return ["lab-read", "lab-predict", *rest]
            case "retry" if self.sheet is not None:
                return [*self.sheet.contexts(), "scroll", "app"]
            case "opening" | "running":
                return ["lab-running", *rest]
            case "compare":
                retry = ["lab-retry"] if any(verdict.held for verdict in self.verdicts) else []
                return ["lab-read", *retry, *rest]
            case "stopped":
                return ["lab-light", *rest]
            case "cost":
                return ["lab-cost", *rest]
            case _:
                return [*(["lab-failed"] if self.desk is not None else []), *rest]

    def choices(self) -> int:
        if self.sheet is None:
            return 0
        right = getattr(self.sheet, "right", None)
        return len(right) if right is not None else len(self.sheet.shown.options or self.sheet.shown.steps)

    def label(self, action: Action) -> str:
        if self.step != PREDICT:
            return super().label(action)
        if self.sheet is None and action.id == "lab.go":
            return "seal and run"
        return {"ask.reveal": "next", "type.enter": "next", "type.done": "next", "lab.run": "overview"}.get(action.id, action.label)

    def button_ids(self) -> list[str]:
        """Beside the sheet's own: what goes on from here."""
        if self.sheet is not None:
            return super().button_ids()
        here = self.contexts()
        actions = self.study_app.keys.actions
        return [id for id in ("lab.go", "lab.retry", "lab.cancel", "lab.again", "lab.light", "lab.agree") if actions[id].context in here]

    def hidden_keys(self) -> frozenset[str]:
        return super().hidden_keys() | ({"lab.run"} if self.sheet is None else frozenset())

    def buttons(self) -> Line:
        return self.button_line()

    def heading(self) -> tuple[Line, Line]:
        left: list[Piece] = [Piece(clean(self.lab_title), "strong")]
        right: list[Piece] = []
        view = self.chapter.view if self.chapter else self.compared
        if view is not None:
            left.append(Piece(f"   {clean(view.chapter.title)}", "dim"))
            right.append(Piece(f"chapter {view.number} of {view.of}   ", "dim"))
        if self.desk is not None:
            right.append(Piece(clean(self.desk.plan.backend.name), "dim"))
        return tuple(left), tuple(right)

    def progress(self) -> float | None:
        if self.step in (OPENING, RUNNING):
            return self.done
        if self.step == PREDICT and self.chapter is not None:
            return len(self.chapter.answers) / max(1, len(self.chapter.questions))
        return None

    def blocks(self, width: int) -> Sequence[Block]:
        from studyapp.tui.lab import paper

        match self.step:
            case "predict":
                return self._predict_blocks(width)
            case "compare":
                return self._compare_blocks(width)
            case "retry" if self.retrying is not None and self.sheet is not None:
                note = Block((Piece("One free try more.", "warn"),))
                return [BLANK, *paper.question_head(self.retrying, width), *self.sheet.blocks(width), BLANK, note]
            case "failed" | "stopped":
                return self._problem_blocks()
            case "cost" if self.desk is not None and self.desk.cost is not None:
                return paper.cost_blocks(self.desk.cost)
            case _:
                word = "Running" if self.step == RUNNING else "Opening the chapter"
                bar = (*meter(self.done, 30), Piece(f"  {self.done:.0%}", "dim"))
                return [BLANK, Block((Piece(word, "head"),)), BLANK, Block(bar), BLANK, Block((Piece(clean(self.log_line), "dim"),))]

    def _problem_blocks(self) -> list[Block]:
        rows = [BLANK, Block((Piece(clean(self.problem), "warn"),)), BLANK]
        if self.step == STOPPED:
            rows.append(Block((Piece("The questions that are arithmetic alone need no model: n plays those now.", "dim"),)))
        elif self.desk is not None:
            rows.append(Block((Piece("Your predictions are kept. F5 tries again.", "dim"),)))
        return rows

    def _predict_blocks(self, width: int) -> list[Block]:
        from studyapp.tui.cards.ask import hint_blocks
        from studyapp.tui.lab import paper

        assert self.chapter is not None
        chapter = self.chapter
        rows = [paper.chips(chapter.questions, chapter.answers, chapter.at), BLANK]
        question = chapter.question
        if question is None or self.sheet is None:
            return rows + paper.overview(chapter.questions, chapter.answers, width)
        rows += paper.question_head(question, width, chapter.asking_reason)
        rows += paper.picture_blocks([chapter.view.pictures[key] for key in question.needs if key in chapter.view.pictures], width, True)
        rows += self.sheet.blocks(width)
        if self.checked is not None:
            rows += [BLANK, *paper.checked_blocks(self.checked.verdict, self.checked.pictures, width)]
        return rows + hint_blocks(chapter.taken_hints(question))

    def _compare_blocks(self, width: int) -> list[Block]:
        from studyapp.labkit.api import filled
        from studyapp.tui.lab import paper

        assert self.desk is not None
        desk = self.desk
        counted = [verdict for verdict in self.verdicts if verdict.outcome not in ("skipped", "void") and not verdict.forecast]
        right = sum(verdict.outcome == "right" for verdict in counted)
        forecasts = sum(verdict.forecast and verdict.outcome not in ("skipped", "void") for verdict in self.verdicts)
        made = f"{forecasts} forecast{'s' if forecasts > 1 else ''} made" if forecasts else "Nothing was answered"
        rows = [BLANK, Block((Piece(f"{right} of {len(counted)} right" if counted else made, "head"),))]
        seen: set[str] = set()  # evidence of several questions is drawn once
        for verdict in self.verdicts:
            question = filled(desk.plan.question(verdict.q), desk.run.state.facts)
            fresh = [key for key in verdict.evidence if key in desk.run.state.pictures and key not in seen]
            seen |= set() if verdict.held else set(fresh)
            rows += paper.compared(question, verdict, width, [desk.run.state.pictures[key] for key in fresh])
        titles = {question.id: question.title for question in desk.plan.questions}
        rows += paper.kept_blocks(desk.kept[self.kept_before :], titles)
        backend = desk.plan.backend
        if backend.kind not in ("none", "human"):
            on = "a tiny model of our own: its numbers are its own" if backend.kind == "tiny" else clean(backend.name)
            rows += [BLANK, Block((Piece(f"Run on {on}.", "dim"),))]
        end = "Enter: the next chapter." if desk.run.stage is not None else "That was the last chapter."
        return [*rows, BLANK, Block((Piece(end, "dim"),))]

    def draw_paper(self, top: int | None = 0) -> None:
        """A page that is opened begins with its question, however long it is; its field comes into sight when something is typed."""
        super().draw_paper(top)
        if top == 0 and self.edit is not None and not self.edit.text:
            self.paper.show(self.paper.lines, 0)

    def drawn_pictures(self) -> list[Picture]:
        """Pictures that came as files."""
        if self.desk is None:
            return []
        fresh = self.checked.pictures if self.checked is not None else ()
        return [picture for picture in (*fresh, *self.desk.run.state.pictures.values()) if picture.files]

    def pictures_here(self) -> set[str]:
        """Keys of the pictures that the page in view speaks of: the question's, what a check made, or the evidence of the verdicts."""
        if self.checked is not None:
            return {picture.key for picture in self.checked.pictures}
        if self.step == PREDICT:
            question = self.chapter.question if self.chapter is not None else None
            return set(question.needs) if question is not None else set()
        return {key for verdict in self.verdicts if not verdict.held for key in verdict.evidence}
