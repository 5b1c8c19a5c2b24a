"""Errors that nothing is known of are counted by signature, without a word of their text."""

from datetime import UTC, datetime

from bot.state.error_gaps import PARTITION, ErrorGaps
from bot.state.store import MemoryStore

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


async def test_the_most_frequent_unknown_error_comes_first() -> None:
    gaps = ErrorGaps(MemoryStore(), lambda: NOW)
    for signature in ("aaaa", "bbbb", "bbbb"):
        await gaps.count(signature)
    found = await gaps.most_met()
    assert [(one.signature, one.count, one.last) for one in found] == [
        ("bbbb", 2, "2026-05-02"),
        ("aaaa", 1, "2026-05-02"),
    ]


async def test_only_the_signature_and_numbers_are_kept() -> None:
    store = MemoryStore()
    await ErrorGaps(store, lambda: NOW).count("aaaa")
    (entry,) = await store.range(PARTITION)
    assert (entry.key, dict(entry.value)) == ("aaaa", {"count": 1, "last": "2026-05-02"})
