"""What breaks at night, for tests: failures and good runs, rooms, and a Teams that can be told to
fail or to die at any step."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from adf.records import (
    ActivityError,
    ActivityRun,
    Cause,
    CauseStep,
    Failure,
    Meaning,
    PipelineNotes,
    PipelineRun,
    Recovery,
    RunReport,
    RunStatus,
    Signal,
)
from adf.watch import Polled, Seen
from bot.agents.explainer import Explainer
from bot.alerts import (
    AlertService,
    IncidentExplanations,
    IncidentMessages,
    MonitorContext,
    RunReports,
)
from bot.alerts.escalation import EscalationMessages, EscalationPolicy
from bot.alerts.incident_commands import IncidentCommands, IncidentSources
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incident_report import IncidentReports
from bot.alerts.incidents import IncidentService
from bot.alerts.incidents.announcements import ESCALATION
from bot.messages import Address, Person, Reply, Scope, Unreachable
from bot.outbox import NotDelivered, Outbox
from bot.outbox.entry import LIVE
from bot.state.mutes import Mutes
from bot.state.store import Entry, Operation, Store, Value
from cards import Record, card_for
from cards.card import Card
from cards.records import Explanation, Mentioned

START = datetime(2026, 3, 12, 2, 31, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET_WORDS = "The row 4711 of Anna Example holds no CustomerKey"
MAYA = Person(person_id="maya-id", name="Maya", tenant="t")
TOM = Person(person_id="tom-id", name="Tom", tenant="t")
BERLIN = ZoneInfo("Europe/Berlin")


async def until(is_so: Callable[[], object]) -> None:
    """Let others work until something is so."""
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110 - fakes have no event for each of these
            await asyncio.sleep(0)


async def deliver(posted: Outbox) -> None:
    """Deliver what is due; returns when that was tried once for each message."""
    await asyncio.gather(*await posted.begin_due())


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Time passes at once."""
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


def channel(name: str = "incidents") -> Address:
    return Address(
        scope=Scope.CHANNEL,
        tenant="t",
        service_url="https://x/",
        conversation=f"19:{name}@thread.tacv2",
        bot_id="28:b",
        bot_name="ADF Ops",
        channel=f"19:{name}@thread.tacv2",
        team="team",
    )


def chat(name: str) -> Address:
    return Address(
        scope=Scope.PERSONAL,
        tenant="t",
        service_url="https://x/",
        conversation=f"a:{name}",
        bot_id="28:b",
        bot_name="ADF Ops",
    )


def run_of(
    run_id: str,
    pipeline: str = "CustomerDataETL",
    *,
    status: RunStatus = RunStatus.FAILED,
    end: float = 0,
    lasted: float = 31,
    factory: str = "prod",
) -> PipelineRun:
    """A run that ended so many minutes after START."""
    ended = START + end * MINUTE
    return PipelineRun(
        factory=factory,
        run_id=run_id,
        pipeline=pipeline,
        status=status,
        start=ended - lasted * MINUTE,
        end=ended,
        last_updated=ended,
        duration=lasted * MINUTE,
        message=SECRET_WORDS,
        parameters={"customer": "Anna Example"},
    )


def report_of(
    run: PipelineRun, *, meaning: str | None = None, gaps: tuple[str, ...] = ()
) -> RunReport:
    error = ActivityError(code="2627", message=f"{SECRET_WORDS}. And so on.")
    failed = ActivityRun(
        activity_run_id=f"{run.run_id}-a",
        run_id=run.run_id,
        pipeline=run.pipeline,
        name="Copy_CRM",
        kind="Copy",
        status=RunStatus.FAILED,
        error=error,
        rows_read=987654,
        rows_copied=123987,
    )
    step = CauseStep(pipeline=run.pipeline, run_id=run.run_id, activity="Copy_CRM", kind="Copy")
    return RunReport(
        run=run,
        as_of=run.end or START,
        activity_runs=(failed,),
        cause=Cause(path=(step,), failed=(failed,), error=error),
        gaps=gaps,
        meaning=_meaning(meaning) if meaning else None,
    )


def _meaning(cause: str) -> Meaning:
    return Meaning(code="X", cause=cause, next_steps=(), rerun="no", page=None, signature="sig")


def failure(
    run_id: str,
    pipeline: str = "CustomerDataETL",
    *,
    root: str | None = None,
    group: str | None = None,
    end: float = 0,
    below: Sequence[PipelineRun] = (),
    factory: str = "prod",
) -> Failure:
    run = run_of(run_id, pipeline, end=end, factory=factory)
    return Failure(
        factory=factory,
        report=report_of(run),
        runs=(run, *below),
        root_run_id=root or run_id,
        signature="abc123abc123",
        group=group or f"{pipeline}/Copy_CRM/abc123abc123",
    )


