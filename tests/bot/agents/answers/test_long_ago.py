"""What ran long ago: a weekly load stands as its last run does, and its trend is of weeks."""

from datetime import timedelta

import pytest

from adf.records import RunList, RunStats, RunStatus
from adf.simulator import State
from tests.adf.simulator.worlds import NOW, world
from tests.bot.agents.answers.world_talk import talking

DAYS = (3, 6, 13, 20)


def weekly(days: int) -> State:
    start = NOW - timedelta(days=days)
    runs = {
        f"aa0000{week}0-0000-4000-8000-000000000000": {
            "pipeline": "Weekly_Tax",
            "factory": "adf-lab",
            "status": "Succeeded" if week == 0 else "Failed",
            "start": (start - timedelta(weeks=week)).isoformat(),
            "end": (start - timedelta(weeks=week) + timedelta(minutes=20)).isoformat(),
        }
        for week in range(2)
    }
    return world(pipelines={"Weekly_Tax": [{"factory": "adf-lab"}]}, runs=runs)


@pytest.mark.parametrize("days", DAYS)
async def test_the_status_of_a_pipeline_is_that_of_its_last_run(days: int) -> None:
    async with talking(weekly(days)) as talk:
        answer = await talk.ask("how is Weekly_Tax doing")
        runs = answer.records[0]
        assert isinstance(runs, RunList)
        assert [run.status for run in runs.runs] == [RunStatus.SUCCEEDED]
        assert runs.runs[0].start == NOW - timedelta(days=days)


@pytest.mark.parametrize("days", DAYS)
async def test_in_a_time_that_was_asked_for_it_did_not_run(days: int) -> None:
    async with talking(weekly(days)) as talk:
        answer = await talk.ask("how is Weekly_Tax doing in the last 24 hours")
        runs = answer.records[0]
        assert isinstance(runs, RunList)
        assert not runs.runs
        assert "last run" in (answer.note or "")


async def test_the_trend_of_one_pipeline_is_of_two_weeks_where_no_time_is_said() -> None:
    async with talking(weekly(3)) as talk:
        answer = await talk.ask("trend of Weekly_Tax")
        stats = answer.records[0]
        assert isinstance(stats, RunStats)
        assert talk.calls[-1].arguments["hours"] == 14 * 24
