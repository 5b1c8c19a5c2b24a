"""picker_card: a question back, with the answers to press."""

from cards.card import Card
from cards.components.blocks import header, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import MOST_CHOICES, choices
from cards.components.status_styles import ASKING
from cards.context import CardContext
from cards.records import Picker
from cards.text import line, sentence


def picker_card(picker: Picker, reader: CardContext) -> Card:
    """A question back, with the answers to press."""
    return fitted(lambda room: _draft(picker, reader, room))


def _draft(picker: Picker, reader: CardContext, room: SizeLimit) -> CardDraft:
    return CardDraft(
        kind="picker_card",
        summary=f"Question: {line(picker.question, 200)}",
        body=[
            header(ASKING, sentence(picker.question, 300), "Pick one or type it"),
            *choices(picker.choices, min(MOST_CHOICES, room.rows)),
            *reader_note(reader.note),
        ],
    )
