"""`python app.py doctor`: looks at everything the bot needs, and says who can mend what."""

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import CheckResult, Finding, Fixer
from bot.doctor.report import in_json, in_words
from bot.doctor.run import examine, is_well

__all__ = [
    "CheckResult",
    "Connections",
    "DoctorInput",
    "Finding",
    "Fixer",
    "examine",
    "in_json",
    "in_words",
    "is_well",
]
