"""Many pages are read slice by slice at once, few one after the other, and no row is lost."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adf.client.paging import MOST_PAGES, MOST_SLICES, all_pages, all_slices, within
from adf.client.run_cache import DEFINITIONS_LAST, MOST_RUNS, RUNS_LAST, RunCache
from adf.errors import Unavailable
from adf.records import PipelineDefinition, PipelineRun, RunStatus, TimeRange

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
DAYS = TimeRange(start=NOW - timedelta(days=2), end=NOW)


class Factory:
    """Answers queries over runs, newest first, in pages; counts how many wait at once."""

    def __init__(self, *ages: timedelta, page: int = 10) -> None:
        self.runs = sorted((NOW - age for age in ages), reverse=True)
        self.page = page
        self.asked = 0
        self.waiting = 0
        self.most = 0

    async def __call__(self, query: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked += 1
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        await asyncio.sleep(0)
        self.waiting -= 1
        after, before = query["lastUpdatedAfter"], query["lastUpdatedBefore"]
        fit = [
            one
            for one in self.runs
            if after <= within(TimeRange(start=one, end=one))["lastUpdatedAfter"] <= before
        ]
        begin = int(query.get("continuationToken") or 0)
        more = begin + self.page < len(fit)
        rows = [{"runStart": one.isoformat()} for one in fit[begin : begin + self.page]]
        return {"value": rows, **({"continuationToken": str(begin + self.page)} if more else {})}

    async def read(self) -> set[str]:
        rows = await all_slices(dict(within(DAYS)), DAYS, self)
        return {row["runStart"] for row in rows}

    @property
    def all(self) -> set[str]:
        return {one.isoformat() for one in self.runs}


async def test_many_pages_are_read_at_once_and_whole() -> None:
    factory = Factory(*(timedelta(minutes=minute) for minute in range(1, 2 * 24 * 60, 4)))
    assert await factory.read() == factory.all
    assert factory.most == MOST_SLICES
    assert factory.asked <= len(factory.runs) / factory.page + 1 + MOST_SLICES


@pytest.mark.parametrize("runs", [0, 3, 25])
async def test_few_pages_are_read_one_after_the_other(runs: int) -> None:
    factory = Factory(*(timedelta(hours=1 + 1.8 * place) for place in range(runs)))
    assert await factory.read() == factory.all
    assert factory.asked == max(1, -(-runs // factory.page))
    assert factory.most == 1


async def test_runs_that_crowd_in_one_hour_are_read_whole() -> None:
    factory = Factory(*(timedelta(hours=30, seconds=second) for second in range(99)))
    assert await factory.read() == factory.all


async def test_rows_without_a_start_are_read_page_by_page() -> None:
    pages = [{"value": [{"runStart": None}], "continuationToken": "1"}, {"value": [{"id": 2}]}]

    async def ask(query: Mapping[str, Any]) -> Mapping[str, Any]:
        return pages[int(query.get("continuationToken") or 0)]

    assert len(await all_slices({}, DAYS, ask)) == 2


async def test_a_query_without_an_end_is_given_up() -> None:
    asked: list[object] = []

    async def ask(query: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(query)
        return {"value": [], "continuationToken": "again"}

    with pytest.raises(Unavailable, match="pages"):
        await all_pages({}, ask)
    assert len(asked) == MOST_PAGES + 1


def run(run_id: str, status: RunStatus = RunStatus.FAILED) -> PipelineRun:
    return PipelineRun(factory="f", run_id=run_id, pipeline="P", status=status)


def test_only_ended_runs_are_remembered_for_some_minutes_in_their_own_factory() -> None:
    now = [0.0]
    run_cache = RunCache(lambda: now[0])
    active = [run(status, RunStatus(status)) for status in ("Queued", "InProgress", "Canceling")]
    run_cache.keep_ended("here", [run("A-1"), run("u", RunStatus.UNKNOWN), *active])
    assert run_cache.find_run("here", "a-1") == run("A-1")
    assert run_cache.find_run("there", "a-1") is None
    assert [run_cache.find_run("here", one.run_id) for one in active] == [None] * 3
    now[0] += RUNS_LAST
    assert run_cache.find_run("here", "a-1") is None


def test_what_is_remembered_is_bounded() -> None:
    run_cache = RunCache(lambda: 0.0)
    run_cache.keep_ended("here", [run(str(number)) for number in range(MOST_RUNS + 1)])
    assert run_cache.find_run("here", "0") is None
    assert run_cache.find_run("here", "1") is not None


def test_a_published_pipeline_is_read_again_after_a_minute() -> None:
    now = [0.0]
    run_cache = RunCache(lambda: now[0])
    run_cache.keep_definition("here", "P", PipelineDefinition(name="P"))
    assert run_cache.find_definition("here", "p") is not None
    now[0] += DEFINITIONS_LAST
    assert run_cache.find_definition("here", "p") is None
