"""What the audit log holds, as a person with access to the store reads it."""

from collections.abc import Sequence
from datetime import date

from bot.access.audit import REFUSAL, AuditEntry, partition_of
from bot.state.store import Store


async def refusals_of_day(store: Store, day: date) -> Sequence[AuditEntry]:
    """The refusals of a day in UTC, oldest first."""
    entries = [AuditEntry(**entry.value) for entry in await store.range(partition_of(day))]
    return [one for one in entries if one.kind == REFUSAL]
