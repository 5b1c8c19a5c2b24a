"""What waits to be explained is kept for an hour; cards about the same have the same subject."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from adf.records import ActivityTable, RunStatus
from bot.state.passing_rows import PassingRows
from bot.state.store import MemoryStore
from bot.turns.offers import KEPT, MOST_KEPT, SHARED_OFFERS, ExplanationOffers
from cards.gallery import lists, operations, typical
from tests.bot.turns.test_explanations import about, message, to_explain
from tests.bot.turns.test_handler import NOW

ONE = to_explain("status of Orders")
ASKED = message("status of Orders")


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def offers(clock: Clock | None = None, store: MemoryStore | None = None) -> ExplanationOffers:
    numbers, now = count(1), clock or Clock()
    shared = PassingRows(store, SHARED_OFFERS, now) if store else None
    return ExplanationOffers(clock=now, make_id=lambda: str(next(numbers)), shared=shared)


def test_a_card_is_found_once_it_was_sent() -> None:
    kept = offers()
    offer_id = kept.new_id()
    assert kept.find(offer_id) is None
    kept.keep(offer_id, ONE, "card-1", ASKED)
    offer = kept.find(offer_id)
    assert offer is not None
    assert (offer.explainable, offer.message_id) == (ONE, "card-1")
    assert kept.find("2") is None


def test_what_a_card_shows_is_forgotten_after_an_hour() -> None:
    clock = Clock()
    kept = offers(clock)
    kept.keep("1", ONE, "card-1", ASKED)
    clock.now += KEPT - timedelta(seconds=1)
    assert kept.find("1")
    clock.now += timedelta(seconds=1)
    assert kept.find("1") is None


async def test_a_press_on_another_replica_finds_a_card_whose_row_is_still_being_written() -> None:
    store = MemoryStore()
    here, there = offers(store=store), offers(store=store)
    asyncio.get_running_loop().call_later(0.5, here.keep, "1", ONE, "card-1", ASKED)
    shared = await there.find_shared("1")
    assert shared is not None
    assert shared.message_id == "card-1"
    assert await there.find_shared("2") is None


def test_the_oldest_of_too_many_go_first() -> None:
    kept = offers()
    for _ in range(MOST_KEPT + 1):
        kept.keep(kept.new_id(), ONE, "card", ASKED)
    assert kept.find("1") is None
    assert kept.find("2")


REPORT, TREND, NEWEST, RUNS = typical.FAILURE, operations.TREND, lists.NEWEST, lists.RUNS
TWO = operations.COMPARISON
DAY = timedelta(days=1)
LATER = replace(RUNS.time_range, start=RUNS.time_range.start + DAY, end=RUNS.time_range.end + DAY)


@pytest.mark.parametrize(
    ("record", "other"),
    [
        (REPORT, replace(REPORT, run=replace(REPORT.run, run_id="another"))),
        (REPORT, ActivityTable(report=REPORT)),
        (ActivityTable(report=REPORT), ActivityTable(report=REPORT, only=(RunStatus.FAILED,))),
        (TWO, replace(TWO, right=TWO.left)),
        (TREND, replace(TREND, subject="Payments")),
        (TREND, replace(TREND, factory="another")),
        (NEWEST, replace(NEWEST, runs=())),
        (NEWEST, replace(NEWEST, pipeline="Payments")),
        (RUNS, replace(RUNS, statuses=(RunStatus.FAILED,))),
        (RUNS, replace(RUNS, time_range=LATER)),
    ],
)
def test_cards_about_something_else_have_another_subject(record: object, other: object) -> None:
    assert about(ONE, record).subject != about(ONE, other).subject


def test_a_card_read_again_a_moment_later_has_the_same_subject() -> None:
    again = replace(REPORT, as_of=REPORT.as_of + timedelta(minutes=1), gaps=("one more",))
    assert about(ONE, again).subject == about(ONE, REPORT).subject
    fewer = replace(RUNS, runs=RUNS.runs[1:])
    assert about(ONE, fewer).subject == about(ONE, RUNS).subject


def test_an_hour_counts_from_the_question_and_not_from_the_sending() -> None:
    clock = Clock()
    kept = offers(clock)
    clock.now += KEPT
    kept.keep("1", ONE, "card-1", ASKED)
    assert kept.find("1") is None


async def test_another_replica_finds_the_question_of_a_card_and_not_what_it_shows() -> None:
    clock, store = Clock(), MemoryStore()
    one, other = offers(clock, store), offers(clock, store)
    asked = replace(ONE, before={"model": "a conversation", "pipeline": "Orders"})
    one.keep("1", asked, "card-1", ASKED)
    await asyncio.sleep(0)
    found = await other.find_shared("1")
    assert found is not None
    assert (found.message, found.message_id, found.subject) == (ASKED, "card-1", asked.subject)
    assert found.memory == {"pipeline": "Orders"}
    assert await other.find_shared("") is None
    clock.now += KEPT
    assert await other.find_shared("1") is None
    await PassingRows(store, SHARED_OFFERS, clock).purge()
    assert await store.partitions() == []
