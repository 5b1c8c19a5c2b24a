"""Builds what opens tickets: proposals, presses on them, and what follows a press."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.hosting.container import BotContainer
from bot.tickets.buttons import TicketActions, TicketRules
from bot.tickets.follow_up import TicketFollowUp
from bot.tickets.messages import TicketMessages
from bot.tickets.opening import TicketOpening
from bot.tickets.ports import TicketedIncidents, TicketSystem
from bot.tickets.proposals import TicketMaker
from bot.tickets.records import TicketRecords
from bot.tickets.repository import TicketRepository
from bot.tickets.setup import TicketSetup
from bot.tickets.systems import system_of
from bot.tickets.updates import TicketUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketParts:
    """What turns, alerts and the application need of it."""

    maker: TicketMaker
    buttons: TicketActions
    messages: TicketMessages
    follow_up: TicketFollowUp


@asynccontextmanager
async def open_tickets(
    bot: BotContainer, incidents: TicketedIncidents, due: asyncio.Event
) -> AsyncGenerator[TicketParts | None]:
    """Build it where a ticket system is set; its connections are closed at the end."""
    setup = bot.setup.tickets
    if setup is None:
        yield None
        return
    async with aiohttp.ClientSession() as session:
        yield build_tickets(bot, setup, system_of(setup, session, bot.clock), incidents, due)


def build_tickets(
    bot: BotContainer,
    setup: TicketSetup,
    system: TicketSystem,
    incidents: TicketedIncidents,
    due: asyncio.Event,
) -> TicketParts:
    """Build it; whoever waits for `due` has the messages edited that changed."""
    tickets = TicketRepository(bot.store)
    records = TicketRecords(tickets, incidents, setup.name, bot.clock)
    opening = TicketOpening(
        system=system, tickets=tickets, incidents=incidents, audit=bot.audit, clock=bot.clock
    )
    update = TicketUpdate(
        system=system,
        tickets=tickets,
        incidents=incidents,
        updates=setup.updates,
        clock=bot.clock,
    )
    follow_up = TicketFollowUp(
        tickets=tickets, opening=opening, update=update, on_change=due.set, clock=bot.clock
    )
    return TicketParts(
        maker=_maker(bot, tickets, incidents, records),
        buttons=TicketActions(
            rules=_rules(bot),
            tickets=tickets,
            records=records,
            opening=opening,
            follow_up=follow_up,
            render=bot.render,
            zones=bot.zones,
            system=setup.name,
            make_key=_make_key,
        ),
        messages=_messages(bot, tickets, records),
        follow_up=follow_up,
    )


def _maker(
    bot: BotContainer,
    tickets: TicketRepository,
    incidents: TicketedIncidents,
    records: TicketRecords,
) -> TicketMaker:
    return TicketMaker(
        tickets=tickets,
        incidents=incidents,
        records=records,
        audit=bot.audit,
        clock=bot.clock,
        make_id=_random_id,
    )


def _rules(bot: BotContainer) -> TicketRules:
    return TicketRules(policy=bot.policy, denials=bot.denials, audit=bot.audit, clock=bot.clock)


def _messages(
    bot: BotContainer, tickets: TicketRepository, records: TicketRecords
) -> TicketMessages:
    return TicketMessages(
        tickets=tickets, records=records, render=bot.render, zones=bot.zones, clock=bot.clock
    )


def _random_id() -> str:
    return uuid.uuid4().hex


def _make_key() -> str:
    """Letters, digits and hyphens alone: it stands in the query languages of others."""
    return f"adfops-{uuid.uuid4().hex}"
