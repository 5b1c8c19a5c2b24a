"""The commands that work on the store of a bot that is stopped."""

from collections.abc import Callable, Sequence
from datetime import datetime

from adf.records.glossary import counted
from bot.access.audit import exported
from bot.state.cause_verdicts import exported_verdicts
from bot.state.erasure import erase_from
from bot.state.error_gaps import ErrorGaps
from bot.state.store import open_store

STORE_COMMANDS = frozenset({"audit", "feedback", "forget", "diagnose-gaps"})

Clock = Callable[[], datetime]


async def run_on_store(command: str, url: str, clock: Clock, person: str = "") -> Sequence[str]:
    """Run one of STORE_COMMANDS on the store at `url`; the lines that it writes."""
    match command:
        case "audit":
            return await exported(url, clock)
        case "feedback":
            return await exported_verdicts(url, clock)
        case "forget":
            return await _forget(url, person)
        case _:
            return await _gaps(url, clock)


async def _forget(url: str, person: str) -> Sequence[str]:
    """Erase a person from the store."""
    erasure = await erase_from(url, person)
    deleted = counted(erasure.deleted, "row")
    return [f"{deleted} deleted, {erasure.anonymized} kept without the person."]


async def _gaps(url: str, clock: Clock) -> Sequence[str]:
    """The errors that the bot met and did not know, by signature: what to teach it next."""
    store = await open_store(url, wait=0)
    try:
        met = await ErrorGaps(store, clock).most_met()
    finally:
        await store.close()
    lines = [f"{one.signature}  {one.count:6}  last on {one.last}" for one in met]
    return [*lines, f"{len(met)} unknown errors." if met else "No unknown error was met."]
