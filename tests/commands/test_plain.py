"""`study --plain` and `quiz --plain`: the whole session line by line, for pipes and screen readers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

# How each item of the sample course is answered: right, and wrong.
RIGHT = {
    "name-basic": "",
    "name-cloze": "[CLS]; the encoder",
    "name-short": "patch token",
    "repair-true": "true",
    "repair-false": "false: they are not",
    "list": "MLP; Q-Former",
    "any-list": "mlp",
    "missing": "bridge",
    "contrast": "",
    "explain": "because",
}
WRONG = RIGHT | {"name-short": "pixel", "name-cloze": "x; y", "repair-true": "false", "list": "x; y", "any-list": "x", "missing": "glue"}


class Player:
    """Answers the prompts of a plain session as they come; `seen` are all lines, `served` the cards in order."""

    def __init__(self, answers: dict[str, str], limit: int = 200) -> None:
        self.answers = answers
        self.seen: list[str] = []
        self.served: list[str] = []
        self.left = limit
        self.also: dict[str, list[str]] = {}  # item -> lines to give before its answer
        self.keys: dict[str, list[str]] = {}  # item -> lines to give at its rating

    def write(self, text: str) -> None:
        self.seen.append(text)
        if found := re.search(r"\[.* · .*\] (\S+)$", text):
            self.served.append(found[1])

    def read(self) -> str | None:
        self.left -= 1
        if self.left < 0:
            return None
        prompt, item = self.seen[-1], self.served[-1]
        if "your rating" in prompt:
            queue = self.keys.get(item)
            return queue.pop(0) if queue else ("" if "Enter for" in prompt else "3")
        if "which of these" in prompt:
            return "all" if self.answers is RIGHT else ""
        if "tick or untick" in prompt:
            shown = "\n".join(self.seen).rpartition(f"] {item}")[2]
            missing = re.findall(r"^  (\d)\) (?:missed|unsure)", shown, re.M)
            return " ".join(missing) if self.answers is RIGHT else ""
        if "y or n" in prompt:
            return "n"
        if "how sure" in prompt:
            return "l"
        if self.also.get(item):
            return self.also[item].pop(0)
        return self.answers[item] if item in self.answers else self.choose(item)

    def choose(self, item: str) -> str:
        """By the numbers on the screen."""
        screen = "\n".join(self.seen)[-900:]
        options = dict((text, number) for number, text in re.findall(r"^  (\d)\) (.+)$", screen, re.M))
        right = self.answers is RIGHT
        if item == "order":
            texts = ("first", "second", "third") if right else ("third", "second", "first")
            return " ".join(options[text] for text in texts)
        if item == "name-choice":
            return options["This" if right else "That"]
        if item == "burned":
            return options["Yes" if right else "No"]
        if found := re.findall(r"patches of (\d+) in (\d+)", screen):
            p, h = map(int, found[-1])
            return f"{h // p}*{h // p}" if right else "7"
        n = re.findall(r"bill of (\d+)", screen)[-1]
        return str(round(int(n) / 3, 2)) if right else "1"

    @property
    def text(self) -> str:
        return "\n".join(self.seen)


@pytest.fixture
def play(sample_home: Path, hands, monkeypatch) -> Callable[..., tuple[Player, dict]]:
    """Plays `study --plain --json` (or a quiz) with a Player; gives it and the summary."""

    def go(player: Player, *args: str, command: str = "study") -> tuple[Player, dict]:
        import contextlib
        import io

        from studyapp.cli import run

        monkeypatch.setattr("studyapp.commands.plain.reader", lambda: player.read)
        monkeypatch.setattr("studyapp.commands.plain.writer", lambda as_json: player.write)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run(["--home", str(sample_home), "--now", hands.iso, command, "--plain", "--json", *args])
        assert code == 0
        hands.forward(seconds=1)
        return player, json.loads(out.getvalue())

    return go


ALL = {*RIGHT, "name-choice", "order", "patches", "bill", "burned"}


def test_every_kind_of_item_is_asked_judged_and_recorded(play, hands):
    served: set[str] = set()
    for _ in range(4):  # siblings, and items that are easily confused while they are new, come on different days
        player, done = play(Player(RIGHT, limit=400), "--minutes", "60")
        served |= set(player.served)
        assert (done["again"], done["ended"]) == (0, "nothing-left")
        assert "\x1b" not in player.text
        hands.forward(days=1)
    assert served == ALL
    assert "Why: Because. (A, 2020)" not in player.text  # name-basic came on the first day


def test_what_is_missed_comes_back_until_it_is_right(play):
    player = Player(RIGHT, limit=400)
    player.also = {"missing": ["glue", "glue"]}
    player, done = play(player, "--minutes", "60")
    turns = [line.split("·")[1].split("]")[0].strip() for line in player.seen if line.endswith("] missing")]
    assert turns[:3] == ["new", "drill", "drill"]
    assert set(turns[3:]) == {"learning"}  # nothing else was left: its steps come a little early
    assert [row["id"] for row in done["missed"]] == ["missing"]


def test_a_page_opens_once_before_its_section(play):
    player, _ = play(Player(RIGHT, limit=2))
    page = (Path(__file__).parent.parent / "course" / "sample" / "pages" / "s01.md").read_text().split("\n")[0].strip("# ")
    again, _ = play(Player(RIGHT, limit=400))
    assert (player.text + again.text).count(page) == 1


def test_a_near_answer_has_one_more_try(play, hands):
    player = Player(RIGHT)
    player.also = {"name-short": ["token"]}
    play(Player(RIGHT), "--limit", "3")  # name-basic, with which it is confused, comes the day before
    hands.forward(days=1)
    player, _ = play(player, "--minutes", "60")
    assert player.text.count("one more try") == 1


def test_hint_flag_why_page_and_help_are_lines_with_a_colon(play):
    player = Player(RIGHT)
    player.also = {"missing": [":h", ":h", ":h", ":f what?", ":w", ":p", ":?"]}
    player, _ = play(player, "--minutes", "60")
    assert "hint: " in player.text
    assert "no more hints" in player.text
    assert "flagged" in player.text
    assert "Never answered" in player.text
    assert ":u undo" in player.text


def test_suspend_and_not_now_bring_another_card(play, sample_home, cli):
    player = Player(RIGHT)
    player.also = {"bill": [":s"], "name-choice": [":n"]}
    player, _ = play(player, "--minutes", "60")
    assert player.served.count("bill") == player.served.count("name-choice") == 1
    assert cli("stats", "--json", at=sample_home).json()["suspended"] == ["sample:bill"]
    assert cli("why", "name-choice", "--json", at=sample_home).json()["reps"] == 0


def test_undo_at_the_rating_goes_back_to_the_question_and_at_the_question_to_the_card_before(play, cli, sample_home):
    player = Player(RIGHT)
    player.keys = {"bill": [":u", "1"]}  # back to the question, answered again, then rated again
    player.also = {"name-choice": [":u"]}  # from the second card to the first
    player, _ = play(player, "--limit", "2")
    assert player.served[:5] == ["bill", "bill", "name-choice", "bill", "name-choice"]
    assert player.text.count("undone") == 2
    assert cli("log", "verify", at=sample_home).code == 0
    assert cli("why", "bill", "--json", at=sample_home).json()["reps"] == 1


def test_leaving_at_any_line_and_coming_back_goes_on_at_the_same_card(play):
    """The input ends after 1, 2, 3, ... lines; each sitting begins where the one before ended, and nothing is asked twice."""
    served: list[str] = []
    for _ in range(60):
        player, done = play(Player(RIGHT, limit=3))
        if served and player.served and served[-1] == player.served[0]:
            served.pop()
        served += player.served
        if done["ended"] != "left":
            break
    first_time = list(dict.fromkeys(served))
    whole = ["bill", "name-choice", "name-basic", "repair-false", "repair-true"]
    assert first_time[:5] == served[:5] == whole


def test_a_wrong_line_is_asked_again_and_nothing_is_recorded(play):
    player = Player(RIGHT)
    player.also = {"bill": ["", "many"], "name-choice": ["9", "x", ""]}
    player.keys = {"bill": ["9", ""]}
    player, done = play(player, "--limit", "2")
    assert done["cards"] == 2
    assert "give numbers from 1 to 3" in player.text
    assert "cannot be read as a number" in player.text


def test_confidence_is_asked_for_chosen_and_reckoned_answers(play, cli, sample_home):
    play(Player(RIGHT), "--limit", "2")
    assert cli("stats", "--json", at=sample_home).json()["forecasts"] == 2


def test_again_for_the_learner_s_own_words_takes_their_key(play):
    player = Player(WRONG)
    player.keys = {"contrast": ["", "1"]}
    player, _ = play(player, "--minutes", "60")
    assert "again is proposed; your rating" in player.text


def test_right_by_luck_is_again(play, cli, sample_home):
    player = Player(RIGHT)
    player.keys = {"bill": [":l", ""]}
    play(player, "--limit", "1")
    assert cli("stats", "--json", at=sample_home).json()["days"][0]["again"] == 1


def test_a_real_process_at_the_end_of_a_pipe(run):
    first = run("study", "--plain", input="")
    assert (first.code, "one-pixel-value" in first.out) == (0, True)
    second = run("study", "--plain", "--json", input="1\n\n3\n:q\n")
    assert second.json()["cards"] == 1
    assert "one-pixel-value" in second.err
    third = run("study", "--plain", input=":u\n:q\n")
    assert "undone" in third.out
    assert third.out.count("] one-pixel-value") == 1


def test_bytes_that_are_no_text_do_no_harm(home):
    import subprocess
    import sys

    command = [sys.executable, "-m", "studyapp", "--home", str(home), "study", "--plain"]
    done = subprocess.run(command, input=b"\xff\xfe\n:q\n", capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# quizzes


def test_a_section_quiz_has_a_result_with_what_to_revisit(play):
    player, result = play(Player(WRONG, limit=400), "section", "2", command="quiz")
    assert (result["questions"], result["answered"]) == (3, 3)
    assert result["right"] == 0
    assert "question 1 of 3" in player.text
    assert result["revisit"]["explainer"] == ["2.2", "2.3"]
    assert [page["id"] for page in result["revisit"]["pages"]] == ["s02"]
    assert sorted(result["revisit"]["cards"]) == ["bill", "burned", "patches"]


def test_a_quiz_on_new_items_is_practice_and_leaves_the_schedule_alone(play, cli, sample_home):
    play(Player(RIGHT, limit=400), "section", "2", command="quiz")
    assert cli("why", "bill", "--json", at=sample_home).json()["reps"] == 0
    assert cli("due", "--json", at=sample_home).json()["new"] == cli("due", "--json", at=sample_home).json()["due_now"]


def test_a_quiz_that_is_left_goes_on_and_can_be_ended(play):
    player, result = play(Player(RIGHT, limit=3), "section", "2", command="quiz")
    assert result["answered"] <= 1
    more = Player(RIGHT, limit=400)
    more.also = {name: [":e"] for name in ("bill", "burned", "patches") if name not in player.served[:1]}
    more, after = play(more, "section", "2", command="quiz")
    assert after["quiz"] == result["quiz"]
    assert after["answered"] < 3
    _, fresh = play(Player(RIGHT, limit=400), "section", "2", command="quiz")
    assert fresh["quiz"] != result["quiz"]


def test_undo_in_a_quiz_takes_back_its_own_answers_only(play, cli, sample_home):
    play(Player(RIGHT), "--limit", "1")
    player = Player(RIGHT, limit=400)
    first = {name: [":u"] for name in ("bill", "burned", "patches")}
    player.also = first
    player, result = play(player, "section", "2", command="quiz")
    assert "nothing to undo" in player.text
    assert player.text.count("undone") == 2
    assert result["answered"] == 3
    assert cli("why", "bill", "--json", at=sample_home).json()["reps"] == 1


def test_an_unknown_quiz_or_section_is_bad_use(cli):
    for args in (("bogus",), ("section",), ("section", "99"), ("exam", "2")):
        done = cli("quiz", *args, "--plain")
        assert (done.code, done.err.count("\n")) == (2, 1), args


def test_the_self_check_asks_all_eight_questions(run):
    done = run("quiz", "--plain", "--json", input="")
    assert (done.json()["questions"], done.json()["kind"]) == (8, "self-check")


def test_a_line_that_cannot_be_meant_is_explained_in_words_of_the_session(play, hands):
    """There is no --answer and no JSON on this side: blanks are separated by a semicolon."""
    player = Player(RIGHT, limit=400)
    player.also = {"name-cloze": ["x"]}
    for _ in range(4):  # siblings come on different days
        play(player, "--minutes", "60")
        hands.forward(days=1)
    assert "2 blanks are to be filled: give a text for each and separate them by ;" in player.seen
    assert "--answer" not in player.text
