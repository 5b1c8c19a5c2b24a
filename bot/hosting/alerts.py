"""Builds what runs without being asked: watches, incidents, their messages, and the outbox."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from adf.watch import FactoryWatch
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
from bot.alerts.incident_actions import IncidentActions
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import IncidentService
from bot.alerts.standing_incidents import RunFollower, StandingIncidents
from bot.hosting.condition_alerts import build_conditions
from bot.hosting.container import BotContainer
from bot.hosting.service_clock import DatedWatch
from bot.outbox import MessageSource, Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertParts:
    """The alert service, and what the buttons on its messages do."""

    service: AlertService
    actions: IncidentActions


@dataclass(frozen=True, slots=True, kw_only=True)
class _AlertSources:
    """What every kind of alert reads."""

    directory: FactoryDirectory
    incidents: IncidentService
    reports: RunReports
    remarks: IncidentRemarks
    explanations: IncidentExplanations | None


async def build_alerts(
    bot: BotContainer,
    explainer: Explainer | None,
    due: asyncio.Event,
    others: Mapping[str, MessageSource],
) -> AlertParts:
    """Build it; nothing is asked of Data Factory before the service runs.

    `others` are more kinds of messages that the outbox edits; whoever sets `due` has it look.
    """
    sources = _sources(bot, explainer, due)
    cards, ends = _incident_messages(bot, sources), _run_end_messages(bot, sources)
    conditions = await build_conditions(bot, sources.directory)
    digests = _digests(bot, sources)
    outbox = Outbox(
        store=bot.store,
        sender=bot.sender,
        sources={
            "incident": DigestedIncidents(cards, digests),
            "digest": digests,
            "end": ends,
            "condition": conditions.messages,
            **others,
        },
        gone=bot.subscriptions.gone,
        clock=bot.clock,
    )
    clients = [await bot.factories.client(alias) for alias in sources.directory.aliases]
    service = AlertService(
        watches={
            one.factory.alias: DatedWatch(FactoryWatch(one, bot.service_clock), bot.service_clock)
            for one in clients
        },
        desk=_monitor_context(bot, sources, ends, conditions.monitor),
        posted=outbox,
        every=bot.setup.poll_seconds,
        due=due,
    )
    actions = IncidentActions(
        policy=bot.policy,
        denials=bot.denials,
        find=sources.incidents.find,
        acknowledge=service.acknowledge,
        resolve=service.resolve,
        render=cards.card,
    )
    return AlertParts(service=service, actions=actions)


def _sources(bot: BotContainer, explainer: Explainer | None, due: asyncio.Event) -> _AlertSources:
    directory = FactoryDirectory(
        declared=bot.setup.factories,
        clients=bot.factories,
        people=bot.setup.everybody.people,
        clock=bot.clock,
        gaps=bot.error_gaps,
    )
    incidents, reports = IncidentService(bot.store, bot.clock), RunReports(directory.report)
    explanations = None
    if explainer is not None:
        explanations = IncidentExplanations(
            explainer=explainer,
            incidents=incidents,
            reports=reports,
            zone_of=bot.zones.of,
            due=due,
            clock=bot.clock,
        )
    return _AlertSources(
        directory=directory,
        incidents=incidents,
        reports=reports,
        remarks=IncidentRemarks(),
        explanations=explanations,
    )


def _monitor_context(
    bot: BotContainer, sources: _AlertSources, ends: RunEndMessages, conditions: ConditionMonitor
) -> MonitorContext:
    return MonitorContext(
        incidents=sources.incidents,
        listeners=bot.subscriptions,
        reports=sources.reports,
        notes=sources.directory.notes,
        clock=bot.clock,
        ends=ends,
        conditions=conditions,
        standing=StandingIncidents(
            recipients=bot.subscriptions,
            announce=sources.incidents.announce,
            notes=sources.directory.notes,
            follow=RunFollower(
                remarks=sources.remarks,
                active=sources.directory.active_runs,
                retell=sources.incidents.retell,
            ),
        ),
        remarks=sources.remarks,
        words=sources.explanations,
        outdate=bot.answers.outdate,
    )


def _incident_messages(bot: BotContainer, sources: _AlertSources) -> IncidentMessages:
    return IncidentMessages(
        incidents=sources.incidents,
        factories=sources.directory.aliases,
        reports=sources.reports,
        notes=sources.directory.notes,
        waiting=sources.directory.waiting,
        draw=bot.render,
        zone_of=bot.zones.of,
        call=sources.directory.mention,
        may_hear=bot.subscriptions.may_be_told,
        clock=bot.clock,
        words=sources.explanations,
        remarks=sources.remarks,
    )


def _digests(bot: BotContainer, sources: _AlertSources) -> IncidentDigests:
    return IncidentDigests(
        store=bot.store,
        incidents=sources.incidents,
        draw=bot.render,
        zone_of=bot.zones.of,
        may_hear=bot.subscriptions.may_be_told,
        clock=bot.clock,
    )


def _run_end_messages(bot: BotContainer, sources: _AlertSources) -> RunEndMessages:
    return RunEndMessages(
        store=bot.store,
        factories=sources.directory.aliases,
        waiting=bot.subscriptions,
        reports=sources.reports,
        notes=sources.directory.notes,
        draw=bot.render,
        zone_of=bot.zones.of,
        clock=bot.clock,
    )
