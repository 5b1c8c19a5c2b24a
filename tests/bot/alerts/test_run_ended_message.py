"""Who asked is told that a run has ended, once, however it ended and whatever is cut short."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adf.errors import Unavailable
from adf.records import Failure, Recovery, RunReport
from bot.alerts import FactoryMonitor, MonitorContext, RunEndMessages, RunReports
from bot.alerts.incidents import IncidentService
from bot.messages import Address, Person
from bot.outbox import Outbox
from bot.state.rooms import Rooms
from bot.state.store import Store
from bot.state.subscriptions import EVERYTHING, EventKind, Subscriptions
from tests.bot.builders.nights import (
    MAYA,
    START,
    Clock,
    Died,
    MortalStore,
    ScriptedWatch,
    Teams,
    channel,
    chat,
    deliver,
    draw,
    failure,
    good,
    in_berlin,
    notes_of,
    report_of,
    run_of,
)

ROOM, CHAT = channel(), chat("maya")


async def everybody_reads(person: str, alias: str) -> bool:
    return True


class House:
    """One life of the bot over a store and a Teams that outlive it."""

    def __init__(self, store: Store, teams: Teams, clock: Clock) -> None:
        self.clock, self.teams = clock, teams
        self.trouble: Exception | None = None
        self.rooms = Rooms(store, clock)
        self.subscriptions = Subscriptions(store, self.rooms, clock, everybody_reads)
        reports = RunReports(self._read)
        self.ends = RunEndMessages(
            store=store,
            factories=["prod"],
            waiting=self.subscriptions,
            reports=reports,
            notes=notes_of,
            draw=draw,
            zone_of=in_berlin,
            clock=clock,
        )
        self.posted = Outbox(
            store=store,
            sender=teams,
            sources={"end": self.ends},
            gone=self.subscriptions.gone,
            clock=clock,
            sleep=clock.sleep,
        )
        desk = MonitorContext(
            incidents=IncidentService(store, clock),
            listeners=self.subscriptions,
            reports=reports,
            notes=notes_of,
            clock=clock,
            ends=self.ends,
        )
        self.watch = ScriptedWatch(clock)
        self.lookout = FactoryMonitor("prod", self.watch, desk, 30)

    async def _read(self, factory: str, run_id: str) -> RunReport | None:
        if self.trouble:
            raise self.trouble
        return replace(report_of(run_of(run_id, factory=factory)), cause=None)

    async def wish(self, target: str, to: Address | Person, *, once: bool = True) -> None:
        await self.rooms.seen(CHAT, MAYA)
        await self.rooms.seen(ROOM, MAYA)
        await self.subscriptions.add("prod", target, EventKind.FINISH, to, once=once)

    async def happens(self, *signals: Failure | Recovery) -> None:
        self.watch.signals = list(signals)
        await self.lookout.look()
        await deliver(self.posted)


@pytest.fixture
def house(store: Store) -> House:
    return House(store, Teams(), Clock())


@pytest.mark.parametrize("signal", [good("r1", end=5), failure("r1", end=5)])
async def test_the_end_is_told_once_however_it_ended(
    signal: Failure | Recovery, house: House
) -> None:
    await house.wish("CustomerDataETL", MAYA)
    for _ in range(3):
        await house.happens(signal)
    assert [place for place, _ in house.teams.posts] == ["a:maya"]
    assert "CustomerDataETL" in house.teams.posts[0][1].summary


async def test_a_later_run_is_not_told_when_it_was_asked_for_once(house: House) -> None:
    await house.wish("CustomerDataETL", MAYA)
    await house.happens(good("r1", end=5))
    await house.happens(good("r2", end=9))
    assert len(house.teams.posts) == 1


async def test_every_end_is_told_where_that_was_asked_for(house: House) -> None:
    await house.wish(EVERYTHING, ROOM, once=False)
    await house.happens(good("r1", end=5), good("r2", "Orders", end=6))
    await house.happens(good("r1", end=5), good("r2", "Orders", end=6))
    assert len(house.teams.in_room(ROOM)) == 2


async def test_what_ended_before_the_wish_and_other_pipelines_are_not_told(house: House) -> None:
    await house.wish("CustomerDataETL", MAYA)
    await house.happens(good("r0", end=-5), good("r1", "Orders", end=5))
    running = replace(good("r2", end=9).run, end=None)
    await house.happens(Recovery(factory="prod", run=running))
    assert house.teams.posts == []


async def test_a_child_that_broke_with_its_caller_has_ended_too(house: House) -> None:
    await house.wish("Child", MAYA)
    await house.happens(failure("r1", end=5, below=[run_of("r2", "Child", end=4)]))
    assert len(house.teams.posts) == 1


async def test_an_end_waits_while_its_run_cannot_be_read(house: House) -> None:
    await house.wish("CustomerDataETL", MAYA)
    house.trouble = Unavailable("down")
    await house.happens(good("r1", end=5))
    assert house.teams.posts == []
    house.trouble = None
    house.clock.now += timedelta(minutes=20)
    await deliver(house.posted)
    assert len(house.teams.posts) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", [1, 2])
async def test_a_kill_loses_no_end_and_tells_none_twice(
    write: int, after: bool, store: Store
) -> None:
    teams, clock = Teams(), Clock()
    await House(store, teams, clock).wish("CustomerDataETL", MAYA)
    mortal = MortalStore(store)
    mortal.dies_at, mortal.dies_after = write, after
    with pytest.raises(Died):
        await House(mortal, teams, clock).happens(good("r1", end=5))
    await House(store, teams, clock).happens(good("r1", end=5))
    await House(store, teams, clock).happens(good("r1", end=5))
    assert len(teams.posts) == 1


async def test_what_was_told_days_ago_is_swept_out(house: House, store: Store) -> None:
    await house.wish(EVERYTHING, ROOM, once=False)
    await house.happens(good("r1", end=5))
    house.clock.now = START + timedelta(days=3)
    await house.happens(good("r2", end=3 * 24 * 60 - 5))
    (partition,) = house.ends.partitions()
    kept = await store.range(partition)
    assert [entry.value["source"].split("~")[1] for entry in kept] == ["r2"]


async def test_only_so_many_runs_are_kept_in_mind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alerts.run_ended_message.MOST_KNOWN", 1)
    await house.wish(EVERYTHING, ROOM, once=False)
    for _ in range(2):
        await house.happens(good("r1", end=5), good("r2", end=6))
    assert len(house.teams.posts) == 2
