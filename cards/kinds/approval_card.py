"""approval_card: a call to another server that waits for the person who asked."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import finding, header, note, reader_note, section, text
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import ASKING, REFUSED, SUCCEEDED, StatusStyle
from cards.components.tables import table
from cards.context import CardContext
from cards.records import CallApproval, CallState, ProposedCall
from cards.text import Md, bold, line, md, names, say, when

MOST_CALLS = 3
MOST_NAMED = 4
_STATES: dict[CallState, tuple[StatusStyle, str]] = {
    CallState.WAITING: (ASKING, "Waiting for approval"),
    CallState.ALLOWED: (SUCCEEDED, "Allowed once"),
    CallState.REFUSED: (REFUSED, "Not allowed"),
}


def approval_card(approval: CallApproval, reader: CardContext) -> Card:
    """Which server would be asked what, and the press that lets it happen once."""
    return fitted(lambda room: _approval(approval, reader, room))


def _approval(approval: CallApproval, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, word = _STATES[approval.state]
    waiting = approval.state is CallState.WAITING
    servers = tuple(dict.fromkeys(one.server for one in (*approval.calls, *approval.left_out)))
    title = say("May I ask {}?" if waiting else "Asking {}", names(servers, 2))
    body: list[x.Element] = [
        header(look, title, md(word)),
        finding(_purpose(approval)),
        *_calls(approval.calls, room),
        *_left_out(approval, room),
        note(_until(approval, reader) if waiting else _decided(approval, reader)),
    ]
    body += reader_note(reader.note)
    return CardDraft(
        kind="approval_card",
        summary=f"{word}: {line(', '.join(servers), 120)} asked for {line(approval.asked_by, 60)}.",
        body=body,
        actions=_buttons(approval, room) if waiting else (),
    )


def _purpose(approval: CallApproval) -> Md:
    return say("To answer “{}” for {}.", line(approval.question, 240), bold(approval.asked_by, 60))


def _calls(calls: tuple[ProposedCall, ...], room: SizeLimit) -> list[x.Element]:
    """Each call with what would be sent, as plain text."""
    parts: list[x.Element] = []
    for one in calls[:MOST_CALLS]:
        asks = say("The model asks to run {} of {}", line(one.tool, 80), line(one.server, 60))
        parts.append(section(asks))
        sent = [[md(name, 60), md(value, room.error)] for name, value in one.arguments]
        parts += table(["Sent", "Value"], [1, 3], sent, room.rows) if sent else []
        parts += [] if sent else [note("Nothing is sent with it.")]
    return parts


def _is_whole(approval: CallApproval, room: SizeLimit) -> bool:
    """Whether everything is in sight that a yes would send: what is hidden cannot be allowed."""
    shown = all(
        len(one.arguments) <= room.rows
        and all(len(name) <= 60 and len(value) <= room.error for name, value in one.arguments)
        for one in approval.calls
    )
    return shown and 0 < len(approval.calls) <= MOST_CALLS


def _left_out(approval: CallApproval, room: SizeLimit) -> list[x.Element]:
    """What this card does not decide on."""
    parts: list[x.Element] = []
    if approval.left_out:
        tools = names([one.tool for one in approval.left_out], MOST_NAMED)
        parts.append(note(say("Not sent: {}, which is too long to show in full.", tools)))
    if not _is_whole(approval, room):
        parts.append(text("Nobody can allow what cannot be shown whole. Ask me again for less."))
    return parts


def _until(approval: CallApproval, reader: CardContext) -> Md:
    until = when(approval.expires_at, reader.now, reader.zone)
    return say(
        "Only {} can decide, until {}. Nothing has been sent yet.",
        line(approval.asked_by, 60),
        until,
    )


def _decided(approval: CallApproval, reader: CardContext) -> Md:
    decided = approval.decided_at
    at = say(" at {}", when(decided, reader.now, reader.zone)) if decided else Md("")
    if approval.state is CallState.ALLOWED:
        return say("{} allowed it{}, for this once.", line(approval.asked_by, 60), at)
    return say("{} said no{}: nothing was sent.", line(approval.asked_by, 60), at)


def _buttons(approval: CallApproval, room: SizeLimit) -> list[x.Element]:
    data = {"approval": approval.approval_id}
    no = press.act("No", "refuse_call", data)
    if not _is_whole(approval, room):
        return [no]
    return [press.act("Allow once", "allow_call", data, first=True), no]
