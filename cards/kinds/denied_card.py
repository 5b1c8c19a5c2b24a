"""denied_card: what a person may not do, which right is missing and who has it."""

from cards import extension as x
from cards.card import Card
from cards.components.blocks import facts, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import REFUSED
from cards.context import CardContext
from cards.records import Denied
from cards.text import line, md, names, say


def denied_card(denied: Denied, reader: CardContext) -> Card:
    """What a person may not do, which right is missing and who has it."""
    return fitted(lambda room: _draft(denied, reader, room))


def _draft(denied: Denied, reader: CardContext, room: SizeLimit) -> CardDraft:
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
    body += reader_note(reader.note)
    return CardDraft(
        kind="denied_card", summary=f"Refused: {line(denied.happened, 200)}", body=body
    )
