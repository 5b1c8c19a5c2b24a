"""confirm_card: an act that waits for an authorized press: what it will do, what speaks against it.

Also what became of one that has no run to show: refused, expired, withdrawn, a trigger started.
"""

from collections.abc import Mapping

from adaptive_cards.types import ContainerStyle

from adf.records import ActionKind, RerunMode
from cards import extension as x
from cards.card import Card
from cards.components import action_effects as effects
from cards.components import action_warnings as against
from cards.components import buttons as press
from cards.components import forms
from cards.components.blocks import (
    bullets,
    facts,
    finding,
    header,
    note,
    reader_note,
    section,
    text,
)
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
from cards.components.tables import table
from cards.context import CardContext
from cards.records import ProposalReport, ProposalState
from cards.text import Md, Said, bold, clock, line, md, say, short_id, when

KIND = "confirm_card"
MOST_EFFECTS = 7
MOST_WARNINGS = 4
_STATES: dict[ProposalState, tuple[StatusStyle, str]] = {
    ProposalState.WAITING: (ASKING, "Waiting for approval"),
    ProposalState.SENT: (RUNNING, "Sent to Data Factory"),
    ProposalState.RUNNING: (RUNNING, "Running"),
    ProposalState.DONE: (SUCCEEDED, "Done"),
    ProposalState.FAILED: (FAILED, "Not done"),
    ProposalState.UNCERTAIN: (UNKNOWN, "Outcome not known yet"),
    ProposalState.WITHDRAWN: (CANCELLED, "Withdrawn"),
    ProposalState.EXPIRED: (SKIPPED, "Expired"),
    ProposalState.REPLACED: (SKIPPED, "Replaced by a newer proposal"),
}


def confirm_card(proposal: ProposalReport, reader: CardContext) -> Card:
    """What would happen, what speaks against it, and the press that does it."""
    return fitted(lambda room: _draft(proposal, reader, room))


def requested_by(proposal: ProposalReport, reader: CardContext) -> Md:
    """Who asked for it and when."""
    at = when(proposal.requested.at, reader.now, reader.zone)
    return say("Asked by {} at {}", bold(proposal.requested.name, 60), at)


def approved_by(proposal: ProposalReport, reader: CardContext) -> Md:
    """Who pressed and when; blank while nobody did."""
    decided = proposal.decided
    if decided is None:
        return Md("")
    verb = "withdrawn" if proposal.state is ProposalState.WITHDRAWN else "approved"
    at = when(decided.at, reader.now, reader.zone)
    return say(", {} by {} at {}", verb, bold(decided.name, 60), at)


def approved_alone(proposal: ProposalReport) -> x.Element:
    """Why somebody went on without the second person that it needed."""
    return note(say("Approved without a second person: “{}”", md(proposal.reason, 200)))


def _draft(proposal: ProposalReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, word = _STATES[proposal.state]
    is_waiting = proposal.state is ProposalState.WAITING
    act = effects.in_words(proposal.target)
    title = say("{}?", act) if is_waiting else say("{}: {}", word, act)
    body: list[x.Element] = [
        header(look, title, say("{} · {}", proposal.target.factory, word)),
        finding(_who(proposal, reader)),
        *(_details(proposal, reader, room) if is_waiting else []),
    ]
    body += [note(md(proposal.said, 400))] if proposal.said else []
    body += [approved_alone(proposal)] if proposal.reason else []
    body += reader_note(reader.note)
    return CardDraft(
        kind=KIND,
        summary=_summary(proposal, reader, word),
        body=body,
        actions=_buttons(proposal) if is_waiting else (),
    )


def _who(proposal: ProposalReport, reader: CardContext) -> Md:
    request = requested_by(proposal, reader)
    if proposal.state is not ProposalState.WAITING:
        return say("{}{}.", request, approved_by(proposal, reader))
    until = when(proposal.expires_at, reader.now, reader.zone)
    who = (
        say("somebody other than {}", line(proposal.requested.name, 60))
        if proposal.second_person
        else Md("somebody")
    )
    return say("{}, valid until {}. Nothing is done until {} approves it.", request, until, who)


def _details(proposal: ProposalReport, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    preview, known = proposal.preview, proposal.facts
    if preview is None:
        return []
    warned = against.warnings(preview, known, reader)[:MOST_WARNINGS]
    will = [*effects.effects(preview, reader)]
    will += [one for one in [effects.queued_behind(known)] if one]
    staying = effects.stays(preview)
    return [
        *_warned(warned),
        *against.quoted_error(known, room.error),
        *([section("What will happen"), *bullets(will[:MOST_EFFECTS])] if will else []),
        *([section("What stays"), *bullets(staying[:3])] if staying else []),
        *facts(_facts(proposal, reader)),
        *(_parameters(proposal, room) if room.extras else []),
    ]


def _warned(said: list[Md]) -> list[x.Element]:
    if not said:
        return []
    lines = [text(say("▲ {}", one), space="Small") for one in said]
    return [x.Container(items=[*lines], style=ContainerStyle.WARNING, spacing="Medium")]


def _facts(proposal: ProposalReport, reader: CardContext) -> list[tuple[Said, Said]]:
    known, target = proposal.facts, proposal.target
    waiting = against.waiting(known, reader.now) if target.kind is not ActionKind.CANCEL else ""
    return [
        ("Run", md(short_id(target.run_id)) if target.run_id else ""),
        ("Waiting", waiting),
        ("Before", against.history(known, reader)),
        ("Missed", against.missed(known, reader)),
    ]


def _parameters(proposal: ProposalReport, room: SizeLimit) -> list[x.Element]:
    preview = proposal.preview
    if preview is None or proposal.target.kind not in {ActionKind.RERUN, ActionKind.RUN}:
        return []
    lines: list[list[Said]] = [
        [md(name, 60), md(value, 120)] for name, value in preview.parameters.items()
    ]
    return table(["Parameter", "Value"], [2, 3], lines, min(8, room.rows))


def _summary(proposal: ProposalReport, reader: CardContext, word: str) -> str:
    act = line(effects.plainly(proposal.target), 120)
    if proposal.state is not ProposalState.WAITING:
        return f"{word}: {act}."
    until = clock(proposal.expires_at, reader.zone)
    return f"Question: {act}? Asked by {line(proposal.requested.name, 60)}, valid until {until}."


def _alone(data: Mapping[str, str]) -> x.Element:
    """The way out where nobody else is there: with a reason that is kept and shown."""
    reason = forms.write(
        "reason", "Why it can't wait for a second person", "Say why, in a sentence."
    )
    return forms.form("Approve alone", [reason], "break_glass", data)


def _buttons(proposal: ProposalReport) -> list[x.Element]:
    data = {"proposal": proposal.proposal_id}
    target = proposal.target
    danger = target.kind in {ActionKind.CANCEL, ActionKind.STOP_TRIGGER}
    title = effects.button_title(target)
    made: list[x.Element] = [
        press.act(title, "approve", data, first=not danger, danger=danger),
        press.act("Do nothing", "withdraw", data),
    ]
    if proposal.second_person and proposal.break_glass:
        made.append(_alone(data))
    if target.kind is ActionKind.RERUN and target.run_id:
        is_whole = target.mode is RerunMode.WHOLE
        other = " from failure" if is_whole else ""
        other_title = "From failure…" if is_whole else "From the start…"
        made.append(press.ask(other_title, f"rerun run {target.run_id}{other}"))
    return made
