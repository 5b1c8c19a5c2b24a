"""What one look for conditions found."""

from collections.abc import Sequence
from dataclasses import dataclass

from adf.records import Condition, ConditionOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What stands, and how what may have stood before has ended.

    Unless it `is_complete`, more may stand than is said here, so nothing is over for its silence.
    """

    standing: Sequence[Condition] = ()
    over: Sequence[ConditionOver] = ()
    is_complete: bool = True
