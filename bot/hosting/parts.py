"""Everything beside the turns, opened together: acts, alerts, tickets, summaries, boards, model."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.actions.repository import KIND as ACTION
from bot.alerts.boards import KIND as BOARD
from bot.alerts.summaries.due import KIND as SUMMARY
from bot.hosting.actions import ActionParts, build_actions
from bot.hosting.alerts import (
    AlertParts,
    AlertSources,
    alert_sources,
    build_alerts,
    incident_forms,
)
from bot.hosting.boards import BoardParts, build_boards
from bot.hosting.container import BotContainer
from bot.hosting.model import ModelParts, open_model
from bot.hosting.replicas import Work
from bot.hosting.summaries import SummaryParts, build_summaries
from bot.hosting.tickets import TicketParts, open_tickets
from bot.hosting.turns import JudgedCauses
from bot.outbox import MessageSource
from bot.tickets.repository import KIND as TICKET
from bot.turns.card_actions import CardButtons


@dataclass(frozen=True, slots=True, kw_only=True)
class BotParts:
    """What answers, what watches, and what follows up; tickets where a system is set."""

    model: ModelParts
    actions: ActionParts
    sources: AlertSources
    alerts: AlertParts
    summaries: SummaryParts
    boards: BoardParts
    tickets: TicketParts | None

    @property
    def works(self) -> Sequence[Work]:
        """What goes on without being asked, in one process for all."""
        return [
            self.alerts.service.run,
            self.actions.follow_up.run,
            self.summaries.service.run,
            self.boards.service.run,
            *([self.tickets.follow_up.run] if self.tickets else []),
        ]

    @property
    def judged(self) -> JudgedCauses:
        """Where a cause is read again that somebody judges."""
        reports = self.sources.reports
        return JudgedCauses(report_of=reports.get, incident_card=self.alerts.incident_card)

    def buttons(self, bot: BotContainer) -> Sequence[CardButtons]:
        """What is done by a press on a card of theirs."""
        forms = incident_forms(bot, self.model.toolset)
        tickets = [self.tickets.buttons] if self.tickets else []
        return [self.alerts.actions, forms, self.actions.buttons, *tickets]


@asynccontextmanager
async def open_parts(bot: BotContainer, due: asyncio.Event) -> AsyncGenerator[BotParts]:
    """Open them; nothing runs yet. Whoever sets `due` has the outbox look."""
    async with AsyncExitStack() as stack:
        actions, sources = build_actions(bot, due), alert_sources(bot, due)
        stack.push_async_callback(actions.follow_up.close)
        tickets = await stack.enter_async_context(open_tickets(bot, sources.commands, due))
        maker = tickets.maker if tickets else None
        model = await stack.enter_async_context(open_model(bot, actions, sources.commands, maker))
        summaries = build_summaries(bot, model.toolset, due)
        boards = build_boards(bot, sources, model.toolset, due)
        messages: Mapping[str, MessageSource] = {
            ACTION: actions.messages,
            SUMMARY: summaries.messages,
            BOARD: boards.messages,
            **({TICKET: tickets.messages} if tickets else {}),
        }
        yield BotParts(
            model=model,
            actions=actions,
            sources=sources,
            alerts=await build_alerts(bot, sources, model.explainer, messages),
            summaries=summaries,
            boards=boards,
            tickets=tickets,
        )
