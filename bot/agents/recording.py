"""What is done for one turn, noted while it is done: the reading, tool calls, calls to Azure, MCP.

Whoever does something notes it with the recorder of the turn it is done for; where there is none,
nothing is kept. Names, ids and times only: nothing of what was said or found.
"""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from adf.redaction import redact_start
from bot.agents.untrusted import plain

MOST_NOTED = 200
LONGEST_ARGUMENT = 80
# What a person wrote, or pasted: how long it was is enough.
FREE_TEXT = frozenset({"query", "text", "reason", "note", "match", "words", "summary"})


class WorkKind(StrEnum):
    """What was done: a tool call, a request to Azure Resource Manager, a call to an MCP server."""

    TOOL = "tool"
    AZURE = "azure"
    MCP = "mcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedWork:
    """One thing that was done: `begun` on a clock of its own, `ended` is ok or a kind of error."""

    kind: WorkKind
    what: str
    begun: float
    seconds: float
    ended: str = "ok"
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class TurnRecorder:
    """What was done so far; `intents` are the readings with their confidence, the best first.

    Without `tools` tool calls are left out, for somebody else notes them.
    """

    tools: bool = True
    seconds: Callable[[], float] = time.monotonic
    intents: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    work: list[NotedWork] = field(default_factory=list[NotedWork])

    def takes(self, kind: WorkKind) -> bool:
        """Whether one more thing of a kind is noted."""
        return len(self.work) < MOST_NOTED and (self.tools or kind is not WorkKind.TOOL)


_CURRENT: ContextVar[TurnRecorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recording(*, tools: bool = True) -> Generator[TurnRecorder]:
    """Note what is done from here on, also in tasks that are begun here."""
    recorder = TurnRecorder(tools=tools)
    token = _CURRENT.set(recorder)
    try:
        yield recorder
    finally:
        _CURRENT.reset(token)


def note_reading(intent: str, confidence: float) -> None:
    """Note how a question, or a part of it, was read."""
    recorder = _CURRENT.get()
    if recorder is not None:
        recorder.intents.append((intent, confidence))


@contextmanager
def noted(kind: WorkKind, what: str, arguments: Mapping[str, object]) -> Generator[None]:
    """Note a piece of work with its time, and the kind of error that it ended with."""
    recorder = _CURRENT.get()
    if recorder is None or not recorder.takes(kind):
        yield
        return
    begun, ended = recorder.seconds(), "ok"
    try:
        yield
    except Exception as error:
        ended = type(error).__name__
        raise
    finally:
        recorder.work.append(
            NotedWork(
                kind=kind,
                what=what,
                begun=begun,
                seconds=recorder.seconds() - begun,
                ended=ended,
                arguments=tuple(_brief(name, one) for name, one in arguments.items()),
            )
        )


def _brief(name: str, value: object) -> tuple[str, str]:
    if name in FREE_TEXT:
        return name, f"{len(str(value))} characters"
    return name, plain(redact_start(value, LONGEST_ARGUMENT), LONGEST_ARGUMENT)
