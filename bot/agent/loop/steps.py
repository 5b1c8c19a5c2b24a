"""What passes between the loop and whoever plans: items go in, words and tool calls come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.agent.interface import NOTHING, Spent
from cards.records import Source

Item = Mapping[str, Any]
"""One input item of the Responses protocol, as JSON."""

OnWords = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a talk with a model stands: a conversation kept there, the last response, or nothing.

    `said` is what the service keeps nothing of and wants again with each step.
    """

    conversation: str = ""
    previous: str = ""
    said: tuple[Item, ...] = ()


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCall:
    """A tool call as the model wrote it; `arguments` are JSON, or should be."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedApproval:
    """A call to a remote MCP server that the service makes only after a yes."""

    approval_id: str
    server: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCall:
    """A call to a remote MCP server that the service made by itself."""

    server: str
    name: str
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A step that came to its end: `status` is completed or incomplete, `reason` says why."""

    place: Place
    response_id: str = ""
    status: str = "completed"
    reason: str = ""
    words: str = ""
    refusal: str = ""
    calls: tuple[AskedCall, ...] = ()
    approvals: tuple[AskedApproval, ...] = ()
    remote: tuple[RemoteCall, ...] = ()
    sources: tuple[Source, ...] = ()
    spent: Spent = NOTHING


class Planner(Protocol):
    """Whoever decides what to look up next: a Foundry agent, a plain model."""

    async def begin(self, place: Place) -> Place:
        """A place where a turn can be taken: the same, or a new conversation."""
        ...

    async def step(self, place: Place, items: Sequence[Item], on_words: OnWords) -> Stepped:
        """Send the items, tell words as they come; raises ModelFailure."""
        ...


def result_of(call_id: str, told: str) -> Item:
    """The item that answers a tool call."""
    return {"type": "function_call_output", "call_id": call_id, "output": told}


def given_up(call: AskedCall) -> Item:
    """The item for a call that will not be made: a call without an answer blocks the talk."""
    return result_of(call.call_id, '{"error":"not looked up: the turn was stopped"}')
