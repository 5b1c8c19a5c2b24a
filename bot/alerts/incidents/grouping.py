"""What people taught about which failures have one cause: a rule for a pipeline and a group."""

import hashlib
from dataclasses import replace

from adf.records import Failure
from bot.alerts.incidents.repository import partition_of, put
from bot.state.store import Entry, Operation, Store, readable_one

RULE = "rule-"
# A rule may lead to a group that another rule leads on from; more steps than this are a circle.
MOST_STEPS = 5


def rule_key(group: str, pipeline: str) -> str:
    """The key of the rule for failures of a pipeline that look like those of a group."""
    digest = hashlib.sha256(f"{group}|{pipeline}".encode()).hexdigest()[:24]
    return f"{RULE}{digest}"


async def put_rule(store: Store, factory: str, key: str, group: str) -> Operation:
    """Write where these failures belong, in the place of an earlier rule."""
    before = await store.get(partition_of(factory), key)
    return put(key, {"group": group}, before.version if before else None)


async def grouped(store: Store, failure: Failure) -> Failure:
    """The failure in the group where people said that it belongs."""
    group, seen = failure.group, {failure.group}
    for _ in range(MOST_STEPS):
        after = await _ruled(store, failure, group)
        if after is None or after in seen:
            break
        group = after
        seen.add(after)
    return failure if group == failure.group else replace(failure, group=group)


async def _ruled(store: Store, failure: Failure, group: str) -> str | None:
    partition = partition_of(failure.factory)
    entry = await store.get(partition, rule_key(group, failure.run.pipeline))
    return await readable_one(store, partition, entry, _group_of)


def _group_of(entry: Entry) -> str:
    return str(entry.value["group"])
