"""When each trigger was started and stopped: a stopped one lets nothing begin."""

from bisect import bisect_right
from datetime import datetime

from adf.simulator.runs import SimulatedRun

STARTED, STOPPED = "Started", "Stopped"


class TriggerStates:
    """The changes since the factory was opened; a trigger without any fires as it is planned."""

    def __init__(self) -> None:
        """Begin with no change."""
        self._changes: dict[str, list[tuple[datetime, str]]] = {}
        self._prevented: set[str] = set()

    def change(self, trigger: str, state: str, now: datetime) -> None:
        """Write down that a trigger was started or stopped."""
        self._changes.setdefault(trigger, []).append((now, state))

    def lets(self, trigger: str, at: datetime) -> bool:
        """Whether a firing of a trigger takes place."""
        changes = self._changes.get(trigger, [])
        place = bisect_right([when for when, _ in changes], at)
        return place == 0 or changes[place - 1][1] == STARTED

    def lets_run(self, run: SimulatedRun) -> bool:
        """Whether a run begins: not one of a stopped trigger, and nothing that it would call."""
        by = run.invoked_by
        prevented = by.run_id in self._prevented or not self.lets(by.name, run.queued_at)
        if prevented:
            self._prevented.add(run.run_id)
        return not prevented
