"""Erases a person: what is theirs is deleted, what others need stays without them.

Conversations, subscriptions, usage, open questions and what was sent to their own chat go.
Incidents, their tickets, judged causes, bindings and the audit log stay, with no name and "erased"
in the place of the id.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from bot.state.conversations import memory_partition
from bot.state.rooms import PERSONAL, chat_key
from bot.state.store import Store, open_store, read_all, update
from bot.state.usage import CONVERSATIONS, conversation_key

ERASED = "erased"
# Without its row, a ticket would be opened a second time.
_KEPT_FOR_OTHERS = ("incidents-", "audit-", "bindings", "mutes", "tickets", "cause-verdicts")
_PERSON_FIELDS = ("person_id", "person", "by")
_NAME_FIELDS = ("name", "channel_account")


class ErasableStore(Store, Protocol):
    """A store that can tell which partitions it has."""

    async def partitions(self) -> Sequence[str]:
        """The names of all partitions."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How many rows were deleted, and how many stay without the person."""

    deleted: int
    anonymized: int


async def erase_person(
    store: ErasableStore, person_id: str, *, but: Collection[str] = ()
) -> Erasure:
    """Erase every trace of a person; asked again, it finds nothing.

    Partitions of `but` are left alone: while the bot runs, what it is answering is closed by it.
    """
    chats = await _chats_of(store, person_id)
    deleted = anonymized = 0
    for partition in (one for one in await store.partitions() if one not in but):
        stays = partition.startswith(_KEPT_FOR_OTHERS)
        for entry in await read_all(store, partition):
            if not _is_theirs(partition, entry.key, entry.value, person_id, chats):
                continue
            if stays:
                await update(store, partition, entry.key, lambda row: _erased(row, person_id))
                anonymized += 1
            else:
                await store.delete(partition, entry.key)
                deleted += 1
    return Erasure(deleted=deleted, anonymized=anonymized)


async def erase_from(url: str, person_id: str) -> Erasure:
    """Erase a person from the store of a setting, which no bot may be running on."""
    store = await open_store(url, wait=0)
    try:
        return await erase_person(store, person_id)
    finally:
        await store.close()


async def _chats_of(store: Store, person_id: str) -> frozenset[str]:
    """The conversations of a person's own chats with the bot."""
    found: set[str] = set()
    for entry in await read_all(store, PERSONAL):
        address = _object(entry.value.get("address"))
        if entry.key == chat_key(str(address.get("tenant", "")), person_id):
            found.add(str(address.get("conversation", "")))
    return frozenset(found)


def _is_theirs(
    partition: str, key: str, value: object, person_id: str, chats: frozenset[str]
) -> bool:
    # Entra writes its ids in small letters, people copy them as they find them.
    spellings = {person_id, person_id.lower(), person_id.upper()}
    if partition in {memory_partition(one) for one in spellings}:
        return True
    if partition == CONVERSATIONS:
        return key in {conversation_key(chat) for chat in chats}
    return _names(value, person_id, chats)


def _names(value: object, person_id: str, chats: frozenset[str]) -> bool:
    """Whether a row names the person, or one of their own chats."""
    if isinstance(value, list):
        return any(_names(one, person_id, chats) for one in cast("list[object]", value))
    fields = _object(value)
    return (
        any(_is_same(fields.get(name), person_id) for name in _PERSON_FIELDS)
        or fields.get("conversation") in chats
        or any(_names(one, person_id, chats) for one in fields.values())
    )


def _erased(value: Any, person_id: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same without the person."""
    if isinstance(value, list):
        return [_erased(one, person_id) for one in cast("list[object]", value)]
    row = _object(value)
    if not row:
        return value
    fields = {name: _erased(one, person_id) for name, one in row.items()}
    theirs = [name for name in _PERSON_FIELDS if _is_same(fields.get(name), person_id)]
    if theirs:
        fields |= dict.fromkeys(theirs, ERASED)
        fields |= {name: "" for name in _NAME_FIELDS if name in fields}
    return fields


def _is_same(value: object, person_id: str) -> bool:
    return isinstance(value, str) and value.lower() == person_id.lower()


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
