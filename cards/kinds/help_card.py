"""help_card: a line to read, a few questions to press, and all the others on demand."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import bullets, finding, header, reader_note, section, text
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import TELLING
from cards.context import CardContext
from cards.records import Help
from cards.text import line, md
from cards.text_rendering import HELP

# One line for each thing that can be asked; a card of twice as many still fits a message.
MOST_LINES = 26
MOST_BUTTONS = 4
# More lines than this are a manual, which nobody asked for.
MOST_OPEN = 5


def help_card(helping: Help, reader: CardContext) -> Card:
    """What can be asked, with examples to press."""
    return fitted(lambda room: _draft(helping, reader, room))


def _draft(helping: Help, reader: CardContext, room: SizeLimit) -> CardDraft:
    name, title = line(helping.bot_name, 60), line(helping.title, 60)
    listed = bullets([md(one, 300) for one in helping.notes[:MOST_LINES]])
    buttons = [press.ask(one.title, one.question) for one in helping.examples[:MOST_BUTTONS]]
    return CardDraft(
        kind="help_card",
        summary=f"{name}: {title}.",
        body=[
            header(TELLING, md(name), md(title)),
            *([finding(md(helping.intro[0], 300))] if helping.intro else []),
            *[text(md(one, 300), space="Small") for one in helping.intro[1:3]],
            *([] if _is_long(helping) else listed),
            *press.button_row(buttons),
            *(_folded(listed, room) if _is_long(helping) else []),
            *reader_note(reader.note),
        ],
    )


def _is_long(helping: Help) -> bool:
    return len(helping.notes) > MOST_OPEN


def _folded(listed: list[x.Element], room: SizeLimit) -> list[x.Element]:
    """Everything that can be asked, behind a button."""
    if not room.extras:
        return [section("All questions"), *listed]
    return [
        x.ActionSet(actions=[press.toggle("All questions", HELP)], spacing="Small"),
        x.Container(items=listed, id=HELP, is_visible=False, spacing="Small"),
    ]
