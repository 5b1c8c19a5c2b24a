"""Changes made from what was read: made again from the reading on while somebody else is faster."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.state.store.interface import AlreadyExists, Missing, Store, Value, VersionConflict

# Writers of one row are few and each makes way at once, so a score of tries is never used up by
# chance: it ends a loop that something is wrong with.
MOST_TRIES = 20
CONFLICTS = (AlreadyExists, VersionConflict, Missing)

T = TypeVar("T")
Change = Callable[[Value | None], Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A row before and after a change; `after` is None when the change left it as it was."""

    before: Value | None
    after: Value | None


async def retry_on_conflict(work: Callable[[], Awaitable[T]], tries: int = MOST_TRIES) -> T:
    """Do something again from its reading on; after the last try, raise what stood in the way."""
    for _ in range(tries - 1):
        try:
            return await work()
        except CONFLICTS:
            continue
    return await work()


async def update(store: Store, partition: str, key: str, change: Change) -> Update:
    """Put what `change` makes of a row in its place; it gets and returns None for no row.

    A change may be asked several times, so it must do nothing but compute.
    """

    async def once() -> Update:
        entry = await store.get(partition, key)
        before = entry.value if entry else None
        after = change(before)
        if after is not None and entry is None:
            await store.insert(partition, key, after)
        elif after is not None and entry is not None:
            await store.replace(partition, key, after, entry.version)
        return Update(before=before, after=after)

    return await retry_on_conflict(once)
