"""What /readyz says: what keeps messages away, and what somebody who looks wants to know."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.hosting.readiness import Readiness, WatchAge

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


def ready(seen: Mapping[str, timedelta], every: float = 30.0) -> Readiness:
    """A bot that is signed in, with factories that were seen so long ago."""
    it = Readiness()
    it.signed_in.set()
    it.watch = WatchAge(lambda: {one: NOW - age for one, age in seen.items()}, lambda: NOW, every)
    return it


def said(it: Readiness, query: str = "") -> tuple[int, str]:
    answer = it.answer(make_mocked_request("GET", f"/readyz{query}"))
    return answer.status, str(answer.text)


def test_before_the_sign_in_no_message_is_taken() -> None:
    assert said(Readiness()) == (503, "warming")


def test_a_store_that_cannot_be_written_keeps_messages_away() -> None:
    it = ready({})
    it.store.problem = "disk full"
    assert said(it) == (503, "disk full")


@pytest.mark.parametrize(
    ("seen", "every", "text"),
    [
        ({}, 30, "ready"),
        ({"prod": 100, "uat": 20}, 30, "ready"),
        ({"prod": 180, "uat": 20}, 30, "ready; prod was not seen for 3 min"),
        ({"prod": 180, "uat": 600}, 30, "ready; uat and 1 more was not seen for 10 min"),
        ({"prod": 600}, 300, "ready"),
    ],
)
def test_a_factory_that_was_not_seen_for_long_is_said_and_keeps_nothing_away(
    seen: Mapping[str, int], every: float, text: str
) -> None:
    ages = {alias: timedelta(seconds=age) for alias, age in seen.items()}
    assert said(ready(ages, every)) == (200, text)


def test_each_check_has_a_line_for_who_asks() -> None:
    it = ready({"prod": timedelta(minutes=3)})
    assert said(it, "?verbose") == (
        200,
        "[+]token ok\n[+]keys ok\n[+]store ok\n[+]clock ok\n"
        "[-]watch: prod was not seen for 3 min\nready",
    )
