"""trigger_card: what should have started and did not, what starts next, which windows wait."""

from collections.abc import Sequence
from datetime import datetime

from adf.records import RunStatus, TriggerKind, TriggerReport, TriggerStatus, WaitingWindow
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    DEGRADED,
    FAILED,
    QUEUED,
    SUCCEEDED,
    TELLING,
    StatusStyle,
)
from cards.context import CardContext
from cards.text import Md, Said, count, due, line, macro, md, names, say, when

MOST_WINDOWS = 8
MOST_TIMES = 3


def trigger_card(report: TriggerReport, reader: CardContext) -> Card:
    """One trigger in full, or a row for each of many, missed starts first."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: TriggerReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    listed = report.triggers
    look, said = _look(listed), _headline(report)
    body: list[x.Element] = [
        header(look, md(said, 200), say("{} · as of {}", report.factory, macro(report.as_of)))
    ]
    if len(listed) == 1:
        body += _one(listed[0], reader)
    elif listed:
        body += rows([_row(one, reader) for one in listed], room.rows, "trigger")
    else:
        body.append(finding(Md(_NONE)))
    body += reader_note(reader.note)
    body += [note(md(one, 200)) for one in report.gaps[:3]]
    return CardDraft(
        kind="trigger_card",
        summary=_summary(listed, look, said),
        body=body,
        actions=_buttons(listed),
    )


_NONE = "It runs when another pipeline or a person starts it."


def _look(listed: Sequence[TriggerStatus]) -> StatusStyle:
    if any(one.missed or one.failed for one in listed):
        return FAILED
    if any(one.waiting or not one.is_started for one in listed):
        return DEGRADED
    return SUCCEEDED if listed else TELLING


def _summary(listed: Sequence[TriggerStatus], look: StatusStyle, said: str) -> str:
    missed = [one for one in listed if one.missed]
    if len(missed) == 1:
        one = missed[0]
        state = line(one.state, 20).lower()
        return f"Did not run: {line(one.subject, 120)}. {line(one.name, 60)} is {state}."
    if missed:
        return f"Did not run: {count(len(missed), 'pipeline')}."
    words = {FAILED: "Failed", DEGRADED: "Attention", SUCCEEDED: "OK"}
    return f"{words.get(look, look.word)}: {said}."


def _headline(report: TriggerReport) -> str:
    listed = report.triggers
    missed = [one for one in listed if one.missed]
    if len(missed) == 1:
        return f"{line(missed[0].subject, LONGEST_NAME)} did not run"
    if missed:
        return f"{count(len(missed), 'pipeline')} did not run"
    if len(listed) == 1:
        return f"{line(listed[0].name, LONGEST_NAME)} {_state(listed[0])}"
    if not listed:
        about = f" starts {line(report.pipeline, LONGEST_NAME)}" if report.pipeline else " fits"
        return f"No trigger{about}"
    waiting = sum(bool(one.waiting) for one in listed)
    rest = f"{waiting} waiting" if waiting else "no missed starts"
    return f"{count(len(listed), 'trigger')}, {rest}"


def _state(one: TriggerStatus) -> str:
    if one.waiting:
        failed = all(window.status is RunStatus.FAILED for window in one.waiting)
        return f"has {count(len(one.waiting), 'failed window' if failed else 'waiting window')}"
    if one.ended:
        return "has ended"
    return "is started" if one.is_started else f"is {line(one.state, 20).lower()}"


def _one(one: TriggerStatus, reader: CardContext) -> list[x.Element]:
    state, starts = line(one.state, 20).lower(), names(one.pipelines, 4, 60)
    pairs: list[tuple[Said, Said]] = [
        ("Trigger", say("{}, {}, starts {}", one.name, state, starts or "nothing")),
        ("Last", _when(one.last_fired, reader) if one.last_fired else Md("")),
        ("Next", _next(one, reader)),
        ("Schedule", md(one.schedule, 160)),
        ("Data due", due(one.due, reader.now)),
    ]
    windows = [_window(window, reader) for window in reversed(one.waiting)]
    return [
        finding(_what_happened(one, reader)),
        *facts(pairs),
        *([section("Unfinished windows")] if windows else []),
        *rows(windows, MOST_WINDOWS, "window", spacing="ExtraSmall"),
        *([note(Md(hint))] if (hint := _hint(one)) else []),
    ]


def _what_happened(one: TriggerStatus, reader: CardContext) -> Md:
    """The one sentence or two for 3 am."""
    said = [_missed(one, reader)] if one.missed else []
    if not one.is_started:
        said.append(_stopped(one, reader))
    if one.late:
        said.append(say("Due {}, not started yet.", _when(one.late, reader)))
    if one.waiting:
        said.append(_waiting(one.waiting))
    if one.failed and not one.waiting:
        last = _when(one.failed[-1], reader)
        said.append(say("{} failed, the last {}.", count(len(one.failed), "start"), last))
    if one.ended:
        said.append(say("It ended {}.", _when(one.ended, reader)))
    return Md(" ".join(said or [_well(one)]))


def _missed(one: TriggerStatus, reader: CardContext) -> Md:
    more = len(one.missed) - 1
    before = say(" {} more missed before that.", f"{more:,}") if more else Md("")
    return say("It should have started at {} and did not.{}", _when(one.missed[-1], reader), before)


def _stopped(one: TriggerStatus, reader: CardContext) -> Md:
    by = _by(one)
    if one.stopped_at:
        near = say(", about when {} was deployed", one.stopped_with) if one.stopped_with else Md("")
        return say("Stopped since {}{}{}.", _when(one.stopped_at, reader), by, near)
    if one.stopped_after and one.stopped_before:
        between = (macro(one.stopped_after), macro(one.stopped_before))
        return say("Stopped{} between {} and {}.", by, *between)
    if one.stopped_after:
        return say("Stopped{}. It last fired {}.", by, _when(one.stopped_after, reader))
    return say("Stopped{}. No firing found in the last 45 days.", by)


def _by(one: TriggerStatus) -> Md:
    """Who stopped it, without the domain of a mail address, which clients make a link of."""
    return say(" by {}", one.stopped_by.partition("@")[0]) if one.stopped_by else Md("")


def _waiting(waiting: Sequence[WaitingWindow]) -> Md:
    upstream = tuple(dict.fromkeys(name for one in waiting for name in one.waits_for))
    total = count(len(waiting), "window")
    failed = sum(one.status is RunStatus.FAILED for one in waiting)
    if failed == len(waiting):
        return say("{} failed.", total)
    verb = "waits" if len(waiting) == 1 else "wait"
    for_what = say(" for {}", names(upstream, 3)) if upstream else Md(" for earlier windows")
    return say("{} {}{}.", total, verb, for_what)


def _well(one: TriggerStatus) -> Md:
    if not one.predictable and one.kind is not TriggerKind.SCHEDULE:
        return Md("Started. An event starts it, so its next run cannot be predicted.")
    if not one.predictable:
        return Md("Started, but its schedule cannot be read here: check it in Studio.")
    return Md("It started on schedule for the last 48 hours.")


def _next(one: TriggerStatus, reader: CardContext) -> Md:
    if one.next_start:
        return _when(one.next_start, reader)
    if not one.is_started:
        return Md("none while it is stopped")
    return Md("") if one.predictable else Md("cannot be predicted")


def _hint(one: TriggerStatus) -> str:
    """What starting it would do about what was missed."""
    if one.is_started or not one.missed:
        return ""
    if one.kind is TriggerKind.TUMBLING_WINDOW:
        return "Starting a tumbling window trigger runs the missed windows."
    return "Starting the trigger does not run what was missed: run the pipeline once by hand."


def _window(one: WaitingWindow, reader: CardContext) -> ListRow:
    failed = one.status is RunStatus.FAILED
    waits = say("waits for {}", names(one.waits_for, 3)) if one.waits_for else Md("waits")
    span = say("{} to {}", _when(one.start, reader), when(one.end, one.start, reader.zone))
    return ListRow(
        look=FAILED if failed else QUEUED, title=span, below=Md("failed") if failed else waits
    )


def _row(one: TriggerStatus, reader: CardContext) -> ListRow:
    return ListRow(
        look=_look([one]) if one.has_problem or not one.is_started else SUCCEEDED,
        title=md(one.subject, LONGEST_NAME),
        below=say("{} · {}", md(one.name, 60), _brief(one, reader)),
        right=say("next {}", _when(one.next_start, reader)) if one.next_start else Md(""),
        strong=bool(one.missed),
        question=f"status of trigger {one.name}",
        spoken=f"Trigger: {line(one.name, 60)}",
    )


def _brief(one: TriggerStatus, reader: CardContext) -> Md:
    state = Md("") if one.is_started else say(", {}{}", line(one.state, 20).lower(), _by(one))
    if one.missed:
        times = ", ".join(_when(moment, reader) for moment in one.missed[-MOST_TIMES:])
        more = len(one.missed) - MOST_TIMES
        rest = f" and {more:,} more" if more > 0 else ""
        return say("did not run {}{}{}", Md(times), rest, state)
    if one.waiting:
        return _waiting(one.waiting)
    if one.failed:
        return say("{} failed{}", count(len(one.failed), "start"), state)
    if one.late:
        return say("due {}, not started yet", _when(one.late, reader))
    return say("{}{}", md(one.schedule, 80), state)


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


def _buttons(listed: Sequence[TriggerStatus]) -> list[x.Element]:
    made: list[x.Element] = []
    if len(listed) == 1 and listed[0].pipelines:
        made.append(press.ask("Last runs", f"last runs of {listed[0].pipelines[0]}", first=True))
    return [*made, press.ask("What did not run", "what should have run by now and did not")]
