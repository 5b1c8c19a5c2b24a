"""Whatever the order and timing of runs, polls, faults and crashes: nothing lost, nothing twice."""

import asyncio
import contextlib
import itertools
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adf.errors import AdfError, Throttled, Unavailable
from adf.records import Failure, Recovery
from tests.adf.watched import Living, Ran, Reader, ids

HORIZON = 120


@dataclass(frozen=True, kw_only=True)
class Poll:
    """A poll: so many minutes after the one before, its n-th call failing, its reader dying."""

    after: float
    fault: int | None
    die_after: int | None


@st.composite
def worlds(draw: st.DrawFn) -> list[Ran]:
    """Runs that call each other: a caller that waits ends after what it called."""
    runs: list[Ran] = []
    for number in range(draw(st.integers(1, 9))):
        caller = draw(st.sampled_from([None, *runs]))
        waited = draw(st.booleans())
        latest = caller.ended if caller and waited else HORIZON
        runs.append(
            Ran(
                run_id=f"r{number}",
                ended=draw(st.floats(0.5, latest, allow_nan=False)),
                status=draw(st.sampled_from(["Failed", "Failed", "Succeeded", "Cancelled"])),
                caller=caller.run_id if caller else None,
                waited=waited,
                late=draw(st.sampled_from([0.0, 0.0, 1.0, 5.0, 14.0])),
            )
        )
    return runs


polls = st.lists(
    st.builds(
        Poll,
        after=st.sampled_from([0.25, 0.5, 1.0, 3.0, 20.0, 45.0]),
        fault=st.one_of(st.none(), st.none(), st.integers(0, 6)),
        die_after=st.one_of(st.none(), st.none(), st.integers(0, 3)),
    ),
    max_size=25,
)


async def watched(runs: list[Ran], planned: list[Poll]) -> Reader:
    """Everything a reader was told of those runs, polled as planned and then to the end."""
    wire = Living()
    wire.put(*runs)
    reader = Reader(wire)
    await reader.poll(0)
    minute, faults = 0.0, 0
    for one in planned:
        minute += one.after
        if one.fault is not None and faults < 4:
            faults += 1
            kind = Throttled("slow down") if faults % 2 else Unavailable("no answer")
            wire.faults = [*[None] * one.fault, kind]
        with contextlib.suppress(AdfError):
            await reader.poll(minute, die_after=one.die_after)
        wire.faults = []
    for later in range(3):
        await reader.poll(max(minute, HORIZON + 15.0) + later)
    return reader


def family(runs: list[Ran], run: Ran) -> list[Ran]:
    """The run and its callers, upwards."""
    known = {one.run_id: one for one in runs}
    line = [run]
    while line[-1].caller:
        line.append(known[line[-1].caller])
    return line


def broken_of(line: list[Ran]) -> list[str]:
    """The run and the callers above it that broke with nothing whole between."""
    return [one.run_id for one in itertools.takewhile(lambda one: one.status == "Failed", line)]


def judge(runs: list[Ran], reader: Reader) -> None:
    failures = [one for one in reader.told if isinstance(one, Failure)]
    assert max(Counter(one.run.run_id for one in failures).values(), default=0) <= 1
    for run in (one for one in runs if one.status == "Failed"):
        line = family(runs, run)
        above = broken_of(line)
        telling = [one for one in failures if run.run_id in ids(one) or one.run.run_id in above]
        assert {one.root_run_id for one in telling} == {line[-1].run_id}
        if all(one.waited or one is line[-1] for one in line):
            assert telling[-1].run.run_id == above[-1]
    well = {one.run.run_id for one in reader.told if isinstance(one, Recovery)}
    assert well == {one.run_id for one in runs if one.status == "Succeeded"}


@settings(max_examples=120, deadline=None)
@given(runs=worlds(), planned=polls)
def test_each_broken_run_is_covered_and_told_once(runs: list[Ran], planned: list[Poll]) -> None:
    judge(runs, asyncio.run(watched(runs, planned)))


@pytest.mark.prove
@settings(max_examples=5_000, deadline=None)
@given(runs=worlds(), planned=polls)
def test_each_of_many_worlds_is_told_whole(runs: list[Ran], planned: list[Poll]) -> None:
    judge(runs, asyncio.run(watched(runs, planned)))
