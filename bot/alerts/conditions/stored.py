"""What is kept of a condition: ids, names, counts, times. Words are made when a card is drawn."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from adf.records import Condition, ConditionKind, ConditionOver
from bot.messages import Address
from bot.outbox.entry import OutboxEntry, mark_of
from bot.state.store import RowCodec

KIND = "condition"
OPEN, PAST = "open-", "past-"
# What fits into one write beside the condition itself; the others follow with the next look.
AT_ONCE = 45
MOST_LISTENERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCondition:
    """A condition from its first sight to its end; `listeners` are marks of who was alerted."""

    alert_id: str
    factory: str
    kind: ConditionKind
    key: str
    subject: str
    since: datetime
    pipelines: tuple[str, ...] = ()
    limit: str = ""
    run_id: str = ""
    trigger: str = ""
    is_stopped: bool = False
    count: int = 0
    usual_seconds: float = 0.0
    retrying: str = ""
    revision: int = 1
    listeners: tuple[str, ...] = ()
    over_at: datetime | None = None
    over_by: str = ""

    @property
    def usual(self) -> timedelta | None:
        """How long such a run usually takes, where that is what it is held against."""
        return timedelta(seconds=self.usual_seconds) if self.usual_seconds else None

    @property
    def row_key(self) -> str:
        """Where it lies: what is over apart from what is not."""
        return f"{PAST if self.over_at else OPEN}{self.alert_id}"


CODEC = RowCodec(StoredCondition, sparse=True)


def partition_of(factory: str) -> str:
    """The partition of a factory, by its alias."""
    return f"conditions-{quote(factory, safe='')}"


def alert_id_of(condition: Condition) -> str:
    """The same for the same occurrence, whenever it is seen."""
    place = f"{condition.key}|{condition.since:%Y%m%dT%H%M}"
    mark = hashlib.sha256(place.encode()).hexdigest()[:16]
    return f"{condition.kind}~{mark}~{quote(condition.factory, safe='')}"


def factory_of(alert_id: str) -> str:
    """The factory that an alert is of."""
    return unquote(alert_id.rpartition("~")[2])


def begun(condition: Condition) -> StoredCondition:
    """A condition that is seen for the first time."""
    return StoredCondition(
        alert_id=alert_id_of(condition),
        factory=condition.factory,
        kind=condition.kind,
        key=condition.key,
        subject=condition.subject,
        since=condition.since,
        pipelines=condition.pipelines,
        limit=condition.limit,
        run_id=condition.run_id,
        trigger=condition.trigger,
        is_stopped=condition.is_stopped,
        count=condition.count,
        usual_seconds=condition.usual.total_seconds() if condition.usual else 0.0,
        retrying=condition.retrying,
    )


def continued(stored: StoredCondition, condition: Condition) -> StoredCondition:
    """The same condition a moment later; drawn again where its card would say something else."""
    after = replace(
        stored,
        is_stopped=condition.is_stopped,
        count=condition.count,
        retrying=condition.retrying,
    )
    return after if after == stored else replace(after, revision=stored.revision + 1)


def ended(stored: StoredCondition, over: ConditionOver | None, now: datetime) -> StoredCondition:
    """It is over: as it is known, else from now on."""
    at = max(over.at, stored.since) if over else now
    return replace(
        stored,
        over_at=at,
        over_by=(over.run_id or "trigger") if over else "",
        revision=stored.revision + 1,
    )


def with_listeners(
    stored: StoredCondition, addresses: Sequence[Address]
) -> tuple[StoredCondition, list[OutboxEntry]]:
    """The condition with those who are alerted of it from now on, and an entry for each."""
    known = set(stored.listeners)
    fresh = {mark_of(one): one for one in addresses if mark_of(one) not in known}
    most = max(0, min(AT_ONCE, MOST_LISTENERS - len(known)))
    new = list(fresh.items())[:most]
    entries = [
        OutboxEntry(kind=KIND, source=stored.alert_id, address=address) for _, address in new
    ]
    return replace(stored, listeners=(*stored.listeners, *(mark for mark, _ in new))), entries
