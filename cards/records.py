"""What the bot itself knows and shows, as frozen values: help, troubles, proposals, incidents."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to go on: a button that asks `question` in the reader's name."""

    title: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be asked here, as (heading, example question) pairs."""

    bot_name: str
    examples: tuple[Choice, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """A question that fits several things: why we ask, and what it could be."""

    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something could not be answered: what, why, who can mend it, what was last known.

    `area` is one of identity, permission, name, window, throttling, network, input, internal, or
    remote for another server than Azure's.
    """

    area: str
    asked: str
    happened: str
    mend: str
    who: str
    code: str | None = None
    last_known: str | None = None
    as_of: datetime | None = None
    link: str | None = None
    choices: tuple[Choice, ...] = ()


class ProposalState(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class IncidentState(StrEnum):
    """Where an incident is in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Concern(StrEnum):
    """How much a part of a handover matters to the next shift."""

    BAD = "bad"
    WATCH = "watch"
    CALM = "calm"
    FINE = "fine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that waits for an authorised press, or what became of it.

    `will` says what happens, `keeps` what stays, `warnings` what speaks against it. What it may do
    is kept on the server.
    """

    proposal_id: str
    title: str
    subject: str
    factory: str
    button: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    will: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    state: ProposalState = ProposalState.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    outcome: str = ""
    danger: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """A person to be called by name in a new message; `person_id` is the Entra object id."""

    name: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The life of a failure: one cause, however often it repeats.

    `history` and `waiting` are sentences; `error` is
    redacted; `people` are those it can be given to, as (name, id); `call` is set for a first alert.
    `offers` are the acts that this installation can carry out, beside acknowledging.
    """

    incident_id: str
    title: str
    factory: str
    cause: str
    since: datetime
    pipelines: tuple[str, ...]
    state: IncidentState = IncidentState.OPEN
    count: int = 1
    last_seen: datetime | None = None
    error: str = ""
    waiting: tuple[str, ...] = ()
    history: str = ""
    owner: str = ""
    assignee: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None
    resolved_by_run: str = ""
    muted_until: datetime | None = None
    run_id: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    call: tuple[Mentioned, ...] = ()
    offers: frozenset[str] = frozenset({"resolve", "rerun", "mute"})
    revision: int = 1
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What nobody is told about for a while, who asked for that and why."""

    target: str
    until: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteList:
    """What is muted now; `said` tells what was just changed."""

    mutes: tuple[Mute, ...]
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What somebody is told of, where, and whether it ends after the first time.

    `stop` are the words that end it.
    """

    target: str
    events: str
    where: str
    once: bool = False
    stop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionList:
    """What the asker is told of; `said` tells what was just changed."""

    subscriptions: tuple[Subscription, ...]
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEntry:
    """One thing the next shift should know; pressing it asks `question`."""

    title: str
    detail: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPart:
    """One heading of a handover, and how much it matters."""

    heading: str
    state: Concern
    entries: tuple[HandoverEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A shift in one card: one sentence, then what is open, muted, missed, waiting."""

    factory: str
    hours: int
    as_of: datetime
    finding: str
    parts: tuple[HandoverPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, and what came of it."""

    at: datetime
    who: str
    what: str
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Acts and refusals, newest first."""

    about: str
    entries: tuple[AuditEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the language model cost today, against its cap; `days` are tokens by day.

    `answers` were given today, with or without a model; `answered` are answers by day, `costs` what
    a model's tokens cost by day.
    """

    tokens: int
    cap: int | None
    answers: int
    cost: str = ""
    days: tuple[tuple[str, int], ...] = ()
    model: str = ""
    answered: tuple[tuple[str, int], ...] = ()
    costs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a tool that are an answer by themselves: no card is drawn for them."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page an answer rests on; an address that is not ours to open is shown as text only."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsAnswer:
    """An answer in words, with its sources; `generated` marks the words of a language model.

    `factory` is set when it tells of a run there.
    """

    question: str
    finding: str
    points: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    generated: bool = False
    factory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a language model says about the record of a card; `missing` says why it says nothing.

    `trace` is the id under which operators may see how it came to that.
    """

    words: str = ""
    sources: tuple[Source, ...] = ()
    missing: str = ""
    trace: str = ""


class CallState(StrEnum):
    """What became of a call that waited for a yes."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCall:
    """A call to a tool of another server; `arguments` are what it would be sent, as text."""

    server: str
    tool: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallApproval:
    """Calls to other servers that wait for whoever asked `question`, or what became of them."""

    approval_id: str
    calls: tuple[RemoteCall, ...]
    question: str
    asked_by: str
    expires_at: datetime
    state: CallState = CallState.WAITING
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One thing that was done for an answer: a step of the model, or a tool call.

    `after` are seconds since the first one began; `arguments` are redacted.
    """

    what: str
    after: float
    seconds: float
    ended: str
    arguments: tuple[tuple[str, str], ...] = ()
    response: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How a language model came to its words: steps, times, tokens, ids; none of the words."""

    asked: str
    factory: str
    model: str
    at: datetime
    seconds: float
    tokens_in: int
    cached: int
    tokens_out: int
    steps: tuple[TraceStep, ...]
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """What a person may not do here, which right is missing and who has it."""

    asked: str
    happened: str
    needs: str = ""
    who: tuple[str, ...] = ()
