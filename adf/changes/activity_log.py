"""The activity log of Azure Monitor: who did what to a factory and beside it, for 90 days."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.client import AdfClient
from adf.client.operations import LIST_ACTIVITY_LOG
from adf.client.wire_values import Json, moment, object_of, text_of, wire_time
from adf.errors import Forbidden
from adf.records import Factory, TimeRange

_ONLY_THE_FACTORY = "only the factory's own changes could be read, no deployments around it"
_APP = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACE = re.compile(r"(?i)/providers/([^/]+)/(.+)$")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One event: the operation, the kind and name of what it was done to, and how it ended.

    `owner` is the resource the thing is part of (the factory of a pipeline); `act` is the same for
    all events of one act.
    """

    at: datetime
    actor: str
    operation: str
    provider: str
    owner: str
    kind: str
    name: str
    act: str
    status: str
    said: str = ""


async def read_log(
    client: AdfClient, time_range: TimeRange, resource: str | None = None
) -> tuple[Sequence[LogEvent], tuple[str, ...]]:
    """Every event of the factory's resource group, or of one resource; newest first, with gaps.

    Who may read the factory alone is answered for it, but not for its group.
    """
    if resource is not None:
        return await _events(client, within(time_range, uri=resource)), ()
    try:
        group = client.factory.resource_group
        return await _events(client, within(time_range, group=group)), ()
    except Forbidden:
        own = within(time_range, uri=client.factory.resource_id)
        return await _events(client, own), (_ONLY_THE_FACTORY,)


def within(time_range: TimeRange, *, group: str = "", uri: str = "") -> str:
    """The filter of the log: a range, and a resource group or a resource."""
    place = (
        f"resourceUri eq '{_quoted(uri)}'" if uri else f"resourceGroupName eq '{_quoted(group)}'"
    )
    since, until = wire_time(time_range.start), wire_time(time_range.end)
    return f"eventTimestamp ge '{since}' and eventTimestamp le '{until}' and {place}"


def trigger_id(factory: Factory, trigger: str) -> str:
    """A trigger as Resource Manager addresses it."""
    return f"{factory.resource_id}/triggers/{trigger}"


async def _events(client: AdfClient, log_filter: str) -> Sequence[LogEvent]:
    rows = await client.read_list(LIST_ACTIVITY_LOG, log_filter)
    found = _ended(event for row in rows if (event := _event(row)))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _event(row: Json) -> LogEvent | None:
    at, place = moment(row.get("eventTimestamp")), _PLACE.search(text_of(row.get("resourceId")))
    if at is None or place is None:
        return None
    parts = place[2].split("/")
    return LogEvent(
        at=at,
        actor=_actor(row),
        operation=_value(row.get("operationName")).lower(),
        provider=place[1].lower(),
        owner=parts[1] if len(parts) > 1 else "",
        kind=parts[-2].lower() if len(parts) > 1 else "",
        name=parts[-1],
        act=text_of(row.get("correlationId")) or text_of(row.get("operationId")),
        status=_value(row.get("status")),
        said=text_of(row.get("description"))[:_LONGEST],
    )


def _actor(row: Json) -> str:
    """A person's name, or how an application is called; its id where the log has no more."""
    caller = text_of(row.get("caller"))
    if caller and not _APP.fullmatch(caller):
        return caller[:_LONGEST]
    claims = object_of(row.get("claims"))
    named = text_of(claims.get("name")) or text_of(claims.get("appid")) or caller
    return f"app {named}"[:_LONGEST] if _APP.fullmatch(named) else named[:_LONGEST] or "unknown"


def _value(wire: object) -> str:
    return text_of(object_of(wire).get("value"))


def _ended(events: Iterable[LogEvent]) -> list[LogEvent]:
    """One event for each operation of an act: how it ended, where that is in the log."""
    known: dict[tuple[str, ...], LogEvent] = {}
    for one in events:
        key = (one.act, one.operation, one.provider, one.owner, one.kind, one.name)
        before = known.get(key)
        if before is None or (_rank(one), one.at) > (_rank(before), before.at):
            known[key] = one
    return list(known.values())


def _rank(one: LogEvent) -> int:
    return {"succeeded": 2, "failed": 2, "accepted": 1}.get(one.status.lower(), 0)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
