"""The first message nobody asked for: who is told, what it says, and what stops it from nothing."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from adf.errors import Forbidden, Throttled, Unavailable
from adf.records import Failure, Signal
from adf.watch import Polled, Seen
from bot.alerts import FactoryMonitor, RunReports
from bot.alerts.incidents import ActionResult
from bot.alerts.monitor import LONGEST_WAIT, MAY_LAG
from bot.alerts.run_reports import MOST_KEPT
from bot.state.store import MemoryStore, Store
from cards.card import Card
from tests.bot.builders.nights import (
    MAYA,
    MINUTE,
    SECRET_WORDS,
    START,
    TOM,
    Clock,
    Died,
    Hearing,
    MortalStore,
    Night,
    ScriptedWatch,
    SlowStore,
    Teams,
    channel,
    chat,
    deliver,
    failure,
    good,
    report_of,
    run_of,
    until,
)

ROOM = channel()


def text_of(card: Card) -> str:
    return f"{card.summary} {json.dumps(card.content, ensure_ascii=False)}"


def night_with(store: Store, *signals: Signal) -> Night:
    clock = Clock()
    watch = ScriptedWatch(clock, list(signals))
    return Night(store, Teams(), clock, Hearing([ROOM]), {"prod": watch})


async def test_cached_answers_are_stale_after_news_and_not_before(store: Store) -> None:
    night, stale = night_with(store, failure("r1")), list[str]()
    context = replace(night.desk, outdate=stale.append)
    monitor = FactoryMonitor("prod", night.watches["prod"], context, 30.0)
    await monitor.look()
    await monitor.look()
    assert stale == ["prod"]


async def test_a_failure_tells_what_why_since_when_and_who_waits(store: Store) -> None:
    night = night_with(store, failure("r1"))
    await night.turn()
    (card,) = night.teams.in_room(ROOM)
    text = text_of(card)
    for words in (
        "CustomerDataETL failed · Copy_CRM · after 31 min (usually 24 min)",
        SECRET_WORDS,
        "ExportToPowerBI, due {{TIME(2026-03-12T06:00:00Z)}}",
        "priya",
        "Acknowledge",
        "INC-1",
    ):
        assert words in text.replace("\\", ""), words
    assert "CustomerDataETL failed" in card.summary
    assert SECRET_WORDS in card.summary


async def test_the_owner_of_a_critical_pipeline_is_called_in_the_first_message_only(
    store: Store,
) -> None:
    night = night_with(store, failure("r1"))
    await night.turn()
    assert "<at>Priya</at>" in text_of(night.teams.posts[0][1])
    night.watches["prod"].signals.append(failure("r2", end=5))
    await night.turn()
    assert "<at>" not in text_of(night.teams.edits[0][2])


async def test_nobody_is_called_for_a_pipeline_that_is_not_critical_or_is_acknowledged(
    store: Store,
) -> None:
    night = night_with(store, failure("r1", "Orders"))
    await night.turn()
    assert "<at>" not in text_of(night.teams.posts[0][1])
    await night.incidents.take(failure("r2"), [ROOM])
    await night.announcer.acknowledge("INC-2", MAYA)
    await deliver(night.posted)
    assert "<at>" not in text_of(night.teams.posts[1][1])


async def test_a_thread_that_subscribed_hears_in_the_channel(store: Store) -> None:
    night = night_with(store, failure("r1"))
    thread = replace(ROOM, conversation=f"{ROOM.conversation};messageid=7")
    night.listeners.addresses = [thread, ROOM]
    await night.turn()
    assert [place for place, _ in night.teams.posts] == [ROOM.conversation]


async def test_an_acknowledgement_is_answered_at_once_and_shown_everywhere(store: Store) -> None:
    night = night_with(store, failure("r1"))
    night.listeners.addresses = [ROOM, chat("maya")]
    await night.turn()
    first = await night.announcer.acknowledge("INC-1", MAYA)
    second = await night.announcer.acknowledge("INC-1", TOM)
    assert (first.verdict, second.verdict) == (ActionResult.DONE, ActionResult.ALREADY)
    await deliver(night.posted)
    for place in (ROOM, chat("maya")):
        (card,) = night.teams.in_room(place)
        assert "Acknowledged by **Maya**" in text_of(card)


async def test_a_room_bound_to_another_factory_since_hears_no_more_of_it(store: Store) -> None:
    night = night_with(store, failure("r1"))
    night.listeners.addresses = [ROOM, chat("maya")]
    await night.turn()
    night.rebound.add(ROOM.room)
    await night.announcer.acknowledge("INC-1", MAYA)
    await deliver(night.posted)
    (card,), (elsewhere,) = night.teams.in_room(ROOM), night.teams.in_room(chat("maya"))
    assert "Acknowledged" not in text_of(card)
    assert "Acknowledged" in text_of(elsewhere)


async def test_a_good_run_turns_the_card_green_and_the_next_failure_knows_it(store: Store) -> None:
    night = night_with(store, failure("r1"), good("r2-good", end=108))
    await night.turn()
    (card,) = night.teams.in_room(ROOM)
    assert card.summary.startswith("Resolved")
    assert "by run r2-good" in text_of(card)
    assert "1 h 48 min" in text_of(card)
    night.watches["prod"].signals.append(failure("r3", end=1000))
    await night.turn()
    again = text_of(night.teams.posts[1][1]).replace("\\", "")
    assert "2nd time. Last: " in again
    assert "(INC-1, recovered after 1 h 48 min)" in again


async def test_somebody_closes_it_by_hand(store: Store) -> None:
    night = night_with(store, failure("r1"))
    await night.turn()
    night.clock.now += timedelta(minutes=5)
    assert (await night.announcer.resolve("INC-1", MAYA)).verdict is ActionResult.DONE
    await deliver(night.posted)
    assert "Closed by Maya after 5 min" in text_of(night.teams.in_room(ROOM)[0])
    night.watches["prod"].signals.append(failure("r3", end=1000))
    await night.turn()
    assert "closed by Maya" in text_of(night.teams.posts[1][1])


async def test_a_storm_is_one_message_with_its_pipelines(store: Store) -> None:
    names = [f"Load{number:02}" for number in range(50)]
    signals = [failure(f"r{name}", name, group="runtime:shir") for name in names]
    night = night_with(store, *signals)
    await night.turn()
    ((_, card),) = night.teams.posts
    assert "50 pipelines are blocked" in card.summary
    assert len(json.dumps(card.content)) < 28 * 1024
    night.watches["prod"].signals.append(good("g", "Load07", end=30))
    await night.turn()
    assert "Recovered already: Load07" in text_of(night.teams.in_room(ROOM)[0])
    assert "49 pipelines are blocked" in text_of(night.teams.in_room(ROOM)[0])


async def test_what_an_error_means_is_the_first_sentence(store: Store) -> None:
    signal = failure("r1")
    told = Failure(
        factory="prod",
        report=report_of(signal.run, meaning="The feed holds a row without a key."),
        runs=signal.runs,
        root_run_id="r1",
        signature="s",
        group="g",
    )
    night = night_with(store, told)
    await night.turn()
    assert "The feed holds a row without a key." in night.teams.posts[0][1].summary


async def test_without_data_factory_the_card_goes_without_the_error(store: Store) -> None:
    night = night_with(store)
    await night.incidents.take(failure("r1"), [ROOM])
    night.reads["r1"] = Unavailable("no answer")
    await deliver(night.posted)
    (card,) = night.teams.in_room(ROOM)
    assert "CustomerDataETL failed · Copy_CRM" in card.summary
    assert SECRET_WORDS not in text_of(card)
    night.reads["r1"] = failure("r1").report
    await night.announcer.acknowledge("INC-1", MAYA)
    await deliver(night.posted)
    assert SECRET_WORDS in text_of(night.teams.in_room(ROOM)[0])


async def test_nothing_of_the_error_or_the_rows_is_ever_stored(store: Store) -> None:
    night = night_with(store, failure("r1"))
    seen: list[str] = []

    async def look() -> None:
        for partition in ("incidents-prod", "incident-numbers"):
            entries = await store.range(partition, limit=10_000)
            seen.extend(f"{one.key} {json.dumps(dict(one.value))}" for one in entries)

    await night.turn()
    await look()
    for number in range(2, 5):
        night.watches["prod"].signals.append(failure(f"r{number}", end=number))
        await night.turn()
        await look()
    await night.announcer.acknowledge("INC-1", MAYA)
    await night.turn()
    await look()
    night.watches["prod"].signals.append(good("g", end=60))
    await night.turn()
    await look()
    stored = "\n".join(seen)
    assert "Copy_CRM" in stored
    assert "maya-id" in stored
    for words in (
        SECRET_WORDS,
        "4711",
        "Anna",
        "CustomerKey",
        "And so on",
        "987654",
        "123987",
        "2627",
    ):
        assert words not in stored, words


async def test_trouble_with_one_factory_never_stops_another_and_is_logged_once(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    broken = ScriptedWatch(clock, faults=[Forbidden("no") for _ in range(6)])
    well = ScriptedWatch(clock, [failure("r1", factory="prod")])
    night = Night(
        store, Teams(), clock, Hearing([ROOM]), {"test": broken, "prod": well}, every=30.0
    )
    with caplog.at_level(logging.INFO, logger="adfops.announcer"):
        running = asyncio.create_task(night.announcer.run())
        await until(lambda: not broken.faults and night.teams.posts)
        await until(lambda: len(broken.asked) >= 8)
        night.announcer.stop()
        await running
    assert len(night.teams.posts) == 1
    said = [one.getMessage() for one in caplog.records]
    assert sum("cannot be watched" in one for one in said) == 1
    assert sum("is watched again" in one for one in said) == 1


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (Unavailable("x"), [60, 120, 240, 480, 600, 600]),
        (Throttled("x", retry_after=900), [900, 900]),
        (Throttled("x"), [60, 120]),
        (ValueError("a fault of ours"), [60, 120]),
    ],
)
async def test_a_factory_in_trouble_is_asked_less_and_less(
    error: Exception, waits: list[float], store: Store
) -> None:
    night = night_with(store)
    night.watches["prod"].faults = [error for _ in waits]
    lookout = FactoryMonitor("prod", night.watches["prod"], night.desk, 30.0)
    assert [(await lookout.look_safely())[1] for _ in waits] == waits
    assert await lookout.look_safely() == (False, 30.0)


async def test_a_slow_pace_stays_slow_in_trouble(store: Store) -> None:
    night = night_with(store)
    night.watches["prod"].faults = [Unavailable("x")]
    lookout = FactoryMonitor("prod", night.watches["prod"], night.desk, LONGEST_WAIT * 4)
    assert (await lookout.look_safely())[1] == LONGEST_WAIT * 4


async def test_a_signal_that_breaks_does_not_hold_up_the_others_and_comes_again(
    store: Store,
) -> None:
    night = night_with(store, failure("r1", "Broken"), failure("r2", "Orders"))
    night.listeners.breaks_for = "Broken"
    with pytest.raises(ValueError, match="ours"):
        await night.turn()
    assert [one.pipelines for one in await night.incidents.open("prod")] == [("Orders",)]
    night.listeners.breaks_for = ""
    await night.turn()
    assert len(night.teams.posts) == 2


async def test_the_watch_goes_on_where_it_was_and_the_disk_is_spared(store: Store) -> None:
    night = night_with(store)
    watch = night.watches["prod"]
    for _ in range(4):
        await night.turn()
        night.clock.now += MINUTE
    assert watch.asked == [None, START, START + MINUTE, START + 2 * MINUTE]
    assert await night.incidents.watermark("prod") == START
    night.clock.now = START + MAY_LAG
    await night.turn()
    assert await night.incidents.watermark("prod") == START + MAY_LAG
    again = Night(store, night.teams, night.clock, night.listeners, night.watches)
    await again.turn()
    assert watch.asked[-1] == START + MAY_LAG


async def test_waking_makes_it_look_now_and_stopping_ends_it(store: Store) -> None:
    night = night_with(store)
    never = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await never.wait()

    announcer = night.announcer_with(sleep)
    running = asyncio.create_task(announcer.run())
    await until(lambda: night.watches["prod"].asked)
    night.watches["prod"].signals.append(failure("r1"))
    announcer.wake()
    await until(lambda: night.teams.posts)
    await announcer.acknowledge("INC-1", MAYA)
    await until(lambda: night.teams.edits)
    announcer.stop()
    await running


async def test_many_factories_are_looked_at_one_after_the_other_each_at_its_pace() -> None:
    clock, looks = Clock(), list[tuple[str, float]]()
    loop = asyncio.get_running_loop()

    class Timed(ScriptedWatch):
        async def poll(self, since: datetime | None, seen: Seen) -> Polled:
            looks.append((next(n for n, one in watches.items() if one is self), loop.time()))
            return await super().poll(since, seen)

    watches: dict[str, ScriptedWatch] = {f"f{number}": Timed(clock) for number in range(60)}
    night = Night(MemoryStore(), Teams(), clock, Hearing([ROOM]), watches)
    announcer = night.announcer_with(asyncio.sleep)
    running, begun = asyncio.create_task(announcer.run()), loop.time()
    await asyncio.sleep(65)
    announcer.stop()
    await running
    at = {name: [when for one, when in looks if one == name] for name in watches}
    assert all(one[0] - begun <= night.every for one in at.values())
    gaps = {round(later - one) for times in at.values() for one, later in pairwise(times)}
    assert gaps == {night.every}
    begins = [when for _, when in looks]
    assert max(sum(one <= when < one + 1 for when in begins) for one in begins) <= 8


async def test_the_end_waits_for_a_message_under_way(store: Store) -> None:
    night = night_with(store, failure("r1"))
    night.teams.gate = asyncio.Event()
    running = asyncio.create_task(night.announcer.run())
    await night.teams.held.wait()
    running.cancel()
    await asyncio.sleep(0)
    night.teams.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    (entry,) = await store.range("incidents-prod", "post-", "post.")
    assert entry.value["message_id"] == "m0"


async def test_a_store_that_is_away_for_a_while_is_no_reason_to_stop(store: Store) -> None:
    mortal = MortalStore(store)
    night = night_with(mortal, failure("r1"), failure("r2", "Orders"))
    night.teams.faults = [(Died(), True)]
    with pytest.raises(Died):
        await night.turn()
    again = Night(mortal, night.teams, night.clock, night.listeners, night.watches)
    mortal.is_away = True
    running = asyncio.create_task(again.announcer.run())
    await until(lambda: mortal.refused > 20)
    mortal.is_away = False
    await until(lambda: len(night.teams.posts) == 3)
    mortal.is_away = True
    await until(lambda: mortal.refused > 40)
    again.announcer.stop()
    await running


async def test_what_is_due_is_read_by_one_at_a_time_however_often_it_is_asked_for(
    store: Store,
) -> None:
    slow = SlowStore(store)
    night = night_with(slow, failure("r1"))
    running = asyncio.create_task(night.announcer.run())
    await until(lambda: night.teams.posts)
    slow.gate.clear()
    night.due.set()
    await until(lambda: slow.waiting)
    for _ in range(200):
        night.due.set()
        await asyncio.sleep(0)
    assert slow.waiting == 1
    slow.gate.set()
    night.announcer.stop()
    await running


async def test_reports_are_kept_in_memory_and_read_again_when_they_have_gaps() -> None:
    asked: list[str] = []

    async def read(factory: str, run_id: str) -> None:
        asked.append(run_id)

    reports = RunReports(read)
    whole = report_of(run_of("whole"))
    partial = report_of(run_of("partial"), gaps=("could not be read",))
    reports.keep(whole)
    reports.keep(partial)
    assert await reports.get("prod", "whole") is whole
    assert await reports.get("prod", "partial") is partial
    assert await reports.get("prod", "other") is None
    assert asked == ["partial", "other"]
    for number in range(MOST_KEPT):
        reports.keep(report_of(run_of(f"r{number}")))
    assert await reports.get("prod", "whole") is None
