"""When a summary is to come again: days and times as people say them, asked back where unsure."""

from datetime import time

import pytest

from bot.agents.understanding.entities.digest_wishes import STOP_OR_MOVE, digest_wish_in
from bot.state.summary_times import EVERY_DAY, WORKDAYS


@pytest.mark.parametrize(
    ("text", "days", "at"),
    [
        ("tell us every morning at 8 how things stand", EVERY_DAY, time(8)),
        ("a summary on weekdays at 7:30", WORKDAYS, time(7, 30)),
        ("post the results each working day at quarter to eight", WORKDAYS, time(7, 45)),
        ("a recap on mondays and thursdays at 16:00", (0, 3), time(16)),
        ("tuesday to friday at 9 am please", (1, 2, 3, 4), time(9)),
        ("every evening at six", EVERY_DAY, time(18)),
        ("daily at 6", EVERY_DAY, time(6)),
        ("every friday at four", (4,), time(16)),
        ("each day at six forty five", EVERY_DAY, time(6, 45)),
        ("jeden Morgen um halb acht", EVERY_DAY, time(7, 30)),
        ("montags um acht einen Bericht", (0,), time(8)),
        ("tous les lundis à 9h", (0,), time(9)),
        ("ogni mattina alle sette e mezza", EVERY_DAY, time(7, 30)),
        ("todos los días a las 7", EVERY_DAY, time(7)),
        ("elke werkdag om 8 uur", WORKDAYS, time(8)),
        ("a digest on friday afternoons", (4,), time(16)),
        ("send a digest", (), None),
    ],
)
def test_days_and_a_time_are_read(text: str, days: tuple[int, ...], at: time | None) -> None:
    wish = digest_wish_in(text)
    assert (wish.days, wish.at, wish.stops, wish.question) == (days, at, False, "")


@pytest.mark.parametrize(
    "text", ["stop the morning summary", "turn off the daily digest", "please cancel my digest"]
)
def test_it_is_stopped_in_plain_words(text: str) -> None:
    wish = digest_wish_in(text)
    assert wish.stops
    assert not wish.question


@pytest.mark.parametrize(
    "text",
    [
        "stop the digest on weekends",
        "stop sending it at 8, make it 9 instead",
        "cancel the one on mondays and move it",
    ],
)
def test_a_part_of_it_is_never_taken_for_the_whole(text: str) -> None:
    assert digest_wish_in(text).question == STOP_OR_MOVE


@pytest.mark.parametrize(
    "text",
    [
        "every 2 hours",
        "on the first of every month a report",
        "hourly please",
        "weekly digest",
        "at 8 and at 17:00 each day",
        "summary evry morn 8",
    ],
)
def test_what_cannot_be_kept_or_read_is_asked_back(text: str) -> None:
    assert digest_wish_in(text).question


@pytest.mark.parametrize(
    "text",
    [
        "post the night here each day so I don't have to ask",
        "please stop by every weekday at 7:30 with the state of things",
        "each evening, the state of the month end",
    ],
)
def test_words_that_only_look_like_an_end_are_none(text: str) -> None:
    assert not digest_wish_in(text).stops
