"""What every record says of itself: which factories it is about, what it is about, its one line.

A record says so where its fields are, so that no other room keeps a list of all records for it. It
does not stand with the cards, because the agents need it too and never import those.
"""

from abc import ABC, abstractmethod
from zoneinfo import ZoneInfo


class BaseRecord(ABC):
    """What a tool found or the bot has to say: each has a card, and facts for a language model."""

    __slots__ = ()

    @property
    @abstractmethod
    def factories(self) -> tuple[str, ...]:
        """Aliases of the factories it is about: people who may not read them all do not see it."""
        ...

    @property
    def identity(self) -> str:
        """Equal for records about the same thing, also when it is read again a moment later."""
        return type(self).__name__

    def one_line(self, zone: ZoneInfo) -> str | None:
        """The gist, as remembered when the next answer fails; None for what is not worth that."""
        del zone
        return None


class PlainRecord(BaseRecord):
    """A record without the text of an error: a model is given its fields as they are."""

    __slots__ = ()
