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
from cards.records.board import Board
from cards.records.conditions import ConditionReport
from cards.records.digest import DigestLine, IncidentDigest
from cards.records.handover import Concern, Handover, HandoverEntry, HandoverPart
from cards.records.incidents import (
    ActionResult,
    IncidentEntry,
    IncidentList,
    IncidentReport,
    IncidentState,
    IncidentTimes,
    Mentioned,
    Mute,
    MuteList,
    Subscription,
    SubscriptionList,
    TimelineLine,
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
from cards.records.tickets import TicketLink, TicketProposal, TicketState, TicketText
from cards.records.write_up import IncidentWriteUp

# What the bot has to say that has a card; a Notice is words alone.
BotRecord = (
    Help
    | Picker
    | Problem
    | Denied
    | IncidentReport
    | ConditionReport
    | IncidentDigest
    | Board
    | IncidentList
    | IncidentWriteUp
    | MuteList
    | Handover
    | SubscriptionList
    | Usage
    | DocsAnswer
    | Trace
    | CallApproval
    | ProposalReport
    | WhatIf
    | AuditReport
    | TicketProposal
)

__all__ = [
    "UNUSED",
    "ActionEvent",
    "ActionFacts",
    "ActionResult",
    "AuditLine",
    "AuditReport",
    "Board",
    "BotRecord",
    "CallApproval",
    "CallState",
    "Choice",
    "Concern",
    "ConditionReport",
    "Denied",
    "DigestLine",
    "DocsAnswer",
    "Explanation",
    "Handover",
    "HandoverEntry",
    "HandoverPart",
    "Help",
    "IncidentDigest",
    "IncidentEntry",
    "IncidentList",
    "IncidentReport",
    "IncidentState",
    "IncidentTimes",
    "IncidentWriteUp",
    "Mentioned",
    "Mute",
    "MuteList",
    "Notice",
    "PageSource",
    "Picker",
    "Problem",
    "ProposalReport",
    "ProposalState",
    "ProposedCall",
    "Subscription",
    "SubscriptionList",
    "TicketLink",
    "TicketProposal",
    "TicketState",
    "TicketText",
    "TimelineLine",
    "Trace",
    "TraceStep",
    "Usage",
    "Used",
    "WhatIf",
]
