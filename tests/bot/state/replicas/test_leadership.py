"""One replica leads; another follows it within 20 s, and one that is none any more cannot write."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.state.replicas import FencedStore, Leadership, ReplicaRegistry, Wakeups
from bot.state.replicas.fencing import FENCE, leading
from bot.state.store import (
    AlreadyExists,
    Delete,
    Insert,
    ListedStore,
    MemoryStore,
    NotOwner,
    Replace,
    StoreError,
    StoreUnavailable,
    Value,
    VersionConflict,
    drop,
    parts,
    read_all,
)
from bot.state.store.lease import LEASE_SECONDS, RENEW_SECONDS


class Clock:
    """Seconds that only run."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class LossyStore(MemoryStore):
    """A store whose next answers are lost after the write was done."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        written = await super().replace(partition, key, value, version)
        if self.lost:
            self.lost -= 1
            raise StoreUnavailable("no answer", may_be_done=True)
        return written


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def successor_of(store: ListedStore, clock: Clock, name: str = "new") -> Leadership:
    """A replica that takes over from whoever was silent since."""
    follower = Leadership(store, name, clock)
    while not await follower.try_acquire():
        clock.now += RENEW_SECONDS
    return follower


async def test_the_first_of_twenty_leads(clock: Clock) -> None:
    store = MemoryStore()
    replicas = [Leadership(store, f"r{n}", clock) for n in range(20)]
    taken = await asyncio.gather(*(one.try_acquire() for one in replicas))
    assert sum(taken) == 1
    assert [one.term for one in replicas if one.term] == [1]


async def test_a_leader_that_renews_is_followed_by_nobody(clock: Clock) -> None:
    store = MemoryStore()
    leader, follower = (Leadership(store, name, clock) for name in ("a", "b"))
    assert await leader.try_acquire()
    for _ in range(100):
        clock.now += RENEW_SECONDS
        await leader.renew()
        assert not await follower.try_acquire()
    assert not leader.lost.is_set()


async def test_a_silent_leader_is_followed_within_twenty_seconds(clock: Clock) -> None:
    store = MemoryStore()
    leader = Leadership(store, "a", clock)
    await leader.try_acquire()
    since = clock.now
    follower = await successor_of(store, clock)
    assert clock.now - since <= 20
    assert follower.term == 2


async def test_a_released_lease_is_taken_at_once(clock: Clock) -> None:
    store = MemoryStore()
    leader, follower = (Leadership(store, name, clock) for name in ("a", "b"))
    await leader.try_acquire()
    await leader.release()
    assert await follower.try_acquire()
    assert leader.term == 0


async def test_of_many_followers_of_a_silent_leader_one_leads(clock: Clock) -> None:
    store = MemoryStore()
    await Leadership(store, "a", clock).try_acquire()
    followers = [Leadership(store, f"f{n}", clock) for n in range(20)]
    for moment in (0.0, LEASE_SECONDS + 1):
        clock.now = moment
        taken = await asyncio.gather(*(one.try_acquire() for one in followers))
    assert sum(taken) == 1


async def test_a_leader_that_was_followed_finds_out(clock: Clock) -> None:
    store = MemoryStore()
    leader = Leadership(store, "a", clock)
    await leader.try_acquire()
    await successor_of(store, clock)
    await leader.renew()
    assert leader.lost.is_set()
    assert leader.term == 0


async def test_a_renewal_whose_answer_was_lost_is_no_loss(clock: Clock) -> None:
    store = LossyStore()
    leader = Leadership(store, "a", clock)
    await leader.try_acquire()
    store.lost = 1
    with pytest.raises(StoreUnavailable):
        await leader.renew()
    await leader.renew()
    await leader.renew()
    assert not leader.lost.is_set()
    assert leader.term == 1


async def test_a_paused_leader_cannot_write_where_its_successor_has(clock: Clock) -> None:
    store = MemoryStore()
    paused = Leadership(store, "a", clock)
    await paused.try_acquire()
    old = FencedStore(store, paused)
    with leading():
        version = await old.insert("p", "k", {"by": "a"})
        new = FencedStore(store, await successor_of(store, clock))
        await new.insert("p", "other", {})
        for work in (
            lambda: old.replace("p", "k", {"by": "late"}, version),
            lambda: old.insert("p", "late", {}),
            lambda: old.delete("p", "k"),
            lambda: old.batch("p", [Insert(key="late", value={}), Delete(key="k")]),
        ):
            with pytest.raises(NotOwner):
                await work()
    assert paused.lost.is_set()
    assert [(one.key, one.value) for one in await new.range("p")] == [
        ("k", {"by": "a"}),
        ("other", {}),
    ]
    with pytest.raises(NotOwner):
        await old.check()


async def test_what_is_no_work_of_the_leader_is_written_by_any_replica(clock: Clock) -> None:
    store = MemoryStore()
    leadership = Leadership(store, "a", clock)
    await leadership.try_acquire()
    leader = FencedStore(store, leadership)
    follower = FencedStore(store, Leadership(store, "b", clock))
    with leading():
        version = await leader.insert("p", "k", {"n": 1})
    version = await follower.replace("p", "k", {"n": 2}, version)
    with leading(), pytest.raises(VersionConflict):
        await leader.replace("p", "k", {"n": 3}, "1")
    with leading():
        await leader.replace("p", "k", {"n": 3}, version)
    assert [one.value for one in await follower.range("p")] == [{"n": 3}]


async def test_what_the_leader_is_refused_is_not_its_fence(clock: Clock) -> None:
    store = MemoryStore()
    leadership = Leadership(store, "a", clock)
    await leadership.try_acquire()
    leader = FencedStore(store, leadership)
    with leading():
        await leader.insert("p", "k", {})
        with pytest.raises(AlreadyExists):
            await leader.insert("p", "k", {})
        with pytest.raises(AlreadyExists):
            await leader.batch("p", [Insert(key="new", value={}), Insert(key="k", value={})])
        await leader.insert("p", "after", {})
    assert [one.key for one in await leader.range("p")] == ["after", "k"]


async def test_writes_of_a_leader_at_once_all_go_through(clock: Clock) -> None:
    store = MemoryStore()
    leadership = Leadership(store, "a", clock)
    await leadership.try_acquire()
    leader = FencedStore(store, leadership)
    with leading():
        await asyncio.gather(*(leader.insert(f"p{n % 3}", f"{n:03}", {}) for n in range(99)))
    assert sum([len(await leader.range(f"p{n}")) for n in range(3)]) == 99


async def test_a_fence_is_in_no_reading_whatever_the_page(clock: Clock) -> None:
    store = MemoryStore()
    leadership = Leadership(store, "a", clock)
    await leadership.try_acquire()
    leader = FencedStore(store, leadership)
    keys = [f"{n:04}" for n in range(600)] + ["~a", "~z"]
    with leading():
        for some in parts([Insert(key=key, value={}) for key in keys]):
            await leader.batch("p", some)
        assert [one.key for one in await read_all(leader, "p")] == keys
        for limit in (1, 2, 600, 601, 602, 603):
            assert [one.key for one in await leader.range("p", limit=limit)] == keys[:limit]
        await drop(leader, "p", keys)
    assert [one.key for one in await store.range("p")] == [FENCE]


@given(st.lists(st.sampled_from(["a", "b", "pause", "wake"]), max_size=30))
def test_after_the_first_write_of_a_leader_no_earlier_one_writes(steps: list[str]) -> None:
    asyncio.run(play(steps))


async def pass_time(clock: Clock, awake: list[Leadership]) -> None:
    """More than a lease, in which who is awake renews or tries to lead."""
    for _ in range(8):
        clock.now += RENEW_SECONDS
        for one in awake:
            await one.renew()
            if not one.term and not one.lost.is_set():
                await one.try_acquire()


async def play(steps: list[str]) -> None:
    """Two replicas write to one partition; either may be silent for longer than a lease."""
    store, clock = MemoryStore(), Clock()
    replicas = {name: Leadership(store, name, clock) for name in "ab"}
    views = {name: FencedStore(store, one) for name, one in replicas.items()}
    highest, paused = 0, ""
    for number, step in enumerate(steps):
        if step == "pause":
            paused = next((name for name, one in replicas.items() if one.term), "")
        elif step == "wake":
            paused = ""
        await pass_time(clock, [one for name, one in replicas.items() if name != paused])
        if step in replicas and replicas[step].term:
            term = replicas[step].term
            try:
                with leading():
                    await views[step].insert("p", f"{number:03}", {"term": term})
            except NotOwner:
                assert term < highest
            else:
                assert term >= highest
                highest = term
    terms = [one.value["term"] for one in await views["a"].range("p")]
    assert terms == sorted(terms)


async def test_a_replica_that_falls_silent_is_gone_and_one_that_beats_is_not(clock: Clock) -> None:
    store = MemoryStore()
    one, other, third = (ReplicaRegistry(store, name, clock) for name in "abc")
    for replica in (one, other, third, one):
        await replica.beat()
    assert one.count == 3
    for _ in range(10):
        clock.now += RENEW_SECONDS
        await one.beat()
        await other.beat()
    assert (one.is_gone("b"), one.is_gone("c"), one.count) == (False, True, 2)
    assert one.died.is_set()
    await other.leave()
    await one.beat()
    assert one.is_gone("b")
    assert not one.is_gone("a")


async def test_a_replica_that_comes_back_is_seen_again(clock: Clock) -> None:
    store = MemoryStore()
    one, other = (ReplicaRegistry(store, name, clock) for name in "ab")
    await other.beat()
    await one.beat()
    clock.now += LEASE_SECONDS
    await one.beat()
    assert one.is_gone("b")
    await other.beat()
    await one.beat()
    assert not one.is_gone("b")


async def test_the_leader_is_woken_by_any_replica() -> None:
    store = MemoryStore()
    woken: list[int] = []
    leader, followers = Wakeups(store), [Wakeups(store) for _ in range(3)]
    await leader.watch(lambda: woken.append(0))
    assert woken == []
    await asyncio.gather(*(one.raise_one() for one in followers))
    await leader.watch(lambda: woken.append(1))
    await leader.watch(lambda: woken.append(2))
    assert woken == [1]


async def test_a_batch_of_the_leader_that_is_too_large_is_refused(clock: Clock) -> None:
    store = MemoryStore()
    leadership = Leadership(store, "a", clock)
    await leadership.try_acquire()
    operations = [Replace(key=f"{n}", value={}, version="1") for n in range(100)]
    with leading(), pytest.raises(StoreError):
        await FencedStore(store, leadership).batch("p", operations)
