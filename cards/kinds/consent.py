"""confirm_card and denied_card: what would happen before somebody presses, and who may press."""

from adaptive_cards.types import ContainerStyle

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import bullets, facts, finding, header, note, section, text
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import (
    ASKING,
    CANCELLED,
    FAILED,
    REFUSED,
    RUNNING,
    SKIPPED,
    SUCCEEDED,
    StatusStyle,
)
from cards.components.tables import table
from cards.context import CardContext
from cards.records import Denied, Proposal, ProposalState
from cards.text import Md, Said, bold, line, md, names, say, time_macro, when

MOST_LINES = 6
_STATES: dict[ProposalState, tuple[StatusStyle, str]] = {
    ProposalState.WAITING: (ASKING, "Waits for an authorised press"),
    ProposalState.RUNNING: (RUNNING, "Running"),
    ProposalState.DONE: (SUCCEEDED, "Done"),
    ProposalState.FAILED: (FAILED, "Failed"),
    ProposalState.REFUSED: (REFUSED, "Refused"),
    ProposalState.EXPIRED: (SKIPPED, "Expired"),
    ProposalState.WITHDRAWN: (CANCELLED, "Withdrawn"),
}


def confirm_card(proposal: Proposal, reader: CardContext) -> Card:
    """What would happen, what speaks against it, and the press that does it."""
    return fitted(lambda room: _proposal(proposal, reader, room))


def denied_card(denied: Denied, reader: CardContext) -> Card:
    """What somebody may not do, which right is missing and who has it."""
    return fitted(lambda room: _denied(denied, reader, room))


def _proposal(proposal: Proposal, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, word = _STATES[proposal.state]
    waiting = proposal.state is ProposalState.WAITING
    body: list[x.Element] = [
        header(look, _title(proposal, word), say("{} · {}", proposal.factory, word)),
        finding(_who(proposal, reader)),
        *(_warnings(proposal) if waiting else []),
        section("What will happen" if waiting else "What it was about"),
        *bullets([md(one, 240) for one in proposal.will[:MOST_LINES]]),
        *_more(len(proposal.will)),
    ]
    if proposal.keeps:
        body += [section("What stays"), *bullets([md(one, 240) for one in proposal.keeps[:3]])]
    if room.extras:
        body += _parameters(proposal, min(8, room.rows))
    if reader.note:
        body.append(note(md(reader.note)))
    return CardDraft(
        kind="confirm_card",
        summary=f"{'Question' if waiting else word}: {line(proposal.title, 120)} "
        f"Asked by {line(proposal.asked_by, 60)}.",
        body=body,
        actions=_confirm_buttons(proposal) if waiting else (),
    )


def _title(proposal: Proposal, word: str) -> Md:
    """The question while it waits; what became of it afterwards."""
    if proposal.state is ProposalState.WAITING:
        return md(proposal.title, 160)
    return say("{}: {}", word, line(proposal.title, 160).rstrip("? "))


def _who(proposal: Proposal, reader: CardContext) -> Md:
    asked = say("Asked by {} at {}", bold(proposal.asked_by, 60), time_macro(proposal.asked_at))
    if proposal.state is ProposalState.WAITING:
        until = when(proposal.expires_at, reader.now, reader.zone)
        return say("{}, valid until {}. Nothing has happened yet.", asked, until)
    decided = proposal.decided_at
    at = say(" at {}", when(decided, reader.now, reader.zone)) if decided else Md("")
    by = say(", pressed by {}{}", bold(proposal.decided_by, 60), at) if proposal.decided_by else at
    outcome = say(" {}", proposal.outcome) if proposal.outcome else Md("")
    return say("{}{}.{}", asked, by, outcome)


def _warnings(proposal: Proposal) -> list[x.Element]:
    if not proposal.warnings:
        return []
    told = [text(say("▲ {}", line(one, 240)), space="Small") for one in proposal.warnings[:3]]
    return [x.Container(items=[*told], style=ContainerStyle.WARNING, spacing="Medium")]


def _more(total: int) -> list[x.Element]:
    return [note(say("{} more", total - MOST_LINES))] if total > MOST_LINES else []


def _parameters(proposal: Proposal, most: int) -> list[x.Element]:
    lines: list[list[Said]] = [
        [md(name, 60), md(value, 120)] for name, value in proposal.parameters
    ]
    return table(["Parameter", "Value"], [2, 3], lines, most)


def _confirm_buttons(proposal: Proposal) -> list[x.Element]:
    data = {"proposal": proposal.proposal_id, "rev": proposal.revision}
    return [
        press.act(
            proposal.button, "approve", data, first=not proposal.danger, danger=proposal.danger
        ),
        press.act("Do not", "withdraw", data),
    ]


def _denied(denied: Denied, reader: CardContext, room: SizeLimit) -> CardDraft:
    del room
    asked = line(denied.asked, 120)
    body: list[x.Element] = [
        header(REFUSED, "That is not yours to do here", say("Asked: {}", asked) if asked else ""),
        finding(md(denied.happened, 400)),
        *facts(
            [
                ("Needs", md(denied.needs, 120)),
                ("Ask", names(denied.who, 5) if denied.who else ""),
            ]
        ),
        note("Nothing was changed."),
    ]
    if reader.note:
        body.append(note(md(reader.note)))
    return CardDraft(
        kind="denied_card", summary=f"Refused: {line(denied.happened, 200)}", body=body
    )
