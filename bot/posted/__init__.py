"""Messages that may change: posted once, drawn again from what is true now, and kept up to date."""

from bot.posted.posted import Posted
from bot.posted.sending import NotDelivered, Sender
from bot.posted.sources import Drawn, Source

__all__ = ["Drawn", "NotDelivered", "Posted", "Sender", "Source"]
