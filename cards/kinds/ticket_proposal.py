"""confirm_card of a ticket: all that it will say, and the press that opens it; then its number."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import code, finding, header, note, reader_note, section, text
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import (
    ASKING,
    CANCELLED,
    FAILED,
    RUNNING,
    SKIPPED,
    SUCCEEDED,
    UNKNOWN,
    StatusStyle,
)
from cards.context import CardContext
from cards.links import ticket_page
from cards.records import TicketProposal, TicketState, TicketText
from cards.text import Md, bold, clock, line, md, say, sentence, when

KIND = "confirm_card"
MOST_LINES = 14
_STATES: dict[TicketState, tuple[StatusStyle, str]] = {
    TicketState.WAITING: (ASKING, "Waiting for approval"),
    TicketState.SENT: (RUNNING, "Being opened"),
    TicketState.OPEN: (SUCCEEDED, "Open"),
    TicketState.UNCERTAIN: (UNKNOWN, "No answer yet"),
    TicketState.FAILED: (FAILED, "Not opened"),
    TicketState.WITHDRAWN: (CANCELLED, "Withdrawn"),
    TicketState.EXPIRED: (SKIPPED, "Expired"),
}
_AGAIN = frozenset({TicketState.FAILED, TicketState.WITHDRAWN, TicketState.EXPIRED})


def ticket_proposal(ticket: TicketProposal, reader: CardContext) -> Card:
    """What a ticket would say and the press that opens it, or the ticket that was opened."""
    return fitted(lambda room: _draft(ticket, reader, room))


def _draft(ticket: TicketProposal, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, _ = _STATES[ticket.state]
    is_waiting = ticket.state is TicketState.WAITING
    body: list[x.Element] = [
        header(look, _title(ticket), say("{} · {} · {}", *_place(ticket))),
        *([text(sentence(ticket.beside, 300))] if ticket.beside else []),
        finding(_who(ticket, reader)),
    ]
    body += [note(md(ticket.said, 400))] if ticket.said else []
    body += _words(ticket.text, room) if is_waiting and ticket.text else []
    body += reader_note(reader.note)
    return CardDraft(
        kind=KIND,
        summary=_summary(ticket, reader),
        body=body,
        actions=_buttons(ticket),
    )


def _title(ticket: TicketProposal) -> Md:
    number = ticket.link.number if ticket.link else ""
    if ticket.state is TicketState.WAITING:
        return say("Open a ticket in {}?", line(ticket.system, 40))
    if number:
        return say("Ticket {} in {}", line(number, 60), line(ticket.system, 40))
    return say("Ticket in {}: {}", line(ticket.system, 40), _word(ticket))


def _place(ticket: TicketProposal) -> tuple[str, str, str]:
    return line(ticket.factory, 60), line(ticket.incident_id, 40), _word(ticket)


def _word(ticket: TicketProposal) -> str:
    status = ticket.link.status if ticket.link else ""
    is_open = ticket.state is TicketState.OPEN
    return line(status, 40) if is_open and status else _STATES[ticket.state][1]


def _who(ticket: TicketProposal, reader: CardContext) -> Md:
    at = when(ticket.requested.at, reader.now, reader.zone)
    request = say("Asked by {} at {}", bold(ticket.requested.name, 60), at)
    if ticket.state is TicketState.WAITING:
        until = when(ticket.expires_at, reader.now, reader.zone)
        return say("{}, valid until {}. Nothing has been opened yet.", request, until)
    decided = ticket.decided
    if decided is None:
        return say("{}.", request)
    verb = "withdrawn" if ticket.state is TicketState.WITHDRAWN else "approved"
    moment = when(decided.at, reader.now, reader.zone)
    return say("{}, {} by {} at {}.", request, verb, bold(decided.name, 60), moment)


def _words(said: TicketText, room: SizeLimit) -> list[x.Element]:
    """All that the ticket will say; only a card that would grow too large leaves lines out."""
    lines = [one for one in said.lines if one][: MOST_LINES if room.extras else 6]
    return [
        section("What it will say"),
        text(bold(said.title, 160)),
        *(text(md(one, 400), space="Small") for one in lines),
        *([code(said.error, room.error)] if said.error else []),
        *([note("And a link to this thread.")] if said.thread else []),
    ]


def _summary(ticket: TicketProposal, reader: CardContext) -> str:
    about = line(ticket.incident_id, 40)
    system = line(ticket.system, 40)
    if ticket.state is TicketState.WAITING:
        until = clock(ticket.expires_at, reader.zone)
        return f"Question: open a ticket in {system} for {about}? Valid until {until}."
    number = f" {line(ticket.link.number, 60)}" if ticket.link and ticket.link.number else ""
    return f"Ticket{number} in {system} for {about}: {_word(ticket)}."


def _buttons(ticket: TicketProposal) -> list[x.Element]:
    about = line(ticket.incident_id, 40)
    if ticket.state is TicketState.WAITING:
        words = ticket.text.digest if ticket.text else ""
        data = {"ticket": ticket.proposal_id, "text": words}
        return [
            press.act("Open ticket", "open_ticket", data, first=True),
            press.act("Do nothing", "drop_ticket", data),
        ]
    page = press.open_page("Show ticket", ticket_page(ticket.link.url if ticket.link else ""))
    again = [press.ask("Ask again", f"open a ticket for {about}")]
    return [
        *page,
        *(again if ticket.state in _AGAIN else []),
        press.ask("Incident", f"status of {about}"),
    ]
