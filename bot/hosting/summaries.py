"""Builds the summaries on a schedule, which read what the tools read."""

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.alerts.summaries import SummaryMessages, SummaryService
from bot.hosting.container import BotContainer
from bot.messages import Address, Person
from bot.tools.handover import sum_up
from bot.turns.toolset import Toolset
from cards.records import Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryParts:
    """What finds the summaries that are due, and the source of their messages."""

    service: SummaryService
    messages: SummaryMessages


def build_summaries(bot: BotContainer, toolset: Toolset, due: asyncio.Event) -> SummaryParts:
    """Build them; `due` has the outbox look."""

    async def summarize(address: Address, factory: str, hours: float, zone: ZoneInfo) -> Handover:
        nobody = Person(person_id="", name="", tenant=address.tenant)
        here = toolset.context_for(nobody, address, "", bot.clock(), zone)
        return await sum_up(here, (factory,), hours)

    return SummaryParts(
        service=SummaryService(
            store=bot.store,
            schedules=bot.state.summaries,
            zones=bot.zones,
            due=due,
            clock=bot.clock,
        ),
        messages=SummaryMessages(
            store=bot.store,
            summarize=summarize,
            draw=bot.render,
            may_hear=bot.state.subscriptions.may_be_told,
            reads=bot.policy.reads,
            clock=bot.clock,
        ),
    )
