"""Messages that may change: posted once, drawn again from what is true now, and kept up to date."""

from bot.outbox.outbox import Posted
from bot.outbox.ports import Drawn, NotDelivered, Sender, Source

__all__ = ["Drawn", "NotDelivered", "Posted", "Sender", "Source"]
