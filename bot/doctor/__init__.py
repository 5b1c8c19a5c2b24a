"""`python app.py doctor`: checks everything the bot needs, and says how to fix it and who can.

`run` starts all checks at once and ends them in time; a `context` holds the settings and the
connections they use. `machine` checks settings, store and port, `network` what must be reachable,
`teams` the bot's identity, `azure` the sign-in, the factories and each permission, `model` the
language model and MCP servers; `remedies` holds what fixes a sign-in or a permission. `wire`
compares answers with what the bot takes for granted. Each check returns `findings`, and `report`
writes them for people or as JSON.
"""

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import CheckResult, Finding, Fixer
from bot.doctor.report import in_json, in_words
from bot.doctor.run import examine, is_well
from bot.doctor.wire import compare_wire

__all__ = [
    "CheckResult",
    "Connections",
    "DoctorInput",
    "Finding",
    "Fixer",
    "compare_wire",
    "examine",
    "in_json",
    "in_words",
    "is_well",
]
