"""What somebody wants to be told of by itself: of which pipelines, of which events, where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

EVERYTHING = "everything"
CRITICAL = "critical"
_ALL = re.compile(
    r"(?i)\b(?:every ?thing|all|any ?thing|every|any(?! ?more)|each|whatever|jede[rnms]?|alles?)\b"
)
_CRITICAL = re.compile(r"(?i)\b(?:critical|important|kritisch\w*|wichtig\w*)\b")
_ENDS = re.compile(
    r"(?i)\b(?:finish\w*|ends?|ended|completes?|completed|done|through|thru|over|succeeds?|green|ready"
    r"|goes? (?:ok|well)|fertig|durch|is back|recovers?|läuft durch|is in)\b"
)
_FAILS = re.compile(
    r"(?i)\b(?:fail\w*|break\w*|error\w*|red|die[sd]?|crash\w*|alert\w*|scheiter\w*|fehl\w*)\b"
)
_HERE = re.compile(
    r"(?i)\b(?:here|hier|hierher|us|uns|(?:this|the|our|diesen|diesem|dieser|den) (?:channel|room"
    r"|chat|group|team|thread|kanal|raum|gruppe))\b"
)
_ME = re.compile(r"(?i)\b(?:me|mich|mir|dms?|dm ?ing|i|im|my|ich|privately|private)\b")
_DIRECTLY = re.compile(r"(?i)\b(?:dm\w*|privately|private|personally|direct message)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """What is to be told: of a pipeline, of the critical ones or of everything; where."""

    target: str | None
    events: str
    where: str


def wish_in(text: str, pipelines: Sequence[str]) -> SubscriptionRequest:
    """Read a wish; no target when neither a pipeline nor "everything" was said."""
    target = pipelines[0] if len(pipelines) == 1 else None
    if not pipelines:
        target = CRITICAL if _CRITICAL.search(text) else EVERYTHING if _ALL.search(text) else None
    ends = _ENDS.search(text) is not None and _FAILS.search(text) is None
    return SubscriptionRequest(
        target=target, events="finish" if ends else "failures", where=_where(text)
    )


def _where(text: str) -> str:
    """Said to a person or to the room; "me" only where nothing says the room."""
    if _DIRECTLY.search(text):
        return "me"
    if _HERE.search(text):
        return "here"
    return "me" if _ME.search(text) else "here"
