"""What the bot itself knows and shows, as frozen values; every room imports them from here."""

from cards.records.actions import (
    ActionEvent,
    ActionFacts,
    AuditLine,
    AuditReport,
    ProposalReport,
    ProposalState,
    WhatIf,
)
from cards.records.asking import Choice, Denied, Help, Notice, Picker, Problem
from cards.records.conditions import ConditionReport
from cards.records.digest import DigestLine, IncidentDigest
from cards.records.incidents import (
    IncidentReport,
    IncidentState,
    Mentioned,
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

# What the bot has to say that has a card; a Notice is words alone.
BotRecord = (
    Help
    | Picker
    | Problem
    | Denied
    | IncidentReport
    | ConditionReport
    | IncidentDigest
    | SubscriptionList
    | Usage
    | DocsAnswer
    | Trace
    | CallApproval
    | ProposalReport
    | WhatIf
    | AuditReport
)

__all__ = [
    "UNUSED",
    "ActionEvent",
    "ActionFacts",
    "AuditLine",
    "AuditReport",
    "BotRecord",
    "CallApproval",
    "CallState",
    "Choice",
    "ConditionReport",
    "Denied",
    "DigestLine",
    "DocsAnswer",
    "Explanation",
    "Help",
    "IncidentDigest",
    "IncidentReport",
    "IncidentState",
    "Mentioned",
    "Notice",
    "PageSource",
    "Picker",
    "Problem",
    "ProposalReport",
    "ProposalState",
    "ProposedCall",
    "Subscription",
    "SubscriptionList",
    "Trace",
    "TraceStep",
    "Usage",
    "Used",
    "WhatIf",
]
