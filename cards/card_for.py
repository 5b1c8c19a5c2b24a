"""Every record has a card: the type checker proves that none is forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from adf.records import (
    BROKEN,
    ActivityTable,
    Comparison,
    ErrorExplanation,
    Factory,
    PipelineList,
    RunList,
    RunReport,
    RunStats,
)
from cards.card import Card
from cards.context import CardContext
from cards.explanation import explained, offering
from cards.kinds.activity_table import activity_table
from cards.kinds.approval_card import approval_card
from cards.kinds.consent import confirm_card, denied_card
from cards.kinds.failure_card import failure_card
from cards.kinds.ground import change_card, runtime_card
from cards.kinds.incident_card import incident_card
from cards.kinds.lists import audit_card, handover_card, mute_card, subscription_card
from cards.kinds.run_card import card_of_newest, card_of_report
from cards.kinds.status_list import pipeline_list, status_list
from cards.kinds.talk import error_card, help_card, picker_card
from cards.kinds.trace_card import trace_card
from cards.kinds.trends import compare_card, trend_card
from cards.kinds.waiting import impact_card, queue_card, trigger_card
from cards.kinds.words import docs_answer, error_explanation, usage_card
from cards.planned import (
    ChangeLog,
    Impact,
    QueueReport,
    RuntimeReport,
    TriggerList,
)
from cards.records import (
    AuditReport,
    CallApproval,
    Denied,
    DocsAnswer,
    Explanation,
    Handover,
    Help,
    IncidentReport,
    MuteList,
    Picker,
    Problem,
    Proposal,
    SubscriptionList,
    Trace,
    Usage,
)

FactoryRecord = (
    RunReport
    | RunList
    | PipelineList
    | ActivityTable
    | RunStats
    | Comparison
    | ErrorExplanation
    | QueueReport
    | TriggerList
    | RuntimeReport
    | Impact
    | ChangeLog
)
BotRecord = (
    Help
    | Picker
    | Problem
    | Denied
    | Proposal
    | IncidentReport
    | MuteList
    | SubscriptionList
    | Handover
    | AuditReport
    | Usage
    | DocsAnswer
    | Trace
    | CallApproval
)
Record = FactoryRecord | BotRecord


def card_for(
    record: Record,
    *,
    now: datetime,
    zone: ZoneInfo,
    note: str | None = None,
    studio: Mapping[str, Factory] | None = None,
    explanation: Explanation | None = None,
    explains: str = "",
) -> Card:
    """The card of a record, for readers in `zone`.

    `note` is one line to show with it, `studio` has the factories it may link to, `explanation` is
    what a language model adds below the facts; `explains` is the id of a button for that.
    """
    reader = CardContext(now=now, zone=zone, note=note, studio=studio or {})
    card = _card_of(record, reader)
    if explanation:
        return explained(card, explanation)
    return offering(card, explains) if explains else card


def _card_of(record: Record, reader: CardContext) -> Card:  # noqa: C901 - one line for each record
    match record:
        case RunReport():
            broke = record.cause is not None or record.run.status in BROKEN
            return failure_card(record, reader) if broke else card_of_report(record, reader)
        case RunList():
            newest = record.pipeline is not None and record.latest_only
            return card_of_newest(record, reader) if newest else status_list(record, reader)
        case PipelineList():
            return pipeline_list(record, reader)
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
        case TriggerList():
            return trigger_card(record, reader)
        case RuntimeReport():
            return runtime_card(record, reader)
        case Impact():
            return impact_card(record, reader)
        case ChangeLog():
            return change_card(record, reader)
        case Help():
            return help_card(record, reader)
        case Picker():
            return picker_card(record, reader)
        case Problem():
            return error_card(record, reader)
        case Denied():
            return denied_card(record, reader)
        case Proposal():
            return confirm_card(record, reader)
        case IncidentReport():
            return incident_card(record, reader)
        case MuteList():
            return mute_card(record, reader)
        case SubscriptionList():
            return subscription_card(record, reader)
        case Handover():
            return handover_card(record, reader)
        case AuditReport():
            return audit_card(record, reader)
        case Usage():
            return usage_card(record, reader)
        case Trace():
            return trace_card(record, reader)
        case DocsAnswer():
            return docs_answer(record, reader)
        case CallApproval():
            return approval_card(record, reader)
        case _:
            assert_never(record)
