"""What speaks against a green run: no rows, a failure inside, something skipped, an odd length."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class DoubtKind(StrEnum):
    """What about a run that succeeded should be looked at."""

    HELD_UP = "held up"
    NO_ROWS = "no rows"
    FEW_ROWS = "few rows"
    MANY_ROWS = "many rows"
    ROWS_SKIPPED = "rows skipped"
    ROWS_MISSING = "rows read but not copied"
    FAILED_INSIDE = "failed activity"
    SKIPPED_INSIDE = "skipped activity"
    TOO_SHORT = "shorter than usual"
    TOO_LONG = "longer than usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason to look at a run that succeeded.

    `said` names what was seen and what it was held against; `sample` is how many runs that rests
    on, 0 where owners declared it or the run says it by itself.
    """

    kind: DoubtKind
    said: str
    sample: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCheck:
    """What a look inside a run that succeeded found; without doubts nothing speaks against it.

    `rows` is how many rows it copied, None where no activity says; `usual_rows` is the median of
    `sample` earlier good runs, or what the owners declared (then the sample is 0).
    """

    pipeline: str
    run_id: str
    rows: int | None = None
    usual_rows: int | None = None
    sample: int = 0
    doubts: tuple[Doubt, ...] = ()


def both_checks(some: Sequence[RunCheck], others: Sequence[RunCheck]) -> tuple[RunCheck, ...]:
    """The checks of two looks at the same runs: of one run the doubts of the first come first."""
    first = {one.run_id: one for one in some}
    joined = [
        replace(one, doubts=(*first[one.run_id].doubts, *one.doubts))
        if one.run_id in first
        else one
        for one in others
    ]
    known = {one.run_id for one in others}
    return (*joined, *(one for one in some if one.run_id not in known))
