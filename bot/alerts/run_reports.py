"""Reports of broken runs, kept in memory: such a run does not change, and the store holds none."""

import logging
from collections.abc import Awaitable, Callable

from cachetools import LRUCache

from adf.errors import AdfError
from adf.records import RunReport

log = logging.getLogger("adfops.announcer")

MOST_KEPT = 200

ReadReport = Callable[[str, str], Awaitable[RunReport | None]]


class RunReports:
    """Reports by factory and run id; read again when they are not known, or have gaps."""

    def __init__(self, read: ReadReport) -> None:
        """`read` asks Data Factory; it may raise an AdfError."""
        self._read = read
        self._known: LRUCache[tuple[str, str], RunReport] = LRUCache(MOST_KEPT)

    def keep(self, report: RunReport) -> None:
        """Remember a report that was just read."""
        self._known[report.run.factory, report.run.run_id] = report

    async def get(self, factory: str, run_id: str) -> RunReport | None:
        """The report of a run as well as it is known; None when it cannot be read."""
        known = self._known.get((factory, run_id))
        if known is not None and not known.gaps:
            return known
        try:
            report = await self._read(factory, run_id)
        except AdfError as error:
            log.info("run %s cannot be read for its card: %s", run_id, error)
            return known
        if report is not None:
            self.keep(report)
        return report or known
