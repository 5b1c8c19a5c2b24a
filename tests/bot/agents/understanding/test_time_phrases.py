"""Time in the voices of many people, with what they mean, written before there was a reader."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.time_ranges import TimeMention, read_time

LINES = Path("tests/data/time_phrases.jsonl").read_text(encoding="utf-8").splitlines()
PHRASES: list[Mapping[str, str]] = [json.loads(line) for line in LINES]
KEYS = ("start", "end", "hours", "deadline", "recurring", "beyond")


def half_of(text: str) -> str:
    return "work" if hashlib.sha256(text.encode()).digest()[0] % 2 == 0 else "final"


def read(phrase: Mapping[str, str]) -> TimeMention:
    zone = ZoneInfo(phrase["zone_of_reader"])
    now = datetime.fromisoformat(phrase["now"]).replace(tzinfo=zone).astimezone(UTC)
    return read_time(phrase["text"], now, zone)


def is_right(phrase: Mapping[str, str]) -> bool:
    found, zone = read(phrase), ZoneInfo(phrase["zone_of_reader"])

    def shown(key: str) -> object:
        value = getattr(found, key)
        if isinstance(value, datetime):
            return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}"
        return value or None

    named = phrase.get("zone", found.zone.key if found.zone else None)
    right = all(shown(key) == phrase.get(key) for key in KEYS)
    return right and named == (found.zone.key if found.zone else None)


@pytest.mark.parametrize("half", ["work", "final"])
def test_what_people_say_is_read_as_they_mean_it(half: str) -> None:
    mine = [one for one in PHRASES if half_of(one["text"]) == half]
    wrong = [one["text"] for one in mine if not is_right(one)]
    print(f"{half}: {len(mine) - len(wrong)} of {len(mine)}")
    assert len(wrong) <= LEEWAY[half], wrong


LEEWAY = {"work": 0, "final": 0}
