"""What is forgotten in time: marks the watch is past, and incidents that are long over."""

from datetime import datetime, timedelta

from bot.incidents import shelf
from bot.incidents.incident import Incident
from bot.incidents.numbers import Numbers
from bot.incidents.recipes import FILED, LIVE
from bot.store import Store

KEPT_MARKS = timedelta(days=2)
KEPT_INCIDENTS = timedelta(days=45)


async def forget_marks(store: Store, factory: str, reached: datetime) -> None:
    """Drop marks two days older than where the watch is: it never looks back as far."""
    partition = shelf.partition_of(factory)
    marks = await shelf.everything(store, partition, shelf.SEEN)
    old = [
        one.key for one in marks if datetime.fromisoformat(one.value["at"]) < reached - KEPT_MARKS
    ]
    await shelf.drop(store, partition, old)


async def forget_incidents(store: Store, numbers: Numbers, factory: str, now: datetime) -> None:
    """Drop what has been over for 45 days, with its recipes."""
    for entry in await shelf.everything(store, shelf.partition_of(factory), shelf.PAST):
        incident = shelf.from_json(entry.value)
        if incident.ending and incident.ending.at < now - KEPT_INCIDENTS:
            await _forget(store, numbers, incident)


async def _forget(store: Store, numbers: Numbers, incident: Incident) -> None:
    partition = shelf.partition_of(incident.factory)
    gone = [shelf.key_of(incident)]
    for prefix in (LIVE, FILED):
        recipes = await shelf.everything(store, partition, f"{prefix}{incident.incident_id}-")
        gone += [one.key for one in recipes]
    group = await shelf.read_group(store, incident.factory, incident.group)
    if group.earlier and group.earlier.incident_id == incident.incident_id and not group.open_id:
        gone.append(shelf.group_key(incident.group))
    await shelf.drop(store, partition, gone)
    await numbers.forget(incident.incident_id)
