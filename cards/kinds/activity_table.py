"""activity_table: the activity runs of a run, each with its place in the whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from adf.records import (
    BROKEN,
    ActivityRun,
    ActivityTable,
    PipelineRun,
    RunReport,
    RunStatus,
)
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.activity_rows import activity_row, beside
from cards.components.blocks import LONGEST_NAME, finding, header, note, reader_note, section
from cards.components.doubts import doubts, first_doubt, rows_copied, style_of
from cards.components.graphs import gantt
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import MOST_SEEN, ListRow, rows
from cards.components.status_styles import SKIPPED, look_of
from cards.context import CardContext
from cards.kinds.run_card import small_print
from cards.links import run_page
from cards.text import count, duration, line, md, say, span

KIND = "activity_table"
MOST_ROWS = 40
MOST_CHILDREN = 6
FEWEST_FILTERED = 2


def activity_table(asked: ActivityTable, reader: CardContext) -> Card:
    """All activity runs, or only some states, those of child runs under their own heading."""
    return fitted(lambda room: _draft(asked, reader, room))


def timed_row(one: ActivityRun, run: PipelineRun, now: datetime) -> ListRow:
    """An activity run with the bar of when it ran in the whole."""
    row, look = activity_row(one), look_of(one.status)
    if look is SKIPPED:
        return row
    total = run.lasted(now)
    if one.start is None or run.start is None or not total:
        return row
    ran = one.duration or (one.end or now) - one.start
    bar = gantt(one.start - run.start, ran, total, look)
    return replace(row, right=md(duration(ran)), bar=bar, beside=beside(one, kind=False), below="")


def _draft(asked: ActivityTable, reader: CardContext, room: SizeLimit) -> CardDraft:
    run = asked.report.run
    listed = [one for one, _ in _all(asked)]
    said = _counts(listed, asked.only)
    body: list[x.Element] = [
        header(
            style_of(run, asked.report.check),
            md(run.pipeline, LONGEST_NAME),
            say("{} · in {}", said, duration(run.lasted(reader.now))),
        ),
        *reader_note(reader.note),
        *_moved(asked),
        *doubts(asked.report.check),
        *_parts(asked, reader, min(MOST_ROWS, room.rows)),
        *[note(say("Partial answer: {}.", gap)) for gap in asked.report.gaps[:3]],
        small_print(run, asked.report.as_of, reader),
    ]
    return CardDraft(
        kind=KIND,
        summary=_summary(asked.report, said),
        body=body,
        actions=_buttons(asked, reader),
    )


def _summary(report: RunReport, said: str) -> str:
    run, doubt = report.run, first_doubt(report.check)
    check = f" Check: {doubt}." if doubt else ""
    return f"{look_of(run.status).word}: {line(run.pipeline, 80)}, {said}.{check}"


def _moved(asked: ActivityTable) -> list[x.Element]:
    """How many rows a good run copied, beside what is usual where that is known."""
    check = asked.report.check
    if check is None or check.usual_rows is None:
        return []
    said = rows_copied(check)
    return [finding(said)] if said else []


def _all(asked: ActivityTable) -> Iterator[tuple[ActivityRun, RunReport]]:
    for report in _reports(asked.report):
        for one in report.activity_runs:
            if not asked.only or one.status in asked.only:
                yield one, report


def _reports(report: RunReport) -> Iterator[RunReport]:
    yield report
    for child in report.children:
        yield from _reports(child)


def _counts(listed: Sequence[ActivityRun], only: Sequence[RunStatus]) -> str:
    """How many, and of which states: "12 activity runs: 9 succeeded, 3 failed"."""
    counted = Counter(look_of(one.status).word.lower() for one in listed)
    if not listed:
        states = " or ".join(look_of(one).word.lower() for one in only)
        return f"No {states} activity runs".replace("  ", " ")
    if len(counted) == 1:
        return count(len(listed), f"{next(iter(counted))} activity run")
    states = ", ".join(f"{much} {word}" for word, much in counted.most_common())
    return f"{count(len(listed), 'activity run')}: {states}"


def _parts(asked: ActivityTable, reader: CardContext, most: int) -> list[x.Element]:
    """The rows, broken ones first when not all can be shown, each child run under its name."""
    made: list[x.Element] = []
    reports = list(_reports(asked.report))
    shares = max(3, most // min(len(reports), MOST_CHILDREN))
    for report in reports[:MOST_CHILDREN]:
        listed = [one for one, of in _all(asked) if of is report]
        if not listed:
            continue
        if report is not asked.report:
            made.append(section(say("In {}", md(report.run.pipeline, LONGEST_NAME))))
        made += _axis(report.run, listed, reader)
        shown = sorted(listed, key=_broken_first) if len(listed) > MOST_SEEN else listed
        timed = [timed_row(one, report.run, reader.now) for one in shown]
        name = f"of run {len(made)}"
        made += rows(timed, shares, "activity run", spacing="ExtraSmall", name=name)
    rest = len(reports) - MOST_CHILDREN
    return [*made, note(say("{} more child runs", rest))] if rest > 0 else made


def _axis(run: PipelineRun, listed: Sequence[ActivityRun], reader: CardContext) -> list[x.Element]:
    """From when to when the bars below reach; nothing where none is drawn."""
    end = run.end or reader.now
    if run.start is None or not any(one.start for one in listed):
        return []
    return [note(say("Bars: {}", span(run.start, end, reader.now, reader.zone)))]


def _broken_first(one: ActivityRun) -> bool:
    return one.status not in BROKEN


def _filter(table: ActivityTable) -> list[x.Element]:
    """The same card with less, or with all again; one failure alone has a card of its own."""
    run, cause = table.report.run, table.report.cause
    if table.only:
        return [press.edit("All activities", f"activity breakdown of run {run.run_id}")]
    if cause is None or len(cause.failed) < FEWEST_FILTERED:
        return []
    return [press.edit("Failed only", f"failed activity runs of run {run.run_id}")]


def _buttons(table: ActivityTable, reader: CardContext) -> list[x.Element]:
    run = table.report.run
    made: list[x.Element] = []
    if run.status in BROKEN:
        made.append(press.ask("Why did it fail", f"why did run {run.run_id} fail", first=True))
        made += _filter(table)
    made.append(press.ask("Back to run", f"status of run {run.run_id}"))
    return [
        *made,
        *press.open_page("Open in Studio", run_page(reader.studio, run.factory, run.run_id)),
    ]
