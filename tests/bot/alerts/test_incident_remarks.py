"""A run that may end an incident is said on its card, and how much of a storm was not read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from adf.errors import Unavailable
from adf.records import InvokedBy, PipelineRun, RunStatus
from adf.records.moments import in_plain_words
from adf.watch.reports import STORM
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import Incident
from bot.alerts.standing_incidents import RunFollower
from bot.state.store import Store
from tests.bot.alerts.test_service import night_with, text_of
from tests.bot.builders.nights import BERLIN, Night, channel, deliver, failure, good, run_of

ROOM = channel()


def active(run_id: str = "r2", *, end: float = 20, **more: Any) -> PipelineRun:  # noqa: ANN401
    run = run_of(run_id, status=RunStatus.IN_PROGRESS, end=end, lasted=10)
    return replace(run, end=None, duration=None, **more)


async def opened(night: Night) -> Incident:
    await night.turn()
    (incident,) = await night.incidents.open("prod")
    return incident


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"group_id": "r1"}, "A rerun of CustomerDataETL has been under way since 03:41 CET."),
        (
            {"invoked_by": InvokedBy(name="tw", kind="TumblingWindowTrigger")},
            "Its window is being retried since 03:41",
        ),
        ({"group_id": "r2"}, "The next run of CustomerDataETL has been under way since 03:41 CET."),
    ],
)
async def test_a_run_that_may_end_it_is_called_what_it_is(
    more: dict[str, Any], words: str, store: Store
) -> None:
    incident = await opened(night_with(store, failure("r1")))
    remarks = IncidentRemarks()
    assert remarks.note_run(incident, [active(**more)])
    assert not remarks.note_run(incident, [active(**more)])
    assert words in in_plain_words(remarks.text(incident, BERLIN))
    assert remarks.note_run(incident, [])
    assert remarks.text(incident, BERLIN) == ""


async def test_a_run_of_before_or_of_another_pipeline_ends_nothing(store: Store) -> None:
    incident = await opened(night_with(store, failure("r1")))
    remarks = IncidentRemarks()
    assert not remarks.note_run(incident, [active(end=5), active(pipeline="Other")])


async def test_the_card_is_edited_when_a_rerun_begins_and_when_it_has_failed(
    store: Store,
) -> None:
    night = night_with(store, failure("r1"))
    remarks = night.remarks
    runs: list[PipelineRun] = [active(group_id="r1")]

    async def read(factory: str) -> Sequence[PipelineRun]:
        return runs

    follow = RunFollower(remarks=remarks, active=read, retell=night.incidents.retell)
    assert await follow.look([await opened(night)])
    await deliver(night.posted)
    (card,) = night.teams.in_room(ROOM)
    assert "A rerun of CustomerDataETL has been under way" in text_of(card).replace("\\", "")
    runs.clear()
    assert await follow.look(await night.incidents.open("prod"))
    await deliver(night.posted)
    (card,) = night.teams.in_room(ROOM)
    assert "under way" not in text_of(card)
    assert len(night.teams.posts) == 1


async def test_active_runs_that_cannot_be_read_change_nothing(store: Store) -> None:
    night = night_with(store, failure("r1"))

    async def read(factory: str) -> Sequence[PipelineRun]:
        raise Unavailable("no answer")

    follow = RunFollower(remarks=IncidentRemarks(), active=read, retell=night.incidents.retell)
    assert not await follow.look([await opened(night)])


async def test_it_says_how_many_runs_of_a_storm_were_not_looked_into(store: Store) -> None:
    incident = await opened(night_with(store, failure("r1")))
    remarks = IncidentRemarks()
    first = failure("r1")
    remarks.add(incident, first)
    assert remarks.text(incident, BERLIN) == ""
    bare = replace(first, report=replace(first.report, gaps=(STORM,)))
    for _ in range(4):
        remarks.add(incident, bare)
    incident = replace(incident, count=5)
    assert remarks.text(incident, BERLIN) == "4 of its 5 runs were not read in detail."


async def test_the_same_error_in_two_pipelines_is_suggested_as_one_cause(store: Store) -> None:
    night = night_with(store, failure("r1", "A"), failure("r2", "B"))
    await night.turn()
    one, other = await night.incidents.open("prod")
    remarks = IncidentRemarks()
    remarks.add(one, replace(failure("r1", "A"), alike="m"))
    remarks.add(other, replace(failure("r2", "B"), alike="m"))
    assert "Likely the same cause as INC-2" in remarks.text(one, BERLIN)
    assert "Likely the same cause as INC-1" in remarks.text(other, BERLIN)


async def test_of_what_is_over_nothing_is_remarked(store: Store) -> None:
    night = night_with(store, failure("r1"))
    incident = await opened(night)
    remarks = IncidentRemarks()
    remarks.note_run(incident, [active()])
    night.watches["prod"].signals.append(good("g", end=60))
    await night.turn()
    ended = await night.incidents.find(incident.incident_id)
    assert ended is not None
    assert remarks.text(ended, BERLIN) == ""
