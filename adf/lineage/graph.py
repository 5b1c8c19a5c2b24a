"""The pipelines of a factory as a graph: who depends on whom, and how far an effect reaches.

An effect changes on its way. A pipeline that fails takes the callers that wait for it along and
keeps what comes after it from starting; one that does not start keeps its own callees back; one
that runs on old data fails nobody, but hands the old data on.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adf.records import Certainty, LineageEdge, LineageEffect, LineageKind, TriggerDefinition

_RANKS = {one: place for place, one in enumerate(Certainty)}
# How a pipeline has to be struck itself for an edge to hand the effect on.
_WHOLE = frozenset({LineageEffect.FAILS})
_NOT_STARTED = frozenset({LineageEffect.SKIPPED, LineageEffect.WAITS})
_ANY = frozenset(LineageEffect)
_LEADS = {
    LineageKind.CALL: _WHOLE,
    LineageKind.SEQUENCE: _WHOLE,
    LineageKind.START: _NOT_STARTED,
}


_Place = tuple[str, LineageEffect | None, int, Certainty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A pipeline that was reached: by which edge, over how many steps, how sure all of them are."""

    name: str
    edge: LineageEdge
    distance: int
    certainty: Certainty


class LineageGraph:
    """Edges between pipelines, found in either direction; names in any case."""

    def __init__(
        self,
        pipelines: Iterable[str],
        edges: Iterable[LineageEdge],
        calls: Iterable[tuple[str, str]] = (),
        *,
        triggers: Sequence[TriggerDefinition] = (),
        unknown: int = 0,
        gaps: Sequence[str] = (),
    ) -> None:
        """Sort the edges; `calls` are (caller, called), also those that do not wait.

        `triggers` start the pipelines; `unknown` places of data are chosen at run time only.
        """
        self._names = {one.lower(): one for one in pipelines}
        self._ahead: defaultdict[str, list[LineageEdge]] = defaultdict(list)
        self._back: defaultdict[str, list[LineageEdge]] = defaultdict(list)
        for edge in _each_once(edges):
            self._ahead[edge.source.lower()].append(edge)
            self._back[edge.target.lower()].append(edge)
        self.calls = frozenset(calls)
        self._callers, self._called = _both_ways(self.calls)
        self.triggers = tuple(triggers)
        self.unknown = unknown
        self.gaps = tuple(gaps)

    def name_of(self, pipeline: str) -> str | None:
        """The name as it is published; None for a pipeline that is not."""
        return self._names.get(pipeline.lower())

    @property
    def names(self) -> tuple[str, ...]:
        """Every published pipeline."""
        return tuple(self._names.values())

    @property
    def edges(self) -> Sequence[LineageEdge]:
        """Every edge once."""
        return [edge for some in self._ahead.values() for edge in some]

    def downstream(self, pipeline: str) -> Sequence[Reached]:
        """Everything that fails, does not start, waits or gets old data because of a pipeline."""
        found: dict[str, Reached] = {}
        seen: set[tuple[str, LineageEffect]] = set()
        todo = deque[_Place]([(pipeline.lower(), None, 0, Certainty.CERTAIN)])
        while todo:
            name, effect, distance, sure = todo.popleft()
            for edge in self._ahead.get(name, ()):
                if effect is not None and effect not in _LEADS.get(edge.kind, _ANY):
                    continue
                one = _reached(edge.target, edge, distance + 1, sure)
                _keep(found, one, pipeline)
                if (edge.target.lower(), edge.effect) not in seen:
                    seen.add((edge.target.lower(), edge.effect))
                    todo.append((edge.target.lower(), edge.effect, one.distance, one.certainty))
        return _in_order(found)

    def upstream(self, pipeline: str) -> Sequence[Reached]:
        """Everything that a pipeline depends on."""
        found: dict[str, Reached] = {}
        start = pipeline.lower()
        seen = {(start, effect) for effect in LineageEffect}
        todo = deque[_Place]((start, effect, 0, Certainty.CERTAIN) for effect in LineageEffect)
        while todo:
            name, effect, distance, sure = todo.popleft()
            for edge in self._back.get(name, ()):
                if edge.effect is not effect:
                    continue
                one = _reached(edge.source, edge, distance + 1, sure)
                _keep(found, one, pipeline)
                for before in _LEADS.get(edge.kind, _ANY):
                    if (edge.source.lower(), before) not in seen:
                        seen.add((edge.source.lower(), before))
                        todo.append((edge.source.lower(), before, one.distance, one.certainty))
        return _in_order(found)

    def callers(self, pipeline: str) -> frozenset[str]:
        """Every pipeline that starts this one, directly or through others."""
        return frozenset(_all_of(self._callers, pipeline))

    def called(self, pipeline: str) -> frozenset[str]:
        """Every pipeline that this one starts, directly or through others."""
        return frozenset(_all_of(self._called, pipeline))

    def direct_callers(self, pipeline: str) -> Sequence[str]:
        """The pipelines that start this one themselves."""
        return self._callers.get(pipeline.lower(), ())

    def depth(self, pipeline: str) -> int:
        """How many pipelines stand one below the other, this one at the top."""
        return _depth(self._called, pipeline.lower(), frozenset(), {})


def _each_once(edges: Iterable[LineageEdge]) -> Iterable[LineageEdge]:
    """One edge for each effect between two pipelines, the surest of its kind."""
    found: dict[tuple[str, str, LineageKind], LineageEdge] = {}
    for edge in edges:
        key = (edge.source.lower(), edge.target.lower(), edge.kind)
        known = found.get(key)
        if known is None or _RANKS[edge.certainty] < _RANKS[known.certainty]:
            found[key] = edge
    return found.values()


def _both_ways(
    calls: Iterable[tuple[str, str]],
) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    callers: defaultdict[str, list[str]] = defaultdict(list)
    called: defaultdict[str, list[str]] = defaultdict(list)
    for caller, name in sorted(calls):
        callers[name.lower()].append(caller)
        called[caller.lower()].append(name)
    return callers, called


def _reached(name: str, edge: LineageEdge, distance: int, sure: Certainty) -> Reached:
    """A chain is no surer than the least sure of its edges."""
    worst = max(sure, edge.certainty, key=_RANKS.__getitem__)
    return Reached(name=name, edge=edge, distance=distance, certainty=worst)


def _keep(found: dict[str, Reached], one: Reached, start: str) -> None:
    """Keep the nearest way to a pipeline, and of two as near the surer one."""
    key = one.name.lower()
    if key == start.lower():
        return
    known = found.get(key)
    if known is None or _rank(one) < _rank(known):
        found[key] = one


def _rank(one: Reached) -> tuple[int, int]:
    return one.distance, _RANKS[one.certainty]


def _in_order(found: Mapping[str, Reached]) -> Sequence[Reached]:
    return sorted(found.values(), key=lambda one: (*_rank(one), one.name.lower()))


def _all_of(links: Mapping[str, list[str]], start: str) -> Iterator[str]:
    seen, todo = {start.lower()}, [start.lower()]
    while todo:
        for name in links.get(todo.pop(), ()):
            if name.lower() not in seen:
                seen.add(name.lower())
                todo.append(name.lower())
                yield name


def _depth(
    called: Mapping[str, list[str]], name: str, above: frozenset[str], known: dict[str, int]
) -> int:
    """Levels below and with a pipeline; a ring counts each of its pipelines once."""
    if name in above:
        return 0
    if name not in known:
        below = above | {name}
        known[name] = 1 + max(
            (_depth(called, one.lower(), below, known) for one in called.get(name, ())), default=0
        )
    return known[name]
