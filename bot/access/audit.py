"""Who was refused what and who did what, for ever: ids and names, never words somebody wrote."""

import json
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.messages import Address, Person
from bot.state.store import RowCodec, Rows, Store, drop, open_store, read_all

log = logging.getLogger("adfops.audit")

REFUSAL = "refusal"
TURN = "turn"
# Where nothing says how far the log was forgotten, what is older than so many days is left.
_LOOK_BACK = 31
_FORGOTTEN = "forgotten-audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that was done, proposed or refused: by whom, where, and in which factory.

    A refusal names the `right` that was missing, and `why`. An act names its `proposal`, what it is
    (`action`, on `pipeline`, `run_id` or `trigger`), the id it was sent under, and what came of it.
    """

    person: str
    tenant: str
    conversation: str
    right: str
    factory: str
    why: str
    at: str = ""
    kind: str = REFUSAL
    name: str = ""
    proposal: str = ""
    action: str = ""
    pipeline: str = ""
    run_id: str = ""
    trigger: str = ""
    arguments: str = ""
    digest: str = ""
    request_id: str = ""
    before: str = ""
    after: str = ""

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAct:
    """What an entry about an act tells beside who and where."""

    factory: str
    action: str
    proposal: str = ""
    pipeline: str = ""
    run_id: str = ""
    trigger: str = ""
    arguments: str = ""
    digest: str = ""
    request_id: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedTurn:
    """One answer: the digest of the question, the tool calls, what was shown, and which model."""

    factory: str
    outcome: str
    text_hash: str
    calls: str
    records: str
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditForgotten:
    """The last day of which no entry is kept any more."""

    through: date


Counted = Callable[[str, str], None]
"""Hears of each refusal: the right that was missing, and why."""


def _uncounted(right: str, why: str) -> None:
    del right, why


# What is at its default is left out, so a refusal is written as it always was.
_CODEC = RowCodec(AuditEntry, sparse=True)
_FORGOTTEN_CODEC = RowCodec(AuditForgotten)


class AuditLog:
    """Entries in the store, one partition for each day; they are never changed."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        make_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
        counted: Counted = _uncounted,
    ) -> None:
        """Borrow the store; `make_id` keeps two entries of one moment apart."""
        self._counted = counted
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._forgotten = Rows(store, _FORGOTTEN, _FORGOTTEN_CODEC)

    async def refused(
        self,
        person: Person,
        address: Address,
        *,
        right: str,
        factory: str,
        why: str,
        act: AuditedAct | None = None,
    ) -> None:
        """Write down a refusal; `act` is what was not done."""
        log.info("refused %s in %s to %s: %s", right, factory or "any", person.person_id, why)
        self._counted(right, why)
        entry = _entry(person, address, right=right, factory=factory, why=why)
        await self._write(_with_act(entry, act, REFUSAL, "") if act else entry)

    async def acted(
        self, kind: str, person: Person, address: Address, act: AuditedAct, why: str = ""
    ) -> None:
        """Write down that somebody proposed, approved or withdrew an act, or what came of it."""
        log.info("%s %s in %s by %s", kind, act.action, act.factory, person.person_id)
        entry = _entry(person, address, right="act", factory=act.factory, why=why)
        await self._write(_with_act(entry, act, kind, person.name))

    async def answered(self, person: Person, address: Address, turn: AuditedTurn) -> None:
        """Write down an answer: by which tools, with which cards, and never the words."""
        now = self._clock()
        entry = AuditEntry(
            person=person.person_id,
            tenant=person.tenant,
            conversation=address.conversation,
            right="",
            factory=turn.factory,
            why=turn.outcome,
            at=now.isoformat(),
            kind=TURN,
            name=person.name,
            action=turn.model,
            arguments=turn.calls,
            digest=turn.text_hash,
            after=turn.records,
        )
        await self._insert(entry, now)

    async def purge(self, days: int) -> int:
        """Forget the days that lie further back; how many entries that were."""
        last = self._clock().date() - timedelta(days=days + 1)
        forgotten = await self._forgotten.get(_FORGOTTEN)
        gone, day = 0, last - timedelta(days=_LOOK_BACK - 2)
        if forgotten is not None:
            day = forgotten.through + timedelta(days=1)
        while day <= last:
            gone += await self._forget(day)
            day += timedelta(days=1)
        if forgotten is None or forgotten.through < last:
            await self._forgotten.update(_FORGOTTEN, lambda _: AuditForgotten(through=last))
        return gone

    async def of_day(self, day: date) -> Sequence[AuditEntry]:
        """The entries of a day in UTC, oldest first."""
        return [row.item for row in await self._of(day).list_all()]

    async def since(self, start: datetime) -> Sequence[AuditEntry]:
        """Everything since a moment, oldest first."""
        day, last = start.date(), self._clock().date()
        found: list[AuditEntry] = []
        while day <= last:
            found += [one for one in await self.of_day(day) if one.moment >= start]
            day += timedelta(days=1)
        return found

    async def _forget(self, day: date) -> int:
        keys = [one.key for one in await read_all(self._store, partition_of(day))]
        await drop(self._store, partition_of(day), keys)
        return len(keys)

    async def _write(self, entry: AuditEntry) -> None:
        now = self._clock()
        await self._insert(replace(entry, at=now.isoformat()), now)

    async def _insert(self, entry: AuditEntry, now: datetime) -> None:
        await self._of(now.date()).insert(f"{entry.at}-{self._make_id()}", entry)

    def _of(self, day: date) -> Rows[AuditEntry]:
        return Rows(self._store, partition_of(day), _CODEC)


async def exported(url: str, clock: Callable[[], datetime], days: int = 45) -> Sequence[str]:
    """The entries of so many days as JSON lines, from a store that no bot may be running on."""
    store = await open_store(url, wait=0)
    try:
        found = await AuditLog(store, clock).since(clock() - timedelta(days=days))
    finally:
        await store.close()
    return [json.dumps(_CODEC.to_json(one), ensure_ascii=False) for one in found]


def partition_of(day: date) -> str:
    """The part of the store with the entries of a day in UTC."""
    return f"audit-{day.isoformat()}"


def _entry(person: Person, address: Address, *, right: str, factory: str, why: str) -> AuditEntry:
    return AuditEntry(
        person=person.person_id,
        tenant=person.tenant,
        conversation=address.conversation,
        right=right,
        factory=factory,
        why=why,
    )


def _with_act(entry: AuditEntry, act: AuditedAct, kind: str, name: str) -> AuditEntry:
    return replace(
        entry,
        kind=kind,
        name=name,
        proposal=act.proposal,
        action=act.action,
        pipeline=act.pipeline,
        run_id=act.run_id,
        trigger=act.trigger,
        arguments=act.arguments,
        digest=act.digest,
        request_id=act.request_id,
        before=act.before,
        after=act.after,
    )
