"""What a bot does to the world outside it, step by step: where it can be killed."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import aiohttp

from bot.messages import Address, Reply
from bot.state.replicas.fencing import FENCE
from bot.state.store import Delete, Entry, ListedStore, Operation, Value
from bot.teams import Sender, TeamsAdapter
from bot.teams.sender import SendHook

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Just before or just after one verb: of the store at a partition, of Teams at a conversation.

    `text` is all that is written there, as JSON.
    """

    when: str
    verb: str
    place: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The steps a bot dies at: the `number`-th of those that are so, and have these words."""

    when: str = ""
    verb: str = ""
    place: str = ""
    words: tuple[str, ...] = ()
    number: int = 1

    def fits(self, step: Step) -> bool:
        """Whether a step is one of these."""
        return (
            self.when in ("", step.when)
            and self.verb in ("", step.verb)
            and step.place.startswith(self.place)
            and all(one in step.text for one in self.words)
        )

    @classmethod
    def from_json(cls, stored: Json) -> "Point":
        """Read back what `asdict` made of one."""
        values: dict[str, Any] = {**stored, "words": tuple(stored["words"])}
        return cls(**values)


Meet = Callable[[Step], None]


class SteppedStore:
    """A store that tells of each write."""

    def __init__(self, store: ListedStore, meet: Meet) -> None:
        self._store = store
        self._meet = meet

    async def get(self, partition: str, key: str) -> Entry | None:
        return await self._store.get(partition, key)

    async def range(
        self, partition: str, start: str = "", end: str | None = None, limit: int = 1000
    ) -> Sequence[Entry]:
        return await self._store.range(partition, start, end, limit)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        work = self._store.insert(partition, key, value)
        if key == FENCE:
            return await work
        return await stepped(self._meet, "insert", partition, [key, value], work)

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        work = self._store.replace(partition, key, value, version)
        if key == FENCE:
            return await work
        return await stepped(self._meet, "replace", partition, [key, value], work)

    async def delete(self, partition: str, key: str, version: str | None = None) -> None:
        work = self._store.delete(partition, key, version)
        await stepped(self._meet, "delete", partition, key, work)

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        work = self._store.batch(partition, operations)
        verb, written = _unfenced(operations)
        return await stepped(self._meet, verb, partition, written, work)

    async def partitions(self) -> Sequence[str]:
        return await self._store.partitions()

    async def check(self) -> None:
        await self._store.check()

    async def close(self) -> None:
        await self._store.close()


class NextVersionStore(SteppedStore):
    """A store as the next version of the bot has it: each row has a field that ours does not know.

    What ours wrote has none, so it must do without.
    """

    def __init__(self, store: SteppedStore) -> None:
        super().__init__(store, lambda _: None)

    async def insert(self, partition: str, key: str, value: Value) -> str:
        return await super().insert(partition, key, _of_next_version(value))

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        return await super().replace(partition, key, _of_next_version(value), version)

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        written = [
            one if isinstance(one, Delete) else replace(one, value=_of_next_version(one.value))
            for one in operations
        ]
        return await super().batch(partition, written)


def _of_next_version(value: Value) -> Value:
    return {**value, "of_next_version": {"since": "the next version", "numbers": [1, 2]}}


def _unfenced(operations: Sequence[Operation]) -> tuple[str, object]:
    """The verb of a batch and what it writes; a leader's as it is without its fence."""
    asked = [one for one in operations if one.key != FENCE]
    if len(asked) == len(operations) or len(asked) > 1:
        return "batch", [[type(one).__name__, asdict(one)] for one in asked]
    (one,) = asked
    if isinstance(one, Delete):
        return "delete", one.key
    return type(one).__name__.lower(), [one.key, one.value]


class SteppedSender(Sender):
    """The sender, telling of each message and edit."""

    def __init__(
        self,
        adapter: TeamsAdapter,
        session: aiohttp.ClientSession,
        meet: Meet,
        observe: SendHook,
    ) -> None:
        super().__init__(adapter, session, observe=observe)
        self._meet = meet

    async def send(self, reply: Reply) -> str:
        work = super().send(reply)
        return await stepped(self._meet, "send", reply.address.conversation, _said(reply), work)

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        work = super().update(address, message_id, reply)
        await stepped(self._meet, "update", address.conversation, _said(reply), work)


async def stepped(meet: Meet, verb: str, place: str, written: object, work: Awaitable[T]) -> T:
    """Do one thing between its two steps."""
    text = json.dumps(written, ensure_ascii=False)
    meet(Step(when="before", verb=verb, place=place, text=text))
    done = await work
    meet(Step(when="after", verb=verb, place=place, text=text))
    return done


def _said(reply: Reply) -> str:
    return reply.text or (reply.card.summary if reply.card else "")
