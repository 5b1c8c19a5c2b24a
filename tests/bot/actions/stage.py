"""A factory of three runs and a trigger in memory, and applications that act on it by presses."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from adf.errors import Forbidden, NotFound, OutcomeUnknown
from adf.records import (
    ACTIVE,
    ActionKind,
    ActionLookup,
    ActionPreview,
    ActionReceipt,
    ActionTarget,
    Obstacle,
    OutcomeState,
    PipelineNotes,
    PipelineRun,
    RerunMode,
    RunStatus,
)
from bot.access.audit import AuditEntry, AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, DeclaredRoles, Role, TenantAccess
from bot.access.rate_limits import RateLimits
from bot.actions.approval import ProposalApproval
from bot.actions.buttons import ProposalActions
from bot.actions.execution import Execution
from bot.actions.follow_up import FollowUp
from bot.actions.messages import ProposalMessages, ProposalRecords
from bot.actions.press_rules import PressRules
from bot.actions.proposals import ProposalMaker, SecondPersonRules
from bot.actions.repository import ProposalRepository
from bot.messages import Address, CardClick, Person, PressResult, Scope
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import Entry, MemoryStore, Operation, Store, Value
from bot.tools import ToolContext
from bot.turns.render import CardRenderer
from cards.card import Card
from cards.records import ActionFacts, ProposalReport
from tests.bot.builders.people import OURS, Members, person

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA, IVY, TOM, GUS = (
    person(number, name) for number, name in enumerate(("Maya", "Ivy", "Tom", "Gus"), 20)
)
ROOM = Address(
    scope=Scope.CHANNEL,
    tenant=OURS,
    service_url="https://x/",
    conversation="19:ops;messageid=7",
    bot_id="28:b",
    bot_name="ADF Ops",
)
ELSEWHERE = replace(ROOM, conversation="19:other;messageid=9")
FAILED, GOING = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
RERUN = ActionTarget(
    factory="prod",
    kind=ActionKind.RERUN,
    pipeline="Load",
    run_id=FAILED,
    mode=RerunMode.FROM_FAILURE,
)
CANCEL = ActionTarget(factory="prod", kind=ActionKind.CANCEL, pipeline="Pay", run_id=GOING)
START = ActionTarget(factory="prod", kind=ActionKind.START_TRIGGER, trigger="trg_daily")
TARGETS = (RERUN, CANCEL, START)


class Killed(BaseException):
    """The process is gone: nothing after this is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An act that reached the factory."""

    target: ActionTarget
    request_id: str
    at: datetime


class Clock:
    """The time of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Factory:
    """Data Factory as acts see it; `fate` is what becomes of the next call.

    "refused", "lost" (done, no answer), "unsent" (not done, no answer), "killed before" and
    "killed after" (the process dies there); anything else is done and answered.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.calls: list[Call] = []
        self.fate = ""
        self.version = 0
        self.is_trigger_on = False
        self.newer: tuple[PipelineRun, ...] = ()
        self.statuses = {FAILED: RunStatus.FAILED, GOING: RunStatus.IN_PROGRESS}

    async def preview(self, target: ActionTarget) -> ActionPreview:
        await asyncio.sleep(0)
        run = self._run(target.run_id) if target.run_id else None
        obstacle = self._obstacle(target, run)
        return ActionPreview(
            target=target,
            as_of=self._clock(),
            run=run,
            obstacle=obstacle,
            definition=f"version {self.version}",
            newer=self.newer,
            reruns=tuple(self._run(one) for one in self._repeats(target)),
        )

    async def facts(self, preview: ActionPreview) -> ActionFacts:
        del preview
        return ActionFacts()

    async def perform(self, target: ActionTarget, request_id: str) -> ActionReceipt:
        await asyncio.sleep(0)
        fate, self.fate = self.fate, ""
        if fate == "refused":
            raise Forbidden("no", status=403, code="AuthorizationFailed", action="x/action")
        if fate == "killed before":
            raise Killed
        if fate != "unsent":
            self.calls.append(Call(target=target, request_id=request_id, at=self._clock()))
            self._do(target, request_id)
        await asyncio.sleep(0)
        if fate == "killed after":
            raise Killed
        if fate in {"lost", "unsent"}:
            raise OutcomeUnknown("no answer", request="act", request_id=request_id)
        run_id = request_id if target.kind is ActionKind.RERUN else target.run_id
        return ActionReceipt(target=target, request_id=request_id, run_id=run_id)

    async def look_up(
        self, target: ActionTarget, request_id: str, since: datetime, now: datetime
    ) -> ActionLookup:
        del since, now
        if target.kind is ActionKind.RERUN:
            is_done, run_id = request_id in self.statuses, request_id
        elif target.kind is ActionKind.CANCEL:
            run_id = target.run_id or ""
            is_done = self.statuses[run_id] in {RunStatus.CANCELING, RunStatus.CANCELLED}
        else:
            is_done, run_id = self.is_trigger_on, ""
        state = OutcomeState.DONE if is_done else OutcomeState.NOT_SEEN
        run = self._run(run_id) if run_id and is_done else None
        return ActionLookup(target=target, state=state, run=run)

    async def get_run(self, factory: str, run_id: str) -> PipelineRun:
        del factory
        if run_id not in self.statuses:
            raise NotFound(f"no run {run_id}")
        return self._run(run_id)

    def _do(self, target: ActionTarget, request_id: str) -> None:
        if target.kind is ActionKind.RERUN:
            self.statuses[request_id] = RunStatus.IN_PROGRESS
        elif target.kind is ActionKind.CANCEL:
            self.statuses[target.run_id or ""] = RunStatus.CANCELING
        else:
            self.is_trigger_on = True

    def _obstacle(self, target: ActionTarget, run: PipelineRun | None) -> Obstacle | None:
        if target.kind is ActionKind.CANCEL:
            is_over = run is None or run.status not in ACTIVE
            return Obstacle.RUN_ENDED if is_over else None
        is_on = target.kind is ActionKind.START_TRIGGER and self.is_trigger_on
        return Obstacle.TRIGGER_STARTED if is_on else None

    def _repeats(self, target: ActionTarget) -> Sequence[str]:
        if target.kind is not ActionKind.RERUN:
            return ()
        return [one for one in self.statuses if one not in {FAILED, GOING}]

    def _run(self, run_id: str) -> PipelineRun:
        status = self.statuses[run_id]
        return PipelineRun(
            factory="prod",
            run_id=run_id,
            pipeline="Pay" if run_id == GOING else "Load",
            status=status,
            start=NOW - timedelta(hours=1),
            end=None if status in ACTIVE else self._clock(),
        )


class YieldingStore(MemoryStore):
    """A store that lets others in before each of its steps, so that presses really cross."""

    async def get(self, partition: str, key: str) -> Entry | None:
        await asyncio.sleep(0)
        return await super().get(partition, key)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        await asyncio.sleep(0)
        return await super().insert(partition, key, value)

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        await asyncio.sleep(0)
        return await super().batch(partition, operations)


@dataclass(slots=True, kw_only=True)
class Application:
    """One process: everything that acts, over a store and a factory that outlive it."""

    actions: ProposalActions
    maker: ProposalMaker
    execution: Execution
    follow_up: FollowUp
    messages: ProposalMessages
    proposals: ProposalRepository
    audit: AuditLog
    context: Callable[[Person, Address], ToolContext]
    shown: list[Card] = field(default_factory=list[Card])

    async def propose(
        self, target: ActionTarget = RERUN, who: Person = MAYA, where: Address = ROOM
    ) -> object:
        return await self.maker.propose(target, self.context(who, where))

    async def proposed(
        self, target: ActionTarget = RERUN, who: Person = MAYA, where: Address = ROOM
    ) -> str:
        record = await self.propose(target, who, where)
        assert isinstance(record, ProposalReport), record
        return record.proposal_id

    async def press(
        self,
        proposal_id: str,
        who: Person = MAYA,
        where: Address = ROOM,
        verb: str = "approve",
        **data: str,
    ) -> PressResult:
        click = CardClick(
            click_id=uuid.uuid4().hex,
            verb=verb,
            data={"proposal": proposal_id, **data},
            speaker=who,
            address=where,
            at=NOW,
            on_message="message-1",
        )
        return await self.actions.handlers[verb](click)


class World:
    """A factory, a store and people; applications come and go."""

    def __init__(self, store: Store | None = None) -> None:
        self.clock = Clock()
        self.factory = Factory(self.clock)
        self.store: Store = store or MemoryStore()
        self.members = Members()
        self.members.guests = {GUS.person_id}
        self.second_person = False
        self.break_glass = False
        self.mass: int | None = None
        self.may_write = True
        self.limits: RateLimits | None = None
        self.roles: dict[str, DeclaredRoles] = {}
        for one in (MAYA, IVY):
            self.give(one, Role.OPERATOR)
        self.give(TOM, Role.READER)
        self.due = 0

    def give(self, who: Person, role: Role | None) -> None:
        roles: Mapping[str, Role] = {"prod": role} if role else {}
        self.roles[who.person_id] = DeclaredRoles(name=who.name, roles=roles)

    def may_act(self, person_id: str) -> bool:
        return self.roles[person_id].roles.get("prod") is Role.OPERATOR

    def application(self) -> Application:
        rooms = Rooms(self.store, self.clock)
        everybody = TenantAccess(factories=("prod",), default="prod", people=self.roles)
        policy = AccessPolicy(everybody, rooms, self.members, lambda tenant: tenant == OURS)
        audit = AuditLog(self.store, self.clock, lambda: uuid.uuid4().hex)
        denials, zones = Denials(policy, audit), RoomZones(rooms, "Europe/Berlin")
        proposals = ProposalRepository(self.store)
        cards: list[Card] = []
        render = CardRenderer({}, cards.append)
        maker = ProposalMaker(
            port=self.factory,
            proposals=proposals,
            audit=audit,
            second_person=SecondPersonRules(
                needed=lambda target, _: self.second_person and target.kind is ActionKind.CANCEL,
                mass=lambda _: self.mass,
                break_glass=lambda _: self.break_glass,
            ),
            limits=self.limits,
            may_write=self.may_write,
            clock=self.clock,
            make_id=lambda: uuid.uuid4().hex,
        )
        execution = Execution(port=self.factory, proposals=proposals, audit=audit, clock=self.clock)
        follow_up = FollowUp(
            port=self.factory,
            proposals=proposals,
            execution=execution,
            on_change=self._on_change,
            clock=self.clock,
            sleep=_for_ever,
        )
        records = ProposalRecords(self.factory, proposals, lambda alias, name: PipelineNotes())
        rules = PressRules(
            policy=policy,
            denials=denials,
            audit=audit,
            zones=zones,
            clock=self.clock,
            limits=self.limits,
            may_write=self.may_write,
        )
        approval = ProposalApproval(
            port=self.factory,
            proposals=proposals,
            maker=maker,
            execution=execution,
            records=records,
            rules=rules,
            make_request_id=lambda: str(uuid.uuid4()),
        )
        return Application(
            actions=ProposalActions(
                approval=approval,
                follow_up=follow_up,
                render=render,
                zones=zones,
                clock=self.clock,
                on_change=self._on_change,
            ),
            maker=maker,
            execution=execution,
            follow_up=follow_up,
            messages=ProposalMessages(
                proposals=proposals, records=records, render=render, zones=zones, clock=self.clock
            ),
            proposals=proposals,
            audit=audit,
            context=lambda who, where: self._context(who, where, policy, denials),
            shown=cards,
        )

    async def audited(self) -> Sequence[AuditEntry]:
        return await AuditLog(self.store, self.clock).since(NOW)

    def _context(
        self, who: Person, where: Address, policy: AccessPolicy, denials: Denials
    ) -> ToolContext:
        state: Any = _State(people=policy, refusals=denials)
        return ToolContext(
            person=who,
            address=where,
            asked="rerun it",
            now=self.clock(),
            zone=ZoneInfo("Europe/Berlin"),
            state=state,
        )

    def _on_change(self) -> None:
        self.due += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What the tools' context is asked for here."""

    people: AccessPolicy
    refusals: Denials


async def _for_ever(seconds: float) -> None:
    del seconds
    await asyncio.Event().wait()


def text_of(result: PressResult) -> str:
    """What the person who pressed is shown."""
    assert result.card is not None
    return f"{result.card.summary} {result.card.content}"


async def killed(press: Callable[[], Any]) -> None:
    """A press in a process that dies while it is worked on."""
    try:
        await press()
    except Killed:
        return
