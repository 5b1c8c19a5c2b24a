"""incident_card: one failure for all its runs, from the first alert to the green run."""

from typing import Any

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import code, facts, finding, header, note, reader_note, text
from cards.components.cause_question import cause_question
from cards.components.errors import peeled
from cards.components.forms import choose, form, write
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.mentions import mentions
from cards.components.status_styles import (
    ACKNOWLEDGED,
    CANCELLED,
    FAILED,
    SUCCEEDED,
    StatusStyle,
)
from cards.context import CardContext
from cards.kinds.incident_timeline import state_lines, timeline
from cards.links import run_page, ticket_page
from cards.records import IncidentReport, IncidentState, TicketLink
from cards.text import (
    Md,
    Said,
    bold,
    clock,
    line,
    md,
    names,
    phrases,
    say,
    sentence,
    time_macro,
    when,
)

KIND = "incident_card"
_LOOKS = {
    IncidentState.OPEN: FAILED,
    IncidentState.ACKNOWLEDGED: ACKNOWLEDGED,
    IncidentState.RESOLVED: SUCCEEDED,
}
MUTE_CHOICES = (
    ("1 hour", "60"),
    ("4 hours", "240"),
    ("12 hours", "720"),
    ("2 days", "2880"),
)


def incident_card(incident: IncidentReport, reader: CardContext) -> Card:
    """What failed, since when, who waits, who has it, and what to press."""
    return fitted(lambda room: _draft(incident, reader, room))


