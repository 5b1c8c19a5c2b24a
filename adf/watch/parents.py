"""Who called a run, and who called that one: read where the runs at hand do not tell it.

Callers that ended are remembered, since an ended run never changes. What cannot be read for now
(too many queries, no answer) is told apart from what will never be readable.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cachetools import FIFOCache

from adf.client import AdfClient
from adf.errors import AdfError, Throttled, Unavailable
from adf.records import ACTIVE, PipelineRun

DEEPEST = 20
MOST_READS = 100
AT_ONCE = 3
MOST_ENDED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Runs by id with the callers above them; `unread` are callers to be asked for later."""

    runs: Mapping[str, PipelineRun]
    unread: frozenset[str] = frozenset()

    def above(self, run: PipelineRun) -> list[PipelineRun]:
        """The callers of a run that are known, nearest first."""
        found: list[PipelineRun] = []
        while len(found) < DEEPEST:
            caller = self.runs.get(caller_id(found[-1] if found else run) or "")
            if caller is None or caller is run or caller in found:
                break
            found.append(caller)
        return found

    def root_id(self, run: PipelineRun) -> str:
        """The id of the topmost run; a caller that no longer exists still has one."""
        top = [run, *self.above(run)][-1]
        above = caller_id(top)
        return above if above and above not in self.runs else top.run_id

    def is_complete(self, run: PipelineRun) -> bool:
        """Whether nothing above the run is left to be read."""
        return self.root_id(run) not in self.unread


class Callers:
    """Reads the callers of runs, each once, a few at a time and no more than it may."""

    def __init__(self, client: AdfClient) -> None:
        """Ask one factory."""
        self._client = client
        self._ended: FIFOCache[str, PipelineRun] = FIFOCache(MOST_ENDED)

    async def family(self, at_hand: Iterable[PipelineRun], of: Iterable[PipelineRun]) -> Family:
        """The runs at hand and every caller above those of `of`, level by level."""
        known = {run.run_id: run for run in at_hand}
        unread: set[str] = set()
        level = {caller for run in of if (caller := caller_id(run))}
        reads = MOST_READS
        for _ in range(DEEPEST):
            if not level:
                break
            missing = sorted(level - known.keys() - unread)
            fresh = [one for one in missing if one not in self._ended]
            unread.update(fresh[reads:])
            known.update({one: self._ended[one] for one in missing if one in self._ended})
            for run_id, found in (await self._read(fresh[:reads])).items():
                if isinstance(found, PipelineRun):
                    known[run_id] = found
                elif isinstance(found, Throttled | Unavailable):
                    unread.add(run_id)
            reads -= len(fresh[:reads])
            level = {caller for one in level if one in known and (caller := caller_id(known[one]))}
        return Family(runs=known, unread=frozenset(unread))

    async def _read(self, run_ids: Iterable[str]) -> dict[str, PipelineRun | AdfError]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(run_id: str) -> PipelineRun | AdfError:
            async with gate:
                try:
                    return self._keep(await self._client.get_run(run_id))
                except AdfError as error:
                    return error

        wanted = list(run_ids)
        return dict(zip(wanted, await asyncio.gather(*map(read, wanted)), strict=True))

    def _keep(self, run: PipelineRun) -> PipelineRun:
        if run.status not in ACTIVE:
            self._ended[run.run_id] = run
        return run


def caller_id(run: PipelineRun) -> str | None:
    """The id of the run that called this one; None for one that a trigger or a person started."""
    return run.invoked_by.pipeline_run_id if run.invoked_by else None
