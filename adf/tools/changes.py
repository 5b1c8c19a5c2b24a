"""What was changed or deployed, by whom, and whether that was between green and red."""

from datetime import datetime, timedelta
from typing import Annotated

from adf.changes import Relations, changes_of, read_log, relations_of, split_changes, turned_red
from adf.client import AdfClient
from adf.errors import AdfError, BadArguments, OutOfRange
from adf.records import LOG_REACHES_BACK, ChangeLog, GreenToRed, RangeKind, TimeRange
from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT, DEFAULT_HOURS, Adf


@tool(
    progress="Looking for changes",
    reads=True,
    help="Changes: “what changed in <pipeline>”, “was anything deployed since yesterday”",
    limit=DEEP_LIMIT,
)
async def adf_change_log(
    adf: Adf,
    pipeline: Annotated[str | None, "only what has to do with this pipeline"] = None,
    trigger: Annotated[str | None, "only what was done to this trigger"] = None,
    hours: Annotated[float | None, "how far back; 48 when left out, 2160 (90 days) at most"] = None,
    from_: Annotated[datetime | None, "start of the time range, UTC"] = None,
    to: Annotated[datetime | None, "end of the time range, UTC"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> ChangeLog:
    """Who changed, deployed, started or stopped what, from Azure's activity log.

    Use when asked what changed or who did it.
    """
    client = await adf.factories.client(factory)
    now = adf.clock()
    time_range = _range(hours, from_, to, now)
    turned = await _turned(client, pipeline, now)
    if turned and hours is None and from_ is None and to is None:
        # What broke a pipeline came after its last good run, however long ago that was.
        start = max(min(time_range.start, turned.good_at), now - LOG_REACHES_BACK)
        if start < time_range.start:
            time_range = TimeRange(start=start, end=now, kind=RangeKind.SINCE)
    events, gaps = await read_log(client, time_range)
    found = changes_of(events, client.factory.name)
    relations, unread = await _relations(client, pipeline, trigger)
    mine, others = split_changes(found, relations) if relations else (found, ())
    return ChangeLog(
        factory=client.factory.alias,
        as_of=now,
        time_range=time_range,
        changes=mine,
        elsewhere=others,
        pipeline=pipeline,
        trigger=trigger,
        turned_red=turned,
        gaps=(*gaps, *unread),
    )


async def _relations(
    client: AdfClient, pipeline: str | None, trigger: str | None
) -> tuple[Relations, tuple[str, ...]]:
    """What has to do with a trigger or a pipeline, and what could not be read for that."""
    if trigger:
        return {("trigger", trigger.lower()): "itself"}, ()
    if pipeline is None:
        return {}, ()
    published = await client.get_definitions()
    return relations_of(pipeline, published), published.gaps


async def _turned(client: AdfClient, pipeline: str | None, now: datetime) -> GreenToRed | None:
    """Where the pipeline turned red; what cannot be read of its runs leaves the log as it is."""
    if pipeline is None:
        return None
    try:
        return await turned_red(client, pipeline, now)
    except AdfError:
        return None


def _range(
    hours: float | None, start: datetime | None, end: datetime | None, now: datetime
) -> TimeRange:
    """The range that is asked for, as far as the log reaches back."""
    until = min(_aware(end, now), now) if end else now
    length = timedelta(hours=min(hours or DEFAULT_HOURS, LOG_REACHES_BACK / timedelta(hours=1)))
    since = _aware(start, now) if start else until - length
    if length <= timedelta() or since >= until:
        raise BadArguments("that is no length of time", asked="look for changes")
    if until <= now - LOG_REACHES_BACK:
        said = f"the activity log reaches back {LOG_REACHES_BACK.days} days"
        raise OutOfRange(said, asked="look that far back")
    kind = RangeKind.LENGTH
    if end and until < now:
        kind = RangeKind.CLOSED
    elif start:
        kind = RangeKind.SINCE
    return TimeRange(start=max(since, now - LOG_REACHES_BACK), end=until, kind=kind)


def _aware(when: datetime, now: datetime) -> datetime:
    return when.replace(tzinfo=now.tzinfo) if when.tzinfo is None else when
