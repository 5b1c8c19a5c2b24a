"""What somebody wants to be told of by itself: of which pipelines, of which events, when, where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agents.understanding.entities.conditions import events_in, names_an_event
from bot.agents.understanding.entities.patterns import pattern_in
from bot.agents.understanding.entities.reservations import Reservation, reservation_in
from bot.agents.understanding.entities.schedules import (
    deadline_in,
    lengths_in,
    quiet_hours_in,
    wait_in,
)
from bot.agents.understanding.entities.time.ahead import DUE, moment_after

EVERYTHING = "everything"
CRITICAL = "critical"
_ALL = re.compile(
    r"(?i)\b(?:every ?thing|all|any ?thing|some ?thing|every|any(?! ?more)|each|whatever"
    r"|jede[rnms]?|alles?|etwas)\b"
)
_CRITICAL = re.compile(r"(?i)\b(?:critical|important|kritisch\w*|wichtig\w*)\b")
_PLACE = (
    r"(?:(?:this|the|our|my|whole|entire|diesen|diesem|dieser|den|dem)\s+){1,4}(?:channel|room|chat|group|team"
    r"|thread|crew|squad|everybody|folks|kanal|raum|gruppe|runde)"
)
_HERE = re.compile(rf"(?i)\b(?:here|hier|hierher|us|uns|everyone|everybody|{_PLACE})\b")
# Behind it stands what has to happen, where a place is one only with its preposition.
_EVENT = re.compile(
    r"(?i)\b(?:when(?:ever)?|if|once|as soon as|should|in case"
    r"|wenn|sobald|falls|si|cuando|quand|se)\b"
)
_IN_PLACE = re.compile(
    rf"(?i)\b(?:here|hier|hierher|us|uns)\b|\b(?:in|into|to|on|at|for)\s+{_PLACE}\b"
)
# A place that is said not to be meant: "only me, not the room".
_NOT_HERE = re.compile(
    r"(?i)\b(?:not|nicht|no|never|without|instead of|rather than)\s+"
    rf"(?:(?:in|to|for|into|at|on|an)\s+)?(?:here|hier|us|uns|everyone|everybody|{_PLACE})\b"
)
_NOT_ME = re.compile(r"(?i)\b(?:not|nicht)\s+(?:(?:just|only|nur)\s+)?(?:to\s+)?(?:me|mich|mir)\b")
_ME = re.compile(
    r"(?i)\b(?:me|mich|mir|dms?|dm ?ing|i|im|my|ich|privately|private|moi|mi|mij|gimme|lemme|myself"
    r"|mujhe|yo|je|j|(?!x(?:time|pipe|name))\w+(?:[ai]mi|[aei]me|mmi|melo))\b"
)
_DIRECTLY = re.compile(
    r"(?i)\b(?:dm\w*|privately|private|personally|direct message"
    r"|(?:my|meinem|meinen) (?:own )?(?:chat|dms?)|(?:only|just|nur) (?:to )?(?:me|mich|mir)"
    r"|(?:me|mich|mir) (?:only|alone|allein))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """What is to be told: of a pipeline, a pattern, the critical ones or everything; where.

    `events` are lines as tools take them, one for each thing asked for; with a `reservation`
    nothing may be set before that is cleared up.
    """

    target: str | None
    events: tuple[str, ...]
    where: str
    reservation: Reservation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WishText:
    """A wish in words: `masked` without names and times, `is_past` where it names a time before."""

    text: str
    masked: str
    now: datetime
    zone: ZoneInfo
    deadline: datetime | None = None
    is_past: bool = False


def wish_in(wish: WishText, pipelines: Sequence[str]) -> SubscriptionRequest:
    """Read a wish; no target when neither a pipeline nor "everything" was said."""
    wait, rest = wait_in(wish.text)
    quiet, rest = quiet_hours_in(rest)
    lengths, rest = lengths_in(rest)
    local = wish.now.astimezone(wish.zone)
    clock, rest = deadline_in(rest, local)
    due = wish.deadline or moment_after(DUE, wish.text, wish.now, wish.zone)
    if not clock and due:
        clock = f"{due.astimezone(wish.zone):%H:%M}"
    said = f"{wish.masked} {rest}"
    events = events_in(_plain(wish.masked), is_long=bool(lengths), is_due=bool(clock))
    is_clear = bool(lengths or clock) or names_an_event(_plain(wish.masked))
    return SubscriptionRequest(
        target=_target(wish.text, said, pipelines),
        events=tuple(_line(one, lengths, clock, wait, quiet) for one in events),
        where=where_in(wish.masked),
        reservation=reservation_in(
            wish.masked,
            wish.text,
            is_past=wish.is_past and not (clock or quiet),
            is_due=bool(clock),
        )
        or (None if is_clear else Reservation.UNCLEAR),
    )


def _plain(masked: str) -> str:
    """The words without those that say how long, from when to when, or by when."""
    for cut_out in (wait_in, quiet_hours_in):
        _, masked = cut_out(masked)
    return lengths_in(masked)[1]


def _target(text: str, said: str, pipelines: Sequence[str]) -> str | None:
    pattern = pattern_in(text)
    if pattern:
        return pattern.glob
    if pipelines:
        return pipelines[0] if len(pipelines) == 1 else None
    return CRITICAL if _CRITICAL.search(said) else EVERYTHING if _ALL.search(said) else None


def _line(
    event: str, lengths: Sequence[timedelta], clock: str, wait: timedelta | None, quiet: str
) -> str:
    """An event with its limit and conditions, as a tool takes it."""
    line = event
    if event == "overlong" and lengths:
        line += f" {_minutes(lengths[0])} min"
    if event == "deadline" and clock:
        line += f" {clock}"
    if wait:
        line += f"; wait {_minutes(wait)} min"
    return f"{line}; quiet {quiet}" if quiet else line


def _minutes(length: timedelta) -> int:
    return max(1, round(length / timedelta(minutes=1)))


def where_in(text: str) -> str:
    """Told to a person or to the room; "me" only where nothing says the room."""
    left = _NOT_ME.sub(" ", _NOT_HERE.sub(" ", text))
    if _DIRECTLY.search(left):
        return "me"
    if _says_a_room(left):
        return "here"
    alone = _NOT_HERE.search(text) is not None
    return "me" if alone or _ME.search(left) else "here"


def _says_a_room(text: str) -> bool:
    event = _EVENT.search(text)
    if event is None or not _ME.search(text[: event.start()] or text):
        return _HERE.search(text) is not None
    said, happens = text[: event.start()], text[event.start() :]
    return bool(_HERE.search(said) or _IN_PLACE.search(happens))
