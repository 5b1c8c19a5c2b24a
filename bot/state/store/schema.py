"""Which version of the bot may use a store that several of them share.

A rollout has old and new replicas side by side, so each writes only what the version before can
read. The row says who has written (`version`) and how old a reader may be (`readable_by`): a change
that the version before cannot read comes one release after the code that reads both.
"""

from bot.state.store.interface import Store, Unusable, Value
from bot.state.store.limits import ITSELF
from bot.state.store.updates import update

SCHEMA = "schema"
SCHEMA_VERSION = 1
READABLE_BY = 1


async def check_schema(
    store: Store, version: int = SCHEMA_VERSION, readable_by: int = READABLE_BY
) -> None:
    """Note that this version writes here; Unusable where it could not read what is there."""

    def change(row: Value | None) -> Value | None:
        known = row or {}
        if known.get("readable_by", 0) > version:
            raise Unusable("ADFOPS_STORE: the table was written by a newer version of the bot")
        after = {
            "version": max(version, known.get("version", 0)),
            "readable_by": max(readable_by, known.get("readable_by", 0)),
        }
        return None if after == row else after

    await update(store, ITSELF, SCHEMA, change)
