"""What the factories file says of a room: its factory and zone, a summary, a live board."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.hosting.escalation_file import zone_key
from bot.state.rooms import Binding
from bot.state.summaries import DeclaredSummary
from bot.state.summary_times import SummaryTimes, clock_in, days_in


class SummaryEntry(BaseModel):
    """A summary on a schedule: a time of day, on "daily", "weekdays" or days such as "mon,thu"."""

    model_config = ConfigDict(extra="forbid")
    at: str = "08:00"
    days: str = "daily"

    @field_validator("at")
    @classmethod
    def _clock(cls, at: str) -> str:
        return clock_in(at)

    @field_validator("days")
    @classmethod
    def _known_days(cls, days: str) -> str:
        days_in(days)
        return days


class RoomEntry(BaseModel):
    """What a channel or group chat is about, and the time zone its people live in."""

    model_config = ConfigDict(extra="forbid")
    factory: str
    zone: str | None = None
    summary: SummaryEntry | None = Field(None)
    board: bool = False

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        return zone if zone is None else zone_key(zone)


def binding_of(declared: RoomEntry) -> Binding:
    """What a room is bound to."""
    return Binding(factory=declared.factory, zone=declared.zone, by="the settings")


def summaries_of(rooms: Mapping[str, RoomEntry]) -> dict[str, DeclaredSummary]:
    """The summaries of rooms that have one; a room without a zone has the bot's."""
    return {
        room: DeclaredSummary(
            factory=one.factory,
            times=SummaryTimes(
                at=one.summary.at, days=days_in(one.summary.days), zone=one.zone or ""
            ),
        )
        for room, one in rooms.items()
        if one.summary is not None
    }


def boards_of(rooms: Mapping[str, RoomEntry]) -> dict[str, str]:
    """The factories of rooms that have a live board."""
    return {room: one.factory for room, one in rooms.items() if one.board}