def good(
    run_id: str,
    pipeline: str = "CustomerDataETL",
    *,
    end: float,
    lasted: float = 10,
    factory: str = "prod",
) -> Recovery:
    run = run_of(
        run_id, pipeline, status=RunStatus.SUCCEEDED, end=end, lasted=lasted, factory=factory
    )
    return Recovery(factory=factory, run=run)


class Died(BaseException):
    """The process was killed here: nothing after it ran."""


class Refused(NotDelivered):
    """Surely not there; may pass."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__("429")
        self.wait = wait


class Silent(NotDelivered):
    """No answer: it may be there."""

    may_have_arrived = True


class Wrong(NotDelivered):
    """Will never be taken."""

    passes = False


class Gone(NotDelivered, Unreachable):
    """Nobody is there."""


@dataclass
class Teams:
    """Rooms with the messages in them; `faults` are raised first, one for each call.

    A fault (error, arrived) says whether a post is there all the same. It outlives every crash.
    """

    rooms: dict[str, dict[str, Card]] = field(default_factory=dict[str, dict[str, Card]])
    posts: list[tuple[str, Card]] = field(default_factory=list[tuple[str, Card]])
    lines: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    tried: list[str] = field(default_factory=list[str])
    edits: list[tuple[Address, str, Card]] = field(default_factory=list[tuple[Address, str, Card]])
    typed: int = 0
    faults: list[tuple[BaseException, bool] | None] = field(
        default_factory=list["tuple[BaseException, bool] | None"]
    )
    gate: asyncio.Event | None = None
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, reply: Reply) -> str:
        if self.gate:
            self.held.set()
            await self.gate.wait()
        place = reply.address.conversation
        self.tried.append(place)
        fault = self.faults.pop(0) if self.faults else None
        if fault and not fault[1]:
            raise fault[0]
        message_id = f"m{len(self.posts) + len(self.lines)}"
        if reply.card is None:
            self.lines.append((place, reply.text or ""))
        else:
            self.posts.append((place, reply.card))
            self.rooms.setdefault(place, {})[message_id] = reply.card
        if fault:
            raise fault[0]
        return message_id

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        assert reply.card is not None
        fault = self.faults.pop(0) if self.faults else None
        if fault and not fault[1]:
            raise fault[0]
        self.edits.append((address, message_id, reply.card))
        self.rooms.setdefault(address.room, {})[message_id] = reply.card
        if fault:
            raise fault[0]

    async def typing(self, address: Address) -> None:
        self.typed += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault[0]

    def in_room(self, address: Address) -> list[Card]:
        return list(self.rooms.get(address.conversation, {}).values())


@dataclass
class Hearing:
    """Who hears of what: everybody here of everything."""

    addresses: list[Address]
    left: list[Address] = field(default_factory=list[Address])
    breaks_for: str = ""

    async def hearing(
        self, factory: str, pipelines: Collection[str], critical: bool
    ) -> Sequence[Address]:
        if self.breaks_for in pipelines:
            raise ValueError("a fault of ours")
        return list(self.addresses)

    async def gone(self, address: Address) -> None:
        self.left.append(address)
        self.addresses = [one for one in self.addresses if one.room != address.room]


@dataclass
class ScriptedWatch:
    """Tells again and again what is in it and not seen, as an overlapping query does."""

    clock: Clock
    signals: list[Signal] = field(default_factory=list[Signal])
    faults: list[Exception] = field(default_factory=list[Exception])
    asked: list[datetime | None] = field(default_factory=list["datetime | None"])

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        self.asked.append(since)
        if self.faults:
            raise self.faults.pop(0)
        known = cast("Collection[tuple[str, str]]", seen)
        fresh = [
            one
            for one in self.signals
            if isinstance(one, Recovery) or (one.run.run_id, str(one.run.status)) not in known
        ]
        return Polled(signals=tuple(fresh), watermark=self.clock())


class MortalStore:
    """A store whose process is killed at its n-th write, or whose disk is away or full."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.writes = 0
        self.dies_at: int | None = None
        self.dies_after = False
        self.is_away = False
        self.is_full = False
        self.refused = 0

    async def get(self, partition: str, key: str) -> Entry | None:
        self._check(self.is_away)
        return await self._store.get(partition, key)

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        self._check(self.is_away)
        return await self._store.range(partition, start, end, limit)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        self._before()
        done = await self._store.insert(partition, key, value)
        self._after()
        return done

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        self._before()
        done = await self._store.replace(partition, key, value, version)
        self._after()
        return done

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        self._before()
        await self._store.delete(partition, key, version)
        self._after()

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        self._before()
        versions = await self._store.batch(partition, operations)
        self._after()
        return versions

    async def check(self) -> None:
        await self._store.check()

    async def close(self) -> None:
        await self._store.close()

    def _check(self, is_refused: bool) -> None:
        if is_refused:
            self.refused += 1
            raise OSError("the disk is away, or full")

    def _before(self) -> None:
        self._check(self.is_away or self.is_full)
        self.writes += 1
        if self.writes == self.dies_at and not self.dies_after:
            raise Died

    def _after(self) -> None:
        if self.writes == self.dies_at and self.dies_after:
            raise Died


