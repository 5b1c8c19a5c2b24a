"""What meets whoever opens a factory: something runs, something broke lately, something will."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from adf.simulator.gitfolder.execution.results import PipelineStart, PlayedRun
from adf.simulator.gitfolder.execution.run_simulator import MOST_STEPS, RunSimulator
from adf.simulator.gitfolder.triggers.triggers import PEOPLE
from adf.simulator.runs import FAILED, PlannedInvoker

_TRIED, _RUNNING = 8, 2
_ENOUGH = 4 * MOST_STEPS
_LATELY = timedelta(minutes=40)
_SOON = timedelta(seconds=20)


class InitialRuns:
    """Starts by people around the moment of the opening, whatever the triggers do."""

    def __init__(self, simulator: RunSimulator, pipelines: Sequence[str], opened: datetime) -> None:
        """Choose among these pipelines."""
        self._simulator = simulator
        self._pipelines = pipelines
        self._opened = opened
        self._dice = simulator.chance("opening", opened)
        self._steps = 0

    def starts(self) -> Iterator[PipelineStart]:
        """The starts, in no order."""
        yield from self._running()
        for start, lasts in self._breaking("lately"):
            yield replace(start, due=self._opened - lasts - _LATELY * self._dice.between(0.1, 1))
        for start, _ in self._breaking("soon"):
            yield replace(start, due=self._opened + _SOON)

    def _running(self) -> Iterator[PipelineStart]:
        """The longest of several, begun so long ago that they are about half done."""
        tried: list[tuple[timedelta, PipelineStart]] = []
        for start in self._some("running"):
            played = self._simulator.rehearse(start, breaks=False)[1]
            tried.append((_lasting(start, played), start))
            if self._is_enough(played):
                break
        for lasts, start in sorted(tried, key=lambda one: one[0], reverse=True)[:_RUNNING]:
            yield replace(start, due=self._opened - lasts * self._dice.between(0.2, 0.7))

    def _breaking(self, why: str) -> list[tuple[PipelineStart, timedelta]]:
        """The one of several that surely breaks, and does so soonest; and how long it lasts."""
        found: list[tuple[PipelineStart, timedelta]] = []
        for start in self._some(why):
            chosen, played = self._simulator.rehearse(start, breaks=True)
            if played and played[0].run.status == FAILED:
                found.append((chosen, _lasting(chosen, played[:1])))
            if self._is_enough(played):
                break
        return sorted(found, key=lambda one: one[1])[:1]

    def _is_enough(self, played: Sequence[PlayedRun]) -> bool:
        """Whether so much was tried that one more would keep people waiting."""
        steps = sum(len(one.steps) for one in played)
        self._steps += steps if steps < MOST_STEPS else _ENOUGH // 2
        return self._steps >= _ENOUGH

    def _some(self, why: str) -> list[PipelineStart]:
        names = self._dice.some_of(self._pipelines, _TRIED)
        return [
            PipelineStart(
                pipeline=name,
                run_id=self._simulator.id_of("opening", why, number, name, self._opened),
                due=self._opened,
                invoked_by=PlannedInvoker(name=self._dice.one_of(PEOPLE), kind="Manual"),
                settled=True,
            )
            for number, name in enumerate(islice(cycle(names), _TRIED))
        ]


def _lasting(start: PipelineStart, played: Sequence[PlayedRun]) -> timedelta:
    return max((one.run.end or start.due for one in played), default=start.due) - start.due
