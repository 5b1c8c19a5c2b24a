"""denied_card: what a person may not do, which right is missing and who has it."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import facts, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import REFUSED
from cards.context import CardContext
from cards.records import Denied
from cards.text import Said, line, md, names, say, sentence


def denied_card(denied: Denied, reader: CardContext) -> Card:
    """What a person may not do, which right is missing and who has it."""
    return fitted(lambda room: _draft(denied, reader, room))


def _draft(denied: Denied, reader: CardContext, room: SizeLimit) -> CardDraft:
    del room
    asked = line(denied.asked, 120)
    body: list[x.Element] = [
        header(REFUSED, _title(denied), say("You asked: {}", asked) if asked else ""),
        finding(sentence(denied.happened, 400)),
        *facts(
            [
                ("Needs", md(denied.needs, 120)),
                ("Ask", names(denied.who, 5) if denied.who else ""),
            ]
        ),
        note("Nothing was changed."),
    ]
    body += reader_note(reader.note)
    return CardDraft(
        kind="denied_card",
        summary=f"Refused: {line(denied.happened, 200)}",
        body=body,
        actions=_back(denied),
    )


def _title(denied: Denied) -> Said:
    """Whether a right is missing, or the press came too late or in the wrong place."""
    if denied.proposal_id and not denied.needs:
        return "That button did nothing"
    return "You don't have permission for that"


def _back(denied: Denied) -> list[x.Element]:
    """Back to the proposal, whose card this one covers for the person who pressed."""
    if not denied.proposal_id:
        return []
    return [press.act("Show the proposal", "show_proposal", {"proposal": denied.proposal_id})]