def _draft(incident: IncidentReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look = CANCELLED if incident.merged_into else _LOOKS[incident.state]
    words, entities = mentions(incident.call)
    body: list[x.Element] = [
        header(look, md(incident.title, 160), _place(incident), badge=_badge(incident)),
        finding(say("{} {}", md(incident.cause, 400), words) if words else md(incident.cause, 400)),
        *facts([("Next", md(incident.next_step, 200) if _is_on(incident) else "")]),
        *facts(_facts(incident, reader)),
    ]
    if incident.error and _is_on(incident):
        body.append(code(peeled(incident.error), min(room.error, 240)))
    states = list(state_lines(incident, reader))
    body += [finding(one) for one in states[:1]]
    body += [text(one, space="ExtraSmall") for one in states[1:]]
    if incident.said:
        body.append(note(sentence(incident.said, 300)))
    body += reader_note(reader.note)
    body += timeline(incident, reader, room)
    if incident.explained and incident.run_id and not _is_on(incident) and room.extras:
        name = incident.incident_id
        body += cause_question(incident.run_id, incident.factory, reader, incident=name)
    return CardDraft(
        kind=KIND,
        summary=_summary(incident, look, reader),
        body=body,
        actions=_buttons(incident, reader),
        teams={"entities": entities} if entities else {},
    )


def _is_on(incident: IncidentReport) -> bool:
    return incident.state is not IncidentState.RESOLVED


def _before(incident: IncidentReport, reader: CardContext) -> Md:
    """How often it was seen, when last, and how that ended."""
    history, at = md(incident.history, 200), incident.earlier_at
    if at is None:
        return history
    last = when(at, reader.now, reader.zone)
    often = say("{}. ", history) if history else Md("")
    return say("{}Last: {} ({})", often, last, md(incident.earlier, 120))


def _place(incident: IncidentReport) -> Md:
    state = "" if incident.state is IncidentState.OPEN else f"{_word(incident)} · "
    times = f" · {incident.count} times" if incident.count > 1 else ""
    return say("{}{} · {}{}", state, incident.factory, incident.incident_id, times)


def _word(incident: IncidentReport) -> str:
    return "Merged" if incident.merged_into else incident.state.capitalize()


def _badge(incident: IncidentReport) -> str:
    if incident.state is not IncidentState.OPEN:
        return _word(incident)
    return f"{incident.count} times" if incident.count > 1 else ""


def _facts(incident: IncidentReport, reader: CardContext) -> list[tuple[Said, Said]]:
    last = incident.last_seen if incident.count > 1 else None
    repeats = say(", last {}", time_macro(last)) if last else Md("")
    return [
        ("Since", say("{}{}", when(incident.since, reader.now, reader.zone), repeats)),
        ("Where", names(incident.pipelines, 5) if len(incident.pipelines) > 1 else ""),
        ("Waiting", phrases(incident.waiting, 4, 120) if incident.waiting else ""),
        ("Before", _before(incident, reader)),
        ("Owner", md(incident.owner, 60)),
        ("Ticket", _ticket(incident.ticket)),
    ]


def _ticket(ticket: TicketLink | None) -> Md:
    """The number, where, and how it stands there."""
    if ticket is None:
        return Md("")
    if not ticket.number:
        return say("being opened in {}", line(ticket.system, 40))
    status = say(" · {}", line(ticket.status, 40)) if ticket.status else Md("")
    return say("{} in {}{}", bold(ticket.number, 60), line(ticket.system, 40), status)


def _summary(incident: IncidentReport, look: StatusStyle, reader: CardContext) -> str:
    word = _word(incident) if incident.state is IncidentState.RESOLVED else look.word
    times = f", {incident.count} times" if incident.count > 1 else ""
    since = clock(incident.since, reader.zone)
    return f"{word}: {line(incident.title, 100)} since {since}{times}. {line(incident.cause, 140)}"


def _buttons(incident: IncidentReport, reader: CardContext) -> list[x.Element]:
    data = {"incident": incident.incident_id, "rev": incident.revision}
    why = press.ask("Why", _question(incident))
    studio = press.open_page(
        "Open in Studio", run_page(reader.studio, incident.factory, incident.run_id or "")
    )
    studio = studio if incident.run_id else []
    if incident.state is IncidentState.RESOLVED:
        again = [] if incident.merged_into else [press.act("Reopen", "reopen", data)]
        written = press.ask("Write-up", f"write up {line(incident.incident_id, 40)}")
        return [why, *studio, *_ticket_button(incident, reader), *again, written]
    subject = f"run {incident.run_id}" if incident.run_id else line(incident.pipelines[0], 200)
    rerun = press.ask("Rerun…", f"rerun {subject} from failure")
    offered: list[x.Element] = [
        *_first(incident, data),
        why,
        *([rerun] if "rerun" in incident.offers else []),
        *studio,
        *_ticket_button(incident, reader),
        *(_mute(incident, data) if "mute" in incident.offers else []),
        *_assign(incident, data),
        *(_split(incident, data) if "split" in incident.offers else []),
    ]
    return offered


def _ticket_button(incident: IncidentReport, reader: CardContext) -> list[x.Element]:
    """To its ticket; where it has none and is not over, to the proposal of one."""
    if incident.ticket is not None:
        return [*press.open_page("Show ticket", ticket_page(incident.ticket.url))]
    if not reader.tickets or incident.state is IncidentState.RESOLVED:
        return []
    return [press.ask("Ticket…", f"open a ticket for {line(incident.incident_id, 40)}")]


def _first(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    """What to press first: acknowledge, and once that is done, resolve."""
    if incident.state is IncidentState.OPEN:
        return [press.act("Acknowledge", "ack", data, first=True)]
    return [press.act("Resolve", "resolve", data)] if "resolve" in incident.offers else []


def _question(incident: IncidentReport) -> str:
    if incident.run_id:
        return f"why did run {incident.run_id} fail"
    return f"why did {line(incident.pipelines[0], 200)} fail"


def _mute(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    if incident.muted_until:
        return [press.act("Unmute", "unmute", data)]
    until = choose("minutes", "Mute this for", MUTE_CHOICES, "Choose how long", "60")
    reason = write("reason", "Why (optional)", "At most 200 characters")
    return [form("Mute", [until, reason], "mute", data)]


def _split(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    """Several pipelines were put together: one of them may have another cause."""
    if len(incident.pipelines) < 2:
        return []
    names = [(name, name) for name in incident.pipelines]
    pipeline = choose("pipeline", "Which one has another cause", names, "Choose a pipeline")
    return [form("Not the same cause", [pipeline], "split", data)]


def _assign(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    if not incident.people:
        return []
    return [
        form(
            "Assign",
            [choose("to", "Give it to", incident.people, "Choose a person")],
            "assign",
            data,
        )
    ]
