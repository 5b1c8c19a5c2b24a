"""A time of day as a deadline is the next one in the asker's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.deadlines import deadline_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)  # 03:40 in Berlin


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("will we make 05:00 if I rerun it now", "12 05:00"),
        ("are we late for the 5 o'clock deadline", "12 05:00"),
        ("can it still make 5am", "12 05:00"),
        ("done by 6", "12 06:00"),
        ("do we make the 4 pm deadline", "12 16:00"),
        ("before 3:30 please", "13 03:30"),
        ("by 3", "12 15:00"),
        ("bis 17 Uhr fertig?", "12 17:00"),
        ("will it be in by noon", "12 12:00"),
        ("by midnight", "13 00:00"),
    ],
)
def test_it_is_the_next_such_time(text: str, local: str) -> None:
    found = deadline_in(text, NOW, BERLIN)
    assert found is not None
    assert f"{found:%d %H:%M}" == local


@pytest.mark.parametrize(
    "text",
    [
        "when will it be done",
        "is it safe to rerun",
        "the last 5 runs",
        "longer than 30 minutes",
        "would a rerun take 5 min",
        "by 5 times",
        "run 22222222-0000-4000-8000-000000000001",
        "in 2026-03-12",
    ],
)
def test_other_numbers_are_no_deadline(text: str) -> None:
    assert deadline_in(text, NOW, BERLIN) is None
