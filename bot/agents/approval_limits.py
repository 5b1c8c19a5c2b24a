"""What a card can show whole of calls that wait: nobody can allow what they cannot see."""

import re
from collections.abc import Sequence

from adf.redaction import HIDDEN, redact_json
from bot.agents.interface import Approval
from bot.agents.untrusted import plain

# Whatever these hold, a card of such calls stays below what Teams takes.
MOST_CALLS = 3
MOST_ARGUMENTS = 24
LONGEST = 3000
LONGEST_NAME = 60
# Signs stacked on one letter are cut where they are shown.
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{4}")
HOLDS_KEY = "it holds what looks like a secret: leave that out"
UNSEEN = "it holds signs that nobody can see: leave them out"
TOO_LONG = (
    f"it is too long to be shown whole: at most {LONGEST} characters in {MOST_ARGUMENTS} arguments"
)
TOO_MANY = "other calls wait already: ask again for this one alone, once those are decided"


def lack_of(approval: Approval, beside: Sequence[Approval] = ()) -> str:
    """Why a call cannot be shown whole `beside` others; nothing when it can."""
    names = [approval.server, approval.tool, *approval.arguments]
    if any(_is_secret(name, one) for name, one in approval.arguments.items()):
        return HOLDS_KEY
    if not all(map(_is_seen, [*names, *map(str, approval.arguments.values())])):
        return UNSEEN
    if any(len(one) > LONGEST_NAME for one in names) or not _has_room([approval]):
        return TOO_LONG
    all_of_them = [*beside, approval]
    return "" if len(all_of_them) <= MOST_CALLS and _has_room(all_of_them) else TOO_MANY


def _has_room(calls: Sequence[Approval]) -> bool:
    pairs = [pair for one in calls for pair in one.arguments.items()]
    long = sum(len(name) + len(str(one)) for name, one in pairs)
    return len(pairs) <= MOST_ARGUMENTS and long <= LONGEST


def _is_secret(name: str, value: object) -> bool:
    hidden = str(redact_json({name: value})[name])
    return hidden.count(HIDDEN) > str(value).count(HIDDEN)


def _is_seen(text: str) -> bool:
    """Whether a reader sees all of it; how it is broken into lines says nothing."""
    return plain(text).split() == text.split() and not _STACKED.search(text)
