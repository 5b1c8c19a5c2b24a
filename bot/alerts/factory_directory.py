"""What alerts read about factories beside their runs: reports, declared notes, and owners."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.client import Factories
from adf.diagnosis import meaning_of, signature_in
from adf.records import (
    ACTIVE,
    Factory,
    PipelineNotes,
    PipelineRun,
    RelatedPipeline,
    RunReport,
    TimeRange,
)
from adf.runs import report_run
from adf.tools.waiting import waiting_for
from bot.access.policy import DeclaredRoles
from bot.state.error_gaps import ErrorGaps
from cards.records import Mentioned

_ACTIVE_SINCE = timedelta(days=2)


class FactoryDirectory:
    """The declared factories, their clients, and the people who own pipelines."""

    def __init__(
        self,
        *,
        declared: Sequence[Factory],
        clients: Factories,
        people: Mapping[str, DeclaredRoles],
        clock: Callable[[], datetime],
        gaps: ErrorGaps | None = None,
    ) -> None:
        """Borrow the clients; `people` are by Entra object id."""
        self._declared = {one.alias: one for one in declared}
        self._clients = clients
        self._people = people
        self._clock = clock
        self._gaps = gaps

    @property
    def aliases(self) -> list[str]:
        """The aliases of all factories."""
        return list(self._declared)

    async def report(self, alias: str, run_id: str) -> RunReport:
        """A report of a run with its meaning, read from Data Factory; may raise an AdfError."""
        client = await self._clients.client(alias)
        run = await client.get_run(run_id)
        report = await report_run(client, run, self._clock())
        meaning = meaning_of(report.cause)
        if self._gaps is not None and report.cause and meaning is None:
            error = report.cause.error
            await self._gaps.count(signature_in(error.message, error.code))
        return replace(report, meaning=meaning)

    async def waiting(self, alias: str, pipeline: str) -> Sequence[RelatedPipeline]:
        """Who waits for a pipeline, as its failure card says it."""
        client = await self._clients.client(alias)
        return await waiting_for(client, pipeline, self._clock())

    async def active_runs(self, alias: str) -> Sequence[PipelineRun]:
        """The runs that are queued or at work, read from Data Factory; may raise an AdfError."""
        client = await self._clients.client(alias)
        now = self._clock()
        time_range = TimeRange(start=now - _ACTIVE_SINCE, end=now)
        return await client.list_runs(time_range, statuses=sorted(ACTIVE))

    def notes(self, alias: str, pipeline: str) -> PipelineNotes:
        """What the owners declared about a pipeline."""
        return self._declared[alias].notes_for(pipeline)

    def mention(self, owner: str) -> Mentioned | None:
        """An owner as a person to mention, where the settings know their object id."""
        wanted = owner.lower()
        for person_id, one in self._people.items():
            if one.name.lower() == wanted:
                return Mentioned(name=one.name, person_id=person_id)
        return None
