"""Whether Azure reports a problem of a factory, and whether several pipelines broke alike."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.runs import TimeRange


class AvailabilityState(StrEnum):
    """What Resource Health says of a factory; UNKNOWN also where it could not be read."""

    AVAILABLE = "Available"
    DEGRADED = "Degraded"
    UNAVAILABLE = "Unavailable"
    UNKNOWN = "Unknown"

    @classmethod
    def read(cls, word: object) -> "AvailabilityState":
        """Read the word of the wire; UNKNOWN for any other."""
        low = str(word or "").lower()
        return next((state for state in cls if state.lower() == low), cls.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEvent:
    """An event of Service Health that Azure connects with the factory; `ended` when it is over."""

    tracking_id: str
    title: str
    kind: str
    is_active: bool
    started: datetime | None = None
    ended: datetime | None = None
    services: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedError:
    """The same error in several pipelines within minutes; `cause` is what it means, where known."""

    pipelines: tuple[str, ...]
    factories: tuple[str, ...]
    first: datetime
    last: datetime
    cause: str = ""


class Pointer(StrEnum):
    """What the evidence points to; none of it is proof."""

    REPORTED = "reported"
    SHARED = "shared"
    OWN = "own"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureHealth(PlainRecord):
    """What Azure reports of a factory, and what broke in the factories that were looked at.

    `is_read` tells that what Azure reports could be read; `broken` are the pipelines that failed
    within the range, those with a shared error among them.
    """

    factory: str
    as_of: datetime
    time_range: TimeRange
    looked_at: tuple[str, ...]
    state: AvailabilityState = AvailabilityState.UNKNOWN
    since: datetime | None = None
    summary: str = ""
    events: tuple[ServiceEvent, ...] = ()
    shared: tuple[SharedError, ...] = ()
    broken: tuple[str, ...] = ()
    is_read: bool = True
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """Every one whose runs were looked at."""
        return tuple(dict.fromkeys((self.factory, *self.looked_at)))

    @property
    def identity(self) -> str:
        """The factory."""
        return f"health {self.factory}"

    @property
    def active_events(self) -> tuple[ServiceEvent, ...]:
        """The events that are not over."""
        return tuple(one for one in self.events if one.is_active)

    @property
    def points_to(self) -> Pointer:
        """The strongest evidence there is."""
        if self.state in {AvailabilityState.DEGRADED, AvailabilityState.UNAVAILABLE}:
            return Pointer.REPORTED
        if self.active_events:
            return Pointer.REPORTED
        if self.shared:
            return Pointer.SHARED
        if not self.is_read:
            return Pointer.UNKNOWN
        return Pointer.OWN if self.broken else Pointer.NOTHING

    def one_line(self, zone: ZoneInfo) -> str:
        """What the evidence points to."""
        del zone
        words = {
            Pointer.REPORTED: "Azure reports a problem",
            Pointer.SHARED: "several pipelines broke with the same error",
            Pointer.OWN: "Azure reports no problem",
            Pointer.NOTHING: "Azure reports no problem",
            Pointer.UNKNOWN: "what Azure reports could not be read",
        }
        return f"{self.factory}: {words[self.points_to]}"
