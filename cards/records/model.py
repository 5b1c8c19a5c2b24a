"""What a language model said, called, did and cost."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from adf.records import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What turns of a language model took: tokens, steps, tool calls, seconds, added up.

    `cached` tokens are a part of `input`.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    turns: int = 0
    steps: int = 0
    calls: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Everything that was read and written."""
        return self.input + self.output

    def __add__(self, other: "Used") -> "Used":
        """Both together."""
        return Used(
            input=self.input + other.input,
            cached=self.cached + other.cached,
            output=self.output + other.output,
            turns=self.turns + other.turns,
            steps=self.steps + other.steps,
            calls=self.calls + other.calls,
            seconds=round(self.seconds + other.seconds, 3),
        )


UNUSED = Used()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(BaseRecord):
    """What the language model cost today, against its cap; `days` are tokens by day.

    `answers` were given today, with or without a model; `answered` are answers by day, `costs` what
    a model's tokens cost by day. `today` and `here` are what its turns took, `here` those of the
    conversation that asks.
    """

    tokens: int
    cap: int | None
    answers: int
    cost: str = ""
    days: tuple[tuple[str, int], ...] = ()
    model: str = ""
    answered: tuple[tuple[str, int], ...] = ()
    costs: tuple[tuple[str, str], ...] = ()
    today: Used = UNUSED
    here: Used = UNUSED
    here_cost: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page an answer rests on; an address that is not ours to open is shown as text only."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsAnswer(BaseRecord):
    """An answer in words, with its sources; `generated` marks the words of a language model.

    `built_in` marks what the product knows of an error itself, with Microsoft's page beside it.
    `factory` is set when it is about a run there, `origin` where it was read from that.
    """

    question: str
    finding: str
    points: tuple[str, ...] = ()
    sources: tuple[PageSource, ...] = ()
    generated: bool = False
    built_in: bool = False
    origin: str = ""
    factory: str = ""

    @property
    def factories(self) -> tuple[str, ...]:
        """The one whose run it is about; words of a model or of a manual are about none."""
        return (self.factory,) if self.factory else ()

    @property
    def identity(self) -> str:
        """The question."""
        return f"docs {self.question}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a language model says about the record of a card; `missing` says why it says nothing.

    `trace` is the id under which operators may see how it came to that.
    """

    words: str = ""
    sources: tuple[PageSource, ...] = ()
    missing: str = ""
    trace: str = ""


class CallState(StrEnum):
    """What became of a call that waited for a yes."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCall:
    """A call to a tool of another server; `arguments` are what it would be sent, as text."""

    server: str
    tool: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallApproval(BaseRecord):
    """Calls to other servers that wait for the person who asked `question`, or what became of them.

    `left_out` are calls that cannot be shown whole beside them, so they are not decided on here.
    """

    approval_id: str
    calls: tuple[ProposedCall, ...]
    question: str
    asked_by: str
    expires_at: datetime
    state: CallState = CallState.WAITING
    decided_at: datetime | None = None
    left_out: tuple[ProposedCall, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """None: it is about no factory."""
        return ()

    @property
    def identity(self) -> str:
        """The approval."""
        return f"approval {self.approval_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """One thing that was done for an answer: by a model, a tool, a call to Azure or to MCP.

    `kind` is model, tool, azure or mcp; `after` are seconds since the first one began; `arguments`
    are redacted.
    """

    what: str
    kind: str = "tool"
    after: float
    seconds: float
    ended: str
    arguments: tuple[tuple[str, str], ...] = ()
    response: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(BaseRecord):
    """How an answer came about: what was understood, steps, times, tokens, ids; no words.

    `intent` is how the question was read, with its `confidence`; both are empty where code did not
    read it. `model` is the one that had a part in it. Of its `said` sentences `dropped` were not
    shown.
    """

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
    intent: str = ""
    confidence: float = 0.0
    said: int = 0
    dropped: int = 0

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """What was asked, and when."""
        return f"trace {self.asked} {self.at:%F %T}"
