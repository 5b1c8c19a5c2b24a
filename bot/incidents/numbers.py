"""Numbers of incidents, one row of them over all factories, and which factory each belongs to."""

from bot.incidents.shelf import put
from bot.store import AlreadyExists, Insert, Missing, Store, VersionConflict

PARTITION = "incident-numbers"
_NEXT = "next"
_MOST_TRIES = 20


class Numbers:
    """Gives each incident the next number; one that was given is never given again."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store

    async def give(self, factory: str) -> str:
        """The id of a new incident of a factory."""
        for _ in range(_MOST_TRIES):
            last = await self._store.get(PARTITION, _NEXT)
            number = last.value["number"] if last else 1
            incident_id = f"INC-{number}"
            after = put(_NEXT, {"number": number + 1}, last.version if last else None)
            place = Insert(key=incident_id, value={"factory": factory})
            try:
                await self._store.batch(PARTITION, [after, place])
            except (AlreadyExists, VersionConflict, Missing):
                continue
            return incident_id
        raise VersionConflict("too many want a number at once", PARTITION)

    async def factory_of(self, incident_id: str) -> str | None:
        """The factory of an incident; None for a number that was never given."""
        if not incident_id.startswith("INC-") or not incident_id[4:].isdecimal():
            return None
        entry = await self._store.get(PARTITION, incident_id)
        return entry.value["factory"] if entry else None

    async def forget(self, incident_id: str) -> None:
        """Drop where an incident was; its number stays used."""
        await self._store.delete(PARTITION, incident_id)
