"""A week of claims in the file of the store: none that is open is hidden, and nothing grows."""

import asyncio
import hashlib
import resource
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.state.store import open_sqlite
from bot.turns.inbox import Inbox
from bot.turns.recovery import KEPT_CLAIMS
from tests.bot.turns.test_inbox import MESSAGE, START, Clock

OPEN_AT_ONCE = 40


async def a_time_of_claims(
    folder: Path, hours: int, each_hour: int, batch: int
) -> Sequence[tuple[int, int]]:
    """Claims come and are answered hour by hour; (file size, memory) at the end of each day."""
    clock, sizes = Clock(), list[tuple[int, int]]()
    store = await open_sqlite(str(folder / "store.db"))
    inbox, number = Inbox(store, clock), 0
    left = [_key(-one) for one in range(1, OPEN_AT_ONCE + 1)]
    await asyncio.gather(*(inbox.claim(key, MESSAGE) for key in left))
    for hour in range(1, hours + 1):
        for _ in range(each_hour // batch):
            keys = [_key(number + one) for one in range(batch)]
            number += batch
            assert all(await asyncio.gather(*(inbox.claim(key, MESSAGE) for key in keys)))
            await asyncio.gather(*(inbox.done(key) for key in keys))
        clock.now = START + timedelta(hours=hour)
        assert {claim.key for claim in await inbox.unfinished()} == set(left)
        await inbox.purge(clock.now - KEPT_CLAIMS)
        if hour % 24 == 0:
            sizes.append((_size(folder), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    await store.close()
    return sizes


def _key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.iterdir())


async def test_in_some_hours_no_open_claim_is_hidden_and_old_ones_go(tmp_path: Path) -> None:
    sizes = await a_time_of_claims(tmp_path, hours=50, each_hour=10, batch=10)
    assert sizes[-1][0] <= 1.1 * sizes[1][0]


@pytest.mark.prove
@pytest.mark.timeout(1200)
async def test_a_week_at_24_000_claims_a_day_keeps_file_and_memory_flat(tmp_path: Path) -> None:
    sizes = await a_time_of_claims(tmp_path, hours=7 * 24, each_hour=1_000, batch=500)
    megabytes = [f"{size / 1e6:.1f} MB file, {memory / 1e3:.0f} MB" for size, memory in sizes]
    print(f"168,000 claims, 168 sweeps, each found all {OPEN_AT_ONCE} open: {megabytes}")
    assert sizes[-1][0] <= 1.1 * sizes[1][0]
    assert sizes[-1][1] <= 1.1 * sizes[1][1]
