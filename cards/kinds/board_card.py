"""board_card: the live board of a room, edited in place; the last one says why it ended."""

from adaptive_cards.types import Colors

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import finding, header, note, reader_note, tile, tiles
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import DEGRADED, FAILED, SUCCEEDED, TELLING, StatusStyle
from cards.context import CardContext
from cards.kinds.handover_card import part_of_shift
from cards.records import Board, Concern
from cards.text import Md, line, macro, md, say, sentence

KIND = "board_card"
MOST_PARTS = 7
MOST_ENTRIES = 6


def board_card(board: Board, reader: CardContext) -> Card:
    """How a factory stands now."""
    draft = _ended if board.ended else _draft
    return fitted(lambda room: draft(board, reader, room))


def _draft(board: Board, reader: CardContext, room: SizeLimit) -> CardDraft:
    body: list[x.Element] = [
        header(
            _look(board),
            Md("Live board"),
            say("{} · as of {}", board.factory, macro(board.as_of)),
        ),
        finding(sentence(board.finding, 400)),
        _numbers(board),
    ]
    most_parts, most = (MOST_PARTS, MOST_ENTRIES) if room.extras else (MOST_PARTS // 2, 1)
    for part in board.parts[:most_parts]:
        body += part_of_shift(part, min(most, room.rows))
    body += [note(md(f"Couldn't read: {one}")) for one in board.gaps[:3]]
    body += [note(Md("This message updates every minute.")), *reader_note(reader.note)]
    return CardDraft(
        kind=KIND,
        summary=f"Live board of {line(board.factory, 60)}: {line(board.finding, 240)}",
        body=body,
        actions=[
            press.ask("What is open", "what is open"),
            press.ask("Post it again below", "show the board"),
        ],
    )


def _ended(board: Board, reader: CardContext, room: SizeLimit) -> CardDraft:
    del room
    return CardDraft(
        kind=KIND,
        summary=f"Live board of {line(board.factory, 60)}: {line(board.ended, 200)}",
        body=[
            header(TELLING, Md("Live board (ended)"), md(board.factory)),
            finding(sentence(board.ended, 300)),
            *reader_note(reader.note),
        ],
    )


def _numbers(board: Board) -> x.ColumnSet:
    red, green = Colors.ATTENTION, Colors.GOOD
    free = say("{} not acknowledged", board.unacknowledged) if board.unacknowledged else Md("")
    running = Md("?") if board.running is None else say("{}", board.running)
    return tiles(
        [
            tile("Open", say("{}", board.standing), free, red if board.standing else green),
            tile("Running", running),
            tile("Recovered", say("{}", board.recovered), "last 12 h"),
        ]
    )


def _look(board: Board) -> StatusStyle:
    concerns = {one.concern for one in board.parts if one.entries}
    if Concern.BAD in concerns:
        return FAILED
    return DEGRADED if board.gaps or Concern.WATCH in concerns else SUCCEEDED
