"""Right answers in an awkward shape: more pages, another order than the one that was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from adf.simulator.arm.run_queries import BadQuery, Page, RunQuery
from adf.simulator.runs import SimulatedActivityRun, SimulatedRun
from adf.simulator.trigger_runs import SimulatedTriggerRun

Row = TypeVar("Row", SimulatedRun, SimulatedActivityRun, SimulatedTriggerRun)
Order = Literal["reversed", "failures_last"]

_MARK = "shaped-"
_EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShape:
    """In how many pages rows come, and in which order in place of the one asked for."""

    pages: int | None = None
    order: Order | None = None


def shaped(
    shape: PageShape | None, query: RunQuery, ask: Callable[[RunQuery, int], Page[Row]], size: int
) -> Page[Row]:
    """One page of what `ask` finds, in its own shape or in the given one."""
    if shape is None:
        return ask(query, size)
    found = _ordered(ask(replace(query, token=None), _EVERYTHING).rows, shape.order)
    size = max(1, -(-len(found) // shape.pages)) if shape.pages else size
    begin = _offset(query.token)
    more = begin + size < len(found)
    return Page(rows=found[begin : begin + size], token=f"{_MARK}{begin + size}" if more else None)


def _ordered(rows: Sequence[Row], order: Order | None) -> tuple[Row, ...]:
    if order == "reversed":
        return tuple(reversed(rows))
    if order == "failures_last":
        return tuple(sorted(rows, key=lambda row: row.status == "Failed"))
    return tuple(rows)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    number = token.removeprefix(_MARK)
    if not number.isdecimal():
        raise BadQuery("The continuation token is invalid or belongs to another query.")
    return int(number)
