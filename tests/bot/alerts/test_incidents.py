"""One incident for each cause: opened, repeated, taken, ended, and each signal counted once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from adf.records import RunStatus
from bot.alerts.incidents import (
    ActionResult,
    Incident,
    IncidentService,
    Participant,
    TimelineKind,
    partition_of,
)
from bot.alerts.incidents.changes import MOST_LISTENERS
from bot.alerts.incidents.handling import ticketed
from bot.alerts.incidents.repository import KEPT_INCIDENTS, KEPT_MARKS
from bot.state.store import MemoryStore, Operation, Store, VersionConflict
from cards.records import IncidentState
from tests.bot.builders.nights import (
    MAYA,
    MINUTE,
    START,
    TOM,
    Clock,
    Died,
    MortalStore,
    channel,
    chat,
    failure,
    good,
    run_of,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def incidents(store: Store, clock: Clock) -> IncidentService:
    return IncidentService(store, clock)


async def the_open(incidents: IncidentService) -> Incident:
    (one,) = await incidents.open("prod")
    return one


async def recipes(store: Store) -> list[str]:
    return [one.key for one in await store.range(partition_of("prod"), "post-", "post.")]


async def test_a_failure_opens_an_incident_that_knows_names_and_times(
    incidents: IncidentService,
) -> None:
    taken = await incidents.take(failure("r1"), [channel()])
    assert taken is not None
    assert taken == await incidents.find("INC-1") == await the_open(incidents)
    assert (taken.incident_id, taken.state, taken.count) == ("INC-1", IncidentState.OPEN, 1)
    assert (taken.pipelines, taken.activity_name) == (("CustomerDataETL",), "Copy_CRM")
    assert taken.since == taken.last_seen == START


async def test_the_same_signal_counts_once(incidents: IncidentService, store: Store) -> None:
    await incidents.take(failure("r1"), [channel()])
    assert await incidents.take(failure("r1"), [channel()]) is None
    assert (await the_open(incidents)).revision == 1
    assert len(await recipes(store)) == 1


async def test_all_of_a_failure_is_written_in_one_batch(clock: Clock) -> None:
    store = MortalStore(MemoryStore())
    incidents = IncidentService(store, clock)
    below = [run_of(f"child{number}") for number in range(40)]
    await incidents.take(failure("r1", below=below), [channel(), chat("maya")])
    assert store.writes == 2, "the number, and everything else"


async def test_runs_below_a_failure_are_seen_with_it(incidents: IncidentService) -> None:
    below = [run_of(f"child{number}") for number in range(120)]
    await incidents.take(failure("r1", below=below))
    seen = await incidents.seen("prod")
    assert ("r1", "Failed") in seen
    assert all((one.run_id, "Failed") in seen for one in below)
    assert ("child119", "Failed") in await incidents.seen("prod")
    assert ("child119", "Succeeded") not in await incidents.seen("prod")


async def test_a_repeat_raises_the_number_and_asks_nobody_anew(
    incidents: IncidentService, store: Store
) -> None:
    await incidents.take(failure("r1"), [channel()])
    await incidents.take(failure("r2", end=30), [channel()])
    one = await the_open(incidents)
    assert (one.count, one.revision, one.last_seen) == (2, 2, START + 30 * MINUTE)
    assert one.standing[-1].run_id == "r2"
    assert len(await recipes(store)) == 1


async def test_a_room_that_hears_of_a_repeat_only_is_told_then(
    incidents: IncidentService, store: Store
) -> None:
    await incidents.take(failure("r1"), [channel()])
    await incidents.take(failure("r2", end=30), [channel(), chat("maya")])
    assert len(await recipes(store)) == 2


async def test_a_child_and_then_its_parent_are_one_incident_named_by_the_parent(
    incidents: IncidentService,
) -> None:
    child = failure("c1", "Load", root="p1")
    await incidents.take(child)
    await incidents.take(failure("c2", "Copy", root="p1", end=1))
    assert (await the_open(incidents)).pipelines == ("Load",)
    await incidents.take(failure("p1", "Nightly", end=2, below=[child.run]))
    one = await the_open(incidents)
    assert (one.pipelines, one.count) == (("Nightly",), 1)
    assert one.standing[-1].run_id == "p1"
    await incidents.take(failure("c3", "Late", root="p1", end=3))
    assert (await the_open(incidents)).pipelines == ("Nightly",)


async def test_each_level_above_takes_the_title(incidents: IncidentService) -> None:
    inner = failure("c1", "Inner", root="p1")
    await incidents.take(inner)
    await incidents.take(failure("m1", "Middle", root="p1", end=1, below=[inner.run]))
    assert (await the_open(incidents)).pipelines == ("Middle",)


async def test_a_storm_of_one_cause_is_one_incident_that_lists_its_pipelines(
    incidents: IncidentService, store: Store
) -> None:
    for number in range(50):
        signal = failure(f"r{number}", f"Load{number:02}", group="runtime:shir", end=number)
        await incidents.take(signal, [channel()])
    one = await the_open(incidents)
    assert (one.count, len(one.pipelines)) == (50, 50)
    assert len(await recipes(store)) == 1


async def test_two_causes_are_two_incidents(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    await incidents.take(failure("r2", "Orders"))
    assert [one.incident_id for one in await incidents.open("prod")] == ["INC-1", "INC-2"]


async def test_numbers_run_on_over_factories(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    await incidents.take(failure("r1", factory="a/b#c?"))
    found = await incidents.find("INC-2")
    assert found is not None
    assert found.factory == "a/b#c?"
    assert len(await incidents.open("prod")) == 1


@pytest.mark.parametrize("wrong", ["", "INC-", "INC-7", "INC-x", "next", "prod", "INC-1/../x"])
async def test_a_number_that_was_never_given_is_unknown(
    wrong: str, incidents: IncidentService
) -> None:
    await incidents.take(failure("r1"))
    assert await incidents.find(wrong) is None
    outcome = await incidents.acknowledge(wrong, MAYA, START)
    assert outcome.verdict is ActionResult.UNKNOWN


async def test_the_first_to_acknowledge_has_it(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    first = await incidents.acknowledge("INC-1", MAYA, START + MINUTE)
    second = await incidents.acknowledge("INC-1", TOM, START + 2 * MINUTE)
    assert (first.verdict, second.verdict) == (ActionResult.DONE, ActionResult.ALREADY)
    assert second.incident is not None
    assert second.incident.acknowledged is not None
    assert (second.incident.acknowledged.name, second.incident.acknowledged.at) == (
        "Maya",
        START + MINUTE,
    )


async def test_two_who_press_at_once_agree_on_who_has_it(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    outcomes = await asyncio.gather(
        incidents.acknowledge("INC-1", MAYA, START), incidents.acknowledge("INC-1", TOM, START)
    )
    assert sorted(one.verdict for one in outcomes) == [ActionResult.ALREADY, ActionResult.DONE]
    deeds = {one.incident.acknowledged for one in outcomes if one.incident}
    assert len(deeds) == 1


async def test_a_repeat_leaves_it_acknowledged(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    await incidents.acknowledge("INC-1", MAYA, START)
    await incidents.take(failure("r2", end=30))
    assert (await the_open(incidents)).state is IncidentState.ACKNOWLEDGED


async def test_the_next_good_run_ends_it(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    taken = await incidents.take(good("r2", end=108))
    assert taken is not None
    assert taken.state is IncidentState.RESOLVED
    assert taken.ending is not None
    assert (taken.ending.run_id, taken.ending.at) == ("r2", START + 108 * MINUTE)
    assert list(await incidents.open("prod")) == []
    assert await incidents.find("INC-1") == taken
    assert (await incidents.acknowledge("INC-1", MAYA, START)).verdict is ActionResult.OVER


async def test_a_good_run_that_began_before_the_failure_ends_nothing(
    incidents: IncidentService,
) -> None:
    await incidents.take(failure("r1"))
    assert await incidents.take(good("r0", end=5, lasted=6)) is None
    assert await incidents.take(good("r9", "Orders", end=60)) is None
    assert (await the_open(incidents)).revision == 1


async def test_a_root_that_went_on_and_ended_well_ends_what_broke_below_it(
    incidents: IncidentService,
) -> None:
    await incidents.take(failure("c1", "Load", root="p1"))
    taken = await incidents.take(good("p1", "Nightly", end=5, lasted=60))
    assert taken is not None
    assert taken.state is IncidentState.RESOLVED


async def test_it_is_over_when_each_of_its_pipelines_is_well(incidents: IncidentService) -> None:
    await incidents.take(failure("r1", "A", group="runtime:shir"))
    await incidents.take(failure("r2", "B", group="runtime:shir", end=1))
    half = await incidents.take(good("r3", "A", end=30))
    assert half is not None
    assert (half.state, [one.pipeline for one in half.standing]) == (IncidentState.OPEN, ["B"])
    whole = await incidents.take(good("r4", "B", end=40))
    assert whole is not None
    assert whole.state is IncidentState.RESOLVED


async def test_a_pipeline_that_breaks_again_is_not_well_any_more(
    incidents: IncidentService,
) -> None:
    await incidents.take(failure("r1", "A", group="runtime:shir"))
    await incidents.take(failure("r2", "B", group="runtime:shir", end=1))
    await incidents.take(good("r3", "A", end=30))
    again = await incidents.take(failure("r4", "A", group="runtime:shir", end=35))
    assert again is not None
    assert [one.pipeline for one in again.standing] == ["B", "A"]
    await incidents.take(good("r5", "B", end=40))
    assert [one.pipeline for one in (await the_open(incidents)).standing] == ["A"]


async def test_a_failure_told_late_does_not_hide_a_newer_one(incidents: IncidentService) -> None:
    await incidents.take(failure("r2", end=30))
    late = await incidents.take(failure("r1", end=10))
    assert late is not None
    assert (late.count, late.standing[-1].run_id) == (2, "r2")
    assert late.last_seen == START + 30 * MINUTE


async def test_a_good_run_ends_every_incident_of_its_pipeline(incidents: IncidentService) -> None:
    await incidents.take(failure("r1", group="one"))
    await incidents.take(failure("r2", group="two", end=1))
    await incidents.take(good("r3", end=30))
    assert list(await incidents.open("prod")) == []


async def test_the_next_of_its_kind_knows_when_the_last_one_was(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    await incidents.take(good("r2", end=108))
    again = await incidents.take(failure("r3", end=3000))
    assert again is not None
    assert again.incident_id == "INC-2"
    assert again.earlier is not None
    assert (again.earlier.incident_id, again.earlier.since, again.earlier.times) == (
        "INC-1",
        START,
        1,
    )
    assert again.earlier.ending.run_id == "r2"
    await incidents.resolve("INC-2", MAYA, START + 3100 * MINUTE)
    third = await incidents.take(failure("r4", end=5000))
    assert third is not None
    assert third.earlier is not None
    assert third.earlier.times == 2
    assert third.earlier.ending.by is not None
    assert third.earlier.ending.by.name == "Maya"


async def test_a_status_that_changes_later_is_a_new_signal_of_the_same_incident(
    incidents: IncidentService,
) -> None:
    await incidents.take(failure("r1"))
    late = failure("r1")
    timed_out = run_of("r1", status=RunStatus.TIMED_OUT)
    changed = type(late)(
        factory="prod",
        report=type(late.report)(run=timed_out, as_of=START),
        runs=(timed_out,),
        root_run_id="r1",
        signature="abc",
        group="another",
    )
    await incidents.take(changed)
    assert (await the_open(incidents)).count == 1


async def test_whoever_takes_it_at_the_same_time_makes_one_incident(
    store: Store, clock: Clock
) -> None:
    lives = [IncidentService(store, clock) for _ in range(3)]
    signals = [failure("r1"), failure("r1"), failure("r2")]
    taken = await asyncio.gather(
        *(one.take(signal, [channel()]) for one, signal in zip(lives, signals, strict=True))
    )
    one = await the_open(lives[0])
    assert one.count == 2
    assert sum(result is not None for result in taken) == 2
    assert len(await recipes(store)) == 1


async def test_more_rooms_than_fit_into_a_write_all_get_their_recipe(
    incidents: IncidentService, store: Store
) -> None:
    rooms = [chat(f"p{number}") for number in range(230)]
    await incidents.take(failure("r1"), rooms)
    assert len(await recipes(store)) == 230
    assert (await the_open(incidents)).untold == ()


async def test_rooms_cut_off_by_a_crash_get_their_recipe_after_it(clock: Clock) -> None:
    base = MemoryStore()
    mortal = MortalStore(base)
    mortal.dies_at = 3
    with pytest.raises(Died):
        await IncidentService(mortal, clock).take(
            failure("r1"), [chat(f"p{n}") for n in range(230)]
        )
    assert len(await recipes(base)) == 45
    after = IncidentService(base, clock)
    await after.recover("prod")
    assert len(await recipes(base)) == 230


async def test_the_watermark_is_kept_and_never_goes_back(incidents: IncidentService) -> None:
    assert await incidents.watermark("prod") is None
    await incidents.move_watermark("prod", START + MINUTE)
    await incidents.move_watermark("prod", START)
    assert await incidents.watermark("prod") == START + MINUTE
    assert await incidents.watermark("other") is None


async def test_marks_are_kept_as_long_as_the_watch_may_look_back(
    incidents: IncidentService, clock: Clock
) -> None:
    await incidents.take(failure("r1"))
    await incidents.move_watermark("prod", START)
    clock.now += timedelta(days=5)
    await incidents.purge("prod")
    assert ("r1", "Failed") in await incidents.seen("prod"), "the watch was away, not the failure"
    await incidents.move_watermark("prod", START + KEPT_MARKS + MINUTE)
    await incidents.purge("prod")
    assert list(await incidents.seen("prod")) == []
    assert len(await incidents.open("prod")) == 1


async def test_what_is_long_over_is_forgotten_and_its_number_stays_used(
    incidents: IncidentService, store: Store, clock: Clock
) -> None:
    await incidents.take(failure("r1"), [channel()])
    await incidents.take(good("r2", end=10))
    clock.now += KEPT_INCIDENTS
    await incidents.purge("prod")
    assert await incidents.find("INC-1") is not None
    clock.now += timedelta(hours=1)
    await incidents.purge("prod")
    assert await incidents.find("INC-1") is None
    rest = await store.range(partition_of("prod"))
    assert [one.key for one in rest if not one.key.startswith(("watermark", "seen-"))] == []
    again = await incidents.take(failure("r3", end=99))
    assert again is not None
    assert (again.incident_id, again.earlier) == ("INC-2", None)


async def test_the_history_of_a_group_outlives_an_older_incident_of_it(
    incidents: IncidentService, clock: Clock
) -> None:
    await incidents.take(failure("r1"))
    await incidents.take(good("r2", end=10))
    await incidents.take(failure("r3", end=20))
    clock.now += KEPT_INCIDENTS + timedelta(hours=1)
    await incidents.purge("prod")
    assert await incidents.find("INC-1") is None
    assert (await the_open(incidents)).incident_id == "INC-2"


async def test_revisions_tell_of_what_is_open_and_what_is_over(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"))
    await incidents.take(failure("r2", "Orders"))
    await incidents.take(good("r3", end=10))
    known = await incidents.revisions("prod", {"INC-1", "INC-2", "INC-9"})
    assert known == {"INC-1": 2, "INC-2": 1}


class Contended(MemoryStore):
    """A store in which somebody else is always faster."""

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        raise VersionConflict("somebody was faster", partition)


async def test_whoever_is_never_the_fastest_gives_up_and_may_come_again(clock: Clock) -> None:
    incidents = IncidentService(Contended(), clock)
    with pytest.raises(VersionConflict):
        await incidents.take(failure("r1"))
    with pytest.raises(VersionConflict):
        await incidents.move_watermark("prod", START)


async def test_more_rooms_than_anybody_needs_are_not_all_told(
    incidents: IncidentService, store: Store
) -> None:
    await incidents.take(failure("r1"), [chat(f"p{n}") for n in range(MOST_LISTENERS + 20)])
    assert len(await recipes(store)) == MOST_LISTENERS


async def test_an_incident_that_was_lost_is_unknown(
    incidents: IncidentService, store: Store
) -> None:
    await incidents.take(failure("r1"))
    await store.delete(partition_of("prod"), "open-INC-1")
    assert (await incidents.acknowledge("INC-1", MAYA, START)).verdict is ActionResult.UNKNOWN


async def test_two_that_hear_of_one_good_run_end_an_incident_once(
    store: Store, clock: Clock
) -> None:
    lives = [IncidentService(store, clock) for _ in range(3)]
    await lives[0].take(failure("r1"))
    taken = await asyncio.gather(*(one.take(good("r2", end=10)) for one in lives))
    assert sum(one is not None for one in taken) == 1


async def test_a_ticket_is_noted_once_also_when_all_is_over(incidents: IncidentService) -> None:
    await incidents.take(failure("r1"), [])
    await incidents.take(good("r2", end=108), [])
    over = await incidents.find("INC-1")
    assert over is not None
    by = Participant(person_id="maya-id", name="Maya")
    for _ in range(2):
        await incidents.record("INC-1", lambda one: ticketed(one, by, "ServiceNow INC1", START))
    after = await incidents.find("INC-1")
    assert after is not None
    assert after.revision == over.revision + 1
    assert [one.subject for one in after.timeline if one.kind is TimelineKind.TICKETED] == [
        "ServiceNow INC1"
    ]
    assert after.ending == over.ending
    await incidents.record("INC-404", lambda one: one)
