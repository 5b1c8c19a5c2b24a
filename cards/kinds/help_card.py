"""help_card: what can be asked here."""

from cards.card import Card
from cards.components.blocks import bullets, header, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import MOST_CHOICES, choices
from cards.components.status_styles import TELLING
from cards.context import CardContext
from cards.records import Help
from cards.text import line, md

# One line for each thing that can be asked; a card of twice as many still fits a message.
MOST_LINES = 26


def help_card(helping: Help, reader: CardContext) -> Card:
    """What can be asked, with examples to press."""
    return fitted(lambda room: _draft(helping, reader, room))


def _draft(helping: Help, reader: CardContext, room: SizeLimit) -> CardDraft:
    name, title = line(helping.bot_name, 60), line(helping.title, 60)
    return CardDraft(
        kind="help_card",
        summary=f"{name}: {title}.",
        body=[
            header(TELLING, md(name), md(title)),
            *bullets([md(one, 300) for one in helping.notes[:MOST_LINES]]),
            *([section("Try it")] if helping.examples else []),
            *choices(helping.examples, min(MOST_CHOICES, room.rows)),
            *reader_note(reader.note),
        ],
    )
