"""A yes is used once, and what was used long ago is forgotten."""

from datetime import UTC, datetime, timedelta

from bot.agents.approvals import KEPT, USED_PARTITION, UsedApprovals
from bot.state.store import MemoryStore

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


async def test_each_call_of_each_decision_is_used_once() -> None:
    once = UsedApprovals(MemoryStore(), lambda: NOW)
    assert await once.use("press-1", "call-1")
    assert not await once.use("press-1", "call-1")
    assert await once.use("press-1", "call-2")
    assert await once.use("press-2", "call-1")


async def test_what_was_used_is_forgotten_when_nothing_can_ask_for_it_again() -> None:
    store, at = MemoryStore(), [NOW]
    once = UsedApprovals(store, lambda: at[0])
    await once.use("press-1", "call-1")
    at[0] += KEPT + timedelta(seconds=1)
    await once.use("press-2", "call-1")
    assert len(await store.range(USED_PARTITION)) == 1
