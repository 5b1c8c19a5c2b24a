"""Who was refused what, for ever: ids only, never words that somebody wrote."""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.messages import Address, Person
from bot.state.store import RowCodec, Rows, Store

log = logging.getLogger("adfops.audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalEntry:
    """One refusal: who, where, which right in which factory, and why not."""

    person: str
    tenant: str
    conversation: str
    right: str
    factory: str
    why: str
    at: str = ""


_REFUSAL = RowCodec(RefusalEntry)


class AuditLog:
    """Refusals in the store, one partition for each day; entries are never changed."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        make_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
    ) -> None:
        """Borrow the store; `make_id` keeps two refusals of one moment apart."""
        self._store = store
        self._clock = clock
        self._make_id = make_id

    async def refused(
        self, person: Person, address: Address, *, right: str, factory: str, why: str
    ) -> None:
        """Write down a refusal."""
        now = self._clock()
        entry = RefusalEntry(
            person=person.person_id,
            tenant=person.tenant,
            conversation=address.conversation,
            right=right,
            factory=factory,
            why=why,
            at=now.isoformat(),
        )
        log.info("refused %s in %s to %s: %s", right, factory or "any", person.person_id, why)
        await self._of(now.date()).insert(f"{now.isoformat()}-{self._make_id()}", entry)

    async def of_day(self, day: date) -> Sequence[RefusalEntry]:
        """The refusals of a day in UTC, oldest first."""
        return [row.item for row in await self._of(day).list_all()]

    def _of(self, day: date) -> Rows[RefusalEntry]:
        return Rows(self._store, partition_of(day), _REFUSAL)


def partition_of(day: date) -> str:
    """The part of the store with the refusals of a day in UTC."""
    return f"audit-{day.isoformat()}"