class SlowStore(MortalStore):
    """A store that reads messages only while its gate is open; `waiting` stand before it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = 0

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        if start.startswith(LIVE):
            self.waiting += 1
            await self.gate.wait()
            self.waiting -= 1
        return await super().range(partition, start, end, limit)


NOTES = {
    "CustomerDataETL": PipelineNotes(
        critical=True,
        owner="priya",
        usual=timedelta(minutes=24),
        due="04:00 UTC",
        downstream=("ExportToPowerBI",),
    ),
    "ExportToPowerBI": PipelineNotes(due="06:00 UTC"),
}


def notes_of(factory: str, pipeline: str) -> PipelineNotes:
    return NOTES.get(pipeline, PipelineNotes())


def called(owner: str) -> Mentioned | None:
    return Mentioned(name="Priya", person_id="priya-id") if owner == "priya" else None


def draw(
    record: object,
    now: datetime,
    zone: ZoneInfo,
    note: str | None,
    explanation: Explanation | None = None,
    explains: str = "",
) -> Card:
    made = cast("Record", record)
    return card_for(made, now=now, zone=zone, note=note, explanation=explanation, explains=explains)


async def in_berlin(address: Address) -> ZoneInfo:
    return BERLIN


@dataclass
class Night:
    """One life of the bot over a store and a Teams that outlive it."""

    store: Store
    teams: Teams
    clock: Clock
    listeners: Hearing
    watches: dict[str, ScriptedWatch]
    reads: dict[str, RunReport | Exception] = field(
        default_factory=dict[str, "RunReport | Exception"]
    )
    every: float = 30.0
    explainer: Explainer | None = None
    escalations: Mapping[str, EscalationPolicy] = field(default_factory=dict[str, EscalationPolicy])

    def __post_init__(self) -> None:
        self.incidents = IncidentService(self.store, self.clock)
        self.reports = RunReports(self._read)
        self.mutes = Mutes(self.store, self.clock)
        self.due = asyncio.Event()
        self.words = (
            IncidentExplanations(
                explainer=self.explainer,
                incidents=self.incidents,
                reports=self.reports,
                zone_of=in_berlin,
                due=self.due,
                clock=self.clock,
            )
            if self.explainer
            else None
        )
        self.remarks = IncidentRemarks()
        self.rebound: set[str] = set()
        self.cards = IncidentMessages(
            incidents=self.incidents,
            factories=list(self.watches),
            reports=IncidentReports(reports=self.reports, notes=notes_of, mutes=self.mutes),
            notes=notes_of,
            draw=draw,
            zone_of=in_berlin,
            call=called,
            may_hear=self.may_hear,
            clock=self.clock,
            words=self.words,
            remarks=self.remarks,
        )
        self.posted = Outbox(
            store=self.store,
            sender=self.teams,
            sources={"incident": self.cards, ESCALATION: EscalationMessages(self.cards)},
            gone=self.listeners.gone,
            clock=self.clock,
            sleep=self.clock.sleep,
        )
        self.desk = MonitorContext(
            incidents=self.incidents,
            listeners=self.listeners,
            reports=self.reports,
            notes=notes_of,
            clock=self.clock,
            words=self.words,
            remarks=self.remarks,
            mutes=self.mutes,
            escalations=self.escalations,
        )
        self.commands = IncidentCommands(
            IncidentSources(
                store=self.store,
                incidents=self.incidents,
                reports=IncidentReports(reports=self.reports, notes=notes_of, mutes=self.mutes),
                mutes=self.mutes,
                notes=notes_of,
                factories=list(self.watches),
                clock=self.clock,
            ),
            self.due,
        )
        self.announcer = self.announcer_with(self.clock.sleep)

    async def may_hear(self, address: Address, factory: str) -> bool:
        """Whether a room is told of a factory today."""
        return address.room not in self.rebound

    def announcer_with(self, sleep: Callable[[float], Awaitable[None]]) -> AlertService:
        """An announcer that waits in its own way."""
        return AlertService(
            watches=self.watches,
            desk=self.desk,
            posted=self.posted,
            every=self.every,
            due=self.due,
            sleep=sleep,
        )

    async def _read(self, factory: str, run_id: str) -> RunReport | None:
        found = self.reads.get(run_id)
        if isinstance(found, Exception):
            raise found
        return found

    async def start(self) -> None:
        """What a process does first."""
        for alias in self.watches:
            await self.incidents.recover(alias)
        await self.posted.recover()

    async def turn(self) -> None:
        """Look at every factory and deliver what is due."""
        for alias in self.watches:
            await self.announcer.look(alias)
        await deliver(self.posted)


def dump(rows: Sequence[Entry]) -> str:
    return "\n".join(f"{one.key} {dict(one.value)}" for one in rows)
