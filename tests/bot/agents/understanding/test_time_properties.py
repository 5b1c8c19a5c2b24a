"""Ranges around both clock changes are those of an independent computation, and so are labels."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from adf.client import Factories
from adf.records import RunList, RunStatus
from adf.tools.scope import Adf
from bot.agents.understanding.entities.time_ranges import TimeMention, read_time
from cards.card_for import card_for
from cards.text import range_words
from tests.bot.agents.understanding.label_parser import range_in
from tests.bot.agents.understanding.time_oracle import SaidRange, ranges

SEED = 20261025


def read(said: SaidRange) -> TimeMention:
    return read_time(f"what failed {said.text}", said.now, ZoneInfo(said.zone))


def asked_of_adf(found: TimeMention, now: datetime) -> RunList:
    """The empty answer of the tool that was asked with the arguments of a question."""
    adf = Adf(factories=cast("Factories", None), clock=lambda: now)
    time_range = adf.time_range(found.hours, found.start, found.end)
    return RunList(
        factory="adf-prod",
        runs=(),
        time_range=time_range,
        as_of=now,
        statuses=(RunStatus.FAILED,),
    )


_SAID = re.compile(r'"text": "(?:[^"]*?, child runs included, )?([^"]*?) · as of')
_MOMENT = re.compile(r"\{\{TIME\(([^)]+)\)\}\}")


def label_on_card(listed: RunList, now: datetime, zone: str) -> str:
    """The range of a card in words; moments that the client shows are put into the zone first."""
    card = card_for(listed, now=now, zone=ZoneInfo(zone))
    found = _SAID.search(json.dumps(card.content, ensure_ascii=False))
    assert found
    moments = [datetime.fromisoformat(one) for one in _MOMENT.findall(found[1])]
    if not moments:
        return found[1]
    assert found[1].endswith("to now") == (len(moments) == 1)
    shown = replace(listed.time_range, start=moments[0], end=(*moments, now)[1])
    return range_words(shown, now, ZoneInfo(zone))


def wrong_of(seed: int, number: int) -> list[str]:
    wrong: list[str] = []
    for said in ranges(seed, number):
        found = read(said)
        if (found.start, found.end) != (said.start, said.end):
            wrong.append(f"{said}: {found.start} to {found.end}")
    return wrong


def mislabelled_of(seed: int, number: int) -> list[str]:
    wrong: list[str] = []
    for said in ranges(seed, number):
        found = read(said)
        listed = asked_of_adf(found, said.now)
        label = label_on_card(listed, said.now, said.zone)
        asked = listed.time_range
        start, end = range_in(label, said.now, said.zone)
        shown = (start, end or said.now)
        if shown != (asked.start, asked.end) or label.lower() != label_of(found, said).lower():
            wrong.append(f"{said.text!r} at {said.now} in {said.zone}: {label!r} for {asked}")
    return wrong


def label_of(found: TimeMention, said: SaidRange) -> str:
    return found.label(ZoneInfo(said.zone), said.now)


def test_two_hundred_ranges_are_those_of_another_computation() -> None:
    wrong = wrong_of(SEED, 200)
    assert not wrong, "\n".join(wrong[:12])


def test_the_label_of_a_card_read_back_is_the_range_that_was_asked() -> None:
    wrong = mislabelled_of(SEED + 1, 200)
    assert not wrong, "\n".join(wrong[:12])


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_two_thousand_ranges_are_those_of_another_computation() -> None:
    wrong = wrong_of(SEED + 2, 2000)
    assert not wrong, "\n".join(wrong[:12])


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_two_thousand_labels_read_back_are_the_ranges_that_were_asked() -> None:
    wrong = mislabelled_of(SEED + 3, 2000)
    assert not wrong, "\n".join(wrong[:12])


@pytest.mark.parametrize("hours", [1, 2, 12, 24, 48, 72, 96, 168, 720])
def test_a_length_up_to_now_is_called_the_last_hours_or_days(hours: int) -> None:
    now = datetime(2026, 10, 27, 8, 15, 3, tzinfo=UTC)
    listed = asked_of_adf(read_time(f"failed in the last {hours} hours", now, ZoneInfo("UTC")), now)
    label = label_on_card(listed, now, "UTC")
    assert label.startswith("last ")  # behind what is counted, in one line
    assert range_in(label, now, "UTC") == (now - timedelta(hours=hours), None)
