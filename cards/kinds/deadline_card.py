"""deadline_card: which data is in before its deadline, and how likely the rest will be."""

from collections.abc import Callable
from datetime import datetime

from adf.records import DeadlineReport, DeadlineState, DeadlineStatus
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    DEGRADED,
    FAILED,
    QUEUED,
    RUNNING,
    SUCCEEDED,
    TELLING,
    StatusStyle,
)
from cards.context import CardContext
from cards.kinds.impact_card import odds_text
from cards.text import Md, clock, count, line, macro, md, say, when

KIND = "deadline_card"
_LOOKS = {
    DeadlineState.MISSED: FAILED,
    DeadlineState.FAILED: FAILED,
    DeadlineState.NOT_STARTED: DEGRADED,
    DeadlineState.RUNNING: RUNNING,
    DeadlineState.AHEAD: QUEUED,
    DeadlineState.DONE: SUCCEEDED,
}


def deadline_card(report: DeadlineReport, reader: CardContext) -> Card:
    """A row for each deadline, those at risk first."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: DeadlineReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look = _look(report)
    plain = _title(report, lambda at: clock(at, reader.zone))
    place = say("{} · as of {}", report.factory, macro(report.as_of))
    body: list[x.Element] = [header(look, _heading(report, reader), place)]
    if not report.deadlines:
        body.append(finding(_NONE))
    body += reader_note(reader.note)
    body += rows([_row(one, reader) for one in report.deadlines], room.rows, "deadline")
    if report.deadlines:
        body.append(note(Md("Odds are counted from the runs of the last 14 days, not promised.")))
    body += [note(say("Partial answer: {}.", gap)) for gap in report.gaps[:3]]
    return CardDraft(
        kind=KIND,
        summary=f"{look.word}: {plain}.",
        body=body,
        actions=_buttons(report),
    )


_NONE = Md(
    "Nobody declared a deadline. Declare one in ADFOPS\\_FACTORIES (pipelines, due\\_utc), or ask "
    "“will … be done by 5”."
)


def _look(report: DeadlineReport) -> StatusStyle:
    states = {one.state for one in report.deadlines}
    if states & {DeadlineState.MISSED, DeadlineState.FAILED}:
        return FAILED
    if any(one.is_at_risk for one in report.deadlines):
        return DEGRADED
    return SUCCEEDED if states == {DeadlineState.DONE} else TELLING


def _heading(report: DeadlineReport, reader: CardContext) -> Md:
    """The title with its time in the reader's own zone."""
    if len(report.deadlines) != 1:
        return md(_title(report, str), 200)
    (one,) = report.deadlines
    at = when(one.deadline, reader.now, reader.zone)
    return say("{}, due {}: {}", line(one.pipeline, LONGEST_NAME), at, _word(one))


def _title(report: DeadlineReport, said: Callable[[datetime], str]) -> str:
    if not report.deadlines:
        return "No deadline is declared"
    if len(report.deadlines) == 1:
        one = report.deadlines[0]
        name = line(one.pipeline, LONGEST_NAME)
        return f"{name}, due {said(one.deadline)}: {_word(one)}"
    risky = [one for one in report.deadlines if one.is_at_risk]
    total = count(len(report.deadlines), "deadline")
    return f"{len(risky)} of {total} at risk" if risky else f"{total}, none at risk so far"


def _word(one: DeadlineStatus) -> str:
    words = {DeadlineState.DONE: "data in", DeadlineState.AHEAD: "not due to start yet"}
    return words.get(one.state, str(one.state))


def _row(one: DeadlineStatus, reader: CardContext) -> ListRow:
    parts = [_state(one, reader)]
    if one.odds:
        parts.append(odds_text(one.odds, reader, name=False))
    if one.owner:
        parts.append(say("owner {}", one.owner))
    due = say("due {}", when(one.deadline, reader.now, reader.zone))
    look = _LOOKS[one.state]
    return ListRow(
        look=DEGRADED if one.is_at_risk and look in {RUNNING, QUEUED} else look,
        title=md(one.pipeline, LONGEST_NAME),
        below=Md(" · ".join(parts)),
        right=due if one.declared else say("by {}", when(one.deadline, reader.now, reader.zone)),
        strong=one.critical,
        question=f"status of {one.pipeline}",
        spoken=f"Status of {line(one.pipeline, 60)}",
    )


def _state(one: DeadlineStatus, reader: CardContext) -> Md:
    match one.state:
        case DeadlineState.DONE:
            at = say(" since {}", when(one.done_at, reader.now, reader.zone)) if one.done_at else ""
            return say("data in{}", Md(at))
        case DeadlineState.MISSED:
            return Md("missed: no successful run yet")
        case DeadlineState.FAILED:
            return Md("failed; if it is rerun now")
        case DeadlineState.NOT_STARTED:
            return Md("not started; if it starts now")
        case DeadlineState.RUNNING:
            return Md("running")
        case DeadlineState.AHEAD:
            at = say(" {}", when(one.starts, reader.now, reader.zone)) if one.starts else ""
            return say("starts{}", Md(at))


def _buttons(report: DeadlineReport) -> list[x.Element]:
    if len(report.deadlines) != 1:
        return []
    name = line(report.deadlines[0].pipeline, 200)
    return [
        press.ask("Status now", f"status of {name}", first=True),
        press.ask("Who waits for it", f"who waits for {name}"),
    ]
