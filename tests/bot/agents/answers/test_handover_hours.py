"""A handover is of the shift that ends; an hour that comes next is when somebody takes over."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.answers.write_ups import is_wanted
from bot.agents.understanding.entities.time.ahead import comes_next
from bot.agents.understanding.entities.time_ranges import read_time
from bot.agents.understanding.intents import Intent

ZONES = ("Europe/Berlin", "America/Denver", "Pacific/Auckland", "UTC")
NOW = datetime(2026, 4, 7, 3, 40, tzinfo=UTC)


def is_ahead(said: str, zone: str) -> bool:
    here = ZoneInfo(zone)
    now = NOW.replace(tzinfo=here).astimezone(UTC)
    time = read_time(said, now, here)
    return comes_next(time.said, time.start, now, here)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("said", ["at six", "at 4", "at four o'clock", "at 7:30", "at 6am"])
def test_an_hour_that_comes_sooner_than_it_was_is_to_come(said: str, zone: str) -> None:
    assert is_ahead(f"they take over {said}", zone)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("said", ["at two", "at 1:15", "at 23:00", "yesterday at six", "at 3am"])
def test_an_hour_that_was_just_now_or_of_a_day_that_is_named_is_over(said: str, zone: str) -> None:
    assert not is_ahead(f"how things stood {said}", zone)


def test_a_length_of_time_that_is_written_up_is_a_shift_and_no_incident() -> None:
    assert not is_wanted(Intent.HANDOVER, "write up the last ten hours", of_a_time=True)
    assert is_wanted(Intent.HANDOVER, "write up INC-3")
