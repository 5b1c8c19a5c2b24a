"""Alerts without a failed run: told once to who asked, edited when over, whatever dies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from adf.errors import Unavailable
from adf.records import (
    Condition,
    ConditionKind,
    ConditionOver,
    Expectation,
    PipelineNotes,
    PipelineRun,
    RunStatus,
)
from adf.watch.conditions import CheckedConditions
from bot.alerts.conditions import ConditionMessages, ConditionService, expectations_of
from bot.alerts.conditions.monitor import ConditionMonitor
from bot.alerts.conditions.service import RETENTION
from bot.messages import Address
from bot.outbox import Outbox
from bot.state.notification_terms import EventKind
from bot.state.store import Store, read_all
from bot.state.subscription import Occasion, StoredSubscription
from cards import Record, card_for
from cards.card import Card
from cards.records import Mentioned
from tests.bot.builders.nights import (
    BERLIN,
    MINUTE,
    START,
    Clock,
    Died,
    MortalStore,
    Teams,
    channel,
    chat,
    deliver,
    run_of,
)

ROOM = channel()
LATE = Condition(
    factory="prod",
    kind=ConditionKind.OVERLONG,
    key="overlong|r1|",
    subject="Orders",
    since=START,
    pipelines=("Orders",),
    run_id="r1",
    usual=24 * MINUTE,
)
STOPPED = Condition(
    factory="prod",
    kind=ConditionKind.MISSED,
    key="missed|trg",
    subject="Orders",
    since=START,
    pipelines=("Orders",),
    trigger="trg",
    count=1,
)
NOTES = {"Orders": PipelineNotes(critical=True, owner="priya", downstream=("Export",))}


@dataclass
class Source:
    """Says what it is told to say."""

    standing: list[Condition] = field(default_factory=list[Condition])
    over: list[ConditionOver] = field(default_factory=list[ConditionOver])
    read: frozenset[ConditionKind] = frozenset(ConditionKind)
    expected: Sequence[Expectation] = ()
    fault: Exception | None = None

    async def check(self, expected: Sequence[Expectation]) -> CheckedConditions:
        self.expected = expected
        if self.fault:
            raise self.fault
        return CheckedConditions(
            standing=tuple(self.standing), over=tuple(self.over), read=self.read
        )


@dataclass
class Subscribers:
    """Everybody here hears of everything."""

    addresses: list[Address]
    asked: list[Occasion] = field(default_factory=list[Occasion])

    async def of_factory(self, factory: str) -> Sequence[StoredSubscription]:
        return [subscription(EventKind.PROBLEMS)]

    async def recipients(self, occasion: Occasion) -> Sequence[Address]:
        self.asked.append(occasion)
        return list(self.addresses)


def subscription(
    events: EventKind, target: str = "everything", limit: str = ""
) -> StoredSubscription:
    return StoredSubscription(
        factory="prod", target=target, events=events, tenant="t", conversation="c", limit=limit
    )


class Watch:
    """One life of the bot over a store and a Teams that outlive it."""

    def __init__(self, store: Store, teams: Teams | None = None) -> None:
        self.store = store
        self.teams = teams or Teams()
        self.clock = Clock()
        self.source = Source()
        self.subscribers = Subscribers([ROOM])
        self.muted: set[str] = set()
        self.runs: dict[str, PipelineRun] = {}
        self.begin()

    def begin(self) -> None:
        """A new life."""
        conditions = ConditionService(self.store, self.clock)
        self.monitor = ConditionMonitor(
            sources={"prod": self.source},
            conditions=conditions,
            subscribers=self.subscribers,
            notes=_notes,
            clock=self.clock,
            is_muted=self._is_muted,
        )
        messages = ConditionMessages(
            conditions=conditions,
            factories=["prod"],
            read_run=self._read,
            notes=_notes,
            draw=lambda record, now, zone, note, explanation=None, explains="": card_for(
                cast("Record", record), now=now, zone=zone, note=note
            ),
            zone_of=_zone,
            call=lambda owner: Mentioned(name=owner.title(), person_id="p"),
            may_hear=_may,
            clock=self.clock,
        )
        self.outbox = Outbox(
            store=self.store,
            sender=self.teams,
            sources={"condition": messages},
            gone=_gone,
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    async def turn(self, minutes: float = 1) -> bool:
        """Some minutes later: look, and deliver what is due."""
        self.clock.now += minutes * MINUTE
        changed = await self.monitor.look("prod")
        await deliver(self.outbox)
        return changed

    def text(self) -> str:
        """What stands on the newest card in the room."""
        return text_of(self.teams.in_room(ROOM)[-1])

    async def _is_muted(self, factory: str, pipeline: str) -> bool:
        return pipeline in self.muted

    async def _read(self, factory: str, run_id: str) -> PipelineRun:
        if run_id not in self.runs:
            raise Unavailable("no answer")
        return self.runs[run_id]


def text_of(card: Card) -> str:
    return f"{card.summary} {card.content}".replace("\\", "")


def _notes(factory: str, pipeline: str) -> PipelineNotes:
    return NOTES.get(pipeline, PipelineNotes())


async def _zone(address: Address) -> ZoneInfo:
    return BERLIN


async def _may(address: Address, factory: str) -> bool:
    return True


async def _gone(address: Address) -> None: ...


async def test_it_is_told_once_and_the_same_card_says_that_it_is_over(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing = [LATE]
    watch.runs["r1"] = run_of("r1", "Orders", status=RunStatus.IN_PROGRESS)
    assert await watch.turn()
    assert not await watch.turn()
    assert "Orders has been running too long" in watch.text()
    assert "It usually takes 24 min" in watch.text()
    assert "<at>Priya</at>" in watch.text()
    assert "Export" in watch.text()
    watch.source.standing = []
    watch.runs["r1"] = run_of("r1", "Orders", status=RunStatus.SUCCEEDED, end=3, lasted=90)
    await watch.turn()
    assert len(watch.teams.posts) == 1
    assert "Orders ran too long" in watch.text()
    assert "The run succeeded after 1 h 30 min" in watch.text()
    assert "<at>" not in watch.text()
    assert not await watch.turn()


async def test_it_is_told_to_who_asks_later_and_to_nobody_twice(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing = [LATE]
    await watch.turn()
    watch.subscribers.addresses.append(chat("maya"))
    await watch.turn()
    await watch.turn()
    assert [place for place, _ in watch.teams.posts] == [ROOM.conversation, "a:maya"]


async def test_what_cannot_be_read_is_not_over(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing = [LATE]
    await watch.turn()
    watch.source.standing, watch.source.read = [], frozenset({ConditionKind.QUEUE})
    assert not await watch.turn()
    watch.source.fault = Unavailable("no answer")
    assert not await watch.turn()
    watch.source.fault = ValueError("a fault of ours")
    assert not await watch.turn()
    assert "has been running too long" in watch.text()


async def test_an_occurrence_that_was_over_is_not_told_again_and_a_new_one_is(
    store: Store,
) -> None:
    watch = Watch(store)
    watch.source.standing = [STOPPED]
    await watch.turn()
    watch.source.standing = []
    watch.source.over = [ConditionOver(key="missed|trg", at=START + 5 * MINUTE)]
    await watch.turn()
    assert "The trigger fired again" in watch.text()
    watch.source.standing = [STOPPED]
    await watch.turn()
    assert len(watch.teams.posts) == 1
    watch.source.standing = [replace(STOPPED, since=START + 60 * MINUTE)]
    await watch.turn()
    assert len(watch.teams.posts) == 2


async def test_the_first_sight_of_a_condition_says_since_when_it_stands(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing = [STOPPED]
    await watch.turn()
    watch.source.standing = [replace(STOPPED, since=START + 60 * MINUTE, count=2)]
    await watch.turn()
    assert watch.subscribers.asked[-1].since == START
    assert "has missed 1 more start since" in watch.text()


async def test_a_muted_pipeline_is_told_once_it_is_muted_no_more(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing, watch.muted = [LATE], {"Orders"}
    await watch.turn()
    assert watch.teams.posts == []
    watch.muted = set()
    await watch.turn()
    assert len(watch.teams.posts) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("write", range(1, 9))
async def test_whatever_write_a_life_dies_at_nothing_is_lost_and_nothing_told_twice(
    write: int, after: bool, store: Store
) -> None:
    """The alert, its end, and a kill before or after each write; the post itself is not one."""
    mortal = MortalStore(store)
    watch = Watch(mortal)
    mortal.dies_at, mortal.dies_after = write, after
    await _live(watch, [LATE])
    await _live(watch, [])
    assert len(watch.teams.in_room(ROOM)) - _twice(watch) == 1
    assert "ran too long" in watch.text()
    assert len(watch.teams.posts) <= 2


async def _live(watch: Watch, standing: list[Condition]) -> None:
    """Three turns, with a new life after a death."""
    watch.source.standing = standing
    for _ in range(3):
        try:
            await watch.turn(20)
        except Died:
            watch.begin()
            await watch.outbox.recover()


def _twice(watch: Watch) -> int:
    """A post whose id was not recorded is the one thing that comes twice."""
    return len(watch.teams.posts) - 1


async def test_what_is_over_is_forgotten_after_a_week(store: Store) -> None:
    watch = Watch(store)
    watch.source.standing = [LATE]
    await watch.turn()
    watch.source.standing = []
    await watch.turn()
    assert await read_all(store, "conditions-prod")
    await watch.turn((RETENTION + timedelta(hours=7)) / MINUTE)
    assert await read_all(store, "conditions-prod") == []


def test_each_kind_and_limit_is_one_expectation() -> None:
    found = expectations_of(
        "prod",
        [
            subscription(EventKind.OVERLONG, "Orders", "120 min"),
            subscription(EventKind.OVERLONG, "PL_*", "120 min"),
            subscription(EventKind.DEADLINE, "Orders", "06:00 Europe/Berlin"),
            subscription(EventKind.FAILURES),
            subscription(EventKind.FINISH, "Orders"),
        ],
        _notes,
    )
    assert {one.kind for one in found} == {ConditionKind.OVERLONG, ConditionKind.DEADLINE}
    over = next(one for one in found if one.kind is ConditionKind.OVERLONG)
    assert over.longest == timedelta(hours=2)
    assert [over.covers(name) for name in ("Orders", "pl_load", "Other")] == [True, True, False]
    deadline = next(one for one in found if one.deadline)
    assert deadline.deadline is not None
    assert deadline.deadline(START) == START.replace(day=11, hour=5, minute=0)


def test_all_problems_are_every_kind_by_its_own_usual() -> None:
    found = expectations_of("prod", [subscription(EventKind.PROBLEMS, "critical")], _notes)
    assert {one.kind for one in found} == set(ConditionKind)
    assert not any(one.limit or one.is_named for one in found)
    missed = next(one for one in found if one.kind is ConditionKind.MISSED)
    assert [missed.covers(name) for name in ("Orders", "Other")] == [True, False]
    runtime = next(one for one in found if one.kind is ConditionKind.RUNTIME)
    assert runtime.covers("shir-prod-01")
