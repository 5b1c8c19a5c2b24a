"""Which incident a thread is about: the one whose message began it."""

from collections.abc import Iterator, Sequence

from bot.alerts.incidents.repository import partition_of
from bot.messages import Address
from bot.outbox.entry import FILED, LIVE, OutboxEntry
from bot.state.store import Entry, Store, everything, readable

_THREAD = ";messageid="


async def incident_of_thread(store: Store, factories: Sequence[str], address: Address) -> str:
    """The incident of a thread, those that are not over first; blank for none."""
    room, _, root = address.conversation.partition(_THREAD)
    if not root:
        return ""
    for prefix in (LIVE, FILED):
        for factory in factories:
            partition = partition_of(factory)
            entries = await everything(store, partition, prefix)
            posted = await readable(store, partition, entries, _posted)
            found = next(_began(posted, address.tenant, room, root), "")
            if found:
                return found
    return ""


def _posted(entry: Entry) -> OutboxEntry:
    return OutboxEntry.from_json(entry.value)


def _began(posted: Sequence[OutboxEntry], tenant: str, room: str, root: str) -> Iterator[str]:
    for one in posted:
        place = one.address
        if one.message_id == root and (place.tenant, place.room) == (tenant, room):
            yield incident_of_source(one.source)


def incident_of_source(source: str) -> str:
    """The incident that a message is about: an escalation names it with a suffix."""
    return "-".join(source.split("-")[:2])
