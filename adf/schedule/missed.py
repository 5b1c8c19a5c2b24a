"""Which starts did not come: those that were due beside the firings there were."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

# The service drops fractions of a second; a firing far later than a start belongs to none.
MATCH_BEFORE = timedelta(seconds=2)
MATCH_AFTER = timedelta(hours=6)
# A trigger fires within seconds as a rule; until then a start is late, not missed.
MAY_BE_LATE = timedelta(minutes=5)


def unmatched_starts(due: Sequence[datetime], fired: Iterable[datetime]) -> tuple[datetime, ...]:
    """The starts without a firing: each firing belongs to the newest start that was due by then."""
    matched: set[datetime] = set()
    for moment in fired:
        place = bisect_right(due, moment + MATCH_BEFORE) - 1
        if place >= 0 and moment - due[place] <= MATCH_AFTER:
            matched.add(due[place])
    return tuple(one for one in due if one not in matched)
