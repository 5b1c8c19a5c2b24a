"""handover_card: a shift in one card, or how things stand in plain words for others."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import bullets, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    ACKNOWLEDGED,
    DEGRADED,
    FAILED,
    ITEM,
    SUCCEEDED,
    TELLING,
    StatusStyle,
)
from cards.context import CardContext
from cards.records import Concern, Handover, HandoverPart
from cards.text import Md, line, md, names, say, sentence

KIND = "handover_card"
MOST_PARTS = 8
MOST_ENTRIES = 6
_LOOKS = {
    Concern.BAD: FAILED,
    Concern.WATCH: DEGRADED,
    Concern.CALM: ACKNOWLEDGED,
    Concern.FINE: SUCCEEDED,
}


def handover_card(handover: Handover, reader: CardContext) -> Card:
    """What the next shift should know; plain sentences for people outside of it."""
    draft = _plain if handover.plain else _draft
    return fitted(lambda room: draft(handover, reader, room))


def _draft(handover: Handover, reader: CardContext, room: SizeLimit) -> CardDraft:
    span = f"Last {handover.hours} h"
    body: list[x.Element] = [
        header(
            _look(handover),
            md(handover.heading, 60),
            say("{} · {}", names(handover.places, 3), span),
        ),
        finding(sentence(handover.finding, 400)),
        *[note(sentence(one, 300)) for one in handover.notes[:3]],
    ]
    most_parts, most = (MOST_PARTS, MOST_ENTRIES) if room.extras else (MOST_PARTS // 2, 1)
    for part in handover.parts[:most_parts]:
        body += part_of_shift(part, min(most, room.rows))
    body += [note(md(f"Couldn't read: {one}")) for one in handover.gaps[:3]]
    return CardDraft(
        kind=KIND,
        summary=f"{line(handover.heading, 60)}: {line(handover.finding, 240)}",
        body=[*body, *reader_note(reader.note)],
        actions=[
            press.ask("What is open", "what is open"),
            press.ask("What failed", f"which pipelines failed in the last {handover.hours} hours"),
        ],
    )


def _plain(handover: Handover, reader: CardContext, room: SizeLimit) -> CardDraft:
    """Sentences that can be forwarded as they are: no button, no technical word."""
    said = [sentence(one.title, 300) for part in handover.parts for one in part.entries]
    lines = bullets(said[: room.rows])
    return CardDraft(
        kind=KIND,
        summary=f"Summary: {line(handover.finding, 240)}",
        body=[
            header(TELLING, Md("In plain words"), names(handover.places, 3)),
            finding(sentence(handover.finding, 400)),
            *lines,
            *[note(md(f"Not known: {one}")) for one in handover.gaps[:3]],
            *reader_note(reader.note),
        ],
    )


def _look(handover: Handover) -> StatusStyle:
    states = {one.concern for one in handover.parts if one.entries}
    worst = next((one for one in Concern if one in states), Concern.FINE)
    return SUCCEEDED if worst in {Concern.CALM, Concern.FINE} else _LOOKS[worst]


def part_of_shift(part: HandoverPart, most: int) -> list[x.Element]:
    """One heading with its entries, each a press away."""
    look = _LOOKS[part.concern] if part.concern is not Concern.CALM else ITEM
    listed = [
        ListRow(
            look=look,
            title=sentence(one.title, 160),
            below=sentence(one.detail, 200),
            question=line(one.question, 300),
            spoken=line(one.title, 80),
        )
        for one in part.entries
    ]
    title = md(part.heading, 60)
    return [section(title), *rows(listed, most, "", name=line(part.heading, 30))]
