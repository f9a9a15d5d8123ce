"""Every action of the terminal UI, once: footer, help screen, command palette, key bindings and remapping are made from ACTIONS.

A setting `keys.<action id>` replaces an action's keys. Where an action has several keys by position (choose option 1 to 5), the
handler gets the position of the key that was pressed.
"""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """One thing the learner can do.

    `keys` as Textual names them (or the character itself). `context` is when it can be done; a screen names its contexts, the
    first that knows a key wins. `footer` is its place there, 0 = not shown.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    context: str
    footer: int = 0
    palette: bool = True
    as_key: str = ""  # how footer and help write the keys, where listing them would be long

    @property
    def group(self) -> str:
        return self.id.partition(".")[0]


def _a(
    id: str,
    keys: str,
    label: str,
    help: str,
    context: str = "",
    footer: int = 0,
    palette: bool = True,
    as_key: str = "",
) -> Action:
    return Action(id, tuple(keys.split()), label, help, context or id.partition(".")[0], footer, palette, as_key)


ACTIONS: tuple[Action, ...] = (
    # everywhere
    _a("app.help", "? f1", "help", "Every key of this screen, and what it does.", footer=90),
    _a("app.palette", "ctrl+p", "commands", "Find any action by its name.", footer=89, palette=False),
    _a("app.back", "escape", "back", "Go back. Nothing is lost: what you typed and the card stay as they are.", footer=91),
    _a("app.leave", "q", "back", "Go back; on the home screen: quit.", "read", palette=False),
    _a("app.theme", "ctrl+t", "theme", "The next theme: dark, light, high-contrast."),
    _a("app.quit", "ctrl+q ctrl+c", "quit", "Leave the app. Everything is already saved."),
    # reading
    _a("read.down", "j down", "scroll down", "One line down.", palette=False),
    _a("read.up", "k up", "scroll up", "One line up.", palette=False),
    _a("read.page_down", "pagedown ctrl+f", "page down", "A page down.", "scroll", palette=False),
    _a("read.page_up", "pageup ctrl+b", "page up", "A page up.", "scroll", palette=False),
    _a("read.top", "g home", "to the top", "To the first line.", palette=False),
    _a("read.end", "G end", "to the end", "To the last line.", palette=False),
    # lists with a cursor
    _a("list.down", "j down", "next", "The next row.", palette=False),
    _a("list.up", "k up", "previous", "The row before.", palette=False),
    _a("list.open", "enter space", "open", "Open the row.", footer=1, palette=False),
    _a("list.top", "g home", "first", "The first row.", palette=False),
    _a("list.end", "G end", "last", "The last row.", palette=False),
    # home
    _a("home.next", "enter space", "go on", "Do the suggested next thing, or open the chosen row.", footer=1),
    _a("home.study", "s", "study", "Study what is due.", footer=2),
    _a("home.ahead", "a", "study ahead", "Review before the date: cards that are not due yet, marked early."),
    _a("home.quiz", "t", "test yourself", "The self-check quiz.", footer=3),
    _a("home.exam", "x", "exam", "An exam over all sections, with a time box."),
    _a("home.labs", "l", "labs", "Predict, run a real model, compare.", footer=4),
    _a("home.pages", "p", "pages", "Each section on one page, the glossary, and a search over all cards.", footer=5),
    _a("home.search", "/", "search", "Find a card by its words."),
    _a("home.stats", "v", "statistics", "Answers, retention, streak, sections, calibration.", footer=6),
    _a("home.misconceptions", "m", "misconceptions", "The misconceptions seen so far: how often, when, and whether beaten since."),
    _a(
        "stats.misconceptions",
        "m",
        "misconceptions",
        "The misconceptions seen so far: how often, when, and whether beaten since.",
        footer=1,
    ),
    _a("stats.calibration", "c", "calibration", "How sure you said you were, against how often you were right.", footer=2),
    _a("stats.mastery", "o", "concepts", "The concepts of the labs: which are mastered, and what is missing.", footer=3),
    _a("home.readiness", "r", "readiness", "The ideas that should be automatic: which are yet.", footer=7),
    _a("home.settings", "comma", "settings", "Retention, limits, minutes, theme and the rest.", footer=8, as_key=","),
    # the ask face of a card
    _a("ask.reveal", "space enter", "show the answer", "Turn the card; with an answer given, check it.", "reveal", footer=3),
    _a("ask.guess", "j", "guess", "Turn the card, and say that it was a guess.", "confidence", footer=4, palette=False),
    _a("ask.likely", "k", "likely", "Turn the card, and say that you are fairly sure.", "confidence", footer=5, palette=False),
    _a("ask.sure", "l", "sure", "Turn the card, and say that you are sure.", "confidence", footer=6, palette=False),
    _a(
        "ask.choose", "1 2 3 4 5 6 7 8", "choose", "Choose this option and see the answer.", "choice", footer=1, palette=False, as_key="1-5"
    ),
    _a(
        "ask.choose_sure",
        "q w e r t",
        "choose, sure",
        "Choose the option of that row, sure of it.",
        "choice-confidence",
        palette=False,
        as_key="q w e r t",
    ),
    _a(
        "ask.choose_likely",
        "a s d f g",
        "choose, likely",
        "Choose the option of that row, fairly sure.",
        "choice-confidence",
        palette=False,
        as_key="a s d f g",
    ),
    _a(
        "ask.choose_guess",
        "z x c v b",
        "choose, guess",
        "Choose the option of that row, as a guess.",
        "choice-confidence",
        palette=False,
        as_key="z x c v b",
    ),
    _a("ask.next_option", "down", "next option", "Move to the next option; Enter chooses it.", "choice", palette=False),
    _a("ask.previous_option", "up", "option before", "Move to the option before.", "choice", palette=False),
    _a("ask.choose_here", "enter", "choose it", "Choose the marked option.", "choice", palette=False),
    _a("ask.toggle", "1 2 3 4 5 6 7 8 9", "mark", "Mark or unmark this option.", "multi", footer=1, palette=False, as_key="1-9"),
    _a("ask.mark_next", "down", "next option", "Move to the next option; x marks it.", "multi", palette=False),
    _a("ask.mark_previous", "up", "option before", "Move to the option before.", "multi", palette=False),
    _a("ask.mark_here", "x", "mark here", "Mark or unmark the option moved to.", "multi", palette=False),
    _a("ask.true", "1 t", "true", "The statement is true.", "true-false", footer=1, palette=False),
    _a("ask.false", "2 f", "false", "The statement is false; then write it right.", "true-false", footer=2, palette=False),
    _a("ask.place", "1 2 3 4 5 6 7 8 9", "next step", "Place this step next.", "order", footer=1, palette=False, as_key="1-9"),
    _a("ask.take_back", "backspace", "take back", "Take the last placed step back.", "order", footer=2, palette=False),
    _a("ask.move_down", "shift+down", "move down", "Move the marked step down.", "order", palette=False),
    _a("ask.move_up", "shift+up", "move up", "Move the marked step up.", "order", palette=False),
    _a("ask.mark_down", "down", "mark next", "Mark the next placed step.", "order", palette=False),
    _a("ask.mark_up", "up", "mark before", "Mark the placed step before.", "order", palette=False),
    _a("ask.pair", "1 2 3 4 5 6 7 8 9", "pair", "Give the marked entry this one.", "match", footer=1, palette=False, as_key="1-9"),
    _a("ask.pair_down", "down", "next entry", "Mark the next entry.", "match", palette=False),
    _a("ask.pair_up", "up", "entry before", "Mark the entry before.", "match", palette=False),
    _a("type.enter", "enter", "check", "Check what you typed; with several blanks: on to the next.", "typing", footer=1, palette=False),
    _a("type.guess", "f2", "guess", "Check it, and say that it was a guess.", "typing-confidence", footer=2, palette=False),
    _a("type.likely", "f3", "likely", "Check it, fairly sure.", "typing-confidence", footer=3, palette=False),
    _a("type.sure", "f4", "sure", "Check it, sure of it.", "typing-confidence", footer=4, palette=False),
    _a("type.previous", "up", "blank before", "Back to the blank before.", "typing", palette=False),
    _a(
        "type.done",
        "f5 ctrl+enter ctrl+j",
        "show the answer",
        "Show the model answer beside yours.",
        "essay",
        footer=1,
        palette=False,
        as_key="F5",
    ),
    _a("type.start", "e i", "write it down", "Write your answer instead of saying it.", "aloud", footer=2, palette=False),
    _a("type.submit", "enter f5 ctrl+enter", "show what was found", "Let the app read it, and see the answer.", "words", 1, palette=False),
    _a("type.newline", "ctrl+j alt+enter", "new line", "A new line in the text.", "words", palette=False),
    _a("meant.yes", "y", "yes, that", "It was misspelt: that is what you meant.", footer=1, palette=False),
    _a("meant.no", "n", "no", "You meant what you wrote; it counts as it stands.", footer=2, palette=False),
    _a("reading.now", "enter space", "do not wait", "Let the app's own grader read it now.", footer=1, palette=False),
    # the reveal face
    _a("doubt.yes", "y", "yes", "You meant that: it is an error, so the answer is partly right at best.", footer=2, palette=False),
    _a("doubt.no", "n", "no", "You did not mean that: it does not count.", footer=3, palette=False),
    _a("rate.accept", "enter space", "accept", "Take the proposed grade and go on.", "rate", footer=5, palette=False),
    _a("rate.again", "1", "again", "Not known: it comes back soon. Overrules the app's judgement.", "rate", palette=False),
    _a("rate.hard", "2", "hard", "Known, with trouble. Overrules the app's judgement.", "rate", palette=False),
    _a("rate.good", "3", "good", "Known. Overrules the app's judgement.", "rate", palette=False),
    _a("rate.easy", "4", "easy", "Known without thinking. Overrules the app's judgement.", "rate", palette=False),
    _a("rate.lucky", "x", "lucky", "Right, but for a wrong reason: it counts as not known. Once more takes it back.", "rate"),
    _a(
        "rate.tick",
        "a b c d e f g h i",
        "tick",
        "Tick or untick this key point; the proposed grade follows.",
        "points",
        footer=4,
        palette=False,
        as_key="a-i",
    ),
    # any face of a card
    _a(
        "card.undo",
        "u ctrl+z",
        "undo",
        "Take back: from the answer to the question, then the answer before, as far as you like.",
        footer=20,
    ),
    _a("card.hint", "h f6", "hint", "The next hint. A late hint lowers the proposed grade.", "hint", footer=19),
    _a("card.why", "i", "why then", "Why the card comes back on that date.", "revealed", footer=22),
    _a("card.page", "p", "page", "This section on one page.", footer=21),
    _a("card.flag", "!", "flag", "Mark the card for a second look, with a note."),
    _a("card.suspend", "-", "suspend", "Take the card out of the schedule until you want it back."),
    _a("card.skip", "tab ctrl+n", "later", "Put this card off for this session."),
    _a("card.edit", "E f9", "edit", "Open the card's source in $EDITOR; the new text is in use when you come back, the history stays."),
    _a("card.copy", "y", "copy", "Copy the card's text to your clipboard, over SSH too (OSC 52)."),
    # the learner's own cards
    _a("own.add", "n f7", "new card", "Write a card of your own; it can be studied at once.", footer=23),
    _a("form.save", "ctrl+s f5", "save", "Write the card into your own course.", footer=1),
    _a("form.next", "tab enter", "next field", "On to the next field.", footer=2, palette=False),
    _a("form.previous", "shift+tab", "field before", "Back to the field before.", palette=False),
    _a("form.kind", "f2", "kind", "The next kind: basic (rate yourself), short (typed), cloze (with blanks).", footer=3),
    _a("form.newline", "ctrl+j alt+enter", "new line", "A new line in the text.", footer=4, palette=False),
    _a("form.field", "", "go to", "Go to this field (with the mouse).", palette=False),
    _a("leave.keep", "k enter", "keep it", "Leave; what you wrote is there when you open the form again.", footer=1, palette=False),
    _a("leave.drop", "d", "throw it away", "Leave, and forget what you wrote.", footer=2, palette=False),
    _a("leave.stay", "escape", "go on writing", "Back to the form.", footer=3, palette=False),
    _a("same.yes", "y", "yes, the same", "One card with a new name: the new one gets the history of the old.", footer=1),
    _a("same.no", "n", "no, two cards", "Two cards: you are not asked about them again.", footer=2),
    _a("same.later", "l", "later", "Ask again when the app is started the next time.", footer=3),
    # quiz
    _a("quiz.end", "f10", "end the quiz", "End now and see the result.", "quiz", footer=10),
    # the end of a session
    _a("summary.home", "enter space", "home", "To the home screen.", footer=1, palette=False),
    _a("summary.more", "a", "study ahead", "Go on with cards that are not due yet.", footer=2),
    # one line asked
    _a("dialog.enter", "enter", "done", "Take what is written.", footer=1, palette=False),
    # section pages
    _a("page.next", "n right", "next page", "The page of the next section.", footer=3),
    _a("page.previous", "b left", "page before", "The page of the section before.", footer=4),
    _a("page.study", "s", "study it", "Study this section's due cards.", footer=2),
    _a("page.quiz", "t", "quiz", "A quiz over this section.", footer=5),
    _a("page.explainer", "o", "explainer", "Open the companion explainer at this place (setting explainer_path).", footer=6),
    _a("page.on", "enter space", "go on", "On to the cards.", "page-intro", footer=1, palette=False),
    # the browser of pages and cards
    _a("browse.search", "/", "search", "Search the words of all cards.", footer=2),
    # labs
    _a(
        "lab.run", "f5 ctrl+r", "seal and run", "Seal the predictions of this chapter, then run what decides them.", "lab-predict", footer=4
    ),
    _a("lab.next", "tab", "next", "The next question; this one may stay open.", "lab-predict", footer=4),
    _a("lab.previous", "shift+tab", "before", "The question before.", "lab-predict", footer=11),
    _a("lab.jump", "", "go to", "Go to this question (with the mouse).", "lab-predict", palette=False),
    _a("lab.hint", "h f6", "hint", "The next of four hints: nudge, concept, method, a worked sibling.", "lab-hint", footer=5),
    _a("lab.write", "e enter", "write", "Write the code here.", "lab-code", footer=1),
    _a("lab.edit", "ctrl+o", "in $EDITOR", "Write the code in your editor; it is checked when you come back.", "lab-code", footer=2),
    _a("lab.watch", "w", "watch", "Write the code to a file, and check it here at each save of any editor.", "lab-code", footer=4),
    _a("lab.check", "ctrl+s", "check", "Run the checks on the code as it stands; nothing is graded yet.", "lab-code", footer=3),
    _a("lab.pictures", "v f8", "pictures", "The pictures, drawn as well as this terminal can.", "lab-pictures", footer=6),
    _a("lab.cancel", "ctrl+x", "cancel", "Stop the run; what it found so far is kept.", "lab-running", footer=1),
    _a("lab.retry", "r", "try again", "A close answer has one free try more.", "lab-retry", footer=2),
    _a("lab.go", "enter space", "go on", "On to what comes next.", "lab-read", footer=1, palette=False),
    _a("lab.again", "f5 ctrl+r", "try again", "Run it again.", "lab-failed", footer=1),
    _a("lab.agree", "enter space", "ask the model", "Yes: make these calls.", "lab-cost", footer=1, palette=False),
    _a("lab.light", "n", "without a model", "Play the part that is arithmetic alone.", "lab-light", footer=1),
    _a("code.check", "ctrl+s f5", "check", "Run the checks on the code as it stands.", footer=1),
    _a("code.pictures", "f8", "picture", "Yours beside the target, drawn as well as this terminal can.", "code-pictures", footer=2),
    _a("pictures.next", "right n j down space", "next", "The next picture.", footer=1, palette=False),
    _a("pictures.previous", "left b k up", "before", "The picture before.", footer=2, palette=False),
    # settings
    _a("settings.edit", "enter space", "change", "Change this setting.", footer=1, palette=False),
    _a("settings.reset", "d", "default", "Set it back to its default.", footer=2),
)

CONTEXT_WORDS = {
    "app": "Everywhere",
    "read": "Reading",
    "list": "Lists",
    "home": "Home",
    "ask": "Answering",
    "type": "Typing an answer",
    "meant": "Did you mean ...?",
    "reading": "While your answer is read",
    "doubt": "A suspected misconception",
    "rate": "Grading",
    "card": "The card",
    "own": "Your own cards",
    "form": "Writing a card",
    "leave": "Leaving a card unfinished",
    "same": "Is it the same card?",
    "quiz": "Quiz",
    "summary": "End of a session",
    "dialog": "A line to write",
    "page": "Section pages",
    "browse": "Pages and cards",
    "lab": "Lab",
    "code": "Writing code",
    "pictures": "Pictures",
    "settings": "Settings",
    "stats": "Statistics",
}
