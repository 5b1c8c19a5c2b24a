"""What the factories file says of who is called when nobody takes a critical incident."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.alerts.escalation import EscalationPolicy, RotaShift
from cards.records import Mentioned

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def zone_key(zone: str) -> str:
    """A time zone as IANA has it; ValueError says how one is written."""
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{zone} is no IANA time zone, such as Europe/Berlin") from None


class ShiftEntry(BaseModel):
    """Who is on call from one time of day to another; `days` are those on which it begins."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    person: str
    begins: time = Field(alias="from")
    ends: time = Field(alias="to")
    days: tuple[Day, ...] = get_args(Day)


class EscalationEntry(BaseModel):
    """Who is called when a critical incident is acknowledged by nobody, and after how long.

    People are named by object id; `people` are called where no shift of the `rota` covers.
    """

    model_config = ConfigDict(extra="forbid")
    after_minutes: int = Field(15, ge=1, le=24 * 60)
    people: tuple[str, ...] = ()
    rota: tuple[ShiftEntry, ...] = ()
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return zone_key(zone)

    @property
    def everybody(self) -> tuple[str, ...]:
        """The object ids it names."""
        return (*self.people, *(one.person for one in self.rota))


def policy_of(declared: EscalationEntry, names: Mapping[str, str]) -> EscalationPolicy:
    """What was declared, with the people by their names; `names` are by object id."""
    named = {key.lower(): Mentioned(name=name, person_id=key) for key, name in names.items()}
    return EscalationPolicy(
        after=timedelta(minutes=declared.after_minutes),
        people=tuple(named[one.lower()] for one in declared.people),
        rota=tuple(
            RotaShift(
                person=named[one.person.lower()],
                begins=one.begins,
                ends=one.ends,
                days=frozenset(get_args(Day).index(day) for day in one.days),
            )
            for one in declared.rota
        ),
        zone=ZoneInfo(declared.zone),
    )
