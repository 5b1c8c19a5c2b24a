"""The operations on incidents over a store, as the bot builds them, without Data Factory."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from adf.records import PipelineNotes, RunReport
from bot.alerts.incident_commands import IncidentCommands, IncidentSources
from bot.alerts.incident_report import IncidentReports
from bot.alerts.incidents import IncidentService
from bot.alerts.run_reports import RunReports
from bot.state.mutes import Mutes
from bot.state.store import Store
from cards.records import Mentioned


async def _no_report(factory: str, run_id: str) -> RunReport | None:
    return None


def no_notes(factory: str, pipeline: str) -> PipelineNotes:
    return PipelineNotes()


def commands_over(
    store: Store,
    clock: Callable[[], datetime],
    factories: Sequence[str] = ("prod", "uat"),
    people: Sequence[Mentioned] = (),
) -> IncidentCommands:
    """The operations; everybody of `people` may be given an incident."""
    mutes = Mutes(store, clock)
    reports = IncidentReports(
        reports=RunReports(_no_report),
        notes=no_notes,
        mutes=mutes,
        people_of=lambda _: people,
    )
    sources = IncidentSources(
        store=store,
        incidents=IncidentService(store, clock),
        reports=reports,
        mutes=mutes,
        notes=no_notes,
        factories=factories,
        clock=clock,
    )
    return IncidentCommands(sources, asyncio.Event())
