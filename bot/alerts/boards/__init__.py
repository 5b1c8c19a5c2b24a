"""The live board of a room: one message, edited in place until it is stopped.

`service` begins the message of each board and has it drawn again when something changed, and at
least each minute; `reading` puts together what it shows; `messages` is its source for the outbox,
and writes the last words of a board that moved or ended. Which rooms have one is in `bot.state`.
"""

from bot.alerts.boards.messages import KIND, BoardMessages
from bot.alerts.boards.reading import BoardReader
from bot.alerts.boards.service import BoardService

__all__ = ["KIND", "BoardMessages", "BoardReader", "BoardService"]
