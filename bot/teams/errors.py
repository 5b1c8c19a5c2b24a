"""What can go wrong between us and Teams, in one tree.

TeamsError
  WrongIdentity     a setting of the bot's identity could let strangers in, or nobody
  Refused           who sends is not believed (401)
  CannotTell        who sends cannot be checked now: the signing keys are out of reach (503)
  TooLarge          a card that Teams would not take
  NotSent           Teams did not take a message
    NotSignedIn     it was not even tried: there is no token to send with
    AddressGone     nobody can be reached there any more
"""

from bot.messages import Unreachable
from bot.outbox import NotDelivered


class TeamsError(Exception):
    """Something between us and Teams went wrong."""


class WrongIdentity(TeamsError):
    """The identity cannot be used; the message names the setting and the fix in one line."""


class ForeignSender(TeamsError, PermissionError):
    """The sender is not who a Bot Framework activity may come from."""


class CannotTell(TeamsError):
    """Whether a sender may be believed cannot be told now."""


class TooLarge(TeamsError, NotDelivered):
    """A card over 28 KiB, which Teams would answer with 413; cards cut themselves before."""

    passes = False


# The request itself is wrong or not allowed to us, the message that is edited or the conversation
# is gone, or the message is too large. A 401 is none of these: the next token may do.
_FINAL = frozenset({400, 403, 404, 405, 410, 413, 415})


class NotSent(TeamsError, NotDelivered):
    """Teams did not take a message: `status` of the last attempt (None: no answer), `code` it gave.

    `wait` is how many seconds the connector asked for, when it asked for more than a reply waits.
    """

    def __init__(self, status: int | None, code: str, wait: float | None = None) -> None:
        """Keep what the connector answered."""
        super().__init__(f"the connector answered {status or 'nothing'} {code}".strip())
        self.status = status
        self.code = code
        self.wait = wait
        self.passes = status not in _FINAL


class NotSignedIn(NotSent):
    """There is no token to send with; `code` says why, without anything secret."""


class AddressGone(NotSent, Unreachable):
    """Nobody can be reached at that address any more, until they write or install again."""
