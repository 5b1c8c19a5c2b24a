"""Who stopped a trigger and when, and the deployment it was part of."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.changes.activity_log import LogEvent, read_log, trigger_id
from adf.changes.acts import changes_of, done_to
from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import LOG_REACHES_BACK, TimeRange, TriggerStatus

# A deployment stops triggers first and starts them again at its end.
DEPLOYED_WITHIN = timedelta(minutes=15)
MOST_LOOKED_UP = 5


async def with_stops(
    client: AdfClient, triggers: Sequence[TriggerStatus], now: datetime
) -> tuple[list[TriggerStatus], tuple[str, ...]]:
    """Each stopped trigger with the moment and the actor of its stop, and what was not read."""
    stopped = [one for one in triggers if not one.is_started and not one.stopped_at]
    looked_up = stopped[:MOST_LOOKED_UP]
    if not looked_up:
        return list(triggers), ()
    try:
        found = await asyncio.gather(*(_with_stop(client, one, now) for one in looked_up))
    except AdfError as error:
        return list(triggers), (f"could not read who stopped triggers ({error.said})",)
    by_name = {one.name: one for one in found}
    return [by_name.get(one.name, one) for one in triggers], ()


async def _with_stop(client: AdfClient, one: TriggerStatus, now: datetime) -> TriggerStatus:
    earliest = now - LOG_REACHES_BACK
    since = max(one.stopped_after or earliest, earliest)
    events, _ = await read_log(
        client, TimeRange(start=since, end=now), trigger_id(client.factory, one.name)
    )
    stop = next((event for event in events if _is_stop(event)), None)
    if stop is None:
        return one
    return replace(
        one,
        stopped_at=stop.at,
        stopped_by=stop.actor,
        stopped_with=await _deployment(client, stop, now),
    )


def _is_stop(event: LogEvent) -> bool:
    return done_to(event) == "stopped" and event.status.lower() == "succeeded"


async def _deployment(client: AdfClient, stop: LogEvent, now: datetime) -> str:
    """The deployment of the same actor nearest to a stop; near in time is all that is known."""
    around = TimeRange(start=stop.at - DEPLOYED_WITHIN, end=min(stop.at + DEPLOYED_WITHIN, now))
    try:
        events, _ = await read_log(client, around)
    except AdfError:
        return ""
    deployed = [
        one
        for one in changes_of(events, client.factory.name)
        if one.deployment and one.actor == stop.actor
    ]
    nearest = min(deployed, key=lambda one: abs(one.at - stop.at), default=None)
    return nearest.deployment if nearest else ""
