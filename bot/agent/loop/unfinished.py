"""What turns left open that were cut off: their memory was never written, so it is kept here."""

from collections import OrderedDict
from dataclasses import replace

from bot.agent.loop.remembering import Kept

MOST = 1000


class Unfinished:
    """Talks by their conversation at the service, the oldest forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        """Begin with none."""
        self._most = most
        self._left: OrderedDict[str, Kept] = OrderedDict()

    def leave(self, kept: Kept) -> None:
        """Note what has to be answered before this conversation goes on."""
        if kept.place.conversation:
            self._left[kept.place.conversation] = kept
            while len(self._left) > self._most:
                self._left.popitem(last=False)

    def taken(self, kept: Kept) -> Kept:
        """The talk with what was left open in it."""
        left = self._left.pop(kept.place.conversation, None)
        return replace(kept, pending=left.pending, waiting=left.waiting) if left else kept
