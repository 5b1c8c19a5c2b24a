"""Questions about runs: a range of last updates, filters, an order, and pages by opaque token."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from adf.simulator.runs import SimulatedActivityRun, SimulatedRun

Value = str | datetime | None


class _Updated(Protocol):
    @property
    def last_updated(self) -> datetime: ...


Row = TypeVar("Row", bound=_Updated)

OPERATORS = ("Equals", "NotEquals", "In", "NotIn")
LATEST_ONLY = "LatestOnly"
RUN_OPERANDS: Mapping[str, Callable[[SimulatedRun], Value]] = {
    "PipelineName": lambda run: run.pipeline,
    "Status": lambda run: run.status,
    "RunStart": lambda run: run.run_start,
    "RunEnd": lambda run: run.end,
    "RunGroupId": lambda run: run.group_id,
    LATEST_ONLY: lambda run: "true" if run.is_latest else "false",
}
RUN_ORDERS = ("RunStart", "RunEnd", "PipelineName", "Status")
ACTIVITY_OPERANDS: Mapping[str, Callable[[SimulatedActivityRun], Value]] = {
    "ActivityName": lambda one: one.name,
    "ActivityRunStart": lambda one: one.start,
    "ActivityRunEnd": lambda one: one.end,
    "ActivityType": lambda one: one.kind,
    "Status": lambda one: one.status,
}
ACTIVITY_ORDERS = ("ActivityName", "ActivityRunStart", "ActivityRunEnd", "Status")


class BadQuery(Exception):
    """A question the service refuses; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition on a field of a run."""

    operand: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One field to sort by."""

    by: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """RunFilterParameters: which runs, in which order, and from where to go on."""

    after: datetime
    before: datetime
    filters: tuple[Filter, ...] = ()
    order_by: tuple[Order, ...] = ()
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """A part of the answer, and the token for the next part."""

    rows: tuple[Row, ...]
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedQuery:
    """A question with its place in the paging: whose runs, as of when, from which row on."""

    query: RunQuery
    scope: str
    as_of: datetime
    offset: int = 0


def resume(query: RunQuery, scope: str, now: datetime) -> PagedQuery:
    """Where to answer from; BadQuery for a token that another question was given."""
    first = replace(query, token=None)
    if query.token is None:
        return PagedQuery(query=first, scope=scope, as_of=now)
    try:
        offset, as_of = _unpack(query.token)
        asked = PagedQuery(query=first, scope=scope, as_of=as_of, offset=offset)
    except ValueError:
        asked = None
    if asked is None or _token(asked) != query.token:
        raise BadQuery("The continuation token is invalid or belongs to another query.")
    return asked


def matching(
    rows: Iterable[Row], operands: Mapping[str, Callable[[Row], Value]], query: RunQuery
) -> list[Row]:
    """The rows that fit a question, in its order."""
    found = [row for row in rows if query.after <= row.last_updated <= query.before]
    for one in query.filters:
        found = [row for row in found if _fits(operands[one.operand](row), one)]
    for order in reversed(query.order_by):
        key = operands[order.by]
        found.sort(key=lambda row, key=key: _sortable(key(row)), reverse=order.descending)
    return found


def page_of(found: Sequence[Row], asked: PagedQuery, size: int) -> Page[Row]:
    """One page of the rows that were found, and the token for the next."""
    end = asked.offset + size
    token = _token(replace(asked, offset=end)) if end < len(found) else None
    return Page(rows=tuple(found[asked.offset : end]), token=token)


def _fits(value: Value, one: Filter) -> bool:
    if one.operand == LATEST_ONLY:
        return value == "true" or "true" not in [text.lower() for text in one.values]
    wanted = [_like(value, text) for text in one.values]
    return (value in wanted) is (one.operator in ("Equals", "In"))


def _like(value: Value, text: str) -> Value:
    """Read a filter's text as the kind of thing it is compared with."""
    if not isinstance(value, datetime):
        return text
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadQuery(f"'{text}' is not a date and time.") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _sortable(value: Value) -> tuple[bool, Value]:
    return value is not None, value


def _token(asked: PagedQuery) -> str:
    place = f"{asked.offset}|{asked.as_of.isoformat()}"
    seal = hashlib.blake2b(f"{asked.scope}|{asked.query}|{place}".encode(), digest_size=12)
    return base64.b64encode(f"{place}|{seal.hexdigest()}".encode()).decode()


def _unpack(token: str) -> tuple[int, datetime]:
    offset, moment, _ = base64.b64decode(token, validate=True).decode().split("|")
    return int(offset), datetime.fromisoformat(moment)
