"""Hours that a clock change leaves out or shows twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.time_ranges import read_time

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 29, 8, 0, tzinfo=UTC)  # at 01:00 UTC the clock went from 2 to 3
AUTUMN = datetime(2026, 10, 25, 8, 0, tzinfo=UTC)  # at 01:00 UTC the clock went from 3 to 2


def read(text: str, now: datetime) -> tuple[str, str]:
    found = read_time(text, now, BERLIN)
    shown = [f"{one:%H:%M}" if one else "" for one in (found.start, found.end)]
    return shown[0], shown[1]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("between 01:00 and 04:00", "00:00", "02:00"),
        ("between 02:00 and 03:00", "01:00", "02:00"),
        ("between 02:15 and 02:45", "01:15", "01:45"),
        ("between 01:30 and 02:30", "00:30", "01:00"),
        ("between 02:30 and 03:30", "01:00", "01:30"),
        ("since 02:30", "01:00", ""),
        ("today", "23:00", ""),
    ],
)
def test_an_hour_that_was_left_out_is_empty_or_moved_forward(
    text: str, start: str, end: str
) -> None:
    assert read(text, SPRING) == (start, end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("between 01:00 and 02:00", "23:00", "00:00"),
        ("between 02:00 and 03:00", "00:00", "02:00"),
        ("between 02:30 and 02:45", "00:30", "01:45"),
        ("between 01:30 and 02:30", "23:30", "01:30"),
        ("between 03:00 and 04:00", "02:00", "03:00"),
        ("since 02:30", "00:30", ""),
        ("around 02:30", "00:00", "02:00"),
        ("last 8 hours", "", ""),
    ],
)
def test_an_hour_that_was_shown_twice_is_in_it_twice(text: str, start: str, end: str) -> None:
    assert read(text, AUTUMN) == (start, end)


def test_hours_back_are_hours_on_any_clock() -> None:
    assert read_time("last 8 hours", AUTUMN, BERLIN).hours == 8
    assert read("since 8 hours ago", AUTUMN) == ("00:00", "")


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        ("00:30", "00:45", "02:30 CEST-02:45 CEST"),
        ("01:30", "01:45", "02:30 CET-02:45 CET"),
        ("00:30", "01:30", "02:30 CEST-02:30 CET"),
        ("00:00", "02:00", "02:00 CEST-03:00"),
    ],
)
def test_a_label_tells_which_of_two_equal_hours_is_meant(start: str, end: str, label: str) -> None:
    mention = read_time("between 02:00 and 03:00", AUTUMN, BERLIN)
    at = [datetime.fromisoformat(f"2026-10-25T{one}+00:00") for one in (start, end)]
    told = type(mention)(text="", start=at[0], end=at[1])
    assert told.label(BERLIN, AUTUMN) == label


@pytest.mark.parametrize("year", ["0000", "0001", "1000", "1969", "2999", "9999"])
@pytest.mark.parametrize(
    "words", ["on {}-01-01", "since {}-12-31 23:59", "before {}-01-01", "by {}-12-31 in Asia/Tokyo"]
)
def test_a_year_at_the_edge_of_the_calendar_breaks_nothing(year: str, words: str) -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Pacific/Auckland"):
        found = read_time(words.format(year), SPRING, ZoneInfo(zone))
        found.label(ZoneInfo(zone), SPRING)


@pytest.mark.parametrize(
    "text",
    [
        "last 999999999 years",
        "999999999 days ago",
        "since 99999999 hours ago",
        "in the last 0 hours",
        "0 days ago",
        "between 24:00 and 24:00",
        "on 30 february",
        "the 31st of november",
        "1.1.0001",
        "remind me in 99999999 hours",
    ],
)
def test_numbers_that_nothing_counts_in_break_nothing(text: str) -> None:
    found = read_time(text, SPRING, BERLIN)
    assert found.start is None or found.start <= SPRING
