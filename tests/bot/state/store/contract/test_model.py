"""Any sequence of the six verbs does to every store what it does to a dictionary."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.state.store import (
    AlreadyExists,
    Delete,
    Insert,
    ListedStore,
    Missing,
    Operation,
    Replace,
    StoreError,
    VersionConflict,
    open_store,
)
from tests.bot.state.store.contract.stores import STORES, addresses

PARTITIONS = st.sampled_from(["p", "it's"])
KEYS = st.sampled_from(["a", "b", "B", "b%", "c'd", "\ud7ff", "\ue000", "😀"])
INTEGERS = st.integers(-(2**63), 2**64 - 1)
VALUES = st.dictionaries(st.text(max_size=3), INTEGERS | st.text(max_size=5), max_size=3)
# Which of the versions that a key ever had: the newest, an earlier one, or none at all.
VERSIONS = st.sampled_from([-1, -1, -1, -2, 0, None])

Key = tuple[str, str]
Step = tuple[str, str, Mapping[str, Any], int | None]
STEPS = st.tuples(st.sampled_from(["insert", "replace", "delete", "drop"]), KEYS, VALUES, VERSIONS)

BATCHES = st.lists(STEPS, min_size=1, max_size=5, unique_by=lambda one: one[1])
STARTS = KEYS | st.just("")


class Machine(RuleBasedStateMachine):
    """One store and what it should hold."""

    def __init__(self, open_one: Callable[[], Awaitable[ListedStore]]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store: ListedStore = self.run(open_one())
        self.rows: dict[Key, tuple[Mapping[str, Any], str]] = {}
        self.versions: dict[Key, list[str]] = {}

    def run(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401
        async def wait() -> Any:  # noqa: ANN401
            return await work

        return self.runner.run(wait())

    def teardown(self) -> None:
        self.run(self.store.close())
        self.runner.close()

    @rule(
        partition=PARTITIONS,
        steps=st.lists(STEPS, min_size=1, max_size=5, unique_by=lambda one: one[1]),
    )
    def batch(self, partition: str, steps: list[Step]) -> None:
        operations = [self.operation(partition, one) for one in steps]
        rows = dict(self.rows)
        refusal = next(filter(None, (self.do(rows, partition, one) for one in operations)), None)
        versions = self.attempt(self.store.batch(partition, operations), refusal)
        if refusal is None:
            self.keep(rows, partition, operations, versions)

    @rule(partition=PARTITIONS, step=STEPS)
    def one(self, partition: str, step: Step) -> None:
        operation = self.operation(partition, step)
        rows = dict(self.rows)
        refusal = self.do(rows, partition, operation)
        match operation:
            case Insert(key=key, value=value):
                work = self.store.insert(partition, key, value)
            case Replace(key=key, value=value, version=version):
                work = self.store.replace(partition, key, value, version)
            case Delete(key=key, version=version):
                work = self.store.delete(partition, key, version)
        version = self.attempt(work, refusal)
        if refusal is None:
            self.keep(rows, partition, [operation], [version or ""])

    @rule(partition=PARTITIONS, key=KEYS)
    def get(self, partition: str, key: str) -> None:
        entry = self.run(self.store.get(partition, key))
        found = (entry.value, entry.version) if entry else None
        assert found == self.rows.get((partition, key))

    @rule(
        partition=PARTITIONS,
        start=KEYS | st.just(""),
        end=KEYS | st.none(),
        limit=st.integers(0, 9),
    )
    def range(self, partition: str, start: str, end: str | None, limit: int) -> None:
        entries = self.run(self.store.range(partition, start, end, limit))
        inside = sorted(
            key
            for place, key in self.rows
            if place == partition and start <= key and (end is None or key < end)
        )
        assert [(one.key, one.value, one.version) for one in entries] == [
            (key, *self.rows[partition, key]) for key in inside[:limit]
        ]

    @rule()
    def partitions(self) -> None:
        assert self.run(self.store.partitions()) == sorted({place for place, _ in self.rows})

    def operation(self, partition: str, step: Step) -> Operation:
        kind, key, value, which = step
        had = self.versions.get((partition, key), [])
        version = had[max(which, -len(had))] if had and which is not None else "1"
        if kind == "insert":
            return Insert(key=key, value=value)
        if kind == "replace":
            return Replace(key=key, value=value, version=version)
        return Delete(key=key, version=version if kind == "delete" else None)

    def do(
        self, rows: dict[Key, tuple[Mapping[str, Any], str]], partition: str, operation: Operation
    ) -> type[StoreError] | None:
        """Do it to the rows; returns what it should be refused with."""
        place = (partition, operation.key)
        version = None if isinstance(operation, Insert) else operation.version
        if isinstance(operation, Insert) and place in rows:
            return AlreadyExists
        if version is not None and place not in rows:
            return Missing
        if version is not None and rows[place][1] != version:
            return VersionConflict
        if isinstance(operation, Delete):
            rows.pop(place, None)
        else:
            rows[place] = (operation.value, "")
        return None

    def attempt(self, work: Awaitable[Any], refusal: type[StoreError] | None) -> Any:  # noqa: ANN401
        if refusal is None:
            return self.run(work)
        with pytest.raises(refusal):
            self.run(work)
        return None

    def keep(
        self,
        rows: dict[Key, tuple[Mapping[str, Any], str]],
        partition: str,
        operations: list[Operation],
        versions: list[str],
    ) -> None:
        for operation, version in zip(operations, versions, strict=True):
            place = (partition, operation.key)
            if isinstance(operation, Delete):
                continue
            assert version not in self.versions.setdefault(place, [])
            self.versions[place].append(version)
            rows[place] = (operation.value, version)
        self.rows = rows


def play(address: Callable[[], str], examples: int, steps: int) -> None:
    """Play the machine on stores that are opened anew for each run."""

    class Played(Machine):
        def __init__(self) -> None:
            super().__init__(lambda: open_store(address()))

    run_state_machine_as_test(
        Played,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


@pytest.mark.parametrize("kind", STORES)
def test_any_sequence_does_what_it_does_to_a_dictionary(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    play(addresses(kind, request, tmp_path), 15, 25)


@pytest.mark.prove
@pytest.mark.parametrize("kind", STORES)
def test_any_long_sequence_does_what_it_does_to_a_dictionary(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    play(addresses(kind, request, tmp_path), 300, 60)
