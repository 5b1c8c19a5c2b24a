"""What of an answer somebody may be shown: all of it, two plain sentences, or nothing.

Held after the tools have answered and before anything is drawn, so no way to ask gets around it.
What is no record, and so does not say whose it is, counts as somebody else's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adf.records import ACTIVE, BaseRecord, PipelineRun, RangeKind, RunList, RunStatus
from bot.access.policy import Grant, Right
from cards.records import Problem
from cards.text import within_range


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleAnswer:
    """What is shown of an answer: records, or words; `refused` is the factory that is not."""

    records: tuple[object, ...] = ()
    words: str = ""
    refused: str | None = None


def shown_to(
    grant: Grant,
    records: Sequence[object],
    now: datetime,
    zone: ZoneInfo,
    asks: Callable[[], Sequence[str]] = tuple,
) -> VisibleAnswer:
    """What somebody with this grant is shown; `asks` names those who can tell more."""
    kept: list[object] = []
    for record in records:
        if isinstance(record, Problem):
            kept.append(record if _reads_any(grant) else _without_details(record))
            continue
        hidden = _hidden(grant, record)
        if hidden is None:
            kept.append(record)
        elif isinstance(record, RunList) and _is_status(record) and grant.may(Right.HEAR, hidden):
            return VisibleAnswer(words=in_plain_words(record, now, zone, asks()))
        else:
            return VisibleAnswer(refused=hidden)
    return VisibleAnswer(records=tuple(kept))


def in_plain_words(runs: RunList, now: datetime, zone: ZoneInfo, asks: Sequence[str]) -> str:
    """Whether a pipeline's data is in and since when; then when it is expected."""
    when = _LocalTime(now, zone)
    name, newest = runs.pipeline or "", runs.runs[0] if runs.runs else None
    if newest is None:
        span = runs.time_range
        since = f"since {when.said(span.start)}"
        if span.kind is RangeKind.CLOSED and span.end < runs.as_of:
            since = within_range(span, now, zone)
        return f"{name} loaded nothing {since}. {_expected(runs, None, when, asks)}"
    return f"{_is_in(name, runs, newest, when)} {_expected(runs, newest, when, asks)}"


def _is_status(runs: RunList) -> bool:
    """Whether it is the whole state of one pipeline: of some states only, it could mislead."""
    return runs.pipeline is not None and not runs.statuses


def _is_in(name: str, runs: RunList, newest: PipelineRun, when: "_LocalTime") -> str:
    if newest.status is RunStatus.SUCCEEDED:
        return f"The {name} data is in, as of {when.said(newest.end)}."
    good = next((run for run in runs.runs if run.status is RunStatus.SUCCEEDED), None)
    before = f"; the latest data is from {when.said(good.end)}" if good else ""
    if newest.status in ACTIVE:
        begun = f"loading since {when.said(newest.start)}" if newest.start else "waiting to start"
        return f"The {name} data is not in yet: it is {begun}{before}."
    return (
        f"The {name} data is not in: the last load didn't complete, "
        f"{when.said(newest.end or newest.start)}{before}."
    )


def _expected(
    runs: RunList, newest: PipelineRun | None, when: "_LocalTime", asks: Sequence[str]
) -> str:
    notes = runs.notes.get(runs.pipeline or "")
    due = when.next_at(notes.due) if notes and notes.due else None
    if newest and newest.status is RunStatus.SUCCEEDED:
        return (
            f"The next load is due by {when.said(due)}."
            if due
            else "No deadline is set for the next load."
        )
    usual = notes.usual if notes else None
    if newest and newest.status in ACTIVE and newest.start and usual:
        ready = newest.start + usual
        if ready > when.now:
            return f"It is usually done by {when.said(ready)}."
        return f"It is usually done by {when.said(ready)}, so it is late."
    by = f"It is due by {when.said(due)}" if due else "No deadline is set for it"
    return f"{by}. Ask {' or '.join(asks)} whether it will make it."


class _LocalTime:
    """Says times as a reader in the room says them: today without the date."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now = now
        self._zone = zone

    def said(self, at: datetime | None) -> str:
        if at is None:
            return "an unknown time"
        here, today = at.astimezone(self._zone), self.now.astimezone(self._zone).date()
        return f"{here:%H:%M}" if here.date() == today else f"{here:%a %d %b, %H:%M}"

    def next_at(self, due: str) -> datetime | None:
        """The next moment of a time of day in UTC ("05:00 UTC")."""
        try:
            clock = time.fromisoformat(due.removesuffix(" UTC"))
        except ValueError:
            return None
        today = datetime.combine(self.now.astimezone(UTC).date(), clock, UTC)
        return today if today >= self.now else today + timedelta(days=1)


def _reads_any(grant: Grant) -> bool:
    return any(grant.may(Right.READ, alias) for alias in grant.aliases)


def _without_details(trouble: Problem) -> Problem:
    return replace(trouble, last_known=None, code=None, link=None)


def _hidden(grant: Grant, record: object) -> str | None:
    """The first factory of a record that may not be read; None when all of it may be."""
    factories = record.factories if isinstance(record, BaseRecord) else ("",)
    return next((one for one in factories if not grant.may(Right.READ, one)), None)
