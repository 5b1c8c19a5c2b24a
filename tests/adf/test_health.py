"""Us or Azure: what Azure reports, and what broke alike within minutes; evidence, never proof."""

from datetime import timedelta
from typing import Any, cast

import pytest

from adf.records import AvailabilityState, AzureHealth, Pointer
from adf.simulator import Roles, State
from cards import card_for
from cards.text_rendering import read_card
from tests.adf.asking import BERLIN, asking
from tests.adf.simulator.worlds import NOW, run, world
from tests.bot.agents.answers.world_talk import talking

GONE = "Operation on target Copy failed: ErrorCode=SqlFailedToConnect,Message=Cannot connect to db."
FULL = "Operation on target Copy failed: Disk {} is full."


def failed(pipeline: str, minutes_ago: float, message: str, **more: Any) -> Any:  # noqa: ANN401
    end = NOW - timedelta(minutes=minutes_ago)
    start = end - timedelta(minutes=20)
    times = {"start": start.isoformat(), "end": end.isoformat(), "message": message}
    return {**run(pipeline, "Failed", None, None), **times, **more}


def night(*runs: Any) -> State:  # noqa: ANN401
    names = {one["pipeline"] for one in runs} or {"Quiet"}
    return world(
        pipelines={name: [{"factory": "adf-lab"}] for name in sorted(names)},
        runs={
            f"{place + 1:08x}-0000-4000-8000-000000000000": one for place, one in enumerate(runs)
        },
    )


async def health_of(state: State, roles: Roles | None = None) -> AzureHealth:
    async with asking(state, roles) as toolbox:
        return cast("AzureHealth", await toolbox.call("adf_health"))


def text_of(health: AzureHealth) -> str:
    card = card_for(health, now=health.as_of, zone=BERLIN)
    return read_card(card.content, BERLIN).text


async def test_a_quiet_night_points_to_nothing() -> None:
    health = await health_of(night())
    assert health.points_to is Pointer.NOTHING
    assert health.state is AvailabilityState.AVAILABLE
    assert "nothing failed in the last 6 h" in text_of(health)


async def test_the_same_error_within_minutes_is_shared_and_others_are_not() -> None:
    runs = [
        failed("Harvest", 60, GONE),
        failed("Ledger", 55, GONE),
        failed("Silver", 50, FULL.format(1)),
        failed("Gold", 200, GONE),
    ]
    health = await health_of(night(*runs))
    (shared,) = health.shared
    assert set(shared.pipelines) == {"Harvest", "Ledger"}
    assert health.points_to is Pointer.SHARED
    text = text_of(health)
    assert "2 pipelines in 1 factory failed with the same error within minutes" in text
    assert "Evidence, not proof" in text


async def test_errors_of_their_own_are_more_likely_ours() -> None:
    health = await health_of(night(failed("Harvest", 60, GONE), failed("Ledger", 55, FULL)))
    assert health.points_to is Pointer.OWN
    assert "probably on our side" in text_of(health)


async def test_a_caller_that_broke_by_its_child_is_no_second_pipeline() -> None:
    child = "00000001-0000-4000-8000-000000000000"
    parent = "00000002-0000-4000-8000-000000000000"
    runs = [
        failed("Child", 60, GONE, parent=parent),
        failed("Parent", 59, f"Operation on target Call failed: {GONE}"),
    ]
    assert child < parent
    assert (await health_of(night(*runs))).shared == ()


async def test_what_azure_reports_comes_first() -> None:
    state = night(failed("Harvest", 60, GONE))
    factory = state.factories[0]
    factory.health = (
        {
            "availabilityState": "Degraded",
            "summary": "We are investigating.",
            "occuredTime": (NOW - timedelta(hours=1)).isoformat(),
        },
    )
    factory.service_events = (
        {
            "trackingId": "ABC-1",
            "eventType": "ServiceIssue",
            "status": "Active",
            "title": "Delays in West Europe",
            "impactStartTime": (NOW - timedelta(hours=1)).isoformat(),
            "impact": [
                {
                    "impactedService": "Data Factory",
                    "impactedRegions": [{"impactedRegion": "West Europe"}],
                }
            ],
        },
        {
            "trackingId": "OLD-1",
            "eventType": "ServiceIssue",
            "status": "Resolved",
            "impactMitigationTime": (NOW - timedelta(days=9)).isoformat(),
        },
        {"trackingId": "SEC-1", "eventType": "SecurityAdvisory", "status": "Active"},
    )
    health = await health_of(state)
    assert health.points_to is Pointer.REPORTED
    assert health.state is AvailabilityState.DEGRADED
    assert [one.tracking_id for one in health.events] == ["ABC-1"]
    text = text_of(health)
    assert "Azure reports a problem" in text
    assert "Delays in West Europe" in text


async def test_what_may_not_be_read_is_not_called_well() -> None:
    health = await health_of(night(), {"*": ["Microsoft.DataFactory/*"]})
    assert health.points_to is Pointer.UNKNOWN
    assert len(health.gaps) == 2
    text = text_of(health)
    assert "couldn't read what Azure reports" in text
    assert "reports no problem" not in text
    shared = night(failed("Harvest", 60, GONE), failed("Ledger", 55, GONE))
    text = text_of(await health_of(shared, {"*": ["Microsoft.DataFactory/*"]}))
    assert "reports no problem" not in text


@pytest.mark.parametrize("text", ["is azure down", "is it us or Microsoft", "is it us or Azure"])
async def test_a_question_about_azure_is_answered_with_the_evidence(text: str) -> None:
    async with talking(night()) as talk:
        (health,) = (await talk.ask(text)).records
        assert isinstance(health, AzureHealth)
        assert [one.name for one in talk.calls] == ["adf_health"]
