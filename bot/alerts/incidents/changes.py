"""How a change of an incident is written: in one batch, made again when somebody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.alerts.incidents import repository
from bot.alerts.incidents.incident import EarlierIncident, Ending, Incident
from bot.alerts.incidents.repository import StoredIncident
from bot.messages import Address
from bot.outbox.entry import OutboxEntry, mark_of
from bot.state.store import (
    Delete,
    Insert,
    Operation,
    Replace,
    Store,
    retry_on_conflict,
)

KIND = "incident"
MOST_LISTENERS = 1000
AT_ONCE = 45


async def write(store: Store, kept: StoredIncident, after: Incident) -> None:
    """Put an incident in the place of what was read; one that is over moves to its shelf."""
    partition, value = repository.partition_of(after.factory), repository.to_json(after)
    if after.ending is None:
        key = repository.key_of(after)
        await store.batch(partition, [Replace(key=key, value=value, version=kept.version)])
        return
    group = await repository.read_group(store, after.factory, after.group)
    gone = Delete(key=repository.key_of(kept.incident), version=kept.version)
    past = Insert(key=repository.key_of(after), value=value)
    last = repository.put_group(after.group, group, "", _last(after, after.ending))
    await store.batch(partition, [gone, past, last])


async def note_down(
    store: Store, factory: str, incident_id: str, change: Callable[[Incident], Incident]
) -> None:
    """Change what an incident tells, and not whether it is over."""
    before = await repository.read(store, factory, incident_id)
    after = change(before.incident) if before else None
    if before is None or after is None or after == before.incident:
        return
    key, value = repository.key_of(before.incident), repository.to_json(after)
    partition = repository.partition_of(factory)
    await store.batch(partition, [Replace(key=key, value=value, version=before.version)])


def heard(incident: Incident, addresses: Sequence[Address]) -> tuple[Incident, list[OutboxEntry]]:
    """The incident with those who hear of it, and a recipe for each that is new to it."""
    known = set(incident.told)
    fresh = {mark_of(one): one for one in addresses if mark_of(one) not in known}
    new = list(fresh.items())[: max(0, MOST_LISTENERS - len(known))]
    told = (*incident.told, *(mark for mark, _ in new))
    untold = (*incident.untold, *(address for _, address in new[AT_ONCE:]))
    recipes = [_recipe(incident, address) for _, address in new[:AT_ONCE]]
    return replace(incident, told=told, untold=untold), recipes


async def spread(store: Store, factory: str, incident_id: str) -> None:
    """Give a recipe to those addresses that did not fit into the write of the incident."""
    while await retry_on_conflict(lambda: _spread_some(store, factory, incident_id)):
        continue


async def _spread_some(store: Store, factory: str, incident_id: str) -> bool:
    kept = await repository.read(store, factory, incident_id)
    if kept is None or not kept.incident.untold:
        return False
    some, rest = kept.incident.untold[:AT_ONCE], kept.incident.untold[AT_ONCE:]
    after = repository.to_json(replace(kept.incident, untold=rest))
    key = repository.key_of(kept.incident)
    recipes = [_recipe(kept.incident, address) for address in some]
    operations: list[Operation] = [Replace(key=key, value=after, version=kept.version)]
    operations += await posting(store, factory, recipes)
    await store.batch(repository.partition_of(factory), operations)
    return bool(rest)


async def posting(
    store: Store, factory: str, recipes: Sequence[OutboxEntry]
) -> Sequence[Operation]:
    """Write these recipes, but none that is there already though its incident forgot it."""
    partition = repository.partition_of(factory)
    fresh = [one for one in recipes if await store.get(partition, one.key) is None]
    return [Insert(key=one.key, value=one.to_json()) for one in fresh]


def _recipe(incident: Incident, address: Address) -> OutboxEntry:
    return OutboxEntry(kind=KIND, source=incident.incident_id, address=address)


def _last(incident: Incident, ending: Ending) -> EarlierIncident:
    """What the next incident of the group tells about this one."""
    return EarlierIncident(
        incident_id=incident.incident_id,
        since=incident.since,
        ending=ending,
        times=1 + (incident.earlier.times if incident.earlier else 0),
    )
