"""Incidents in memory, people, a store, a ticket system on a socket; processes come and go."""

import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, DeclaredRoles, Role, TenantAccess
from bot.messages import Address, CardClick, Person, PressResult
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import MemoryStore, Store
from bot.tickets.buttons import TicketActions, TicketRules
from bot.tickets.follow_up import TicketFollowUp
from bot.tickets.messages import TicketMessages
from bot.tickets.opening import TicketOpening
from bot.tickets.ports import IncidentHistory
from bot.tickets.proposals import TicketMaker
from bot.tickets.records import TicketRecords
from bot.tickets.repository import TicketRepository
from bot.tickets.setup import TicketKind, TicketSetup, TicketUpdates
from bot.tickets.systems import system_of
from bot.tickets.updates import TicketUpdate
from bot.tools import ToolContext
from bot.turns.render import CardRenderer
from cards.records import IncidentReport, TicketProposal, TimelineLine
from tests.bot.actions.stage import ELSEWHERE, GUS, IVY, MAYA, NOW, ROOM, TOM, Clock
from tests.bot.builders.people import OURS, Members
from tests.doubles.tickets import azure_devops, jira, servicenow, webhook
from tests.doubles.tickets.base import TicketDouble

__all__ = ["ELSEWHERE", "GUS", "IVY", "MAYA", "NOW", "ROOM", "TOM"]

LOAD = IncidentReport(
    incident_id="INC-7",
    title="Load failed · Copy · 31 min",
    factory="prod",
    cause="The password of a database user was refused.",
    since=NOW - timedelta(hours=1),
    pipelines=("Load",),
    run_id="11111111-0000-4000-8000-000000000001",
    error="Login failed for user 'svc'. Password=Hunter2 see https://evil.example/fix @everyone",
)


