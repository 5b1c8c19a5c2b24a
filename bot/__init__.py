"""The bot: what is written in Teams, who answers, and what is posted without being asked.

A question goes from `teams` (the only Bot Framework) to `turns` (a message's way), which asks
`agents` (who answer, with the `tools` of the bot and of `adf`) and sends the answer back. A failure
goes from `alerts` to the `outbox`, which delivers through `teams`. A press on a button goes to the
table in `turns.card_actions`. Below them, `access` says who may, `state` is what is kept, and
`messages` holds the words that pass between rooms. `mcp_server` offers the same tools to other
assistants, `doctor` checks an installation, and `hosting` builds the whole and then steps aside.
"""
