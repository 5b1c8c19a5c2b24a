"""Who waits for whom: pipelines that depend on another one, and how sure that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.one_line import MOST_NAMES


class Certainty(StrEnum):
    """How a dependency is known: the definitions say so, the owners do, or it is concluded."""

    CERTAIN = "certain"
    DECLARED = "declared"
    LIKELY = "likely"
    POSSIBLE = "possible"


class LineageEffect(StrEnum):
    """What becomes of a pipeline when the one it depends on fails or is late."""

    FAILS = "fails"
    SKIPPED = "skipped"
    WAITS = "waits"
    STALE = "stale"


class LineageKind(StrEnum):
    """What a dependency rests on."""

    CALL = "call"
    SEQUENCE = "sequence"
    START = "start"
    WINDOW = "window"
    DATASET = "dataset"
    TABLE = "table"
    EVENT = "event"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageEdge:
    """One dependency: `target` depends on `source`; `via` is the activity, trigger or data."""

    source: str
    target: str
    kind: LineageKind
    effect: LineageEffect
    certainty: Certainty
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedPipeline:
    """A pipeline up- or downstream of another, the edge it was reached by, and how far it is.

    `starts_next` is when it starts by a schedule, its own or that of the `starter` that calls it;
    `due` is when its owners want the data, as declared. One that is not `published` is a name
    that owners declared.
    """

    name: str
    edge: LineageEdge
    distance: int
    owner: str | None = None
    critical: bool = False
    starts_next: datetime | None = None
    starter: str | None = None
    due: str | None = None
    due_at: datetime | None = None
    published: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineOdds:
    """How many of the last good runs would be done by a deadline if one started at `start`.

    `what` says whose deadline it is. `running` tells that a run started then: only runs that took
    at least as long count. `usual` is the median, nine in ten stay within `longest`.
    """

    what: str
    deadline: datetime
    start: datetime
    made: int
    runs: int
    running: bool = False
    usual: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageReport(PlainRecord):
    """The pipelines that depend on one, or those that it depends on, the nearest first.

    `unknown` is how many addresses are put together at run time, so that nobody can follow them.
    """

    factory: str
    pipeline: str
    upstream: bool
    as_of: datetime
    related: tuple[RelatedPipeline, ...] = ()
    left_out: int = 0
    owner: str | None = None
    due: str | None = None
    odds: tuple[DeadlineOdds, ...] = ()
    unknown: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The pipeline and the direction."""
        return f"lineage {self.factory} {self.pipeline} {'up' if self.upstream else 'down'}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How many there are, and the first of them."""
        del zone
        where = "upstream of" if self.upstream else "downstream of"
        first = ", ".join(one.name for one in self.related[:MOST_NAMES])
        listed = f": {first}" if first else ""
        return f"{counted(len(self.related), 'pipeline')} {where} {self.pipeline}{listed}"
