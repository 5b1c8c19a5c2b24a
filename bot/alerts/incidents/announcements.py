"""New messages about an incident that is there already: in one write with what they follow from."""

from collections.abc import Sequence
from dataclasses import replace

from bot.alerts.incidents import repository
from bot.alerts.incidents.changes import heard, posting
from bot.alerts.incidents.handling import escalated
from bot.alerts.incidents.incident import Escalation, Incident
from bot.messages import Address
from bot.outbox.entry import FILED, EntryStage, OutboxEntry
from bot.state.store import Delete, Insert, Operation, Replace, Store, everything, parts
from cards.records import IncidentState

ESCALATION = "escalation"
ESCALATED = "-escalation"
MOST_CALLED = 40
# Each message that is moved takes two operations of a batch.
MOST_MOVED = 20


async def announce(
    store: Store, factory: str, incident_id: str, addresses: Sequence[Address]
) -> bool:
    """Have an incident posted where it is not yet; False when nobody new hears of it."""
    found = await repository.read(store, factory, incident_id)
    if found is None or found.incident.ending is not None:
        return False
    later = replace(found.incident, revision=found.incident.revision + 1)
    after, entries = heard(later, addresses)
    if after.told == found.incident.told:
        return False
    key, value = repository.key_of(after), repository.to_json(after)
    operations: list[Operation] = [Replace(key=key, value=value, version=found.version)]
    operations += await posting(store, factory, entries)
    await store.batch(repository.partition_of(factory), operations)
    return True


async def escalate(
    store: Store,
    factory: str,
    incident_id: str,
    escalation: Escalation,
    addresses: Sequence[Address],
) -> bool:
    """Bring an incident to more people in new messages; False when somebody has it by now."""
    found = await repository.read(store, factory, incident_id)
    if found is None or not _is_free(found.incident):
        return False
    after = escalated(found.incident, escalation)
    source = f"{incident_id}{ESCALATED}"
    entries = [
        OutboxEntry(kind=ESCALATION, source=source, address=one) for one in addresses[:MOST_CALLED]
    ]
    key, value = repository.key_of(after), repository.to_json(after)
    operations: list[Operation] = [Replace(key=key, value=value, version=found.version)]
    operations += await posting(store, factory, entries)
    await store.batch(repository.partition_of(factory), operations)
    return True


def _is_free(incident: Incident) -> bool:
    return incident.state is IncidentState.OPEN and incident.escalated is None


async def revive(store: Store, factory: str, incident_id: str) -> None:
    """Have the messages of an incident edited again that were put away with its end."""
    partition = repository.partition_of(factory)
    filed = await everything(store, partition, f"{FILED}{incident_id}-")
    for some in parts(filed, MOST_MOVED):
        operations: list[Operation] = []
        for one in some:
            entry = OutboxEntry.from_json(one.value)
            operations.append(Delete(key=one.key, version=one.version))
            if entry.message_id and entry.stage is EntryStage.POSTED:
                operations.append(Insert(key=entry.key, value=entry.to_json()))
        await store.batch(partition, operations)
