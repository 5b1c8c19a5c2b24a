"""What stands as it should not, looked at again and again: nothing here remembers what was told.

Each part reads one kind of thing and says what of it stands now. A condition that is not said any
more is over, so a crash, a restart or a clock that jumps loses none and repeats none.
"""

from adf.watch.conditions.watch import CheckedConditions, ConditionWatch

__all__ = ["CheckedConditions", "ConditionWatch"]
