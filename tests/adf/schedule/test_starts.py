"""The starts of schedule triggers, and the missed ones, against python-dateutil and croniter."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from adf.records import MonthlyOccurrence, Recurrence
from adf.schedule import starts
from adf.schedule.missed import unmatched_starts
from adf.schedule.recurrence import next_start
from tests.adf.schedule.recurrences import YEAR, ZONES, Judge, generated

SAMPLE, ALL = 8, 500


def compare(seed: int, zone: str, after: datetime, until: datetime) -> str:
    """Compare one recurrence over a range; returns who judged it."""
    recurrence = generated(seed, zone)
    judge = Judge(recurrence=recurrence, after=after, until=until)
    due = [*starts(recurrence, after, until)]
    expected = judge.starts()
    assert due == expected, (seed, zone, recurrence)
    by_cron = judge.by_cron()
    assert by_cron is None or due == by_cron, (seed, zone, recurrence)
    compare_missed(seed, zone, due, expected)
    return "dateutil" if by_cron is None else "croniter"


def compare_missed(seed: int, zone: str, due: list[datetime], expected: list[datetime]) -> None:
    """Leave some starts out, fire the others a little late: just those left out are missed."""
    dice = random.Random(f"missed {seed} {zone}")
    missing = {one for one in expected if dice.random() < 0.1}
    fired = [one + timedelta(seconds=dice.uniform(0, 40)) for one in expected if one not in missing]
    dice.shuffle(fired)
    assert {*unmatched_starts(due, fired)} == missing, (seed, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_starts_are_those_of_dateutil_and_croniter_around_both_clock_changes(zone: str) -> None:
    for seed in range(SAMPLE):
        for month in (3, 4, 10, 11):
            around = datetime(2026, month, 1, tzinfo=UTC)
            compare(seed, zone, around, around + timedelta(days=31))


@pytest.mark.prove
@pytest.mark.parametrize("zone", ZONES)
def test_starts_are_those_of_dateutil_and_croniter_over_a_year(zone: str) -> None:
    judges = Counter(compare(seed, zone, *YEAR) for seed in range(ALL))
    assert judges["croniter"] > ALL / 5


def wall(text: str) -> datetime:
    """A wall-clock time, as schedules have it."""
    return datetime.fromisoformat(text)


def daily(hour: int, minute: int, zone: str) -> Recurrence:
    start = wall(f"2026-01-01T{hour:02}:{minute:02}")
    return Recurrence(frequency="Day", start=start, time_zone=zone)


def day(year: int, month: int, day: int) -> tuple[datetime, datetime]:
    begin = datetime(year, month, day, tzinfo=UTC)
    return begin - timedelta(hours=3), begin + timedelta(hours=21)


def test_a_start_in_the_hour_that_is_left_out_comes_as_much_later() -> None:
    (found,) = starts(daily(2, 30, "W. Europe Standard Time"), *day(2026, 3, 29))
    assert found == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_start_in_the_hour_that_is_doubled_comes_once_at_its_first() -> None:
    (found,) = starts(daily(2, 30, "W. Europe Standard Time"), *day(2026, 10, 25))
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_two_starts_that_fall_together_at_the_leap_are_one() -> None:
    recurrence = Recurrence(
        frequency="Day",
        start=wall("2026-01-01"),
        time_zone="W. Europe Standard Time",
        hours=(2, 3),
        minutes=(30,),
    )
    found = [*starts(recurrence, *day(2026, 3, 29))]
    assert found == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]


def test_hours_are_elapsed_time_and_take_no_notice_of_the_clock() -> None:
    recurrence = Recurrence(
        frequency="Hour", interval=6, start=wall("2026-03-28"), time_zone="Eastern Standard Time"
    )
    begin = datetime(2026, 3, 28, tzinfo=UTC)
    found = [*starts(recurrence, begin, begin + timedelta(days=20))]
    assert {later - one for one, later in pairwise(found)} == {timedelta(hours=6)}


def test_minutes_of_an_hourly_schedule_are_those_of_the_wall_clock() -> None:
    recurrence = Recurrence(
        frequency="Hour",
        start=wall("2026-01-01"),
        time_zone="India Standard Time",
        minutes=(0, 20),
    )
    begin = datetime(2026, 5, 5, tzinfo=UTC)
    found = [*starts(recurrence, begin, begin + timedelta(hours=1))]
    assert [one.minute for one in found] == [30, 50]


@pytest.mark.parametrize(
    "recurrence",
    [
        Recurrence(frequency="Day"),
        Recurrence(frequency="Fortnight", start=wall("2026-01-01")),
        Recurrence(frequency="Day", start=wall("2026-01-01"), time_zone="Middle-earth Time"),
        Recurrence(frequency="Month", start=wall("2026-01-01"), month_days=(40,), interval=99),
        Recurrence(
            frequency="Month",
            start=wall("2026-01-01"),
            occurrences=(MonthlyOccurrence(day="Someday"),),
        ),
        Recurrence(frequency="Day", interval=10**9, start=wall("9998-01-01")),
    ],
)
def test_what_cannot_be_read_has_no_starts_and_ends(recurrence: Recurrence) -> None:
    begin = datetime(2026, 5, 5, tzinfo=UTC)
    assert len([*starts(recurrence, begin, begin + timedelta(days=2))]) == 0


def test_the_next_start_of_a_leap_day_is_found_and_none_after_the_end() -> None:
    leap = Recurrence(frequency="Month", interval=12, start=wall("2024-02-29"), month_days=(29,))
    now = datetime(2026, 5, 5, tzinfo=UTC)
    assert next_start(leap, now) == datetime(2028, 2, 29, tzinfo=UTC)
    ended = Recurrence(frequency="Day", start=wall("2024-01-01"), end=wall("2026-05-05"))
    assert next_start(ended, now) is None


def test_every_minute_is_matched_with_its_own_firing() -> None:
    begin = datetime(2026, 5, 5, tzinfo=UTC)
    due = [begin + timedelta(minutes=one) for one in range(30)]
    fired = [one + timedelta(seconds=0.4) for one in due if one.minute != 7]
    assert unmatched_starts(due, fired) == (begin + timedelta(minutes=7),)
