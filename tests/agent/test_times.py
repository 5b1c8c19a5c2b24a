"""Time words become a range in the reader's zone; a text without them stays as it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agent.offline.times import read_time

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
        ("2 hours ago", (None, "03-12 00:40", "")),
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
