"""Times when a self-hosted integration runtime does not answer, as the seed has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from adf.simulator.arm.runtimes import managed, self_hosted
from adf.simulator.clock import Clock
from adf.simulator.gitfolder.execution.linked_services import SELF_HOSTED
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.runs import Json
from adf.simulator.state import Runtime

_CHANCE_A_DAY = 0.4
_MINUTES = (25, 70)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One time of silence of one runtime."""

    runtime: str
    since: datetime
    until: datetime


class Outages:
    """Tells since when a runtime has been away."""

    def __init__(self, runtimes: Mapping[str, Json], seed: int) -> None:
        """Think of the self-hosted runtimes among these definitions."""
        self._runtimes = sorted(
            name for name, wire in runtimes.items() if wire.get("type") == SELF_HOSTED
        )
        self._seed = seed
        self._days: dict[date, Outage | None] = {}

    def away_since(self, runtime: str, at: datetime) -> datetime | None:
        """The last moment a runtime was heard of, or None while it answers."""
        for day in (at.date(), (at - _DAY).date()):
            outage = self._on(day)
            if outage and outage.runtime == runtime and outage.since <= at < outage.until:
                return outage.since
        return None

    def _on(self, day: date) -> Outage | None:
        if day not in self._days:
            self._days[day] = self._thrown(day)
        return self._days[day]

    def _thrown(self, day: date) -> Outage | None:
        dice = SeededRandom(self._seed, "outage", day)
        if not self._runtimes or not dice.hits(_CHANCE_A_DAY):
            return None
        since = datetime.combine(day, time(), tzinfo=UTC) + _DAY * dice.share()
        lasts = timedelta(minutes=dice.between(*_MINUTES))
        return Outage(runtime=dice.one_of(self._runtimes), since=since, until=since + lasts)


class RuntimesNow(Mapping[str, Runtime]):
    """The runtimes of a folder with the status they have by the clock."""

    def __init__(
        self, factory: str, definitions: Mapping[str, Json], outages: Outages, clock: Clock
    ) -> None:
        """Report on these definitions."""
        self._factory = factory
        self._definitions = definitions
        self._outages = outages
        self._clock = clock

    def __getitem__(self, name: str) -> Runtime:
        """A runtime by its name."""
        definition = self._definitions[name]
        if definition.get("type") != SELF_HOSTED:
            return Runtime(definition=definition, status=managed(self._factory).status)
        now = self._clock()
        away = self._outages.away_since(name, now)
        state = "Offline" if away else "Online"
        reported = self_hosted(self._factory, state, [(f"{name}-1", state)], away or now)
        return Runtime(definition=definition, status=reported.status, load=reported.load)

    def __iter__(self) -> Iterator[str]:
        """The names of the runtimes."""
        return iter(self._definitions)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._definitions)
