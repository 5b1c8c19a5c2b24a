"""incident_card for several incidents: which are open, who has each, until when it is muted."""

from cards import extension as x
from cards.card import Card
from cards.components.blocks import finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ACKNOWLEDGED, FAILED, SUCCEEDED, StatusStyle
from cards.context import CardContext
from cards.kinds.incident_card import KIND
from cards.records import IncidentEntry, IncidentList, IncidentState
from cards.text import Md, count, line, md, names, say, when

_LOOKS = {
    IncidentState.OPEN: FAILED,
    IncidentState.ACKNOWLEDGED: ACKNOWLEDGED,
    IncidentState.RESOLVED: SUCCEEDED,
}


def incident_list(listed: IncidentList, reader: CardContext) -> Card:
    """Each incident on a row; pressing it shows the incident."""
    return fitted(lambda room: _draft(listed, reader, room))


def _draft(listed: IncidentList, reader: CardContext, room: SizeLimit) -> CardDraft:
    title = _title(listed)
    listed_rows = [incident_row(one, reader) for one in listed.entries]
    body: list[x.Element] = [
        header(_look(listed), md(title), names(listed.places, 3)),
        *([finding(md(listed.said, 300))] if listed.said else []),
        *rows(listed_rows, room.rows, "incident"),
        *([note(md(_others(listed)))] if listed.others else []),
        *reader_note(reader.note),
    ]
    first = ", ".join(line(one.incident_id, 20) for one in listed.entries[:5])
    return CardDraft(kind=KIND, summary=f"{title}{f': {first}' if first else ''}.", body=body)


def incident_row(one: IncidentEntry, reader: CardContext) -> ListRow:
    """One incident: its id and pipelines, and who has it."""
    return ListRow(
        look=_LOOKS[one.state],
        title=say("{} · {}", one.incident_id, names(one.pipelines, 2)),
        below=_below(one, reader),
        right=when(one.since, reader.now, reader.zone),
        strong=one.state is IncidentState.OPEN,
        question=f"status of {line(one.incident_id, 30)}",
        spoken=f"Show {line(one.incident_id, 30)}",
    )


def _below(one: IncidentEntry, reader: CardContext) -> Md:
    parts = [_who(one, reader)]
    if one.assignee and one.assignee != one.person:
        parts.append(say("assigned to {}", one.assignee))
    if one.count > 1:
        parts.append(md(f"{one.count} times"))
    if one.muted_until:
        until = when(one.muted_until, reader.now, reader.zone)
        parts.append(say("muted until {} by {}", until, one.muted_by or "somebody"))
    if one.critical:
        parts.append(Md("critical"))
    return Md(" · ".join(parts))


def _who(one: IncidentEntry, reader: CardContext) -> Md:
    if one.recovered:
        return say("recovered {}", when(one.recovered, reader.now, reader.zone))
    if not one.person:
        return Md("not acknowledged")
    since = one.person_since
    at = say(" at {}", when(since, reader.now, reader.zone)) if since else Md("")
    return say("acknowledged by {}{}", one.person, at)


def _title(listed: IncidentList) -> str:
    number, whose = len(listed.entries), " of yours" if listed.mine else ""
    which = {"open": " not acknowledged", "acknowledged": " acknowledged"}
    kind = which.get(listed.state, " open")
    return f"{count(number, 'incident')}{whose}{kind}" if number else f"No incident{whose}{kind}"


def _look(listed: IncidentList) -> StatusStyle:
    states = {one.state for one in listed.entries}
    if IncidentState.OPEN in states:
        return FAILED
    return ACKNOWLEDGED if states else SUCCEEDED


def _others(listed: IncidentList) -> str:
    return f"{count(listed.others, 'other incident')} still open."
