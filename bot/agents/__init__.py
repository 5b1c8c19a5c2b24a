"""Who answers free text. Every agent has one interface; rules need no language model.

interface        a question goes in, steps and an answer come out
understanding/   intent, entities and confidence of a text
answers/         the rules' answer to each intent
explainer        the model's words below a card, and its answers where rules are not sure
conversations    the one owner of a conversation with the model: locks, saved state, approvals
approvals        calls to other servers that wait for a person, and what a card can show of them
model/           the tool loop of a language model, whichever service runs it
foundry/         a Foundry agent as its backend
azure_openai/    a model deployment as its backend
backends         which of both an endpoint means
mcp/             remote tools over MCP
recording        what is done for one turn, noted while it is done
traces           how each answer came about, kept for operators
problems         an error as a record for the person who asked
remediation      what an error means, and how to fix it
untrusted        text of others, made safe to be read by a model

`instructions.md` is what a model is instructed with.
"""
