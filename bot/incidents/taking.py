"""What a signal does: a failure opens or continues an incident, a good run may end one."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from adf.records import Failure, Recovery
from adf.watch import Key, key_of
from bot.incidents import shelf
from bot.incidents.incident import Incident
from bot.incidents.life import continued, is_helped, matching, opened, recovered
from bot.incidents.numbers import Numbers
from bot.incidents.recipes import Recipe
from bot.incidents.shelf import Kept
from bot.incidents.writing import AT_ONCE, heard, until_done, write
from bot.messages import Address
from bot.store import Insert, Operation, Replace, Store


async def fail(
    store: Store,
    numbers: Numbers,
    failure: Failure,
    addresses: Sequence[Address],
    at: datetime,
) -> Incident | None:
    """Write a failure down with its incident and its recipes; None when that was done before."""
    fresh = await _unseen(store, failure)
    if key_of(failure.run) not in fresh:
        return None
    kept = await shelf.read_open(store, failure.factory)
    found = matching([one.incident for one in kept], failure)
    if found is None:
        after, operations = await _opening(store, numbers, failure)
        after, recipes = heard(after, addresses)
        operations.append(Insert(key=shelf.key_of(after), value=shelf.to_json(after)))
    else:
        after, recipes = heard(continued(found, failure), addresses)
        operations = _replacing(kept, found, after)
    operations += [shelf.mark(key, at) for key in fresh[:AT_ONCE]]
    operations += _posting(recipes)
    await store.batch(shelf.partition_of(failure.factory), operations)
    return after


async def mark_rest(store: Store, failure: Failure, at: datetime) -> None:
    """Mark the runs that did not fit into the write of their failure; the topmost did."""
    fresh = await _unseen(store, failure)
    for some in shelf.parts(fresh):
        marks = [shelf.mark(key, at) for key in some]
        await store.batch(shelf.partition_of(failure.factory), marks)


async def recover(store: Store, recovery: Recovery) -> Incident | None:
    """Tell a good run to each open incident; the one it changed last, None when it changed none."""
    changed: Incident | None = None
    for one in await shelf.read_open(store, recovery.factory):
        if is_helped(one.incident, recovery.run):
            heal = partial(_heal, store, recovery, one.incident.incident_id)
            changed = await until_done(heal) or changed
    return changed


async def _heal(store: Store, recovery: Recovery, incident_id: str) -> Incident | None:
    kept = await shelf.read(store, recovery.factory, incident_id)
    if kept is None or kept.incident.ending or not is_helped(kept.incident, recovery.run):
        return None
    after = recovered(kept.incident, recovery.run)
    await write(store, kept, after)
    return after


async def _unseen(store: Store, failure: Failure) -> list[Key]:
    """The runs of a failure that were not told of, the topmost first, each once."""
    partition = shelf.partition_of(failure.factory)
    keys = dict.fromkeys(key_of(run) for run in (failure.run, *failure.runs))
    return [key for key in keys if await store.get(partition, shelf.seen_key(key)) is None]


async def _opening(
    store: Store, numbers: Numbers, failure: Failure
) -> tuple[Incident, list[Operation]]:
    group = await shelf.read_group(store, failure.factory, failure.group)
    incident_id = await numbers.give(failure.factory)
    after = opened(failure, incident_id, group.earlier)
    return after, [shelf.put_group(failure.group, group, incident_id, group.earlier)]


def _replacing(kept: Sequence[Kept], found: Incident, after: Incident) -> list[Operation]:
    if after == found:
        return []
    version = next(one.version for one in kept if one.incident is found)
    return [Replace(key=shelf.key_of(after), value=shelf.to_json(after), version=version)]


def _posting(recipes: Sequence[Recipe]) -> list[Operation]:
    return [Insert(key=one.key, value=one.to_json()) for one in recipes]
