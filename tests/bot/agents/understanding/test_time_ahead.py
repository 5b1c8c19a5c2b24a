"""A time that is said behind "until" or "by" is the next one, in digits or in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.time.ahead import DUE, UNTIL, moment_after

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)  # 03:40 in Berlin
HOURS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
FORMS = {
    "{hour}": (0, (0, 12)),
    "{hour} thirty": (30, (0, 12)),
    "half past {hour}": (30, (0, 12)),
    "ten past {hour}": (10, (0, 12)),
    "{hour} fifteen pm": (15, (12,)),
    "{hour} in the morning": (0, (0,)),
}


def expected(hour: int, minute: int, halves: tuple[int, ...]) -> datetime:
    """The next moment a clock shows that in one of the halves of the day, computed by days."""
    here = NOW.astimezone(BERLIN).replace(tzinfo=None)
    midnight = here.replace(hour=0, minute=0)
    moments = [
        midnight + timedelta(days=days, hours=hour % 12 + half, minutes=minute)
        for days in (0, 1)
        for half in halves
    ]
    return min(one for one in moments if one > here).replace(tzinfo=BERLIN)


@pytest.mark.parametrize("form", FORMS)
def test_each_hour_in_words_is_the_next_that_the_clock_shows(form: str) -> None:
    minute, halves = FORMS[form]
    for hour, word in enumerate(HOURS, 1):
        said = form.format(hour=word)
        for opening in ("mute it till", "until", "quiet please, till about"):
            found = moment_after(UNTIL, f"{opening} {said}", NOW, BERLIN)
            assert found == expected(hour, minute, halves), said


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("till nine tonight", "12 21:00"),
        ("bis halb sieben", "12 06:30"),
        ("hasta las ocho", "12 08:00"),
        ("jusqu'à 6h", "12 06:00"),
        ("until monday 9", "16 09:00"),
        ("is not finished for 5 in the morning", "12 05:00"),
        ("done by quarter to five", "12 04:45"),
    ],
)
def test_a_day_or_a_part_of_it_is_kept(text: str, local: str) -> None:
    found = moment_after(DUE, text, NOW, BERLIN)
    assert found is not None
    assert f"{found.astimezone(BERLIN):%d %H:%M}" == local


@pytest.mark.parametrize(
    "text",
    [
        *("for 2 hours", "for three pipelines", "by 5 times", "until further notice"),
        *("until the two newest runs are done", "until 6 hours passed", "till friday"),
    ],
)
def test_what_is_counted_is_no_time(text: str) -> None:
    assert moment_after(DUE, text, NOW, BERLIN) is None
