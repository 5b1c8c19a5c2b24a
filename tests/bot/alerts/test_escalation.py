"""What is critical and taken by nobody is brought to more people, once, in a new message."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.records import Failure
from bot.alerts.escalation import EscalationPolicy, RotaShift
from bot.state.store import MemoryStore, Store
from cards.records import Mentioned
from tests.bot.builders.nights import (
    BERLIN,
    MAYA,
    MINUTE,
    START,
    Clock,
    Died,
    Hearing,
    MortalStore,
    Night,
    ScriptedWatch,
    Teams,
    channel,
    failure,
    good,
)

IVY = Mentioned(name="Ivy", person_id="ivy-id")
LEE = Mentioned(name="Lee", person_id="lee-id")
POLICY = EscalationPolicy(after=timedelta(minutes=15), people=(IVY,))
CRITICAL = "CustomerDataETL"


class Watch:
    """A night whose one factory escalates after a quarter of an hour."""

    def __init__(self, store: Store, policy: EscalationPolicy = POLICY) -> None:
        self.clock, self.teams, self.policy = Clock(), Teams(), policy
        self._watch = ScriptedWatch(self.clock)
        self.night = self.life(store)

    def life(self, store: Store) -> Night:
        return Night(
            store,
            self.teams,
            self.clock,
            Hearing([channel()]),
            {"prod": self._watch},
            escalations={"prod": self.policy},
        )

    async def breaks(self, signal: Failure | None = None) -> None:
        self._watch.signals.append(signal or failure("r1", CRITICAL))
        await self.night.turn()

    async def later(self, minutes: int) -> None:
        self.clock.now += minutes * MINUTE
        await self.night.turn()

    def calls(self, name: str) -> int:
        """How many new messages call somebody."""
        tag = f"<at>{name}</at>"
        return sum(tag in json.dumps(card.content) for _, card in self.teams.posts)


@pytest.fixture
def watch(store: Store) -> Watch:
    return Watch(store)


async def test_nobody_took_it_so_more_people_are_called_once(watch: Watch) -> None:
    await watch.breaks()
    await watch.later(14)
    assert watch.calls("Ivy") == 0
    await watch.later(1)
    await watch.later(60)
    assert watch.calls("Ivy") == 1
    assert len(watch.teams.posts) == 2
    (one,) = await watch.night.incidents.open("prod")
    assert one.escalated is not None
    assert [person.name for person in one.escalated.people] == ["Ivy"]


async def test_what_somebody_has_is_not_escalated(watch: Watch) -> None:
    await watch.breaks()
    await watch.night.incidents.acknowledge("INC-1", MAYA, START)
    await watch.later(60)
    assert watch.calls("Ivy") == 0


async def test_what_is_not_critical_is_not_escalated(watch: Watch) -> None:
    await watch.breaks(failure("r1", "SideShow"))
    await watch.later(60)
    assert watch.calls("Ivy") == 0


async def test_a_muted_incident_is_not_escalated(watch: Watch) -> None:
    await watch.breaks()
    await watch.night.commands.mute("INC-1", MAYA, START + timedelta(hours=5), "")
    await watch.later(60)
    assert watch.calls("Ivy") == 0


async def test_both_messages_turn_green(watch: Watch) -> None:
    await watch.breaks()
    await watch.later(20)
    watch.night.watches["prod"].signals.append(good("r2", CRITICAL, end=60))
    await watch.later(41)
    cards = watch.teams.in_room(channel())
    assert [card.summary.startswith("Resolved") for card in cards] == [True, True]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 8))
async def test_a_kill_at_any_write_calls_people_once(dies_at: int, after: bool) -> None:
    kept = MemoryStore()
    watch = Watch(kept)
    await watch.breaks()
    watch.clock.now += 20 * MINUTE
    mortal = MortalStore(kept)
    mortal.dies_at, mortal.dies_after = dies_at, after
    dying = watch.life(mortal)
    try:
        await dying.start()
        await dying.turn()
    except Died:
        pass
    watch.night = watch.life(kept)
    await watch.night.start()
    await watch.later(0)
    await watch.later(30)
    # Twice only where a post was accepted and its id not kept.
    assert watch.calls("Ivy") in {1, 2}
    (one,) = await watch.night.incidents.open("prod")
    assert sum(event.kind == "escalated" for event in one.timeline) == 1


def shift(begins: int, ends: int, person: Mentioned = LEE, *days: int) -> RotaShift:
    return RotaShift(
        person=person,
        begins=time(begins),
        ends=time(ends),
        days=frozenset(days or range(7)),
    )


@pytest.mark.parametrize(
    ("now", "called"),
    [
        (datetime(2026, 3, 12, 2, 40, tzinfo=UTC), [LEE]),
        (datetime(2026, 3, 12, 4, 59, tzinfo=UTC), [LEE]),
        (datetime(2026, 3, 12, 5, 0, tzinfo=UTC), [IVY]),
        (datetime(2026, 3, 12, 20, 59, tzinfo=UTC), [IVY]),
        (datetime(2026, 3, 12, 21, 0, tzinfo=UTC), [LEE]),
        # One hour is left out and another comes twice: the clock on the wall counts.
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), [LEE]),
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), [IVY]),
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), [LEE]),
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), [IVY]),
    ],
)
def test_a_rota_goes_by_the_clock_of_its_zone(now: datetime, called: list[Mentioned]) -> None:
    policy = EscalationPolicy(
        after=timedelta(minutes=15), people=(IVY,), rota=(shift(22, 6),), zone=BERLIN
    )
    assert list(policy.on_call(now)) == called


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday = shift(22, 6, LEE, 4)
    policy = EscalationPolicy(after=timedelta(minutes=1), rota=(friday,), zone=ZoneInfo("UTC"))
    saturday_night = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
    sunday_night = saturday_night + timedelta(days=1)
    assert policy.on_call(saturday_night) == (LEE,)
    assert policy.on_call(sunday_night) == ()
