"""trend_card: how it goes over time: the finding, a chart that proves it, the pipelines behind."""

from datetime import timedelta

from adaptive_cards.types import Colors

from adf.records import Bucket, PipelineStats, RangeKind, RowStats, RunStats
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import (
    LONGEST_NAME,
    finding,
    header,
    note,
    reader_note,
    section,
    tile,
    tiles,
)
from cards.components.graphs import GraphPart, bars, seconds, small_spark, spark_line
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    DEGRADED,
    FAILED,
    SUCCEEDED,
    TELLING,
    StatusStyle,
    look_of,
)
from cards.context import CardContext
from cards.text import Md, count, duration, line, macro, md, over_range, range_said, say

MOST_PIPELINES = 12
MOST_BUCKETS = 24
MOST_ALONE = 2
_RANGES = (("24 h", 24), ("48 h", 48), ("7 days", 168))
_SEVERAL = frozenset({"all pipelines", "critical pipelines"})


def trend_card(stats: RunStats, reader: CardContext) -> Card:
    """The finding in one sentence, one chart that proves it, the pipelines behind it."""
    return fitted(lambda room: _draft(stats, reader, room))


def _draft(stats: RunStats, reader: CardContext, room: SizeLimit) -> CardDraft:
    failed, total = _failed(stats), sum(one.ended for one in stats.buckets)
    look = _state(failed, total)
    label = range_said(stats.time_range, reader.now, reader.zone)
    body: list[x.Element] = [
        header(
            look,
            say("{} · {}", _subject(stats), label),
            say("{} · ended runs, child runs included · up to {}", stats.factory, _end(stats)),
        ),
        finding(md(stats.finding, 400)),
        *reader_note(reader.note),
        *_tiles(stats, failed, total),
        *_chart(stats, reader),
        *(_moved(stats.rows) if stats.rows else []),
        *_pipelines(stats, min(MOST_PIPELINES, room.rows)),
        *[note(md(one, 200)) for one in stats.limits[:3]],
    ]
    return CardDraft(
        kind="trend_card",
        summary=f"{look.word}: {line(stats.subject, 80)}, {failed} of {count(total, 'run')} failed "
        f"{over_range(stats.time_range, reader.now, reader.zone)}. {line(stats.finding, 160)}",
        body=body,
        actions=_buttons(stats),
    )


def _end(stats: RunStats) -> Md:
    return macro(stats.time_range.end)


def _subject(stats: RunStats) -> str:
    """A name as it is; "all pipelines" begins the title."""
    subject = line(stats.subject, LONGEST_NAME)
    return subject.capitalize() if subject in _SEVERAL else subject


def _failed(stats: RunStats) -> int:
    return sum(one.failed for one in stats.buckets)


def _state(failed: int, total: int) -> StatusStyle:
    if not total:
        return TELLING
    return SUCCEEDED if not failed else FAILED if failed * 2 > total else DEGRADED


def _tiles(stats: RunStats, failed: int, total: int) -> list[x.Element]:
    if not total:
        return []
    before = say("before {}", f"{stats.before:.1%}") if stats.before is not None else Md("")
    shown = [
        tile("Success", md(f"{(total - failed) / total:.1%}"), before),
        tile("Runs", md(f"{total:,}")),
        tile("Failed", md(f"{failed:,}"), color=Colors.ATTENTION if failed else None),
    ]
    return [tiles(shown)]


def _chart(stats: RunStats, reader: CardContext) -> list[x.Element]:
    buckets = stats.buckets[-MOST_BUCKETS:]
    series = [
        GraphPart(
            name="Succeeded",
            color="neutral",
            values=tuple(float(one.succeeded) for one in buckets),
        ),
        GraphPart(
            name="Failed",
            color="attention",
            values=tuple(float(one.failed) for one in buckets),
        ),
    ]
    chart = bars("Runs over time", [_axis(one, stats, reader) for one in buckets], series)
    slow = [one.slow.total_seconds() if one.slow else None for one in buckets]
    known = [value for value in slow if value is not None]
    label = f"p95 duration: {seconds(known[-1])} (peak {seconds(max(known))})" if known else ""
    # Labels of a chart cannot be in each reader's own zone, so theirs is named.
    zone = f"{stats.time_range.end.astimezone(reader.zone):%Z}"
    return [
        *([section(say("Runs over time, {}", zone)), *chart] if chart else []),
        *(spark_line(label, slow, Colors.ACCENT) if known else []),
    ]


def _axis(one: Bucket, stats: RunStats, reader: CardContext) -> str:
    """When a bar begins: the time of day, or the day where the range is long."""
    if one.start is None:
        return line(one.label, 8)
    is_long = stats.time_range.end - stats.time_range.start > timedelta(hours=48)
    return f"{one.start.astimezone(reader.zone):{'%a %d' if is_long else '%H:%M'}}"


def _moved(moved: RowStats) -> list[x.Element]:
    """How many rows the last good runs copied."""
    usual = f", usually {moved.usual:,}" if moved.usual is not None else ""
    label = f"Rows copied: {moved.last:,} in the last run{usual}"
    values = [float(one) for one in moved.copied]
    if len(values) < MOST_ALONE:
        return [note(md(f"{label}."))]
    return list(spark_line(label, values, Colors.ACCENT))


def _pipelines(stats: RunStats, most: int) -> list[x.Element]:
    if not stats.pipelines:
        return []
    ordered = sorted(stats.pipelines, key=lambda one: (-one.failed, one.pipeline))
    listed = [_pipeline(one) for one in ordered]
    return [
        section("Failed runs by pipeline"),
        *rows(listed, most, "pipeline", spacing="ExtraSmall"),
    ]


def _pipeline(one: PipelineStats) -> ListRow:
    usual = f"usually {duration(one.usual)}" if one.usual else ""
    parts = [part for part in (usual, line(one.remark, 80)) if part]
    return ListRow(
        look=look_of(one.last),
        title=md(one.pipeline, LONGEST_NAME),
        below="" if any(one.durations) else md(" · ".join(parts)),
        right=md(f"{one.failed} of {one.runs}"),
        strong=one.failed > 0,
        bar=small_spark(one.durations[-10:]),
        beside=" · ".join(parts),
        question=f"status of {one.pipeline}",
        spoken=f"Status: {line(one.pipeline, 60)}",
    )


def _buttons(stats: RunStats) -> list[x.Element]:
    made: list[x.Element] = []
    if _failed(stats):
        hours = round((stats.time_range.end - stats.time_range.start).total_seconds() / 3600)
        several = stats.subject in _SEVERAL
        which = "which pipelines failed" if several else f"failed runs of {stats.subject}"
        question = f"{which} in the last {hours} hours"
        made.append(press.ask("Show failures", question, first=True))
    return [*made, *_ranges(stats)]


def _ranges(stats: RunStats) -> list[x.Element]:
    """The same card over other times; not over the one that it shows."""
    current, subject = stats.time_range, line(stats.subject, 200)
    what = "success rate" if stats.subject in _SEVERAL else "trend"
    length = current.end - current.start if current.kind is RangeKind.LENGTH else None
    return [
        press.edit(title, f"{what} of {subject} in the last {hours} hours")
        for title, hours in _RANGES
        if length != timedelta(hours=hours)
    ]
