"""A message's way through the bot, from what came in to what is sent.

`inbox` stores what came in, once; `handler` runs one turn from claim to reply; `recovery` resumes
what a crash or a failed delivery left; `question` builds the question with rights, zone and memory;
`answer` asks the agent and shows what the asker may see; `model_fallback` asks the language model
where rules are not sure; `toolset` holds the tools of one question; `result` is what a turn comes
to; `render` turns it into replies; `typing` and `streaming` show that an answer is on its way;
`explanations` add a model's text to a card that was sent, `offers` keep cards until somebody asks
for that. A press on a button goes to `card_actions`, one table from verb to handler:
`explain_action`, `trace_action`, `approvals`, and handlers of other rooms.
"""
