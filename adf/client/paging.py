"""Every page of a query: one after the other, or slice by slice of its time at once when many come.

A page is asked for by the token of the page before, so a hundred pages take a hundred trips. How
many come can be told from the first: its rows are the newest, so they say how far a page reaches.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adf.client.transport import Json
from adf.client.wire_values import moment, wire_time
from adf.errors import AdfError, Unavailable
from adf.records import TimeRange

MOST_PAGES = 100
WORTH_SLICING = 4
# Ten thousand runs are a hundred pages, of which each slice then reads three or four.
MOST_SLICES = 32

Query = Mapping[str, Any]
Ask = Callable[[Query], Awaitable[Json]]


async def all_pages(query: Query, ask: Ask) -> list[Json]:
    """Read page after page."""
    return await _from_page(query, await ask(query), ask)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRange:
    """A part of a time range that could not be read, and why."""

    time_range: TimeRange
    error: AdfError


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedRows:
    """The rows of a query, and the parts of its range that are missing."""

    rows: Sequence[Json]
    unread: Sequence[UnreadRange] = ()


async def all_slices(query: Query, time_range: TimeRange, ask: Ask) -> list[Json]:
    """Read every page of a query ordered by start, newest first; a row can come twice."""
    found = await slices_that_answer(query, time_range, ask)
    if found.unread:
        raise found.unread[0].error
    return [*found.rows]


async def slices_that_answer(query: Query, time_range: TimeRange, ask: Ask) -> SlicedRows:
    """The same as far as it can be read; raises only where the first page cannot."""
    first = await ask(query)
    pages = _pages_to_come(first, time_range)
    if pages < WORTH_SLICING:
        return await _after_first(query, first, time_range, ask)
    parts = _parts(time_range, min(pages, MOST_SLICES))
    found = await asyncio.gather(*(_slice(query, part, ask) for part in parts))
    rows = [row for one in found if not isinstance(one, UnreadRange) for row in one]
    unread = tuple(one for one in found if isinstance(one, UnreadRange))
    return SlicedRows(rows=[*(first.get("value") or ()), *rows], unread=unread)


async def _slice(query: Query, part: TimeRange, ask: Ask) -> list[Json] | UnreadRange:
    try:
        return await all_pages({**query, **within(part)}, ask)
    except AdfError as error:
        return UnreadRange(time_range=part, error=error)


async def _after_first(query: Query, first: Json, time_range: TimeRange, ask: Ask) -> SlicedRows:
    """Page after page; what comes after one that fails is older than the first page's rows."""
    try:
        return SlicedRows(rows=await _from_page(query, first, ask))
    except AdfError as error:
        rows = first.get("value") or ()
        starts = [when for row in rows if (when := moment(row.get("runStart")))]
        oldest = min(starts, default=time_range.end)
        older = TimeRange(start=time_range.start, end=max(oldest, time_range.start))
        return SlicedRows(rows=rows, unread=(UnreadRange(time_range=older, error=error),))


def within(time_range: TimeRange) -> Query:
    """The time range as a query has it."""
    return {
        "lastUpdatedAfter": wire_time(time_range.start),
        "lastUpdatedBefore": wire_time(time_range.end),
    }


async def _from_page(query: Query, page: Json, ask: Ask) -> list[Json]:
    """The rows of a page and of all after it; the token goes back in the body (not elsewhere)."""
    rows: list[Json] = [*(page.get("value") or ())]
    for _ in range(MOST_PAGES):
        token = page.get("continuationToken")
        if not token:
            return rows
        page = await ask({**query, "continuationToken": token})
        rows += page.get("value") or ()
    raise Unavailable(f"more than {MOST_PAGES} pages", asked="read all pages of a query")


def _pages_to_come(first: Json, time_range: TimeRange) -> int:
    """About how many pages the whole range has, as far apart as the rows of the first are."""
    if not first.get("continuationToken"):
        return 1
    starts = [when for row in first.get("value") or () if (when := moment(row.get("runStart")))]
    reach = (time_range.end - min(starts)) if starts else timedelta()
    whole = time_range.end - time_range.start
    return round(whole / reach) if timedelta() < reach < whole else 1


def _parts(time_range: TimeRange, number: int) -> Sequence[TimeRange]:
    step = (time_range.end - time_range.start) / number
    cuts: list[datetime] = [time_range.start + step * place for place in range(number)]
    ends = [*cuts[1:], time_range.end]
    return [TimeRange(start=start, end=end) for start, end in zip(cuts, ends, strict=True)]
