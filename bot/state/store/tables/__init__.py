"""The store on Azure Tables, for a bot of several processes: imported once it is opened."""

from bot.state.store.tables.opening import open_tables
from bot.state.store.tables.store import TablesStore

__all__ = ["TablesStore", "open_tables"]
