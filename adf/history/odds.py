"""Whether a deadline will be kept: by how long good runs took, and how far that is spread."""

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.history.metrics import seconds_of_good
from adf.records import ACTIVE, DeadlineOdds, PipelineRun

_NINE_IN_TEN = 0.9


def deadline_odds(
    what: str,
    deadline: datetime,
    runs: Sequence[PipelineRun],
    now: datetime,
    declared: timedelta | None = None,
) -> DeadlineOdds:
    """How many of the good runs would be done by then, had they started now.

    A run that is going on counts from its own start, and is held against those alone that took at
    least as long as it has been running. `declared` stands for the usual where none is known.
    """
    going = next((one for one in runs if one.status in ACTIVE and one.start), None)
    start = (going.start if going else None) or now
    took = sorted(one for one in seconds_of_good(runs, now))
    left = [one for one in took if start + timedelta(seconds=one) >= now]
    made = sum(start + timedelta(seconds=one) <= deadline for one in left)
    return DeadlineOdds(
        what=what,
        deadline=deadline,
        start=start,
        running=going is not None,
        made=made,
        runs=len(left),
        usual=timedelta(seconds=statistics.median(took)) if took else declared,
        longest=_longest(took),
    )


def _longest(took: Sequence[float]) -> timedelta | None:
    """What nine of ten runs stay within."""
    if not took:
        return None
    place = min(len(took) - 1, round(_NINE_IN_TEN * (len(took) - 1)))
    return timedelta(seconds=took[place])
