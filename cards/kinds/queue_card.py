"""queue_card: what waits and why, what stands before it, and how far the running ones are."""

from collections.abc import Sequence
from datetime import datetime

from adf.records import (
    AZURE_OWN,
    Pace,
    PipelineQueue,
    QueuedRun,
    QueueReport,
    RunProgress,
    UsualTime,
    WaitKind,
    WaitReason,
)
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, QUEUED, RUNNING, SUCCEEDED, StatusStyle
from cards.context import CardContext
from cards.text import Md, Said, bold, count, duration, line, macro, md, say, short_id, when

MOST_QUEUED = 8
MOST_REASONS = 4


def queue_card(report: QueueReport, reader: CardContext) -> Card:
    """One pipeline's queue in full, or a row for each pipeline, those that wait first."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: QueueReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, said = _look(report), _headline(report)
    body: list[x.Element] = [
        header(look, md(said, 200), say("{} · as of {}", report.factory, macro(report.as_of)))
    ]
    if len(report.queues) == 1:
        body += _one(report.queues[0], reader, room)
    elif report.queues:
        body += rows([_row(one, reader) for one in report.queues], room.rows, "pipeline")
    else:
        body.append(finding(Md("Nothing is running or waiting.")))
    body += reader_note(reader.note)
    body += [note(say("Partial answer: {}.", one)) for one in report.gaps[:3]]
    return CardDraft(
        kind="queue_card",
        summary=f"{look.word}: {said}.",
        body=body,
        actions=_buttons(report),
    )


def _look(report: QueueReport) -> StatusStyle:
    if any(run.is_overlong for run in report.running):
        return DEGRADED
    if any(one.is_waiting for one in report.queues):
        return QUEUED
    return RUNNING if report.queues else SUCCEEDED


def _headline(report: QueueReport) -> str:
    windows = sum(len(one.windows) for one in report.queues)
    parts = [
        f"{report.waiting} queued" if report.waiting else "",
        f"{count(windows, 'window')} waiting" if windows else "",
        f"{len(report.running)} running" if report.running else "",
    ]
    name = report.pipeline or (report.queues[0].pipeline if len(report.queues) == 1 else "")
    about = line(name or report.factory, LONGEST_NAME)
    return f"{about}: {', '.join(one for one in parts if one) or 'nothing queued or running'}"


def _one(queue: PipelineQueue, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    most = min(MOST_QUEUED, room.rows)
    waiting = [_queued(one, reader) for one in queue.waiting]
    running = [_running(one, reader) for one in queue.running]
    in_front = queue.running[0] if len(queue.running) == 1 else None
    return [
        *(finding(one) for one in _findings(queue, reader)),
        *(facts(_facts(in_front, reader)) if in_front else []),
        *([section("Running")] if running and not in_front else []),
        *(rows(running, most, "", name="running") if not in_front else []),
        *([section("Waiting")] if waiting else []),
        *rows(waiting, most, "queued run", spacing="ExtraSmall"),
        *([note(Md(_ORDER))] if waiting and queue.running else []),
    ]


_LABELS = {
    WaitKind.CONCURRENCY: "Concurrency limit",
    WaitKind.RUNTIME_OFFLINE: "Integration runtime offline",
    WaitKind.RUNTIME_BUSY: "Integration runtime busy",
    WaitKind.WINDOW: "Tumbling window",
    WaitKind.THROTTLED: "Throttled",
    WaitKind.FACTORY_LIMIT: "Limit of the service",
}
_ORDER = "Queued runs start on their own when a running one ends, usually oldest first."


def _findings(queue: PipelineQueue, reader: CardContext) -> list[Md]:
    """Why it waits, each reason with what shows it, and which run takes long."""
    said = [_reason(one) for one in queue.reasons[:MOST_REASONS]]
    if not said and queue.is_waiting:
        said.append(Md("I can't tell why it waits: no limit is reached and nothing is down."))
    return [*said, *(_pace(run, reader) for run in queue.running if run.is_overlong)]


def _reason(one: WaitReason) -> Md:
    label = f"Likely: {_LABELS[one.kind].lower()}" if one.likely else _LABELS[one.kind]
    return say("{} – {}.", bold(label), md(one.evidence, 240))


def _pace(run: RunProgress, reader: CardContext) -> Md:
    """How long it takes against the usual, and that it looks hung where it does."""
    took = bold(duration(reader.now - run.since if run.since else None))
    hung = Md("It looks stuck: ") if run.pace is Pace.HUNG else Md("")
    return say("{}running for {}, usually {}.", hung, took, _usual(run.usual))


def _usual(usual: UsualTime | None) -> Md:
    """What is usual, and on how many runs that rests."""
    if usual is None:
        return Md("not known: too few finished runs")
    if not usual.sample:
        return say("{} (declared by its owners)", duration(usual.middle))
    slow = say(", 95% within {}", duration(usual.slow)) if usual.slow else Md("")
    return say("{}{} ({})", duration(usual.middle), slow, count(usual.sample, "run"))


def _facts(run: RunProgress, reader: CardContext) -> list[tuple[Said, Said]]:
    took = duration(reader.now - run.since) if run.since else ""
    since = say("since {} ({})", _when(run.since, reader), took) if run.since else Md("")
    return [
        ("Running", since),
        ("Step", _step(run, reader)),
        ("Usual", _usual(run.usual)),
        ("Done", _end(run, reader)),
    ]


def _step(run: RunProgress, reader: CardContext) -> Md:
    if not run.activity:
        return Md("")
    began = say(" since {}", _when(run.activity_since, reader)) if run.activity_since else Md("")
    own = run.runtime and run.runtime.lower() not in AZURE_OWN
    where = say(" on {}", run.runtime) if own else Md("")
    return say("{} ({}){}{}", run.activity, run.activity_kind, where, began)


def _end(run: RunProgress, reader: CardContext) -> Md:
    if run.expected_end:
        return say("likely around {}", _when(run.expected_end, reader))
    return Md("can't say: it is over its usual time") if run.is_overlong else Md("")


def _queued(one: QueuedRun, reader: CardContext) -> ListRow:
    starts = one.expected_start
    turn = say(", likely starts around {}", _when(starts, reader)) if starts else Md("")
    return ListRow(
        look=QUEUED,
        title=say("Run {}", short_id(one.run_id)),
        below=say("{} before it{}", count(one.before, "run"), turn),
        right=say("since {}", _when(one.since, reader)) if one.since else Md(""),
    )


def _running(run: RunProgress, reader: CardContext) -> ListRow:
    return ListRow(
        look=DEGRADED if run.is_overlong else RUNNING,
        title=say("Run {}", short_id(run.run_id)),
        below=Md(
            " · ".join(
                one for one in (_step(run, reader), say("usually {}", _usual(run.usual))) if one
            )
        ),
        right=say("since {}", _when(run.since, reader)) if run.since else Md(""),
        strong=run.is_overlong,
        question=f"status of run {run.run_id}",
        spoken="Status of this run",
    )


def _row(queue: PipelineQueue, reader: CardContext) -> ListRow:
    overlong = any(run.is_overlong for run in queue.running)
    return ListRow(
        look=DEGRADED if overlong else QUEUED if queue.is_waiting else RUNNING,
        title=md(queue.pipeline, LONGEST_NAME),
        below=Md(" · ".join(_brief(queue, reader))),
        right=_first_since(queue, reader),
        strong=overlong,
        question=f"why is {queue.pipeline} queued" if queue.is_waiting else _status_of(queue),
        spoken=f"Queue of {line(queue.pipeline, 60)}",
    )


def _brief(queue: PipelineQueue, reader: CardContext) -> Sequence[Md]:
    windows = count(len(queue.windows), "window")
    counts = [
        md(f"{len(queue.running)} running") if queue.running else Md(""),
        md(f"{len(queue.waiting)} queued") if queue.waiting else Md(""),
        md(f"{windows} waiting") if queue.windows else Md(""),
    ]
    kinds = ", ".join(
        f"{'likely ' if one.likely else ''}{_LABELS[one.kind].lower()}" for one in queue.reasons[:2]
    )
    late = [_pace(run, reader) for run in queue.running if run.is_overlong][:1]
    return [one for one in (*counts, md(kinds), *late) if one]


def _first_since(queue: PipelineQueue, reader: CardContext) -> Md:
    known = [one.since for one in (*queue.running, *queue.waiting) if one.since]
    return say("since {}", _when(min(known), reader)) if known else Md("")


def _status_of(queue: PipelineQueue) -> str:
    return f"status of {queue.pipeline}"


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


def _buttons(report: QueueReport) -> list[x.Element]:
    made: list[x.Element] = []
    first = report.running[0] if report.running and len(report.queues) == 1 else None
    if first:
        made.append(press.ask("The running one", f"status of run {first.run_id}", first=True))
    if len(report.queues) == 1:
        made.append(press.edit("Refresh", f"why is {report.queues[0].pipeline} queued"))
    return [*made, press.ask("What is running", "what is running")]
