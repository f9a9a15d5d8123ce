"""`show`, `answer`, `undo`: one durable review without a user interface."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "content" / "week-13"
KEYS = ("event", "item", "rating", "due", "interval_days", "s", "d")
KINDS = {
    "choice": "one-pixel-value",
    "cloze": "grid-to-sequence",
    "short": "patch-token-name",
    "number": "tokens-into-encoder",
    "order": "vit-order",
    "list": "encoder-outputs",
    "missing": "vae-gap",
    "case": "small-dataset",
    "lab": "patchify-shape",
}


def test_the_fields_are_the_documented_ones(cli):
    answer = cli("answer", "one-pixel-value", "--rating", "good", "--json").json()
    assert set(KEYS) <= set(answer)
    assert answer["item"] == "week-13:one-pixel-value"
    assert answer["due"] == "2026-03-02T09:10:00+01:00"
    assert (answer["rating"], answer["interval_days"]) == ("good", 0)


def test_show_gives_a_front_end_all_it_needs(cli):
    shown = cli("show", "one-pixel-value", "--json").json()
    assert (shown["id"], shown["kind"]) == ("one-pixel-value", "choice")
    assert len(shown["draw"]) == 8
    assert sorted(option["id"] for option in shown["options"]) == ["a", "b", "c", "d"]
    assert shown["hints"] == []
    assert "answer" not in shown
    assert set(shown["intervals"]) == {"again", "hard", "good", "easy"}
    assert cli("show", "one-pixel-value", "--json", "--reveal").json()["value"] == "a"


@pytest.mark.parametrize("kind", KINDS)
def test_the_revealed_value_is_a_right_answer(cli, kind):
    """What `show --reveal` calls the value can be given back as --answer, in the form of an answers file."""
    shown = cli("show", KINDS[kind], "--reveal", "--json").json()
    assert shown["kind"] == kind
    value = shown["value"] if isinstance(shown["value"], str) else json.dumps(shown["value"])
    done = cli("answer", KINDS[kind], "--answer", value, "--json")
    assert (done.code, done.json()["outcome"], done.json()["rating"]) == (0, "right", "good")
    assert done.json()["draw"] == shown["draw"]


def test_a_wrong_answer_is_exit_code_1_and_comes_back_soon(cli):
    done = cli("answer", "one-pixel-value", "--answer", "b", "--json")
    assert (done.code, done.json()["outcome"], done.json()["rating"]) == (1, "wrong", "again")
    assert done.json()["say"]
    assert cli("due", "--json").json()["learning"] == 1


def test_a_trap_is_named(cli):
    shown = cli("show", "tokens-into-encoder", "--json").json()
    patches = shown["params"]["h"] // shown["params"]["p"] * (shown["params"]["w"] // shown["params"]["p"])
    done = cli("answer", "tokens-into-encoder", "--answer", str(patches), "--json").json()
    assert done["trap"]
    assert cli("stats", "--json").json()["misconceptions"][0]["concept"] == done["trap"]


def test_the_learner_overrules_the_judge(cli):
    done = cli("answer", "one-pixel-value", "--answer", "b", "--rating", "hard", "--json")
    assert (done.code, done.json()["rating"]) == (0, "hard")


def test_a_slow_right_answer_is_hard(cli):
    assert cli("answer", "one-pixel-value", "--answer", "a", "--seconds", "600", "--json").json()["rating"] == "hard"
    assert cli("answer", "patch-token-name", "--answer", "patch token", "--seconds", "5", "--json").json()["rating"] == "good"


@pytest.mark.parametrize(
    ("text", "right"),
    [("{n}", True), ("{r}*{c}+1", True), ("{n} tokens", True), ("{n}.0", True), ("{k}k", True), ("{n}e0", True), ("1e-3", False)],
)
def test_numbers_may_be_written_in_many_ways(cli, text, right):
    params = cli("show", "tokens-into-encoder", "--json").json()["params"]
    rows, columns = params["h"] // params["p"], params["w"] // params["p"]
    n = rows * columns + 1
    written = text.format(n=n, r=rows, c=columns, k=n / 1000)
    assert (cli("answer", "tokens-into-encoder", "--answer", written, "--json").json()["outcome"] == "right") is right


@pytest.mark.parametrize("text", ["bogus", "", "[1, 2]", "1e999", "nan", "9**9**9"])
def test_what_is_no_number_is_bad_input_and_writes_nothing(cli, text):
    done = cli("answer", "tokens-into-encoder", "--answer", text, "--json")
    assert done.code == 2
    assert done.err.startswith("studyapp: ")
    assert done.err.count("\n") == 1
    assert cli("log", "verify", "--json").json()["events"] == 0


def test_show_then_answer_speak_of_the_same_numbers_and_an_answer_draws_fresh_ones(cli):
    first = cli("show", "tokens-into-encoder", "--json").json()
    assert cli("show", "tokens-into-encoder", "--json").json()["params"] == first["params"]
    tokens = {first["draw"]}
    for _ in range(4):
        answered = cli("answer", "tokens-into-encoder", "--rating", "good", "--json").json()
        assert answered["draw"] in tokens
        tokens.add(cli("show", "tokens-into-encoder", "--json").json()["draw"])
    assert len(tokens) == 5


def test_an_explicit_draw_is_honoured(cli):
    first = cli("show", "tokens-into-encoder", "--reveal", "--json").json()
    cli("answer", "tokens-into-encoder", "--rating", "good")
    again = cli("answer", "tokens-into-encoder", "--answer", str(first["value"]), "--draw", first["draw"], "--json").json()
    assert (again["draw"], again["outcome"]) == (first["draw"], "right")
    assert cli("answer", "tokens-into-encoder", "--answer", "1", "--draw", "xyz").code == 2


SAID = "Pixel values are intensities without meaning of their own."
PROPOSED = ("rating", "verdict", "confidence", "points", "misconceptions", "judge", "notice")


def test_free_text_is_read_and_nothing_is_written_without_a_word_of_the_learner(cli):
    done = cli("answer", "sc-why-patches", "--answer", SAID, "--json")
    document = done.json()
    assert (done.code, document["event"], document["rating"]) == (0, None, None)
    proposed = document["proposed"]
    assert set(PROPOSED) <= set(proposed)
    point = proposed["points"][0]
    assert (point["state"], point["quote"], point["span"]) == ("found", SAID[slice(*point["span"])], [0, len(point["quote"])])
    assert (proposed["verdict"], proposed["rating"]) == ("partial", "again")  # two more points must not be missing
    assert cli("log", "verify", "--json").json()["events"] == 0


def test_accept_writes_what_is_proposed_and_a_rating_overrules_it(cli):
    accepted = cli("answer", "sc-why-patches", "--answer", SAID, "--accept", "--json")
    assert (accepted.code, accepted.json()["rating"], bool(accepted.json()["event"])) == (1, "again", True)
    written = cli("answer", "sc-why-patches", "--answer", SAID, "--rating", "good", "--json")
    assert (written.code, written.json()["rating"], written.json()["proposed"]["rating"]) == (0, "good", "again")


def test_what_was_overruled_is_listed_for_the_author_and_followed(cli):
    cli("answer", "sc-why-patches", "--answer", SAID, "--rating", "good")
    listed = cli("course", "disputes", "--json").json()["disputes"]
    assert [(row["item"], row["about"], row["wording"], row["proposed"], row["decided"]) for row in listed] == [
        ("week-13:sc-why-patches", "rating", SAID, "again", "good")
    ]
    assert cli("course", "disputes", str(SHIPPED), "--json").json()["disputes"] == listed
    assert "as you decided before" in cli("answer", "sc-why-patches", "--answer", SAID.lower()).out
    cli("undo")
    assert cli("course", "disputes").out == "no proposal was decided otherwise\n"


def test_what_was_found_is_told_in_words(cli):
    out = cli("answer", "sc-why-patches", "--answer", SAID).out
    assert "found   pixel values are intensities" in out
    assert "missed  an image has no ready sequence" in out
    assert "nothing is written yet: add --accept, or --rating" in out


def test_disputes_of_a_folder_that_is_no_course_are_bad_use(cli, tmp_path):
    assert cli("course", "disputes", str(tmp_path)).code == 2


def test_a_statement_is_judged_and_its_repair_read(cli):
    assert cli("answer", "clip-writes-captions", "--answer", "true").code == 1
    told = cli("answer", "clip-writes-captions", "--answer", "false: CLIP scores how well a given text fits a given image", "--json").json()
    assert (told["event"], told["proposed"]["points"][0]["state"]) == (None, "found")
    assert cli("answer", "clip-writes-captions", "--answer", "false", "--json").json()["proposed"] is None


@pytest.mark.parametrize(
    "args",
    [
        ("one-pixel-value",),
        ("one-pixel-value", "--answer", "z"),
        ("one-pixel-value", "--rating", "best"),
        ("one-pixel-value", "--rating", "good", "--confidence", "101"),
        ("vit-order", "--answer", '["split"]'),
        ("nosuch", "--rating", "good"),
    ],
)
def test_bad_use_is_one_line_and_exit_code_2(cli, args):
    done = cli("answer", *args)
    assert done.code == 2
    assert done.err.count("\n") == 1


def test_an_unknown_item_names_the_nearest(cli):
    assert "one-pixel-value" in cli("show", "one-pixel-valu").err


def test_undo_takes_back_as_many_as_asked(cli):
    before = cli("show", "one-pixel-value", "--json").json()
    cli("answer", "one-pixel-value", "--rating", "good")
    cli("answer", "one-pixel-value", "--rating", "easy")
    undone = cli("undo", "2", "--json").json()["undone"]
    assert [(row["item"], row["rating"]) for row in undone] == [("week-13:one-pixel-value", "easy"), ("week-13:one-pixel-value", "good")]
    after = cli("show", "one-pixel-value", "--json").json()
    assert (after["phase"], after["due"], after["intervals"]) == (before["phase"], before["due"], before["intervals"])
    assert cli("undo").code == 2
    assert cli("log", "verify").code == 0


def test_siblings_wait_for_another_day(cli, only_course, tmp_path):
    only_course(
        "".join(
            f'  - {{id: {name}, kind: basic, facts: [], ask: "{name}?", answer: "{name}", why: "w", siblings: [{other}]}}\n'
            for name, other in (("one", "two"), ("two", "one"))
        )
        + '  - {id: three, kind: basic, facts: [], ask: "three?", answer: "t", why: "w"}\n',
        tmp_path / "small",
    )
    at = tmp_path / "small"
    assert cli("next", "--json", at=at).json()["id"] == "one"
    cli("answer", "one", "--rating", "easy", at=at)
    assert cli("next", "--json", at=at).json()["id"] == "three"
    cli("answer", "three", "--rating", "easy", at=at)
    assert cli("next", "--json", at=at).json()["item"] is None
    assert cli("next", "--json", at=at, now="2026-03-03T09:00+01:00").json()["id"] == "two"


def test_daily_limits_hold(cli):
    cli("config", "set", "new_per_day", "2")
    for _ in range(2):
        cli("answer", cli("next", "--json").json()["id"], "--rating", "easy")
    assert cli("next", "--json").json()["item"] is None
    assert cli("next", "--json", now="2026-03-03T09:00+01:00").json()["item"] is not None


def test_a_review_ahead_of_its_day_is_marked_early(cli, home, tmp_path):
    cli("answer", "one-pixel-value", "--rating", "easy")
    cli("answer", "one-pixel-value", "--rating", "good", now="2026-03-04T09:00+01:00")
    cli("export", "--to", "jsonl", str(tmp_path / "log.jsonl"))
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()[1:]]
    assert [event["payload"]["early"] for event in events] == [False, True]


def test_suspended_items_are_not_served_but_can_be_answered_by_name(cli):
    first = cli("next", "--json").json()["id"]
    cli("suspend", first)
    assert cli("next", "--json").json()["id"] != first
    assert "suspended" in cli("why", first).out
    cli("unsuspend", first)
    assert cli("next", "--json").json()["id"] == first


def test_search_shows_what_is_asked_and_no_answer(cli):
    found = cli("search", "transformer reads", "--json").json()["found"]
    ask = next(row["ask"] for row in found if row["id"] == "grid-to-sequence")
    assert "____" in ask
    assert "{" not in ask
    assert cli("search", '"NEAR(( * bogus').code == 0


def test_why_says_it_in_a_sentence(cli):
    cli("answer", "one-pixel-value", "--rating", "easy")
    why = cli("why", "one-pixel-value", "--json").json()
    assert why["why"].endswith(".")
    assert why["interval_days"] > 0


def test_commands_given_one_after_another_with_the_same_now_come_in_order(cli):
    for rating in ("easy", "again", "good", "again", "easy") * 3:
        cli("answer", "one-pixel-value", "--rating", rating)
    answered = cli("answer", "one-pixel-value", "--rating", "again", "--json").json()
    assert cli("show", "one-pixel-value", "--json").json()["due"] == answered["due"]
    for _ in range(5):
        cli("suspend", "one-pixel-value")
        cli("unsuspend", "one-pixel-value")
    assert cli("stats", "--json").json()["suspended"] == []


def test_one_of_a_thing_is_not_written_in_the_plural(cli, sample_home):
    cli("answer", "name-short", "--rating", "good", at=sample_home)
    shown = cli("stats", at=sample_home).out
    assert "1 answer on 1 day" in shown
    assert "streak 1 day\n" in shown
