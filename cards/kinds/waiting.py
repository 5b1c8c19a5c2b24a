"""queue_card, trigger_card, impact_card: what waits, what should have started, who waits for it."""

from collections.abc import Sequence
from datetime import datetime

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, FAILED, ITEM, QUEUED, SUCCEEDED, TELLING
from cards.context import CardContext
from cards.planned import Dependent, Impact, QueueReport, TriggerList, TriggerReport
from cards.text import Md, Said, bold, brief, count, duration, line, macro, md, say, when


def queue_card(queue: QueueReport, reader: CardContext) -> Card:
    """Why runs wait: the limit, and the run that holds the place."""
    return fitted(lambda room: _queue(queue, reader, room))


def trigger_card(listed: TriggerList, reader: CardContext) -> Card:
    """Triggers, and what they should have started by now."""
    return fitted(lambda room: _triggers(listed, reader, room))


def impact_card(impact: Impact, reader: CardContext) -> Card:
    """Who waits for a pipeline, and who should be told."""
    return fitted(lambda room: _impact(impact, reader, room))


def _queue(queue: QueueReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    waiting = len(queue.queued)
    name = line(queue.pipeline, LONGEST_NAME)
    listed = [
        ListRow(
            look=QUEUED,
            title=say("Run {}", run_id[:8]),
            right=say("since {}", brief(since, reader.now, reader.zone)),
        )
        for run_id, since in queue.queued
    ]
    body: list[x.Element] = [
        header(QUEUED, say("{}: {} queued", name, waiting), md(queue.factory)),
        finding(_why_queued(queue, reader)),
        *facts(_running(queue, reader)),
        *rows(listed, min(8, room.rows), "queued runs", spacing="ExtraSmall"),
        note("Queued runs start by themselves, the oldest first, when the running one ends."),
    ]
    return CardDraft(
        kind="queue_card",
        summary=f"Queued: {name}, {count(waiting, 'run')} waiting.",
        body=body,
        actions=_queue_buttons(queue),
    )


def _why_queued(queue: QueueReport, reader: CardContext) -> Md:
    if queue.running is None or queue.concurrency is None:
        return Md("Nothing of this pipeline runs: they wait for a place in the factory.")
    limit = count(queue.concurrency, "run")
    lasted = bold(duration(queue.running.lasted(reader.now)))
    verb = "is" if queue.concurrency == 1 else "are"
    return say(
        "Only {} at a time {} allowed (concurrency), and one runs for {}.", limit, verb, lasted
    )


def _running(queue: QueueReport, reader: CardContext) -> list[tuple[Said, Said]]:
    run, step = queue.running, queue.at_work
    at_work: Said = ""
    if step:
        since = say(" since {}", _when(step.start, reader)) if step.start else Md("")
        at_work = say("{} ({}){}", step.name, step.kind, since)
    return [
        ("Running", say("since {}", _when(run.start, reader)) if run and run.start else ""),
        ("Step", at_work),
        ("Usual", md(duration(queue.usual)) if queue.usual else ""),
    ]


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


def _queue_buttons(queue: QueueReport) -> list[x.Element]:
    made: list[x.Element] = []
    if queue.running:
        made.append(press.ask("The running one", f"status of run {queue.running.run_id}"))
    return [*made, press.ask("What is running", "what is running")]


def _triggers(listed: TriggerList, reader: CardContext, room: SizeLimit) -> CardDraft:
    ordered = sorted(listed.triggers, key=lambda one: (not one.missed, one.started, one.name))
    missed = [one for one in ordered if one.missed]
    look = FAILED if missed else SUCCEEDED if ordered else TELLING
    said = _headline(missed, ordered)
    body: list[x.Element] = [
        header(look, md(said, 160), say("{} · as of {}", listed.factory, macro(listed.as_of)))
    ]
    if len(ordered) == 1:
        body += _one_trigger(ordered[0], reader)
    else:
        body += rows([_trigger_row(one, reader) for one in ordered], room.rows, "triggers")
    return CardDraft(
        kind="trigger_card",
        summary=f"{'Did not run' if missed else look.word}: {said}.",
        body=body,
        actions=_trigger_buttons(ordered),
    )


def _headline(missed: Sequence[TriggerReport], listed: Sequence[TriggerReport]) -> str:
    if len(missed) == 1:
        return f"{line(missed[0].pipeline, LONGEST_NAME)} did not run"
    if missed:
        return f"{count(len(missed), 'pipeline')} did not run"
    if len(listed) == 1:
        state = "is started" if listed[0].started else "is stopped"
        return f"{line(listed[0].name, LONGEST_NAME)} {state}"
    return f"{count(len(listed), 'trigger')}, nothing missed"


def _one_trigger(one: TriggerReport, reader: CardContext) -> list[x.Element]:
    pairs: list[tuple[Said, Said]] = [
        ("Missed", _missed(one, reader)),
        ("Last", _when(one.last_fired, reader) if one.last_fired else ""),
        ("Next", _when(one.next_fire, reader) if one.next_fire and one.started else ""),
        ("Schedule", md(one.schedule, 120)),
        ("Release", md(one.release, 80)),
    ]
    return [finding(_why_not(one)), *facts(pairs)]


def _why_not(one: TriggerReport) -> Md:
    name = bold(one.name, LONGEST_NAME)
    if one.started:
        return say("The trigger {} is started.", name)
    by = say(" by {}", one.changed_by) if one.changed_by else Md("")
    at = say(" {}", macro(one.changed_at)) if one.changed_at else Md("")
    return say("The trigger {} is stopped: it was stopped{}{}.", name, at, by)


def _missed(one: TriggerReport, reader: CardContext) -> Md:
    if not one.missed:
        return Md("")
    first, *more = one.missed
    return say("no run at {}{}", _when(first, reader), f" and {len(more)} more" if more else "")


def _trigger_row(one: TriggerReport, reader: CardContext) -> ListRow:
    state = "started" if one.started else "stopped"
    last = one.missed[0] if one.missed else one.last_fired
    missed = say("{} missed · ", len(one.missed)) if one.missed else Md("")
    return ListRow(
        look=FAILED if one.missed else SUCCEEDED if one.started else DEGRADED,
        title=md(one.pipeline, LONGEST_NAME),
        below=say("{}{} {} · {}", missed, md(one.name, 60), state, md(one.schedule, 60)),
        right=brief(last, reader.now, reader.zone) if last else "",
        strong=bool(one.missed),
        question=f"status of trigger {one.name}",
        spoken=f"Trigger: {line(one.name, 60)}",
    )


def _trigger_buttons(listed: Sequence[TriggerReport]) -> list[x.Element]:
    stopped = [one for one in listed if not one.started]
    made: list[x.Element] = []
    if len(listed) == 1 and stopped:
        made.append(press.ask("Start the trigger", f"start trigger {stopped[0].name}", first=True))
        made.append(press.ask("Who changed it", f"who changed trigger {stopped[0].name}"))
    return [*made, press.ask("What did not run", "what should have run by now and did not")]


def _impact(impact: Impact, reader: CardContext, room: SizeLimit) -> CardDraft:
    late = [one for one in impact.waiting if one.late]
    name = line(impact.pipeline, LONGEST_NAME)
    look = DEGRADED if late else TELLING
    waiting = count(len(impact.waiting), "pipeline")
    verb = "waits" if len(impact.waiting) == 1 else "wait"
    body: list[x.Element] = [
        header(look, say("{} {} for {}", waiting, verb, name), md(impact.factory)),
        finding(md(impact.finding, 400)),
        *rows([_dependent(one, reader) for one in impact.waiting], room.rows, "pipelines"),
    ]
    if impact.plain:
        body += [section("To pass on"), finding(md(impact.plain, 400))]
    return CardDraft(
        kind="impact_card",
        summary=f"{look.word}: {waiting} waiting for {name}. {line(impact.finding, 160)}",
        body=body,
        actions=[press.ask("Status", f"status of {impact.pipeline}", first=True)],
    )


def _dependent(one: Dependent, reader: CardContext) -> ListRow:
    told = [
        say("owner {}", one.owner) if one.owner else Md(""),
        say("starts {}", brief(one.starts, reader.now, reader.zone)) if one.starts else Md(""),
        Md("will be late") if one.late else Md(""),
    ]
    return ListRow(
        look=DEGRADED if one.late else ITEM,
        title=md(one.name, LONGEST_NAME),
        below=Md(" · ".join(part for part in told if part)),
        right=say("due {}", brief(one.due, reader.now, reader.zone)) if one.due else "",
        strong=one.late,
        question=f"status of {one.name}",
        spoken=f"Status: {line(one.name, 60)}",
    )
