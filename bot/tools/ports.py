"""What the tools about incidents need of the room that keeps them; `bot.alerts` has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.messages import Address, Person
from cards.records import ActionResult, IncidentEntry, IncidentReport, Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNoise:
    """How many incidents a place was told of, how many somebody acted on, and how many were brief.

    `brief` are those that recovered by themselves within the usual wait, and nobody acted on.
    """

    told: int
    acted: int
    brief: int


class IncidentOperations(Protocol):
    """Incidents as they are read and changed; whether somebody may is checked by the tools."""

    async def entries(
        self, factories: Sequence[str], person: Person, since: datetime | None = None
    ) -> Sequence[IncidentEntry]:
        """The incidents that are not over; with `since`, also those that ended after it."""
        ...

    async def noise(
        self, factories: Sequence[str], address: Address, since: datetime, wait: timedelta
    ) -> AlertNoise:
        """What a place was told of since then, held against what was done about it."""
        ...

    async def in_thread(self, address: Address) -> str:
        """The incident whose message began this thread or was quoted; blank for none."""
        ...

    async def factory_of(self, incident_id: str) -> str | None:
        """The factory of an incident; None for one that is not known."""
        ...

    async def report(
        self, incident_id: str, zone: ZoneInfo, call: Sequence[Mentioned] = ()
    ) -> IncidentReport | None:
        """The incident as its card shows it, with people to be called by name."""
        ...

    async def acknowledge(self, incident_id: str, person: Person, note: str = "") -> ActionResult:
        """Somebody has it; the first one counts."""
        ...

    async def assign(self, incident_id: str, to: Mentioned, by: Person) -> ActionResult:
        """It is given to somebody."""
        ...

    async def resolve(self, incident_id: str, person: Person, note: str = "") -> ActionResult:
        """Somebody says that it is over."""
        ...

    async def reopen(self, incident_id: str, person: Person) -> ActionResult:
        """Somebody says that it was not over."""
        ...

    async def mute(
        self, incident_id: str, person: Person, until: datetime, reason: str
    ) -> ActionResult:
        """What is known of it is held back until then, or until the next good run."""
        ...

    async def unmute(self, incident_id: str, person: Person) -> ActionResult:
        """What is known of it is posted again."""
        ...

    async def split(self, incident_id: str, pipeline: str, person: Person) -> str:
        """One pipeline has another cause: the id of its own incident; blank when it has none."""
        ...

    async def merge(self, incident_id: str, other: str, person: Person) -> ActionResult:
        """Another incident has the same cause and is part of this one from now on."""
        ...
