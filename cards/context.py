"""Who reads a card, and when: what a card needs to know beside its record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records import Factory


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContext:
    """The moment, the zone of the room, one line to show above, the factories Studio can open.

    `tickets` tells whether this installation opens tickets; `verdicts` whether people found the
    cause of a run right or wrong, by run id.
    """

    now: datetime
    zone: ZoneInfo
    note: str | None = None
    tickets: bool = False
    studio: Mapping[str, Factory] = field(default_factory=dict[str, Factory])
    verdicts: Mapping[str, str] = field(default_factory=dict[str, str])
