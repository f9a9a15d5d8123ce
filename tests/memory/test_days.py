"""Study days: counted by roll-over in the learner's zone, right where the clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory.days import day_date, day_start_ms, moment_at, moment_now, study_day
from studyapp.memory.state import DAY_MS, Moment

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "UTC",
]


def ms(*when: int, zone=BERLIN, fold: int = 0) -> int:
    return round(datetime(*when, tzinfo=zone, fold=fold).timestamp() * 1000)


def day_at(*when: int, zone=BERLIN, rollover: int = 4) -> date:
    return day_date(study_day(moment_at(ms(*when, zone=zone), zone), rollover))


def test_the_night_belongs_to_the_day_before_until_the_rollover():
    assert day_at(2026, 5, 12, 3, 59) == date(2026, 5, 11)
    assert day_at(2026, 5, 12, 4, 0) == date(2026, 5, 12)
    assert day_at(2026, 5, 12, 23, 59) == date(2026, 5, 12)


def test_days_of_23_and_25_hours_are_one_day_each():
    for change in (date(2026, 3, 29), date(2026, 10, 25)):  # the clocks change in that night
        day = (change - date(1970, 1, 1)).days
        starts = [day_start_ms(d, BERLIN, 4) for d in (day - 1, day, day + 1)]
        assert [study_day(moment_at(s, BERLIN), 4) for s in starts] == [day - 1, day, day + 1]
        assert {starts[1] - starts[0]} == {DAY_MS + (3_600_000 if change.month == 10 else -3_600_000)}
        assert starts[2] - starts[1] == DAY_MS


def test_a_rollover_hour_that_does_not_exist_begins_the_day_when_the_clocks_jump():
    day = (date(2026, 3, 29) - date(1970, 1, 1)).days  # 02:00 to 03:00 does not exist in Berlin
    assert day_start_ms(day, BERLIN, 2) == ms(2026, 3, 29, 3, 0)


def test_a_date_that_a_zone_skipped_begins_with_the_next():
    apia = ZoneInfo("Pacific/Apia")  # crossed the date line: there was no 30 December 2011
    day = (date(2011, 12, 30) - date(1970, 1, 1)).days
    assert day_start_ms(day, apia, 4) <= day_start_ms(day + 1, apia, 4)
    assert study_day(moment_at(day_start_ms(day + 1, apia, 4), apia), 4) == day + 1


@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(10_000, 22_000))
def test_a_day_starts_at_the_first_instant_that_is_counted_to_it(zone_name, rollover, day):
    zone = ZoneInfo(zone_name)
    start = day_start_ms(day, zone, rollover)
    assert study_day(moment_at(start, zone), rollover) >= day
    assert study_day(moment_at(start - 1, zone), rollover) < day


@given(st.integers(0, 4_000_000_000_000), st.sampled_from(ZONES))
def test_the_moment_carries_the_offset_of_its_instant(utc_ms, zone_name):
    zone = ZoneInfo(zone_name)
    moment = moment_now(lambda: utc_ms, zone)
    local = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(zone)
    assert moment.utc_ms == utc_ms
    assert moment.offset_min == local.utcoffset().total_seconds() // 60


def test_the_day_of_an_answer_does_not_change_when_the_learner_travels():
    answered = Moment(ms(2026, 5, 12, 12, 0), 120)
    assert day_date(study_day(answered, 4)) == date(2026, 5, 12)


@pytest.mark.parametrize("rollover", [0, 4, 23])
def test_next_day_follows_after_one_start(rollover):
    now = moment_at(ms(2026, 5, 12, 12, 0), BERLIN)
    day = study_day(now, rollover)
    assert day_start_ms(day, BERLIN, rollover) <= now.utc_ms < day_start_ms(day + 1, BERLIN, rollover)
