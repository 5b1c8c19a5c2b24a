"""What the bot itself knows and shows, as frozen values; every room imports them from here."""

from cards.records.acts import (
    Audit,
    AuditEntry,
    Proposal,
    ProposalState,
)
from cards.records.asking import (
    Choice,
    Denied,
    Help,
    Picker,
    Said,
    Trouble,
)
from cards.records.handover import (
    Concern,
    Handover,
    HandoverEntry,
    HandoverPart,
)
from cards.records.incidents import (
    Incident,
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
    RemoteCall,
    Source,
    Trace,
    TraceStep,
    Usage,
    Used,
)

__all__ = [
    "UNUSED",
    "Audit",
    "AuditEntry",
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
    "Incident",
    "IncidentState",
    "Mentioned",
    "Mute",
    "MuteList",
    "Picker",
    "Proposal",
    "ProposalState",
    "RemoteCall",
    "Said",
    "Source",
    "Subscription",
    "SubscriptionList",
    "Trace",
    "TraceStep",
    "Trouble",
    "Usage",
    "Used",
]
