"""Records in, Adaptive Cards out: pure functions with no I/O."""

from cards.card_for import Record, card_for

__all__ = ["Record", "card_for"]
