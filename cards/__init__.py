"""Records in, Adaptive Cards out: pure functions with no I/O.

`card_for` chooses by the type of the record, so that the type checker finds a record without a
card. `kinds` holds one function for each card, made of `components` (text, rows, tables, buttons)
and `extension` (what Teams has and the library has not). `records` are those of the bot itself;
`context` is who reads, and when. Foreign text goes through `text`, addresses through `links`;
`explanation` adds a model's text below the facts. `text_rendering` reads a card as plain text, and
`gallery` draws each card with typical and hostile data.
"""

from cards.card_for import Record, card_for

__all__ = ["Record", "card_for"]
