"""What the bot keeps between turns, and the store that keeps it.

`store` is the only thing that writes: an interface with SQLite and memory behind it, everything
within the limits of Azure Tables. Upon it stand `conversations` (what a thread was about),
`rooms` (where the bot is, and which factory and zone a room is bound to),
`subscriptions` (who is notified of what: a `subscription` with its `notification_terms`) and
`usage` (answers and tokens, as numbers). `background` runs work beside the
turns and ends it with the bot.
"""
