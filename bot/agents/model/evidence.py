"""What the records of a turn say, as values that a sentence can be compared with."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.agents.model.claims import ClaimedState
from bot.agents.model.figures import Figures, figures_of

_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z| [A-Z]{2,5}| [+-]\d{2})?")
_OWNERS = ("pipeline", "name", "trigger", "activity")
_STATUS_OF: Mapping[str, ClaimedState] = {
    **dict.fromkeys(("succeeded", "started", "online", "ready"), ClaimedState.GOOD),
    **dict.fromkeys(("failed", "timedout", "unavailable", "error"), ClaimedState.BAD),
    **dict.fromkeys(("inprogress", "canceling", "cancelling", "running"), ClaimedState.RUNNING),
    **dict.fromkeys(("queued", "pending", "waiting"), ClaimedState.QUEUED),
    **dict.fromkeys(("cancelled", "canceled"), ClaimedState.CANCELLED),
    **dict.fromkeys(("stopped", "disabled", "paused", "inactive"), ClaimedState.STOPPED),
    **dict.fromkeys(("offline", "limited"), ClaimedState.OFFLINE),
}
_STATUS_KEYS = frozenset({"status", "state", "last", "health"})
_REASONS = frozenset(
    {"error", "error_code", "cause", "meaning", "message", "finding", "doubts", "doubt", "remark"}
)


def plain_form(text: str) -> str:
    """Letters and digits alone, so that one name is one however it is spelled."""
    return re.sub(r"[\W_]+", "", text.casefold())


@dataclass(slots=True)
class EvidenceScope:
    """What a part of a record says: a row of a list, or all that stands in no row."""

    text: list[str] = field(default_factory=list[str])
    numbers: set[float] = field(default_factory=set[float])
    seconds: set[float] = field(default_factory=set[float])
    moments: list[datetime] = field(default_factory=list[datetime])
    states: set[ClaimedState] = field(default_factory=set[ClaimedState])
    owners: dict[str, set[ClaimedState]] = field(default_factory=dict[str, set[ClaimedState]])
    gives_cause: bool = False

    def add(self, other: "EvidenceScope") -> None:
        """Say what the other says too."""
        self.text += other.text
        self.numbers |= other.numbers
        self.seconds |= other.seconds
        self.moments += other.moments
        self.states |= other.states
        for name, states in other.owners.items():
            self.owners.setdefault(name, set()).update(states)
        self.gives_cause = self.gives_cause or other.gives_cause


@dataclass(slots=True)
class Source:
    """One record or page that a sentence may rest on: its rows by their names, and the rest.

    `head` are the states of the thing that it is about, where it is about one.
    """

    whole: EvidenceScope = field(default_factory=EvidenceScope)
    common: EvidenceScope = field(default_factory=EvidenceScope)
    rows: list[tuple[frozenset[str], EvidenceScope]] = field(default_factory=list[Any])
    head: set[ClaimedState] = field(default_factory=set[ClaimedState])

    def about(self, names: frozenset[str]) -> EvidenceScope:
        """What is said of these things, and of none in particular; all, where none has a row."""
        mine = [scope for owners, scope in self.rows if owners & names]
        if not mine:
            return self.whole
        said = EvidenceScope()
        for one in (self.common, *mine):
            said.add(one)
        return said


def source_of(text: str, zone: ZoneInfo) -> Source:
    """A record or page as it was given to the model."""
    try:
        read: object = json.loads(text)
    except ValueError:
        read = text
    source = Source()
    source.whole = _scope(read, zone)
    source.common = source.whole
    if isinstance(read, dict):
        facts = cast("Mapping[str, object]", read)
        source.head = _head(facts)
        rows = [row for listed in _lists(facts) for row in listed]
        owned = [(_owners(row), row) for row in rows]
        if len({owners for owners, _ in owned}) > 1:
            source.rows = [(owners, _scope(row, zone)) for owners, row in owned if owners]
            source.common = _scope(_without_lists(facts), zone)
    return source


def text_scope(text: str, zone: ZoneInfo) -> EvidenceScope:
    """What plain text says: a question, the facts of the turn."""
    return _scope(text, zone)


def _scope(value: object, zone: ZoneInfo) -> EvidenceScope:
    scope = EvidenceScope()
    for key, one in _walk("", value):
        _take(scope, key, one, zone)
    _own(scope, value)
    return scope


def _walk(key: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, one in cast("Mapping[str, object]", value).items():
            yield "", name
            yield from _walk(name, one)
    elif isinstance(value, list):
        yield key, len(cast("list[object]", value))
        for one in cast("list[object]", value):
            yield from _walk(key, one)
    else:
        yield key, value


def _take(scope: EvidenceScope, key: str, value: object, zone: ZoneInfo) -> None:
    scope.gives_cause = scope.gives_cause or key in _REASONS
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        scope.numbers.add(float(value))
        scope.seconds |= {float(value)} if key.endswith(("_s", "seconds")) else set()
        return
    text = str(value)
    scope.text.append(text)
    state = _STATUS_OF.get(plain_form(text))
    if state is not None:
        scope.states.add(state)
    moments = [moment for one in _ISO.findall(text) if (moment := _moment(one, zone))]
    scope.moments += moments


def _moment(written: str, zone: ZoneInfo) -> datetime | None:
    try:
        read = datetime.fromisoformat(re.sub(r" [A-Z]{2,5}$| [+-]\d{2}$|Z$", "", written))
    except ValueError:
        return None
    is_utc = written.endswith(("Z", " UTC"))
    return read.replace(tzinfo=UTC) if is_utc else read.replace(tzinfo=zone)


def _own(scope: EvidenceScope, value: object) -> None:
    """The states of each named thing."""
    if isinstance(value, Mapping):
        facts = cast("Mapping[str, object]", value)
        states = _own_states(facts)
        for name in _owners(facts):
            scope.owners.setdefault(name, set()).update(states)
        for one in facts.values():
            _own(scope, one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            _own(scope, one)


def _own_states(facts: Mapping[str, object]) -> set[ClaimedState]:
    found = (facts.get(key) for key in _STATUS_KEYS)
    said = {_STATUS_OF.get(plain_form(one)) for one in found if isinstance(one, str)}
    return {one for one in said if one is not None}


def _owners(row: object) -> frozenset[str]:
    if not isinstance(row, Mapping):
        return frozenset()
    facts = cast("Mapping[str, object]", row)
    found = (facts.get(key) for key in _OWNERS)
    return frozenset(plain_form(one) for one in found if isinstance(one, str) and one)


def _head(facts: Mapping[str, object]) -> set[ClaimedState]:
    """The state of the run, or of the thing, that a record is about."""
    run = facts.get("run")
    inside = cast("Mapping[str, object]", run) if isinstance(run, Mapping) else facts
    return _own_states(inside)


def _lists(facts: Mapping[str, object]) -> Iterator[list[object]]:
    for one in facts.values():
        if isinstance(one, list) and any(isinstance(row, Mapping) for row in one):  # pyright: ignore[reportUnknownVariableType]
            yield cast("list[object]", one)


def _without_lists(facts: Mapping[str, object]) -> Mapping[str, object]:
    return {
        key: value
        for key, value in facts.items()
        if not (isinstance(value, list) and any(isinstance(row, Mapping) for row in value))  # pyright: ignore[reportUnknownVariableType]
    }


def bears_out(scope: EvidenceScope, said: Figures, now: datetime, zone: ZoneInfo) -> bool:
    """Whether every figure that was said stands in what the scope says, or follows from it."""
    known = figures_of(" ; ".join(scope.text))
    local = {moment.astimezone(zone) for moment in (*scope.moments, now)}
    universal = {moment.astimezone(UTC) for moment in (*scope.moments, now)}
    return (
        all(_is_time(one, known, local, universal) for one in said.times)
        and all(_is_date(one, known, local | universal) for one in said.dates)
        and all(_is_span(one.seconds, one.unit, scope, known, now) for one in said.durations)
        and all(_is_number(one, scope, known, local) for one in said.numbers)
    )


def _is_time(
    said: tuple[int, bool], known: Figures, local: set[datetime], universal: set[datetime]
) -> bool:
    minute, is_utc = said
    there = {one.hour * 60 + one.minute for one in (universal if is_utc else local)}
    # As it stands in a text, such as an error's, whose zone nobody knows.
    literal = (
        {one for one, _ in known.times} if not is_utc else {m for m, utc in known.times if utc}
    )
    return minute in there or minute in literal


def _is_date(said: tuple[int, int], known: Figures, moments: set[datetime]) -> bool:
    return said in known.dates or said in {(one.month, one.day) for one in moments}


def _is_span(
    seconds: float, unit: float, scope: EvidenceScope, known: Figures, now: datetime
) -> bool:
    spans = {*scope.seconds, *(one.seconds for one in known.durations)}
    ages = {abs((now - one) / timedelta(seconds=1)) for one in scope.moments}
    counted = {number * unit for number in known.numbers}
    return any(abs(seconds - one) <= unit for one in spans | ages) or seconds in counted


def _is_number(said: float, scope: EvidenceScope, known: Figures, moments: set[datetime]) -> bool:
    numbers = scope.numbers | known.numbers | {float(one.year) for one in moments}
    if said in numbers or said in {float(one.day) for one in moments}:
        return True
    # A share of 0.75 is said as 75 %; what is long is rounded.
    return any(0 < one < 1 and abs(one * 100 - said) < 1 for one in numbers) or any(
        one >= 1000 and said >= 100 and abs(one - said) <= 0.005 * one for one in numbers
    )
