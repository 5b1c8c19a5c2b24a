"""How much of what a place is told of is acted on: the rest is noise, and some of it would wait."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.incidents import Incident, IncidentService
from bot.alerts.incidents.incident import TimelineKind
from bot.messages import Address
from bot.outbox.entry import mark_of
from bot.tools.ports import AlertNoise

# What people do about an incident; a mute says that it was not wanted, so it is none of them.
_ACTS = frozenset(
    {
        *(TimelineKind.ACKNOWLEDGED, TimelineKind.ASSIGNED, TimelineKind.CLOSED),
        *(TimelineKind.REOPENED, TimelineKind.SPLIT, TimelineKind.MERGED, TimelineKind.TICKETED),
    }
)


async def noise_of(
    incidents: IncidentService,
    factories: Sequence[str],
    address: Address,
    since: datetime,
    wait: timedelta,
) -> AlertNoise:
    """What a place was told of since then; brief is what a wait would have kept from it."""
    place = mark_of(replace(address, conversation=address.room))
    told: list[Incident] = []
    for factory in factories:
        found = [*await incidents.open(factory), *await incidents.ended_since(factory, since)]
        told += [one for one in found if place in one.told and one.since >= since]
    acted = sum(map(_is_acted_on, told))
    brief = sum(_is_brief(one, wait) for one in told if not _is_acted_on(one))
    return AlertNoise(told=len(told), acted=acted, brief=brief)


def _is_acted_on(incident: Incident) -> bool:
    return any(one.kind in _ACTS and one.by is not None for one in incident.timeline)


def _is_brief(incident: Incident, wait: timedelta) -> bool:
    """Whether it was over by itself before those who wait would have heard of it."""
    ending = incident.ending
    return ending is not None and not ending.by and ending.at - incident.since < wait
