"""Time words become a range in the reader's zone; a text without them stays as it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.time_ranges import read_time

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)  # Thursday 03:40 in Berlin


def read(text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> tuple[object, str, str]:
    found = read_time(text, now, zone)

    def shown(when: datetime | None) -> str:
        return f"{when:%m-%d %H:%M}" if when else ""

    return found.hours, shown(found.start), shown(found.end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what failed in the last 24 hours", (24.0, "", "")),
        ("last 2 days", (48.0, "", "")),
        ("past hour", (1.0, "", "")),
        ("in den letzten 3 Stunden", (3.0, "", "")),
        ("last 90 minutes", (1.5, "", "")),
        ("since midnight", (None, "03-11 23:00", "")),
        ("today", (None, "03-11 23:00", "")),
        ("yesterday", (None, "03-10 23:00", "03-11 23:00")),
        ("since yesterday", (None, "03-10 23:00", "")),
        ("since i went to bed (22h)", (None, "03-11 21:00", "")),
        ("since 8pm", (None, "03-11 19:00", "")),
        ("between 2 and 3", (None, "03-12 01:00", "03-12 02:00")),
        ("between 23:30 and 01:15", (None, "03-11 22:30", "03-12 00:15")),
        ("zwischen 1 und 2 uhr", (None, "03-12 00:00", "03-12 01:00")),
        ("on tuesday", (None, "03-09 23:00", "03-10 23:00")),
        ("last night", (None, "03-11 17:00", "")),
        ("2 hours ago", (None, "03-12 00:10", "03-12 01:10")),
        ("vor 2 stunden", (None, "03-12 00:10", "03-12 01:10")),
        ("half an hour ago", (None, "03-12 01:55", "03-12 02:25")),
        ("past couple of hours", (2.0, "", "")),
        ("in the last month", (720.0, "", "")),
        ("failures 24h", (24.0, "", "")),
        ("since 1 PM", (None, "03-11 12:00", "")),
        ("from 22:00 on", (None, "03-11 21:00", "")),
        ("after 1am", (None, "03-12 00:00", "")),
        ("before 2am", (None, "03-11 23:00", "03-12 01:00")),
        ("around 3am", (None, "03-12 01:30", "03-12 02:30")),
        ("yesterday between 2 and 3", (None, "03-11 01:00", "03-11 02:00")),
        ("between 22:00 and 01:00", (None, "03-11 21:00", "03-12 00:00")),
        ("on 2026-03-09", (None, "03-08 23:00", "03-09 23:00")),
        ("since 9 march", (None, "03-08 23:00", "")),
        ("march 9", (None, "03-08 23:00", "03-09 23:00")),
        ("since noon", (None, "03-11 11:00", "")),
        ("the day before yesterday", (None, "03-09 23:00", "03-10 23:00")),
        ("yesterday evening", (None, "03-11 17:00", "03-11 23:00")),
        ("yesterday morning", (None, "03-10 23:00", "03-11 11:00")),
        ("yesterday afternoon", (None, "03-11 11:00", "03-11 17:00")),
        ("monday night", (None, "03-09 17:00", "03-10 05:00")),
        ("gestern nacht", (None, "03-11 17:00", "")),
        ("this week", (None, "03-08 23:00", "")),
        ("over the weekend", (None, "03-06 23:00", "03-08 23:00")),
        ("this month", (None, "02-28 23:00", "")),
        ("nachts", (None, "03-11 17:00", "")),
        ("all day yesterday", (None, "03-10 23:00", "03-11 23:00")),
        ("yestreday", (None, "03-10 23:00", "03-11 23:00")),
    ],
)
def test_time_words_are_a_range(text: str, expected: tuple[object, str, str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "status of the last run",
        "error from Export2Lake",
        "error 2200",
        "run 9d2e",
        "",
        "since when",
        "between 25 and 61",
        "at 77",
        "has been running for 2 hours",
        "on 2026-02-31",
        "marketing 5",
    ],
)
def test_a_text_without_time_words_stays_as_it_is(text: str) -> None:
    assert read(text) == (None, "", "")
    assert read_time(text, NOW, BERLIN).text == text


def test_the_words_of_the_range_leave_the_text() -> None:
    assert read_time("what failed since midnight", NOW, BERLIN).text.split() == ["what", "failed"]


def test_a_day_across_the_clock_change_begins_at_its_own_midnight() -> None:
    after = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)  # Berlin moved from +1 to +2 on the 29th
    assert read("yesterday", after) == (None, "03-28 23:00", "03-29 22:00")


def test_the_same_words_mean_other_moments_in_another_zone() -> None:
    assert read("since midnight", NOW, ZoneInfo("Asia/Kolkata")) == (None, "03-11 18:30", "")


def test_a_date_without_a_year_is_the_last_one() -> None:
    found = read_time("since 24 december", NOW, BERLIN)
    assert found.start == datetime(2025, 12, 23, 23, 0, tzinfo=UTC)
    assert found.beyond


@pytest.mark.parametrize(("text", "beyond"), [("last 90 days", True), ("last 45 days", False)])
def test_further_back_than_runs_are_kept_is_known(text: str, beyond: bool) -> None:
    assert read_time(text, NOW, BERLIN).beyond is beyond


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("what time did it fail in UTC?", "UTC"),
        ("when did it end, in CET", "Europe/Berlin"),
        ("start in EST please", "America/New_York"),
        ("in Asia/Tokyo", "Asia/Tokyo"),
        ("is it est", None),
        ("in Europe/Nowhere", None),
        ("status", None),
    ],
)
def test_a_zone_that_is_asked_for_is_known(text: str, zone: str | None) -> None:
    found = read_time(text, NOW, BERLIN).zone
    assert (found.key if found else None) == zone


def test_clock_times_are_those_of_the_zone_that_is_named() -> None:
    assert read("between 1 and 2 UTC") == (None, "03-12 01:00", "03-12 02:00")


def test_the_night_that_has_begun_is_meant_late_in_the_evening() -> None:
    assert read("tonight", datetime(2026, 3, 12, 21, 0, tzinfo=UTC))[1] == "03-12 17:00"


def test_a_german_word_in_capitals_is_no_zone() -> None:
    assert read_time("IST STOCK AM FREITAG GELAUFEN", NOW, BERLIN).zone is None
    assert read_time("FAILED SINCE 8 IST", NOW, BERLIN).zone == ZoneInfo("Asia/Kolkata")


def test_the_night_is_heard_without_umlauts() -> None:
    assert read("welche sind ueber nacht gescheitert") == read("welche sind über nacht gescheitert")
