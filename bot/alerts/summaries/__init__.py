"""Summaries on a schedule: how things stand, posted to a room or a person at set times.

`service` finds what is due and writes it down, so that each due time is posted once, whatever
happens to the process; `messages` draws it when it is sent; `due` is what is stored of one.
"""

from bot.alerts.summaries.messages import SummaryMessages
from bot.alerts.summaries.service import SummaryService

__all__ = ["SummaryMessages", "SummaryService"]