class FakeIncidents:
    """The incidents that tickets are about, with what is written into them."""

    def __init__(self) -> None:
        self.reports: dict[str, IncidentReport] = {LOAD.incident_id: LOAD}
        self.lines: dict[str, list[TimelineLine]] = {LOAD.incident_id: []}
        self.over: set[str] = set()
        self.retold = 0

    def add(self, incident_id: str) -> None:
        self.reports[incident_id] = replace(LOAD, incident_id=incident_id)
        self.lines[incident_id] = []

    def happened(self, text: str, at: datetime, incident_id: str = "INC-7") -> None:
        self.lines[incident_id].append(TimelineLine(at=at, text=text))

    async def report(self, incident_id: str, zone: ZoneInfo) -> IncidentReport | None:
        del zone
        return self.reports.get(incident_id)

    async def history(self, incident_id: str, zone: ZoneInfo) -> IncidentHistory | None:
        del zone
        if incident_id not in self.reports:
            return None
        lines = tuple(self.lines[incident_id])
        return IncidentHistory(lines=lines, is_over=incident_id in self.over)

    async def ticket_opened(self, incident_id: str, by: Person, number: str, at: datetime) -> None:
        line = TimelineLine(at=at, text=f"{by.name} opened the ticket {number}")
        if line not in self.lines[incident_id]:
            self.lines[incident_id].append(line)

    async def retell(self, incident_id: str) -> None:
        del incident_id
        self.retold += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One process over a store, incidents and a ticket system that outlive it."""

    buttons: TicketActions
    maker: TicketMaker
    opening: TicketOpening
    follow_up: TicketFollowUp
    messages: TicketMessages
    tickets: TicketRepository
    audit: AuditLog
    context: Callable[[Person, Address], ToolContext]

    async def propose(
        self, who: Person = MAYA, where: Address = ROOM, incident: str = "INC-7", note: str = ""
    ) -> object:
        return await self.maker.propose(incident, note, self.context(who, where))

    async def proposed(
        self, who: Person = MAYA, where: Address = ROOM, incident: str = "INC-7"
    ) -> TicketProposal:
        record = await self.propose(who, where, incident)
        assert isinstance(record, TicketProposal), record
        return record

    async def press(
        self,
        proposal: TicketProposal,
        who: Person = MAYA,
        where: Address = ROOM,
        verb: str = "open_ticket",
        text: str | None = None,
    ) -> PressResult:
        digest = proposal.text.digest if proposal.text else ""
        click = CardClick(
            click_id=uuid.uuid4().hex,
            verb=verb,
            data={"ticket": proposal.proposal_id, "text": digest if text is None else text},
            speaker=who,
            address=where,
            at=NOW,
            on_message=f"message-{proposal.proposal_id[:4]}",
        )
        return await self.buttons.handlers[verb](click)

    async def opened(self) -> TicketProposal:
        """A ticket that was proposed and opened."""
        proposal = await self.proposed()
        await self.press(proposal)
        return proposal


@dataclass(slots=True, kw_only=True)
class World:
    """What outlives a process."""

    double: TicketDouble
    setup: TicketSetup
    session: aiohttp.ClientSession
    clock: Clock
    store: Store = field(default_factory=MemoryStore)
    incidents: FakeIncidents = field(default_factory=FakeIncidents)
    roles: dict[str, DeclaredRoles] = field(default_factory=dict[str, DeclaredRoles])
    due: int = 0

    def give(self, who: Person, role: Role | None) -> None:
        roles: Mapping[str, Role] = {"prod": role} if role else {}
        self.roles[who.person_id] = DeclaredRoles(name=who.name, roles=roles)

    def give_operators(self) -> None:
        for one in (MAYA, IVY):
            self.give(one, Role.OPERATOR)

    def application(self, updates: TicketUpdates = TicketUpdates.COMMENT) -> Application:
        rooms, members = Rooms(self.store, self.clock), Members()
        members.guests = {GUS.person_id}
        everybody = TenantAccess(factories=("prod",), default="prod", people=self.roles)
        policy = AccessPolicy(everybody, rooms, members, lambda tenant: tenant == OURS)
        audit = AuditLog(self.store, self.clock, lambda: uuid.uuid4().hex)
        denials, zones = Denials(policy, audit), RoomZones(rooms, "Europe/Berlin")
        tickets, system = (
            TicketRepository(self.store),
            system_of(self.setup, self.session, self.clock),
        )
        records = TicketRecords(tickets, self.incidents, system.name, self.clock)
        opening = TicketOpening(
            system=system,
            tickets=tickets,
            incidents=self.incidents,
            audit=audit,
            clock=self.clock,
        )
        update = TicketUpdate(
            system=system,
            tickets=tickets,
            incidents=self.incidents,
            updates=updates,
            clock=self.clock,
        )
        follow_up = TicketFollowUp(
            tickets=tickets,
            opening=opening,
            update=update,
            on_change=self._on_change,
            clock=self.clock,
        )
        render = CardRenderer({}, lambda card: None, tickets=True)
        return Application(
            buttons=TicketActions(
                rules=TicketRules(policy=policy, denials=denials, audit=audit, clock=self.clock),
                tickets=tickets,
                records=records,
                opening=opening,
                follow_up=follow_up,
                render=render,
                zones=zones,
                system=system.name,
                make_key=lambda: f"adfops-{uuid.uuid4().hex}",
            ),
            maker=TicketMaker(
                tickets=tickets,
                incidents=self.incidents,
                records=records,
                audit=audit,
                clock=self.clock,
                make_id=lambda: uuid.uuid4().hex,
            ),
            opening=opening,
            follow_up=follow_up,
            messages=TicketMessages(
                tickets=tickets, records=records, render=render, zones=zones, clock=self.clock
            ),
            tickets=tickets,
            audit=audit,
            context=lambda who, where: self._context(who, where, policy, denials),
        )

    async def audited(self) -> list[str]:
        entries = await AuditLog(self.store, self.clock).since(NOW - timedelta(days=1))
        return [f"{one.kind} {one.why}".strip() for one in entries]

    def pass_time(self, by: timedelta) -> None:
        self.clock.now += by

    def _context(
        self, who: Person, where: Address, policy: AccessPolicy, denials: Denials
    ) -> ToolContext:
        state: Any = _State(people=policy, refusals=denials)
        return ToolContext(
            person=who,
            address=where,
            asked="a ticket for INC-7",
            now=self.clock(),
            zone=ZoneInfo("Europe/Berlin"),
            state=state,
        )

    def _on_change(self) -> None:
        self.due += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    people: AccessPolicy
    refusals: Denials


KINDS = tuple(one for one in TicketKind if one is not TicketKind.DEMO)


def double_of(
    kind: TicketKind, clock: Callable[[], datetime], window: float = webhook.WINDOW
) -> TicketDouble:
    """The double that speaks the wire of a system; `window` is how old a signature may be."""
    match kind:
        case TicketKind.SERVICENOW:
            return servicenow.ServiceNowDouble()
        case TicketKind.JIRA:
            return jira.JiraDouble()
        case TicketKind.JIRA_DATA_CENTER:
            return jira.JiraDouble(version=2)
        case TicketKind.AZURE_DEVOPS:
            return azure_devops.AzureDevOpsDouble()
        case _:
            return webhook.WebhookDouble(clock, window)


def setup_of(kind: TicketKind, url: str) -> TicketSetup:
    """The settings that reach a double."""
    user, secret, project = {
        TicketKind.SERVICENOW: (servicenow.USER, servicenow.PASSWORD, ""),
        TicketKind.JIRA: (jira.USER, jira.TOKEN, jira.PROJECT),
        TicketKind.JIRA_DATA_CENTER: ("", jira.TOKEN, jira.PROJECT),
        TicketKind.AZURE_DEVOPS: ("", azure_devops.TOKEN, azure_devops.PROJECT),
        TicketKind.WEBHOOK: ("", webhook.SECRET, ""),
    }[kind]
    address = f"{url}/hook" if kind is TicketKind.WEBHOOK else url
    return TicketSetup(kind=kind, url=address, user=user, secret=secret, project=project)


@asynccontextmanager
async def world_with(kind: TicketKind) -> AsyncGenerator[World]:
    """A world with one ticket system."""
    clock = Clock()
    double = double_of(kind, clock)
    async with double.running(), aiohttp.ClientSession() as session:
        world = World(double=double, setup=setup_of(kind, double.url), session=session, clock=clock)
        world.give_operators()
        world.give(TOM, Role.READER)
        yield world
