"""Every record has a card: the type checker proves that none is forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from adf.records import (
    BROKEN,
    ActivityTable,
    AzureHealth,
    ChangeLog,
    Comparison,
    DeadlineReport,
    ErrorExplanation,
    Factory,
    FactoryRecord,
    LineageReport,
    OwnerReport,
    PipelineDescription,
    PipelineList,
    PipelineRun,
    QueueReport,
    RunList,
    RunReport,
    RunStats,
    RuntimeReport,
    TriggerReport,
    UseReport,
)
from cards.card import Card
from cards.context import CardContext
from cards.explanation import explained, offering
from cards.follow_ups import suggesting
from cards.kinds.action_run import action_run
from cards.kinds.activity_table import activity_table
from cards.kinds.approval_card import approval_card
from cards.kinds.audit_card import audit_card
from cards.kinds.board_card import board_card
from cards.kinds.change_card import change_card
from cards.kinds.compare_card import compare_card
from cards.kinds.condition_card import condition_card
from cards.kinds.confirm_card import confirm_card
from cards.kinds.deadline_card import deadline_card
from cards.kinds.denied_card import denied_card
from cards.kinds.digest_card import digest_card
from cards.kinds.docs_answer import docs_answer
from cards.kinds.error_card import error_card
from cards.kinds.error_explanation import error_explanation
from cards.kinds.failure_card import failure_card
from cards.kinds.handover_card import handover_card
from cards.kinds.health_card import health_card
from cards.kinds.help_card import help_card
from cards.kinds.impact_card import impact_card
from cards.kinds.incident_card import incident_card
from cards.kinds.incident_list import incident_list
from cards.kinds.ir_card import ir_card
from cards.kinds.mute_card import mute_card
from cards.kinds.owner_card import owner_card
from cards.kinds.picker_card import picker_card
from cards.kinds.pipeline_card import pipeline_card
from cards.kinds.pipeline_list import pipeline_list
from cards.kinds.queue_card import queue_card
from cards.kinds.run_card import card_of_newest, card_of_report
from cards.kinds.status_list import status_list
from cards.kinds.subscription_card import subscription_card
from cards.kinds.ticket_proposal import ticket_proposal
from cards.kinds.trace_card import trace_card
from cards.kinds.trend_card import trend_card
from cards.kinds.trigger_card import trigger_card
from cards.kinds.usage_card import usage_card
from cards.kinds.uses_card import uses_card
from cards.kinds.what_if import what_if
from cards.kinds.write_up_card import write_up_card
from cards.records import (
    AuditReport,
    Board,
    BotRecord,
    CallApproval,
    ConditionReport,
    Denied,
    DocsAnswer,
    Explanation,
    Handover,
    Help,
    IncidentDigest,
    IncidentList,
    IncidentReport,
    IncidentWriteUp,
    MuteList,
    Picker,
    Problem,
    ProposalReport,
    SubscriptionList,
    TicketProposal,
    Trace,
    Usage,
    WhatIf,
)

Record = FactoryRecord | BotRecord
RunRecord = (
    RunReport
    | RunList
    | ActivityTable
    | RunStats
    | Comparison
    | ErrorExplanation
    | QueueReport
    | DeadlineReport
)
PublishedRecord = (
    PipelineList
    | PipelineDescription
    | OwnerReport
    | LineageReport
    | UseReport
    | TriggerReport
    | RuntimeReport
    | AzureHealth
    | ChangeLog
)
IncidentRecord = (
    IncidentReport
    | IncidentDigest
    | Board
    | ConditionReport
    | IncidentList
    | IncidentWriteUp
    | MuteList
    | Handover
)
ActRecord = CallApproval | ProposalReport | TicketProposal | WhatIf | AuditReport


def card_for(
    record: Record,
    *,
    now: datetime,
    zone: ZoneInfo,
    note: str | None = None,
    studio: Mapping[str, Factory] | None = None,
    explanation: Explanation | None = None,
    explains: str = "",
    tickets: bool = False,
    verdicts: Mapping[str, str] | None = None,
) -> Card:
    """The card of a record, for readers in `zone`.

    `note` is one line to show with it, `studio` has the factories it may link to, `explanation` is
    what a language model adds below the facts; `explains` is the id of a button for that.
    `tickets` tells whether tickets can be opened, `verdicts` which causes people have judged.
    """
    reader = CardContext(
        now=now,
        zone=zone,
        note=note,
        studio=studio or {},
        tickets=tickets,
        verdicts=verdicts or {},
    )
    card = suggesting(_card_of(record, reader), record)
    if explanation:
        card = explained(card, explanation)
    return offering(card, explains) if explains else card


def _card_of(record: Record, reader: CardContext) -> Card:  # noqa: C901 - one case for each
    if isinstance(record, RunRecord):
        return _card_of_runs(record, reader)
    if isinstance(record, PublishedRecord):
        return _card_of_what_is_published(record, reader)
    if isinstance(record, IncidentRecord):
        return _card_of_incidents(record, reader)
    if isinstance(record, ActRecord):
        return _card_of_acts(record, reader)
    match record:
        case Help():
            return help_card(record, reader)
        case Picker():
            return picker_card(record, reader)
        case Problem():
            return error_card(record, reader)
        case Denied():
            return denied_card(record, reader)
        case SubscriptionList():
            return subscription_card(record, reader)
        case Usage():
            return usage_card(record, reader)
        case Trace():
            return trace_card(record, reader)
        case DocsAnswer():
            return docs_answer(record, reader)
        case _:
            assert_never(record)


def _card_of_runs(record: RunRecord, reader: CardContext) -> Card:  # noqa: C901 - one case for each
    """What ran, runs or waits."""
    match record:
        case RunReport():
            broke = record.cause is not None or record.run.status in BROKEN
            return failure_card(record, reader) if broke else card_of_report(record, reader)
        case RunList():
            newest = record.pipeline is not None and record.latest_only
            return card_of_newest(record, reader) if newest else status_list(record, reader)
        case ActivityTable():
            return activity_table(record, reader)
        case RunStats():
            return trend_card(record, reader)
        case Comparison():
            return compare_card(record, reader)
        case ErrorExplanation():
            return error_explanation(record, reader)
        case QueueReport():
            return queue_card(record, reader)
        case DeadlineReport():
            return deadline_card(record, reader)


def _card_of_what_is_published(record: PublishedRecord, reader: CardContext) -> Card:  # noqa: C901 - one case for each
    """What is in a factory, what it rests on, and what changed in it."""
    match record:
        case PipelineList():
            return pipeline_list(record, reader)
        case PipelineDescription():
            return pipeline_card(record, reader)
        case OwnerReport():
            return owner_card(record, reader)
        case LineageReport():
            return impact_card(record, reader)
        case UseReport():
            return uses_card(record, reader)
        case TriggerReport():
            return trigger_card(record, reader)
        case RuntimeReport():
            return ir_card(record, reader)
        case AzureHealth():
            return health_card(record, reader)
        case ChangeLog():
            return change_card(record, reader)


def _card_of_incidents(record: IncidentRecord, reader: CardContext) -> Card:  # noqa: C901 - one case for each
    """What nobody asked for, and what became of it."""
    match record:
        case IncidentReport():
            return incident_card(record, reader)
        case IncidentDigest():
            return digest_card(record, reader)
        case Board():
            return board_card(record, reader)
        case ConditionReport():
            return condition_card(record, reader)
        case IncidentList():
            return incident_list(record, reader)
        case IncidentWriteUp():
            return write_up_card(record, reader)
        case MuteList():
            return mute_card(record, reader)
        case Handover():
            return handover_card(record, reader)


def _card_of_acts(record: ActRecord, reader: CardContext) -> Card:
    """What changes something, or would: it waits for a person, runs, or was done."""
    match record:
        case CallApproval():
            return approval_card(record, reader)
        case ProposalReport(run=PipelineRun() as run):
            return action_run(record, run, reader)
        case ProposalReport():
            return confirm_card(record, reader)
        case TicketProposal():
            return ticket_proposal(record, reader)
        case WhatIf():
            return what_if(record, reader)
        case AuditReport():
            return audit_card(record, reader)
