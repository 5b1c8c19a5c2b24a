"""What is muted is not posted and not lost; what was known of an incident is let go by its end."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from adf.records import Failure, Recovery
from bot.messages import Address
from bot.state.mutes import Mutes, MuteScope, StoredMute
from bot.state.store import MemoryStore, Store
from cards.records import ActionResult, IncidentState
from tests.bot.builders.nights import (
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

ORDERS = "Orders"


class Shift:
    """A night over a store, with one room that hears of everything."""

    def __init__(self, store: Store, clock: Clock, signals: Sequence[Failure | Recovery]) -> None:
        self.clock, self.teams = clock, Teams()
        self._watch = ScriptedWatch(clock, list(signals))
        self._store = store
        self.night = self.life(store)

    def life(self, store: Store) -> Night:
        """One life of the bot over what is kept and the room."""
        return Night(store, self.teams, self.clock, Hearing([channel()]), {"prod": self._watch})

    def told(self) -> int:
        return len(self.teams.posts)

    async def happens(self, *signals: Failure | Recovery, night: Night | None = None) -> None:
        self._watch.signals.extend(signals)
        await (night or self.night).turn()


def muted(target: str = ORDERS, minutes: int = 60, **given: object) -> StoredMute:
    fields = {
        "factory": "prod",
        "target": target,
        "scope": MuteScope.PIPELINE,
        "until": START + timedelta(minutes=minutes),
        "at": START,
        "by": MAYA.person_id,
        "name": MAYA.name,
        **given,
    }
    return StoredMute(**fields)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def shift(store: Store) -> Shift:
    return Shift(store, Clock(), [])


async def test_a_muted_failure_is_counted_and_not_posted(shift: Shift) -> None:
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r1", ORDERS), failure("r2", ORDERS, end=1))
    (one,) = await shift.night.incidents.open("prod")
    assert (shift.told(), one.count, one.hushed) == (0, 2, 2)


async def test_another_pipeline_is_posted_all_the_same(shift: Shift) -> None:
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r1", "Payments"))
    assert shift.told() == 1


async def test_what_still_stands_when_the_mute_is_over_is_posted_once(shift: Shift) -> None:
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r1", ORDERS))
    shift.clock.now += 59 * MINUTE
    await shift.happens()
    assert shift.told() == 0
    shift.clock.now += 2 * MINUTE
    await shift.happens()
    await shift.happens()
    assert shift.told() == 1


async def test_what_recovered_while_it_was_muted_is_never_posted(shift: Shift) -> None:
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r1", ORDERS))
    await shift.happens(good("r2", ORDERS, end=20))
    shift.clock.now += 90 * MINUTE
    await shift.happens()
    assert shift.told() == 0
    (over,) = await shift.night.incidents.ended_since("prod", START)
    assert over.state is IncidentState.RESOLVED


async def test_a_known_issue_lets_another_error_of_the_pipeline_through(shift: Shift) -> None:
    await shift.happens(failure("r1", ORDERS))
    until = START + timedelta(hours=2)
    verdict = await shift.night.commands.mute("INC-1", MAYA, until, "vendor works on it")
    assert verdict is ActionResult.DONE
    other = failure("r2", ORDERS, end=5, group="another")
    known = other.__class__(
        factory="prod",
        report=other.report,
        runs=other.runs,
        root_run_id=other.root_run_id,
        signature="another error",
        group="another",
    )
    await shift.happens(failure("r3", ORDERS, end=6, group="known again"), known)
    incidents = {one.group: one for one in await shift.night.incidents.open("prod")}
    assert incidents["known again"].hushed == 1
    assert incidents["another"].hushed == 0
    assert shift.told() == 2


async def test_a_good_run_lifts_a_known_issue(shift: Shift) -> None:
    await shift.happens(failure("r1", ORDERS))
    await shift.night.commands.mute("INC-1", MAYA, START + timedelta(hours=9), "")
    assert await shift.night.mutes.active(["prod"])
    await shift.happens(good("r2", ORDERS, end=20))
    assert await shift.night.mutes.active(["prod"]) == []


async def test_a_good_run_from_before_the_mute_lifts_nothing(shift: Shift) -> None:
    await shift.happens(failure("r1", ORDERS))
    shift.clock.now += 30 * MINUTE
    await shift.night.commands.mute("INC-1", MAYA, START + timedelta(hours=9), "")
    await shift.happens(good("r0", ORDERS, end=-5))
    assert await shift.night.mutes.active(["prod"])


async def test_a_mute_ends_by_the_clock_and_is_forgotten(store: Store) -> None:
    clock = Clock()
    mutes = Mutes(store, clock)
    await mutes.add(muted())
    assert await mutes.mutes_pipeline("prod", ORDERS)
    assert not await mutes.mutes_pipeline("uat", ORDERS)
    clock.now += 61 * MINUTE
    assert not await mutes.mutes_pipeline("prod", ORDERS)
    await mutes.forget_ended()
    clock.now = START
    assert await mutes.active(["prod"]) == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 9))
async def test_a_kill_at_any_write_posts_what_was_held_back_exactly_once(
    dies_at: int, after: bool
) -> None:
    kept = MemoryStore()
    shift = Shift(kept, Clock(), [])
    mortal = MortalStore(kept)
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r1", ORDERS))
    shift.clock.now += 61 * MINUTE
    mortal.dies_at, mortal.dies_after = dies_at, after
    dying = shift.life(mortal)
    try:
        await dying.start()
        await dying.turn()
    except Died:
        pass
    second = shift.life(kept)
    await second.start()
    await second.turn()
    shift.clock.now += 30 * MINUTE
    await second.turn()
    # Between the post and its id being kept nobody can know whether it stands: then it comes twice.
    assert shift.told() in {1, 2}
    assert len({card.summary for _, card in shift.teams.posts}) == 1


async def test_a_room_that_heard_before_the_mute_keeps_a_true_card(shift: Shift) -> None:
    await shift.happens(failure("r1", ORDERS))
    await shift.night.mutes.add(muted())
    await shift.happens(failure("r2", ORDERS, end=3))
    (card,) = shift.teams.in_room(where())
    assert "2 times" in card.summary
    assert shift.told() == 1


def where() -> Address:
    return channel()
