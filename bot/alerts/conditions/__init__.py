"""Alerts about what stands as it should not though no run failed.

`expectations` says what subscriptions count on, `service` writes down what the watch over a factory
(`adf.watch.conditions`) found and who is alerted of it, `message` draws the card when it is sent.
"""

from bot.alerts.conditions.expectations import ConditionSubscribers, expectations_of
from bot.alerts.conditions.message import ConditionMessages
from bot.alerts.conditions.service import ConditionService
from bot.alerts.conditions.stored import StoredCondition

__all__ = [
    "ConditionMessages",
    "ConditionService",
    "ConditionSubscribers",
    "StoredCondition",
    "expectations_of",
]
