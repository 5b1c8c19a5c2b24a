"""`python app.py doctor`: looks at everything the bot needs, and says who can mend what."""

from bot.doctor.examination import examine, is_well
from bot.doctor.findings import Finding, Verdict, Who
from bot.doctor.installation import Installation, Ways
from bot.doctor.writing import in_json, in_words

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
