"""The one interface of whoever answers: a question goes in, progress and an answer come out."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from adf.tool import Toolbox
from bot.access.roles import Right
from bot.messages import Address, Person

Memory = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Free text of one speaker at an address, with the memory of their talk in this thread.

    `memory` is small JSON that only the agent that wrote it reads. `records` were already fetched.
    `factories` are the aliases that may be asked about here; `factory` is meant when none is named.
    Of those in `status_only` no more than the state of a pipeline is for its speaker, of those in
    `closed` nothing at all.
    `decided` is what a person said to each Approval that waited and was shown whole, by its id;
    `decision` is the id of that decision, for a yes counts once. Of a question that code was not
    sure of, `found` are the records it found and `candidates` the questions it may have meant. One
    that was `pressed` is that of a button, and may have names in it that others chose.
    """

    text: str
    speaker: Person
    address: Address
    now: datetime
    zone: ZoneInfo
    factory: str = ""
    factories: tuple[str, ...] = ()
    status_only: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    records: tuple[object, ...] = ()
    memory: Memory = field(default_factory=dict[str, Any])
    decided: Mapping[str, bool] = field(default_factory=dict[str, bool])
    decision: str = ""
    found: tuple[object, ...] = ()
    candidates: tuple[str, ...] = ()
    pressed: bool = False


ToolboxFor = Callable[[Question], Toolbox]
"""The tools as they stand for one question: what its speaker may see, in the room it came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is being done right now, for a typing indicator or a status line."""

    doing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A piece of the explanation, as it comes."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A call to a remote MCP server that waits for a person: an Answer follows, to be shown now.

    `arguments` are what would be sent, as they are: whoever shows them makes them fit to be seen.
    Whoever asks again in this talk sends what was decided with `Question.decided`.
    """

    approval_id: str
    server: str
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a step of a model took, told once it is over; added up, what a turn took.

    `cached` tokens are a part of `input`; `calls` are tool calls.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    steps: int = 0
    calls: int = 0

    @property
    def tokens(self) -> int:
        """Everything that was read and written."""
        return self.input + self.output

    def __add__(self, other: "Spent") -> "Spent":
        """Both together."""
        return Spent(
            input=self.input + other.input,
            cached=self.cached + other.cached,
            output=self.output + other.output,
            steps=self.steps + other.steps,
            calls=self.calls + other.calls,
        )


NOTHING = Spent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The end of a question: records to show (each has a card), or plain text, and the new memory.

    `sure` tells whether the question was understood without doubt; `note` is one line to show with
    the records ("Read as CustomerDataETL."). `wants` is the right that what was asked for needs.
    `is_open` tells that it is not even clear what is asked: somebody else may read it better.
    Where one of two things in a message needs a right of its own, `halves` are the answers to each;
    `closed` is the factory of one that is not for its speaker, `words` what that one says.
    """

    records: tuple[object, ...] = ()
    text: str | None = None
    note: str | None = None
    memory: Memory = field(default_factory=dict[str, Any])
    sure: bool = True
    wants: Right | None = None
    is_open: bool = False
    halves: tuple["Answer", ...] = ()
    closed: str = ""
    words: str = ""


Step = Progress | Words | Approval | Spent | Answer


class Agent(Protocol):
    """Whoever answers free text."""

    def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield progress, words and what they took, and one Answer last."""
        ...
