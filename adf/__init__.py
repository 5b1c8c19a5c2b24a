"""Azure Data Factory as an on-call engineer asks about it; knows nothing of chat or cards.

`tools` are the questions, one typed function each, declared by `tool`; they read through `runs`
(reports and causes over several calls) and `history` (trends, comparisons), with `diagnosis` for
what an error means. `client` asks Azure, one method for each REST operation, and returns `records`
with foreign text cleaned by `redaction`; `errors` is the tree of what can go wrong. `cache` keeps
answers for a moment, `single_flight` makes equal questions one, `fairness` lets requests take turns
on the event loop. `watch` sees what happens without being asked. `simulator` stands alone: a data
factory in memory, for demos and tests.
"""
