"""Builds what runs without being asked: watches, incidents, their messages, and the outbox."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from adf.watch import FactoryWatch
from bot.access.policy import Right
from bot.agents.explainer import Explainer
from bot.alerts import (
    AlertService,
    FactoryDirectory,
    IncidentExplanations,
    IncidentMessages,
    MonitorContext,
    RunEndMessages,
    RunReports,
)
from bot.alerts.conditions.monitor import ConditionMonitor
from bot.alerts.digests import DigestedIncidents, IncidentDigests
from bot.alerts.escalation import EscalationMessages
from bot.alerts.incident_actions import IncidentActions
from bot.alerts.incident_commands import IncidentCommands, IncidentSources
from bot.alerts.incident_forms import IncidentForms
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incident_report import IncidentReports, holds_back
from bot.alerts.incidents import IncidentService
from bot.alerts.incidents.announcements import ESCALATION
from bot.alerts.standing_incidents import RunFollower, StandingIncidents
from bot.hosting.condition_alerts import build_conditions
from bot.hosting.container import BotContainer
from bot.hosting.service_clock import DatedWatch
from bot.messages import Address, CardClick
from bot.outbox import MessageSource, Outbox
from bot.tickets.repository import TicketRepository
from bot.tools import ToolContext
from bot.turns.cause_judgements import IncidentCard
from bot.turns.toolset import Toolset
from cards.card import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertParts:
    """The alert service, what the buttons on its messages do, and the card of an incident."""

    service: AlertService
    actions: IncidentActions
    incident_card: IncidentCard


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSources:
    """What every kind of alert reads, and what people do about incidents by words and presses."""

    due: asyncio.Event
    directory: FactoryDirectory
    incidents: IncidentService
    reports: RunReports
    incident_reports: IncidentReports
    remarks: IncidentRemarks
    commands: IncidentCommands


def alert_sources(bot: BotContainer, due: asyncio.Event) -> AlertSources:
    """Build what the tools need of incidents; nothing is watched yet.

    Whoever sets `due` has the outbox look.
    """
    directory = FactoryDirectory(
        declared=bot.setup.factories,
        clients=bot.azure.factories,
        people=bot.setup.everybody.people,
        clock=bot.clock,
        gaps=bot.state.error_gaps,
    )
    incidents, reports = IncidentService(bot.store, bot.clock), RunReports(directory.report)
    incident_reports = IncidentReports(
        reports=reports,
        notes=directory.notes,
        mutes=bot.state.mutes,
        people_of=lambda alias: bot.policy.people_with(Right.ACKNOWLEDGE, alias),
        waiting=directory.waiting,
        ticket_of=TicketRepository(bot.store).link_of if bot.setup.tickets else None,
    )
    sources = IncidentSources(
        store=bot.store,
        incidents=incidents,
        reports=incident_reports,
        mutes=bot.state.mutes,
        notes=directory.notes,
        factories=directory.aliases,
        clock=bot.clock,
    )
    return AlertSources(
        due=due,
        directory=directory,
        incidents=incidents,
        reports=reports,
        incident_reports=incident_reports,
        remarks=IncidentRemarks(),
        commands=IncidentCommands(sources, due),
    )


async def build_alerts(
    bot: BotContainer,
    sources: AlertSources,
    explainer: Explainer | None,
    others: Mapping[str, MessageSource],
) -> AlertParts:
    """Build it; nothing is asked of Data Factory before the service runs.

    `others` are more kinds of messages that the outbox edits.
    """
    explanations = _explanations(bot, sources, explainer)
    cards = _incident_messages(bot, sources, explanations)
    ends = _run_end_messages(bot, sources)
    conditions = await build_conditions(bot, sources.directory, bot.state.mutes.mutes_pipeline)
    messages = {**_incident_sources(bot, sources, cards), "end": ends, **others}
    service = AlertService(
        watches=await _watches(bot, sources),
        desk=_monitor_context(bot, sources, ends, explanations, conditions.monitor),
        posted=_outbox(bot, {**messages, "condition": conditions.messages}),
        every=bot.setup.poll_seconds,
        due=sources.due,
    )
    actions = IncidentActions(
        policy=bot.policy,
        denials=bot.denials,
        find=sources.incidents.find,
        acknowledge=service.acknowledge,
        resolve=service.resolve,
        render=cards.card,
    )

    async def incident_card(incident_id: str, factory: str, address: Address) -> Card | None:
        found = await sources.incidents.find(incident_id)
        return await cards.card(found, address) if found and found.factory == factory else None

    return AlertParts(service=service, actions=actions, incident_card=incident_card)


async def _watches(bot: BotContainer, sources: AlertSources) -> Mapping[str, DatedWatch]:
    """What polls each factory, by its alias."""
    clients = [await bot.azure.factories.client(alias) for alias in sources.directory.aliases]
    return {
        one.factory.alias: DatedWatch(FactoryWatch(one, bot.service_clock), bot.service_clock)
        for one in clients
    }


def _incident_sources(
    bot: BotContainer, sources: AlertSources, cards: IncidentMessages
) -> Mapping[str, MessageSource]:
    """The messages about incidents: alone, together in one digest, and brought to more people."""
    digests = _digests(bot, sources)
    return {
        "incident": DigestedIncidents(cards, digests),
        "digest": digests,
        ESCALATION: EscalationMessages(cards),
    }


def _outbox(bot: BotContainer, messages: Mapping[str, MessageSource]) -> Outbox:
    return Outbox(
        store=bot.store,
        sender=bot.sender,
        sources=messages,
        gone=lambda address: leave_room(bot, address),
        clock=bot.clock,
        count=bot.telemetry.delivery,
    )


async def leave_room(bot: BotContainer, address: Address) -> None:
    """Nobody is there any more: what was posted there by itself is over."""
    await bot.state.boards.gone(address)
    await bot.state.subscriptions.gone(address)


def incident_forms(bot: BotContainer, toolset: Toolset) -> IncidentForms:
    """The buttons that do what words do, through the same tools."""

    async def context_for(click: CardClick, words: str) -> ToolContext:
        zone = await bot.zones.of(click.address, click.zone)
        return toolset.context_for(click.speaker, click.address, words, bot.clock(), zone)

    return IncidentForms(context_for=context_for, render=bot.render)


def _explanations(
    bot: BotContainer, sources: AlertSources, explainer: Explainer | None
) -> IncidentExplanations | None:
    if explainer is None:
        return None
    return IncidentExplanations(
        explainer=explainer,
        incidents=sources.incidents,
        reports=sources.reports,
        zone_of=bot.zones.of,
        due=sources.due,
        clock=bot.clock,
    )


def _monitor_context(
    bot: BotContainer,
    sources: AlertSources,
    ends: RunEndMessages,
    explanations: IncidentExplanations | None,
    conditions: ConditionMonitor,
) -> MonitorContext:
    return MonitorContext(
        incidents=sources.incidents,
        listeners=bot.state.subscriptions,
        reports=sources.reports,
        notes=sources.directory.notes,
        clock=bot.clock,
        ends=ends,
        conditions=conditions,
        standing=StandingIncidents(
            recipients=bot.state.subscriptions,
            announce=sources.incidents.announce,
            notes=sources.directory.notes,
            holds_back=lambda one: holds_back(bot.state.mutes, one),
            follow=RunFollower(
                remarks=sources.remarks,
                active=sources.directory.active_runs,
                retell=sources.incidents.retell,
            ),
        ),
        remarks=sources.remarks,
        words=explanations,
        mutes=bot.state.mutes,
        escalations=bot.setup.escalations,
        outdate=bot.answers.outdate,
    )


def _incident_messages(
    bot: BotContainer, sources: AlertSources, explanations: IncidentExplanations | None
) -> IncidentMessages:
    return IncidentMessages(
        incidents=sources.incidents,
        factories=sources.directory.aliases,
        reports=sources.incident_reports,
        notes=sources.directory.notes,
        draw=bot.render,
        zone_of=bot.zones.of,
        call=sources.directory.mention,
        may_hear=bot.state.subscriptions.may_be_told,
        clock=bot.clock,
        words=explanations,
        remarks=sources.remarks,
        refresh=bot.state.verdicts.refresh,
    )


def _digests(bot: BotContainer, sources: AlertSources) -> IncidentDigests:
    return IncidentDigests(
        store=bot.store,
        incidents=sources.incidents,
        draw=bot.render,
        zone_of=bot.zones.of,
        may_hear=bot.state.subscriptions.may_be_told,
        clock=bot.clock,
    )


def _run_end_messages(bot: BotContainer, sources: AlertSources) -> RunEndMessages:
    return RunEndMessages(
        store=bot.store,
        factories=sources.directory.aliases,
        waiting=bot.state.subscriptions,
        reports=sources.reports,
        notes=sources.directory.notes,
        draw=bot.render,
        zone_of=bot.zones.of,
        clock=bot.clock,
    )
