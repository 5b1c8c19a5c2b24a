"""The activity log of Azure Monitor: the events of a subscription that fit a filter, by pages."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from aiohttp import web

from adf.simulator.activity_log import LogEntry
from adf.simulator.arm.protocol import ArmError, json_answer
from adf.simulator.arm.routes import STATE
from adf.simulator.dates import read_time
from adf.simulator.state import DataFactory, State

VERSION = "2015-04-01"
PATH = "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values"
REACHES_BACK = timedelta(days=90)
_CLAUSE = re.compile(r"(?i)\s*(\w+)\s+(ge|le|eq)\s+'([^']*)'\s*")
_Found = tuple[DataFactory, LogEntry]


def monitor_routes() -> list[web.RouteDef]:
    """Every route of Azure Monitor."""
    return [web.get(PATH, _list_events)]


async def _list_events(request: web.Request) -> web.Response:
    state, subscription = request.app[STATE], request.match_info["subscription"]
    clauses = _clauses(request.query.get("$filter", ""))
    found = _fitting(state, subscription, clauses)
    begin, size = _skipped(request), state.page_size
    rows = [one.body(subscription, factory.resource_group) for factory, one in found]
    more = begin + size < len(rows)
    link = {"nextLink": _next_link(request, begin + size)} if more else {}
    return json_answer({"value": rows[begin : begin + size], **link})


def _clauses(text: str) -> dict[str, str]:
    """What the filter asks for; only a start, an end and one place may be asked for."""
    found: dict[str, str] = {}
    for part in re.split(r"(?i)\s+and\s+", text.strip()):
        clause = _CLAUSE.fullmatch(part)
        if clause is None:
            raise ArmError(400, "BadRequest", f"The filter '{text}' is not supported.")
        found[f"{clause[1].lower()} {clause[2].lower()}"] = clause[3]
    places = found.keys() - {"eventtimestamp ge", "eventtimestamp le"}
    known = {"resourcegroupname eq", "resourceuri eq"}
    if "eventtimestamp ge" not in found or len(places) > 1 or places - known:
        raise ArmError(400, "BadRequest", f"The filter '{text}' is not supported.")
    return found


def _fitting(state: State, subscription: str, clauses: dict[str, str]) -> Sequence[_Found]:
    """The events of the range and the place, newest first."""
    now = state.clock()
    since = max(_time(clauses["eventtimestamp ge"]), now - REACHES_BACK)
    until = min(_time(clauses.get("eventtimestamp le") or now.isoformat()), now)
    found = [
        (factory, one)
        for factory in state.factories
        for one in factory.log
        if since <= one.at <= until and _is_there(factory, one, subscription, clauses)
    ]
    return sorted(found, key=lambda pair: pair[1].at, reverse=True)


def _is_there(
    factory: DataFactory, one: LogEntry, subscription: str, clauses: dict[str, str]
) -> bool:
    group, uri = clauses.get("resourcegroupname eq"), clauses.get("resourceuri eq")
    whole = one.resource_id(subscription, factory.resource_group).lower()
    return (group is None or group.lower() == factory.resource_group.lower()) and (
        uri is None or whole == uri.lower() or whole.startswith(f"{uri.lower()}/")
    )


def _time(text: str) -> datetime:
    moment = read_time(text)
    if moment is None:
        raise ArmError(400, "BadRequest", f"'{text}' is not a time.")
    return moment


def _skipped(request: web.Request) -> int:
    said = request.query.get("$skipToken", "0")
    if not said.isdecimal():
        raise ArmError(400, "InvalidSkipToken", f"The skip token '{said}' is not valid.")
    return int(said)


def _next_link(request: web.Request, begin: int) -> str:
    log_filter = quote(request.query.get("$filter", ""))
    return (
        f"{request.url.origin()}{quote(request.path)}?api-version={VERSION}"
        f"&%24filter={log_filter}&%24skipToken={begin}"
    )
