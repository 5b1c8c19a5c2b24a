"""Messages that may change: posted once, drawn again from what is true now, and kept up to date."""

from bot.outbox.outbox import Outbox
from bot.outbox.ports import MessageSender, MessageSource, NotDelivered, RenderedMessage

__all__ = ["MessageSender", "MessageSource", "NotDelivered", "Outbox", "RenderedMessage"]
