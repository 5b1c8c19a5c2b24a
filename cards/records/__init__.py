"""What the bot itself knows and shows, as frozen values; every room imports them from here."""

from cards.records.acts import AuditEntry, AuditReport, Proposal, ProposalState
from cards.records.asking import Choice, Denied, Help, Notice, Picker, Problem
from cards.records.handover import (
    Concern,
    Handover,
    HandoverEntry,
    HandoverPart,
)
from cards.records.incidents import (
    IncidentReport,
    IncidentState,
    Mentioned,
    Mute,
    MuteList,
    Subscription,
    SubscriptionList,
)
from cards.records.model import (
    UNUSED,
    CallApproval,
    CallState,
    DocsAnswer,
    Explanation,
    PageSource,
    ProposedCall,
    Trace,
    TraceStep,
    Usage,
    Used,
)

__all__ = [
    "UNUSED",
    "AuditEntry",
    "AuditReport",
    "CallApproval",
    "CallState",
    "Choice",
    "Concern",
    "Denied",
    "DocsAnswer",
    "Explanation",
    "Handover",
    "HandoverEntry",
    "HandoverPart",
    "Help",
    "IncidentReport",
    "IncidentState",
    "Mentioned",
    "Mute",
    "MuteList",
    "Notice",
    "PageSource",
    "Picker",
    "Problem",
    "Proposal",
    "ProposalState",
    "ProposedCall",
    "Subscription",
    "SubscriptionList",
    "Trace",
    "TraceStep",
    "Usage",
    "Used",
]
