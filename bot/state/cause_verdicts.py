"""Whether people found the cause right that a card named: what to learn from, one for each run.

A row has the signature of the error, the code that its cause was found by, and the verdict; words
of the error are never kept. Who judged is kept by id, can be erased, and is in no export.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.state.store import Moment, RowCodec, Rows, Store, open_store

PARTITION = "cause-verdicts"
RIGHT, WRONG = "right", "wrong"


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

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store; `load` reads what is there."""
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

    async def keep(self, verdict: CauseVerdict) -> None:
        """Write down a verdict in the place of an earlier one of the same run."""
        await self._rows.update(verdict.run_id.lower(), lambda _: verdict)
        self._known[verdict.run_id] = verdict.verdict

    async def list_all(self) -> Sequence[CauseVerdict]:
        """Every verdict, the oldest first."""
        found = [row.item for row in await self._rows.list_all()]
        return sorted(found, key=lambda one: one.at)


async def exported_verdicts(url: str, clock: Callable[[], datetime]) -> Sequence[str]:
    """Every verdict as a JSON line without its person, from a store no bot may be running on."""
    store = await open_store(url, wait=0)
    try:
        found = await CauseVerdicts(store, clock).list_all()
    finally:
        await store.close()
    rows = [_CODEC.to_json(one) for one in found]
    return [json.dumps(_without_person(row), ensure_ascii=False) for row in rows]


def _without_person(row: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in row.items() if name != "person"}
