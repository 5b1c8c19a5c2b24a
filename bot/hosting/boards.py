"""Builds the live boards, which read what the tools read."""

import asyncio
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.alerts.boards import BoardMessages, BoardReader, BoardService
from bot.alerts.boards.reading import SharedReads
from bot.hosting.alerts import AlertSources
from bot.hosting.container import BotContainer
from bot.hosting.model import read_triggers
from bot.messages import Address, Person
from bot.tools.handover import sum_up
from bot.turns.toolset import Toolset
from cards.records import Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardParts:
    """What keeps the boards true, and the source of their messages."""

    service: BoardService
    messages: BoardMessages


def build_boards(
    bot: BotContainer, sources: AlertSources, toolset: Toolset, due: asyncio.Event
) -> BoardParts:
    """Build them; `due` has the outbox look."""
    messages = BoardMessages(
        boards=bot.state.boards,
        draw=bot.render,
        zone_of=bot.zones.of,
        may_hear=bot.state.subscriptions.may_be_told,
        reads=bot.policy.reads,
        clock=bot.clock,
    )

    async def stamp(factory: str) -> object:
        opened = await sources.incidents.open(factory)
        mutes = await bot.state.mutes.active((factory,))
        return [(one.incident_id, one.revision) for one in opened], list(mutes)

    service = BoardService(
        store=bot.store,
        boards=bot.state.boards,
        reader=_reader(bot, sources, toolset),
        messages=messages,
        stamp=stamp,
        zone_of=bot.zones.of,
        due=due,
        clock=bot.clock,
    )
    return BoardParts(service=service, messages=messages)


def _reader(bot: BotContainer, sources: AlertSources, toolset: Toolset) -> BoardReader:
    """One reader for all rooms: what Data Factory is asked for is read once for a factory."""
    missed = SharedReads(lambda alias: read_triggers(bot, alias), bot.clock)
    active = SharedReads(sources.directory.active_runs, bot.clock)

    async def summarize(address: Address, factory: str, hours: float, zone: ZoneInfo) -> Handover:
        nobody = Person(person_id="", name="", tenant=address.tenant)
        here = toolset.context_for(nobody, address, "", bot.clock(), zone)
        here = replace(here, state=replace(here.state, missed=missed.of))
        return await sum_up(here, (factory,), hours)

    return BoardReader(
        summarize=summarize,
        active=active.of,
        notes=sources.directory.notes,
        clock=bot.clock,
    )
