"""What was meant by something said: the truth that an answer is held against."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORT = timedelta(minutes=5)


class Kind(StrEnum):
    """The kinds of question, by what a right answer shows."""

    STATUS = "status"
    WHY = "why"
    STEPS = "steps"
    DURATION = "duration"
    TREND = "trend"
    COMPARE = "compare"
    HISTORY = "history"
    FAILURES = "failures"
    SUCCEEDED = "succeeded"
    RUNNING = "running"
    OVERALL = "overall"
    LIST = "list"
    HELP = "help"
    RESET = "reset"
    USAGE = "usage"
    BIND = "bind"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    # Nothing of the factory may be shown as if it had been asked for.
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time range as meant: where it may begin, and where it may end."""

    begins: tuple[datetime, datetime]
    ends: tuple[datetime, datetime]

    def __str__(self) -> str:
        return " .. ".join(
            f"{early:%a %F %H:%M}" + ("" if late - early < SHORT else f"~{late:%a %H:%M}")
            for early, late in (self.begins, self.ends)
        )

    def fits(self, start: datetime, end: datetime) -> bool:
        """Whether a range of an answer is this one."""
        return self.begins[0] <= start <= self.begins[1] and self.ends[0] <= end <= self.ends[1]

    def holds(self, moment: datetime) -> bool:
        """Whether a moment may lie in the range."""
        return self.begins[0] <= moment <= self.ends[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The truth of a paraphrase.

    Any of `kinds` answers it. `pipelines` are the acceptable ones; empty: the whole factory is
    meant. `every` asks for all of them. `spans` are acceptable readings of the time said; empty:
    none was said. `must_ask`: nobody can know what is meant, so a sure answer is wrong; but not one
    that says it left out what was to be left out (`but`), or that answers all of `parts` questions.
    """

    kinds: frozenset[Kind]
    pipelines: frozenset[str] = frozenset()
    every: bool = False
    factory: str | None = None
    spans: tuple[Span, ...] = ()
    run_ids: frozenset[str] = frozenset()
    critical: bool | None = None
    where: str = ""
    must_ask: bool = False
    but: frozenset[str] = frozenset()
    parts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where something is said: the factories readable there, and the one meant by default."""

    factory: str
    factories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paraphrase:
    """Something said in a room of a world, what was said before it, and what it means.

    `words` tells which collection its phrase is from.
    """

    number: int
    world: str
    moment: datetime
    family: str
    text: str
    before: tuple[str, ...]
    room: Room
    meaning: Meaning
    plain: bool
    language: str
    words: str
