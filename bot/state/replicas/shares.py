"""How the limits of a fleet are divided: what one replica may use of them, as things are now."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetShare:
    """Half of a limit is the leader's, who watches; the other half is divided among the rest."""

    count: Callable[[], int]
    leads: Callable[[], bool]

    def of(self, limit: int) -> int:
        """So much of it is this replica's; all of it for one that is alone."""
        others = self.count() - 1
        if others < 1:
            return limit
        return limit // 2 if self.leads() else limit // (2 * others)
