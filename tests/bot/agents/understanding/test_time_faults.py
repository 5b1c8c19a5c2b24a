"""Faults people met: ended ranges called "last N h", days dropped, nights without an end."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.records import RunStatus
from bot.agents.understanding.entities.time_ranges import read_time
from cards.card_for import card_for
from tests.bot.agents.understanding.test_time_properties import asked_of_adf, label_on_card

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 29, 15, 54, tzinfo=UTC)  # Sunday 16:54 in Berlin
SUNDAY = date(2026, 11, 29)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
TAGE = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag")
ASKS = ("what failed {}", "did CustomerDataETL fail {}", "failed runs {}", "{} what broke")
DAY = timedelta(days=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN).astimezone(UTC)


def closed_ranges() -> Iterator[tuple[str, str]]:
    """Words for a range that has ended, and the name a card gives it."""
    rng = random.Random(1)
    for hour in range(1, 13):
        end = hour + rng.choice([1, 2, 3])
        yield f"between {hour:02}:00 and {end:02}:00", f"{hour:02}:00-{end:02}:00"
    for hour in (1, 2, 3, 4, 5, 9):
        yield f"around {hour}am", f"{hour - 1:02}:30-{hour:02}:30"
        yield f"between {hour}am and {hour + 1}am", f"{hour:02}:00-{hour + 1:02}:00"
    for back, day in enumerate(reversed(DAYS), start=1):
        name = "yesterday" if back == 1 else day[:3].title()
        yield f"on {day}", name
        yield f"on {(SUNDAY - back * DAY).day} November", name
    yield "yesterday", "yesterday"
    yield "last night", "yesterday 18:00 to today 06:00"


@pytest.mark.parametrize(("words", "label"), list(closed_ranges()))
@pytest.mark.parametrize("asks", ASKS)
def test_a_range_that_has_ended_is_named_by_its_ends(words: str, label: str, asks: str) -> None:
    found = read_time(asks.format(words), NOW, BERLIN)
    listed = asked_of_adf(found, NOW)
    assert found.end is not None
    assert found.label(BERLIN, NOW) == label
    assert label_on_card(listed, NOW, "Europe/Berlin").lower() == label.lower()


@pytest.mark.parametrize("words", [words for words, _ in closed_ranges()])
def test_a_pipeline_without_runs_then_is_not_said_to_have_none_up_to_now(words: str) -> None:
    found = read_time(f"did it run {words}", NOW, BERLIN)
    listed = asked_of_adf(found, NOW)
    mine = type(listed)(
        factory="adf-prod",
        runs=(),
        time_range=listed.time_range,
        as_of=NOW,
        pipeline="InventorySnapshot",
        statuses=(RunStatus.FAILED,),
        latest_only=True,
    )
    card = card_for(mine, now=NOW, zone=BERLIN)
    assert "last" not in card.summary
    assert "in the last" not in str(card.content)


def since_weekday() -> Iterator[tuple[str, datetime]]:
    for back, (day, tag) in enumerate(zip(reversed(DAYS), reversed(TAGE), strict=True), start=1):
        date_of = SUNDAY - back * DAY
        yield f"since {day} 18:00", at(date_of, 18)
        yield f"since {day} at 6pm", at(date_of, 18)
        yield f"since {day} night", at(date_of, 18)
        yield f"since {day[:3]} 9:30am", at(date_of, 9, 30)
        yield f"from {day} 07:15 on", at(date_of, 7, 15)
        yield f"after {day} noon", at(date_of, 12)
        yield f"seit {tag} 18 Uhr", at(date_of, 18)


@pytest.mark.parametrize(("words", "start"), list(since_weekday()))
def test_a_weekday_with_a_clock_time_keeps_its_day(words: str, start: datetime) -> None:
    found = read_time(f"failed runs {words}", NOW, BERLIN)
    assert (found.start, found.end) == (start, None)


NIGHTS = ("last night", "overnight", "letzte nacht", "heute nacht", "anoche", "kal raat")


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("asks", ASKS)
@pytest.mark.parametrize("hour", [6, 9, 16, 20, 23])
def test_last_night_ends_in_the_morning(night: str, asks: str, hour: int) -> None:
    found = read_time(asks.format(night), at(SUNDAY, hour, 1), BERLIN)
    assert (found.start, found.end) == (at(SUNDAY - DAY, 18), at(SUNDAY, 6))


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("hour", [0, 2, 3, 5])
def test_last_night_is_open_while_it_goes_on(night: str, hour: int) -> None:
    found = read_time(f"what failed {night}", at(SUNDAY, hour, 40), BERLIN)
    assert (found.start, found.end) == (at(SUNDAY - DAY, 18), None)


@pytest.mark.parametrize("back", range(1, 15))
@pytest.mark.parametrize("words", ["{} days ago", "vor {} tagen", "hace {} días"])
def test_days_ago_are_one_day(back: int, words: str) -> None:
    found = read_time(f"what failed {words.format(back)}", NOW, BERLIN)
    day = SUNDAY - back * DAY
    assert (found.start, found.end) == (at(day, 0), at(day + DAY, 0))


@pytest.mark.parametrize("back", range(1, 13))
@pytest.mark.parametrize("words", ["{} hours ago", "vor {} stunden", "il y a {} heures"])
def test_hours_ago_are_the_hour_around_that_moment(back: int, words: str) -> None:
    found = read_time(f"what failed {words.format(back)}", NOW, BERLIN)
    middle = NOW - timedelta(hours=back)
    half = timedelta(minutes=30)
    assert (found.start, found.end) == (middle - half, middle + half)


WISHES = ("every {}", "each {}", "jeden {}", "cada {}")
AGAIN = ("morning", "monday", "day", "friday at 7:30", "tag um 8", "mañana a las 8", "hour")


@pytest.mark.parametrize("words", [one.format(other) for one in WISHES for other in AGAIN])
def test_a_wish_that_comes_again_is_no_range(words: str) -> None:
    found = read_time(f"tell us {words} how things stand", NOW, BERLIN)
    assert (found.given, found.recurring) == (False, True)


@pytest.mark.parametrize("number", [2, 5, 10, 30, 45])
@pytest.mark.parametrize("unit", ["minutes", "min", "hours", "h"])
@pytest.mark.parametrize(
    "words", ["took more than {}", "longer than {}", "for {}", "runs over {}", "every run under {}"]
)
def test_a_duration_is_no_range(words: str, number: int, unit: str) -> None:
    found = read_time(f"which {words.format(f'{number} {unit}')}", NOW, BERLIN)
    assert not found.given


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("will it be done by 6 tomorrow", at(SUNDAY + DAY, 6)),
        ("will it end at 5 tonight", at(SUNDAY, 17)),
        ("is it ready before 18:00 today", at(SUNDAY, 18)),
        ("mute it until tomorrow 7am", at(SUNDAY + DAY, 7)),
        ("remind me in 2 hours", at(SUNDAY, 18, 54)),
    ],
)
def test_a_moment_to_come_is_a_deadline(text: str, due: datetime) -> None:
    found = read_time(text, NOW, BERLIN)
    assert (found.given, found.deadline) == (False, due)


@pytest.mark.parametrize(
    ("text", "said", "rest"),
    [
        ("what failed since friday 18:00?", "since friday 18:00", "what failed ?"),
        ("on friday which runs broke", "on friday", "which runs broke"),
        ("since 8am in New York what ran", "since 8am in New York", "what ran"),
        ("Load_Friday since monday", "since monday", "Load_Friday"),
        ("tell us every morning at 8 how it is", "every morning at 8", "tell us how it is"),
    ],
)
def test_the_words_that_were_read_are_told_with_their_places(
    text: str, said: str, rest: str
) -> None:
    found = read_time(text, NOW, BERLIN)
    assert found.said == said
    assert " ".join(text[start:end] for start, end in found.spans) == said
    assert " ".join(found.text.split()) == rest


@pytest.mark.parametrize(
    "text",
    ["Export_Friday", "sales-2-4", "pl-yesterday", "monday-load", "Copy2am_x", "v2.4 of stage_9am"],
)
def test_words_inside_a_name_are_no_time(text: str) -> None:
    assert read_time(f"status of {text}", NOW, BERLIN).spans == ()
