"""Proactive messages that may change: posted once, and edited until they say what is true.

An `entry` says where a message goes and what it is about, never its text. `outbox` finds the
entries whose source knows more than the message shows and draws them again; `delivery` posts or
edits one and writes each step down, so that a crash repeats nothing; `rate_limit` keeps to the
limits of Teams. `repository` stores the entries. `ports` are the two interfaces to others: who
sends (`bot.teams`) and what messages are made of (`bot.alerts`).
"""

from bot.outbox.outbox import Outbox
from bot.outbox.ports import MessageSender, MessageSource, NotDelivered, RenderedMessage

__all__ = ["MessageSender", "MessageSource", "NotDelivered", "Outbox", "RenderedMessage"]
