"""Whether people found the cause right that a card named: what to learn from, one for each run.

A row has the signature of the error, the code that its cause was found by, and the verdict; words
of the error are never kept. Who judged is kept by id, can be erased, and is in no export.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.records import RunReport
from bot.state.store import Moment, RowCodec, Rows, Store, StoreError, open_store
from cards.records import IncidentReport

log = logging.getLogger("adfops.turn")

PARTITION = "cause-verdicts"
RIGHT, WRONG = "right", "wrong"
RefreshVerdicts = Callable[[Iterable[object]], Awaitable[None]]
"""Reads what was judged of records that are about to be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseVerdict:
    """What somebody said of the cause of a run; `person` is their Entra object id.

    `code` names the cause in the catalogue, blank where words alone told it; `confidence` is how
    sure the card was.
    """

    factory: str
    pipeline: str
    run_id: str
    signature: str
    code: str
    confidence: str
    verdict: str
    person: str
    at: Moment


_CODEC = RowCodec(CauseVerdict)


class CauseVerdicts:
    """Verdicts in the store, the newest of each run; which runs have one is known at once."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, is_shared: bool = False
    ) -> None:
        """Borrow the store, which other processes write to as well where it `is_shared`.

        `load` reads what is there.
        """
        self._is_shared = is_shared
        self._rows = Rows(store, PARTITION, _CODEC)
        self._clock = clock
        self._known: dict[str, str] = {}

    @property
    def known(self) -> Mapping[str, str]:
        """The verdicts by run id, as they are now."""
        return self._known

    async def load(self) -> None:
        """Read which runs have a verdict, so that nobody is asked twice."""
        for row in await self._rows.list_all():
            self._known[row.item.run_id] = row.item.verdict

    async def refresh(self, records: Iterable[object]) -> None:
        """Before records are drawn, read what people told another process of their runs."""
        if not self._is_shared:
            return
        try:
            for run_id in _run_ids(records):
                if found := await self._rows.get(run_id.lower()):
                    self._known[run_id] = found.verdict
        except StoreError as error:
            log.info("verdicts of other replicas cannot be read: %s", error)

    async def keep(self, verdict: CauseVerdict) -> None:
        """Write down a verdict in the place of an earlier one of the same run."""
        await self._rows.update(verdict.run_id.lower(), lambda _: verdict)
        self._known[verdict.run_id] = verdict.verdict

    async def list_all(self) -> Sequence[CauseVerdict]:
        """Every verdict, the oldest first."""
        found = [row.item for row in await self._rows.list_all()]
        return sorted(found, key=lambda one: one.at)


async def all_known(records: Iterable[object]) -> None:
    """Where one process knows every verdict there is, nothing has to be read."""
    del records


async def exported_verdicts(url: str, clock: Callable[[], datetime]) -> Sequence[str]:
    """Every verdict as a JSON line without its person, from a store no bot may be running on."""
    store = await open_store(url, wait=0)
    try:
        found = await CauseVerdicts(store, clock).list_all()
    finally:
        await store.close()
    rows = [_CODEC.to_json(one) for one in found]
    return [json.dumps(_without_person(row), ensure_ascii=False) for row in rows]


def _run_ids(records: Iterable[object]) -> Sequence[str]:
    """The runs whose cause the cards of these records ask about."""
    runs = (
        one.run.run_id if isinstance(one, RunReport) else one.run_id
        for one in records
        if isinstance(one, (RunReport, IncidentReport))
    )
    return [one for one in dict.fromkeys(runs) if one]


def _without_person(row: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in row.items() if name != "person"}
