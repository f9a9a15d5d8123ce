"""The sentence that says why an item is due when it is."""

from studyapp.memory.days import day_date
from studyapp.memory.explain import why_sentence
from studyapp.memory.policy import answer
from studyapp.memory.state import DAY_MS, NEW, Moment, Rating, Settings

PLAIN = Settings(fuzz=False)
NOON = Moment(20_000 * DAY_MS + DAY_MS // 2)


def test_a_new_item_waits_for_its_turn():
    assert why_sentence(NEW, [], PLAIN, 20_000) == "Never answered: it waits for its turn among the new items."


def test_a_learning_item_names_its_step():
    sched = answer(NEW, Rating.GOOD, NOON, PLAIN, "c:x")
    said = why_sentence(sched, [(20_000, Rating.GOOD)], PLAIN, 20_000)
    assert "Last answered today with good (1 answer, none again)" in said
    assert "learning step 2 of 2" in said


def test_a_review_names_stability_date_and_the_wanted_retention():
    sched = answer(NEW, Rating.EASY, NOON, PLAIN, "c:x")
    said = why_sentence(sched, [(20_000, Rating.EASY)], PLAIN, 20_001)
    assert "Last answered yesterday with easy" in said
    assert "stability is 8.3 days" in said
    assert f"8 days later, on {day_date(20_008).isoformat()}, your chance of recall is 90%" in said
    assert "90% is what you asked for" in said


def test_an_overdue_item_says_by_how_much_and_the_chance_now():
    sched = answer(NEW, Rating.EASY, NOON, PLAIN, "c:x")
    assert "It is 12 days overdue; today the chance is 8" in why_sentence(sched, [(20_000, Rating.EASY)], PLAIN, 20_020)
    assert "It is due today, at 90%." in why_sentence(sched, [(20_000, Rating.EASY)], PLAIN, 20_008)


def test_a_date_that_the_model_alone_would_not_give_is_explained():
    capped = PLAIN._replace(maximum_interval=3)
    sched = answer(NEW, Rating.EASY, NOON, capped, "c:x")
    assert "The maximum interval cut it short." in why_sentence(sched, [(20_000, Rating.EASY)], capped, 20_001)
    fuzzed = answer(NEW, Rating.EASY, NOON, PLAIN, "c:x")._replace(interval=10, due_day=20_010)
    assert "spreading cards over neighbouring days" in why_sentence(fuzzed, [(20_000, Rating.EASY)], Settings(), 20_001)
