"""Who asked to hear after a wait, or not at night, hears once it is time and it still stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from adf.records import PipelineRun, RunStatus
from bot.alerts import FactoryMonitor
from bot.alerts.standing_incidents import RunFollower, StandingIncidents
from bot.state.notification_terms import EventKind, terms_in
from bot.state.rooms import Rooms
from bot.state.store import Store
from bot.state.subscription import Occasion, StoredSubscription
from bot.state.subscriptions import Subscriptions
from tests.bot.builders.nights import (
    MAYA,
    Clock,
    Hearing,
    Night,
    ScriptedWatch,
    Teams,
    channel,
    deliver,
    failure,
    good,
    notes_of,
    run_of,
)

ROOM = channel()


async def _reads(person: str, alias: str) -> bool:
    return True


class Waiting:
    """A night in which the room is subscribed on such terms."""

    def __init__(self, store: Store, events: str) -> None:
        self.events = events
        self.clock = Clock()
        self.watch = ScriptedWatch(self.clock)
        self.night = Night(store, Teams(), self.clock, Hearing([]), {"prod": self.watch})
        self.rooms = Rooms(store, self.clock)
        self.subscriptions = Subscriptions(store, self.rooms, self.clock, _reads)
        desk = replace(
            self.night.desk,
            listeners=self.subscriptions,
            standing=StandingIncidents(
                recipients=self.subscriptions,
                announce=self.night.incidents.announce,
                notes=notes_of,
            ),
        )
        self.monitor = FactoryMonitor("prod", self.watch, desk, 30.0)

    def follow(self, follower: RunFollower) -> None:
        """The same, that also looks at runs under way."""
        standing = StandingIncidents(
            recipients=self.subscriptions,
            announce=self.night.incidents.announce,
            notes=notes_of,
            follow=follower,
        )
        desk = replace(self.night.desk, listeners=self.subscriptions, standing=standing)
        self.monitor = FactoryMonitor("prod", self.watch, desk, 30.0)

    async def begin(self) -> None:
        await self.rooms.seen(ROOM, MAYA)
        terms = terms_in(self.events, "Europe/Berlin")
        self.clock.now -= timedelta(minutes=5)
        await self.subscriptions.add("prod", "everything", EventKind.FAILURES, ROOM, terms=terms)
        self.clock.now += timedelta(minutes=5)
        self.watch.signals = [failure("r1")]

    async def after(self, minutes: float) -> int:
        """How many cards there are so many minutes later."""
        self.clock.now += timedelta(minutes=minutes)
        await self.monitor.look()
        await deliver(self.night.posted)
        return len(self.night.teams.posts)


async def test_a_failure_that_stays_is_told_after_the_wait_and_once(store: Store) -> None:
    waiting = Waiting(store, "failures; wait 20 min")
    await waiting.begin()
    assert [await waiting.after(minutes) for minutes in (0, 10, 9, 1, 30)] == [0, 0, 0, 1, 1]


async def test_a_failure_that_was_well_again_before_is_never_told(store: Store) -> None:
    waiting = Waiting(store, "failures; wait 20 min")
    await waiting.begin()
    assert await waiting.after(0) == 0
    waiting.watch.signals.append(good("g", end=15))
    assert [await waiting.after(minutes) for minutes in (15, 30)] == [0, 0]


@pytest.mark.parametrize(
    ("quiet", "told"),
    [("22:00-06:00", [0, 0, 1]), ("03:00-04:00", [0, 1, 1]), ("08:00-12:00", [1, 1, 1])],
)
async def test_quiet_hours_hold_it_back_until_they_end(
    quiet: str, told: list[int], store: Store
) -> None:
    """It breaks at 03:31 in Berlin."""
    waiting = Waiting(store, f"failures; quiet {quiet}")
    await waiting.begin()
    assert [await waiting.after(minutes) for minutes in (0, 60, 100)] == told


@pytest.mark.parametrize(
    ("under_way", "told"),
    [
        # A rerun from minute 15 on that does not end: it is waited for, but not for ever.
        ([False, True, True, True], [0, 0, 0, 1]),
        # It broke as well, and nothing else is tried.
        ([False, True, False, False], [0, 0, 1, 1]),
        ([False, False, False, False], [0, 1, 1, 1]),
    ],
)
async def test_who_waits_also_waits_for_a_retry_under_way_an_hour_at_most(
    under_way: list[bool], told: list[int], store: Store
) -> None:
    waiting = Waiting(store, "failures; wait 20 min")
    active: list[PipelineRun] = []

    async def running(factory: str) -> Sequence[PipelineRun]:
        return list(active)

    waiting.follow(
        RunFollower(
            remarks=waiting.night.remarks, active=running, retell=waiting.night.incidents.retell
        )
    )
    await waiting.begin()
    rerun = replace(run_of("again", status=RunStatus.IN_PROGRESS), start=waiting.clock.now)
    found: list[int] = []
    for minutes, is_under_way in zip((0, 25, 15, 45), under_way, strict=True):
        active[:] = [rerun] if is_under_way else []
        found.append(await waiting.after(minutes))
    assert found == told


async def test_who_does_not_wait_hears_at_once_also_of_what_is_retried(store: Store) -> None:
    terms = terms_in("failures", "Europe/Berlin")
    kept = StoredSubscription(
        factory="prod", target="everything", events=terms.kind, tenant="t", conversation="c"
    )
    occasion = Occasion(
        factory="prod",
        kind=EventKind.FAILURES,
        pipelines=("Orders",),
        critical=False,
        since=Clock().now,
        is_retried=True,
    )
    assert kept.is_due(occasion, Clock().now)


async def test_what_somebody_holds_back_is_not_told_later_either(store: Store) -> None:
    waiting = Waiting(store, "failures; wait 20 min")
    await waiting.begin()
    await waiting.after(0)

    async def muted(incident: object) -> bool:
        return True

    standing = StandingIncidents(
        recipients=waiting.subscriptions,
        announce=waiting.night.incidents.announce,
        notes=notes_of,
        holds_back=muted,
    )
    waiting.clock.now += timedelta(minutes=30)
    assert not await standing.look(await waiting.night.incidents.open("prod"))
