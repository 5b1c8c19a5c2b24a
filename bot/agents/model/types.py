"""What passes between tool loop, service and answer: items in, words and tool calls out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.agents.interface import NOTHING, Answer, Spent
from bot.agents.model.errors import FailureKind
from cards.records import PageSource

Item = Mapping[str, Any]
"""One input item of the Responses protocol, as JSON."""

OnWords = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPlace:
    """Where a conversation is at the service: its id there, the last response, or nothing.

    `said` is what the service keeps nothing of and wants again with each step.
    """

    conversation: str = ""
    previous: str = ""
    said: tuple[Item, ...] = ()


NOWHERE = ConversationPlace()


class ToolChoice(StrEnum):
    """Whether a step must call a tool, may call one, or must answer in words."""

    AUTO = "auto"
    REQUIRED = "required"
    NONE = "none"


class StateMode(StrEnum):
    """How the service finds what went before; a conversation and a response exclude each other.

    What is SINGLE has nothing before it, and nothing after.
    """

    CONVERSATION = "conversation"
    PREVIOUS = "previous"
    STATELESS = "stateless"
    SINGLE = "single"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedCall:
    """A tool call as the model wrote it; `arguments` are JSON, or should be.

    One without an id stood in the model's text: the service knows nothing of it.
    """

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedApproval:
    """A call to a remote MCP server that the service makes only after a yes."""

    approval_id: str
    server: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCall:
    """A call to a remote MCP server that the service made by itself."""

    server: str
    name: str
    failed: bool
    output: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStep:
    """A step that came to its end: `status` is completed or incomplete, `reason` says why."""

    place: ConversationPlace
    response_id: str = ""
    status: str = "completed"
    reason: str = ""
    words: str = ""
    refusal: str = ""
    calls: tuple[RequestedCall, ...] = ()
    approvals: tuple[RequestedApproval, ...] = ()
    remote: tuple[ServiceCall, ...] = ()
    sources: tuple[PageSource, ...] = ()
    spent: Spent = NOTHING


class Planner(Protocol):
    """Decides what to look up next: a Foundry agent, a plain model."""

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        """A place where a turn can be taken: the same, or a new conversation."""
        ...

    async def step(
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice = ToolChoice.AUTO,
    ) -> ModelStep:
        """Send the items, tell words as they come; raises ModelFailure.

        A `choice` of tools is a wish: not every service takes one.
        """
        ...


def result_of(call_id: str, output: str) -> Item:
    """The item that answers a tool call."""
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def abandoned_result(call: RequestedCall) -> Item:
    """The item for a call that will not be made: an open call blocks the conversation."""
    return result_of(call.call_id, '{"error":"not looked up: the turn was stopped"}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One thing a turn did: a step of the model or a tool call; nothing of what was said or found.

    `ended` is the status of a step, or "ok" or the kind of error of a call. `begun` is when, on a
    clock that only tells what came before what; `arguments` are redacted and short.
    """

    what: str
    seconds: float
    ended: str
    response: str = ""
    begun: float = 0.0
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer(Answer):
    """An answer with words of a model; `missing` is the one line to show when they are not there.

    `sources` are the pages the words cite. `failure` says what kind of thing went wrong. Of `said`
    sentences `dropped` were not shown, because no record bears them out. `looked_up` tells whether
    a lookup of the model's own succeeded; `rejected` that the tool it chose was not borne out by
    the question.
    """

    sources: tuple[PageSource, ...] = ()
    missing: str = ""
    failure: FailureKind | None = None
    spent: Spent = NOTHING
    trace: tuple[Traced, ...] = ()
    said: int = 0
    dropped: int = 0
    looked_up: bool = False
    rejected: bool = False
