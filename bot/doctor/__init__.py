"""`python app.py doctor`: looks at everything the bot needs, and says who can mend what."""

from bot.doctor.context import Installation, Ways
from bot.doctor.findings import Finding, Verdict, Who
from bot.doctor.report import in_json, in_words
from bot.doctor.run import examine, is_well

__all__ = [
    "Finding",
    "Installation",
    "Verdict",
    "Ways",
    "Who",
    "examine",
    "in_json",
    "in_words",
    "is_well",
]
