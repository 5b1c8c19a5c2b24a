"""A summary for people outside: what is late and when it is expected, and nothing technical."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.records import (
    Pipeline,
    PipelineNotes,
    PipelineRun,
    RunList,
    RunStats,
    RunStatus,
    TimeRange,
    TriggerKind,
    TriggerReport,
    TriggerStatus,
)
from adf.records.moments import in_plain_words
from adf.records.trends import PipelineStats
from adf.tool import Toolbox, tool
from bot.agents.answers import OfflineAgent
from bot.agents.interface import Answer, Question
from cards.records import Handover, IncidentList
from tests.bot.agents.answers.test_agent import HERE, MAYA

NOW = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
SPAN = TimeRange(start=NOW - timedelta(hours=24), end=NOW)
MINUTES = timedelta(minutes=1)
JARGON = re.compile(r"(?i)\b(?:pipeline|activity|trigger|run|etl|incident|error|adf|\w+_\w+)\b")


@dataclass
class Morning:
    """What a factory is like at six o'clock; `usual` is by its runs of two weeks."""

    notes: PipelineNotes = field(
        default_factory=lambda: PipelineNotes(
            critical=True, due="05:00 UTC", downstream=("ExportToPowerBI",)
        )
    )
    runs: list[PipelineRun] = field(default_factory=list[PipelineRun])
    triggers: list[TriggerStatus] = field(default_factory=list[TriggerStatus])
    usual: timedelta | None = 30 * MINUTES
    statistics: int = 0


@tool(progress="Working", reads=True)
async def ops_list_incidents(here: Morning) -> IncidentList:
    """No incident."""
    return IncidentList(places=("prod",), as_of=NOW, entries=())


@tool(progress="Working", reads=True)
async def adf_pipeline_runs(
    here: Morning,
    pipeline: str | None = None,
    critical: bool | None = None,
    hours: float | None = None,
    factory: str | None = None,
) -> RunList:
    """The newest runs."""
    return RunList(
        factory="prod",
        runs=tuple(here.runs),
        time_range=SPAN,
        as_of=NOW,
        notes={"CustomerDataETL": here.notes},
    )


@tool(progress="Working", reads=True)
async def adf_trigger_status(here: Morning, factory: str | None = None) -> TriggerReport:
    """What starts when."""
    return TriggerReport(factory="prod", as_of=NOW, time_range=SPAN, triggers=tuple(here.triggers))


@tool(progress="Working", reads=True)
async def adf_run_stats(
    here: Morning,
    pipeline: str | None = None,
    metric: str | None = None,
    hours: float | None = None,
    factory: str | None = None,
) -> RunStats:
    """How long it takes."""
    here.statistics += 1
    one = PipelineStats(
        pipeline="CustomerDataETL", runs=9, failed=0, last=RunStatus.SUCCEEDED, usual=here.usual
    )
    return RunStats(
        subject="CustomerDataETL",
        factory="prod",
        time_range=SPAN,
        finding="",
        buckets=(),
        pipelines=(one,),
    )


TOOLS = (ops_list_incidents, adf_pipeline_runs, adf_trigger_status, adf_run_stats)


def run(status: RunStatus, began: float) -> PipelineRun:
    start = NOW - began * MINUTES
    ended = None if status is RunStatus.IN_PROGRESS else start + 5 * MINUTES
    return PipelineRun(
        factory="prod",
        run_id="r",
        pipeline="CustomerDataETL",
        status=status,
        start=start,
        end=ended,
        last_updated=ended or NOW,
        duration=5 * MINUTES,
    )


def trigger(**changes: object) -> TriggerStatus:
    found = TriggerStatus(
        factory="prod",
        name="trg",
        kind=TriggerKind.SCHEDULE,
        state="Started",
        pipelines=("CustomerDataETL",),
        schedule="daily",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


async def summary_of(morning: Morning) -> str:
    async def pipelines(_: Question) -> Sequence[Pipeline]:
        return [Pipeline(factory="prod", name="CustomerDataETL", notes=morning.notes)]

    question = Question(
        text="summary for stakeholders",
        speaker=MAYA,
        address=HERE,
        now=NOW,
        zone=ZoneInfo("Europe/Berlin"),
        factory="prod",
        factories=("prod",),
    )
    agent = OfflineAgent(lambda _: Toolbox(TOOLS, [morning]), pipelines)
    answer = [step async for step in agent.answer(question)][-1]
    assert isinstance(answer, Answer)
    (record,) = answer.records
    assert isinstance(record, Handover)
    assert record.plain
    assert not JARGON.search(record.finding), record.finding
    return in_plain_words(record.finding)


async def test_what_is_being_loaded_in_its_usual_time_is_not_late() -> None:
    morning = Morning(runs=[run(RunStatus.IN_PROGRESS, 20)])
    assert await summary_of(morning) == "All the important data is in."


async def test_what_takes_longer_than_usual_says_when_it_was_expected() -> None:
    morning = Morning(runs=[run(RunStatus.IN_PROGRESS, 40)])
    assert await summary_of(morning) == (
        "The Customer data is still being loaded, later than usual; it was expected by 04:50. "
        "It is due by 06:00. Power BI waits for it."
    )


async def test_what_its_owners_declared_counts_before_what_its_runs_tell() -> None:
    morning = Morning(runs=[run(RunStatus.IN_PROGRESS, 40)])
    morning.notes = replace(morning.notes, usual=60 * MINUTES)
    assert await summary_of(morning) == "All the important data is in."
    assert morning.statistics == 0


@pytest.mark.parametrize("runs", [[run(RunStatus.FAILED, 40)], []])
async def test_what_failed_or_did_not_start_is_expected_after_its_next_start(
    runs: list[PipelineRun],
) -> None:
    missed = () if runs else (NOW - 60 * MINUTES,)
    morning = Morning(runs=runs, triggers=[trigger(next_start=NOW + 30 * MINUTES, missed=missed)])
    assert (await summary_of(morning)).startswith(
        "The Customer data is late. It is loaded again at 05:30, and is expected around 06:00 if "
        "that goes well. It is due by 06:00."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"next_start": None},
        {"next_start": NOW + 30 * MINUTES, "state": "Stopped"},
        {"next_start": NOW - MINUTES},
    ],
)
async def test_without_a_start_to_come_no_time_is_promised(changes: dict[str, object]) -> None:
    morning = Morning(runs=[run(RunStatus.FAILED, 40)], triggers=[trigger(**changes)])
    said = await summary_of(morning)
    assert said.startswith("The Customer data is late; it's not known yet when it will be in.")


async def test_without_a_usual_length_no_time_is_promised() -> None:
    morning = Morning(
        runs=[run(RunStatus.FAILED, 40)],
        triggers=[trigger(next_start=NOW + 30 * MINUTES)],
        usual=None,
    )
    assert "not known yet" in await summary_of(morning)


async def test_a_start_of_tomorrow_is_said_with_its_day() -> None:
    morning = Morning(
        runs=[run(RunStatus.FAILED, 40)], triggers=[trigger(next_start=NOW + timedelta(days=1))]
    )
    assert "loaded again at Fri 13 Mar 05:00" in await summary_of(morning)
