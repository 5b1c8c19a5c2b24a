"""Which activities run, by the rules that Data Factory documents for runs and for reruns in part.

Two futures are followed at once: the one where all goes well, which decides what is said to run,
and any other one, which decides what runs only after a failure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adf.previews.activity_graph import (
    CALL,
    CONDITIONS,
    CONTAINERS,
    FAILED,
    LOOPS,
    SKIPPED,
    SUCCEEDED,
    ActivityNode,
    PublishedGraph,
    walk,
)
from adf.previews.earlier_run import NOTHING_EARLIER, EarlierRun, merged
from adf.records import Effect, PreviewedActivity

# What a rerun does once more although it lies before the point where it starts.
_REPLAYED = CONTAINERS | {CALL, "Wait", "SetVariable", "AppendVariable", "Filter"}
_DEEPEST = 12
_NO_NAMES: frozenset[str] = frozenset()
Outcomes = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a sequence stands: in which pipeline, under what, and what an earlier run did there."""

    pipeline: str
    inside: tuple[str, ...] = ()
    earlier: EarlierRun = NOTHING_EARLIER
    is_replayed: bool = False
    repeats: frozenset[str] = _NO_NAMES
    is_conditional: bool = False
    callers: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Futures:
    """What each activity may end as: where all goes well, and in any case."""

    good: dict[str, Outcomes]
    possible: dict[str, Outcomes]

    def effect(self, node: ActivityNode) -> Effect:
        if all(self.good.get(name, wanted) <= wanted for name, wanted in node.waits_for):
            return Effect.RUNS
        if all(self.good.get(name, wanted) & wanted for name, wanted in node.waits_for):
            return Effect.DECIDED_ANEW
        if all(self.possible.get(name, wanted) & wanted for name, wanted in node.waits_for):
            return Effect.IF_IT_FAILS
        return Effect.SKIPPED

    def add(self, node: ActivityNode, effect: Effect, ends: Outcomes) -> None:
        is_sure = all(self.possible.get(n, wanted) <= wanted for n, wanted in node.waits_for)
        good = {
            Effect.RUNS: ends,
            Effect.DECIDED_ANEW: ends | {SKIPPED},
        }.get(effect, frozenset({SKIPPED}))
        runs = effect is not Effect.SKIPPED
        self.good[node.name] = good
        other = ends | {FAILED} if runs else frozenset[str]()
        self.possible[node.name] = other if is_sure and runs else other | {SKIPPED}


class RunPrediction:
    """Predicts a run from definitions, by pipeline, and from what earlier runs did, by run id."""

    def __init__(
        self, graphs: Mapping[str, PublishedGraph], earlier: Mapping[str, EarlierRun]
    ) -> None:
        """Know these pipelines and these runs."""
        self._graphs = graphs
        self._earlier = earlier
        self._failing: dict[str, bool] = {}

    def whole(self, pipeline: str, earlier: EarlierRun) -> tuple[PreviewedActivity, ...]:
        """A run from the beginning; `earlier` only says how each activity ended before."""
        return self._pipeline(_Place(pipeline=pipeline, earlier=earlier))

    def partial(
        self, pipeline: str, earlier: EarlierRun, repeats: frozenset[str]
    ) -> tuple[PreviewedActivity, ...]:
        """A rerun that repeats these outermost activities and takes the rest from before."""
        place = _Place(pipeline=pipeline, earlier=earlier, is_replayed=True, repeats=repeats)
        return self._pipeline(place)

    def _pipeline(self, place: _Place) -> tuple[PreviewedActivity, ...]:
        graph = self._graphs.get(place.pipeline)
        if graph is None or len(place.callers) > _DEEPEST:
            return ()
        return tuple(self._sequence(graph.activities, place))

    def _sequence(self, nodes: Sequence[ActivityNode], place: _Place) -> list[PreviewedActivity]:
        futures = _Futures(good={}, possible={})
        found: list[PreviewedActivity] = []
        for node in nodes:
            due = futures.effect(node)
            here = replace(place, is_replayed=place.is_replayed and node.name not in place.repeats)
            futures.add(node, due, self._ends(node))
            found.append(_previewed(node, here, _effect(node, due, here)))
            if due in {Effect.RUNS, Effect.DECIDED_ANEW} and node.marked is None:
                conditional = here.is_conditional or due is Effect.DECIDED_ANEW
                found += self._below(node, replace(here, is_conditional=conditional))
        return found

    def _below(self, node: ActivityNode, place: _Place) -> list[PreviewedActivity]:
        """What a container or a call leads to."""
        inside = (*place.inside, node.name)
        if node.kind in CONTAINERS:
            open_end = node.kind in CONDITIONS or _has_no_items(node, place.earlier)
            here = replace(place, inside=inside, is_conditional=place.is_conditional or open_end)
            return [one for branch in node.branches for one in self._sequence(branch, here)]
        if not node.calls:
            return []
        called = [self._earlier.get(one) for one in place.earlier.children.get(node.name, ())]
        known = merged([one for one in called if one is not None])
        here = _Place(
            pipeline=node.calls,
            inside=inside,
            earlier=known,
            is_replayed=place.is_replayed,
            is_conditional=place.is_conditional,
            callers=(*place.callers, place.pipeline),
        )
        return list(self._pipeline(here))

    def _ends(self, node: ActivityNode) -> Outcomes:
        """How an activity may end where nothing unforeseen breaks."""
        if node.marked:
            return frozenset({node.marked})
        if node.kind == "Fail":
            return frozenset({FAILED})
        inner = [*walk([node])]
        fails = any(one.kind == "Fail" or one.marked == FAILED for one in inner)
        fails = fails or any(self._may_fail(one.calls) for one in inner if one.calls is not None)
        return frozenset({SUCCEEDED, FAILED} if fails else {SUCCEEDED})

    def _may_fail(self, pipeline: str) -> bool:
        """Whether a pipeline holds an activity that fails on purpose, or is not known."""
        if pipeline not in self._failing:
            # Taken for well while it is looked through: a pipeline may call itself.
            self._failing[pipeline] = False
            graph = self._graphs.get(pipeline)
            ends = (self._ends(one) for one in graph.activities) if graph else ()
            self._failing[pipeline] = graph is None or any(FAILED in one for one in ends)
        return self._failing[pipeline]


def _effect(node: ActivityNode, due: Effect, place: _Place) -> Effect:
    if node.marked is not None:
        return Effect.SKIPPED
    if due in {Effect.SKIPPED, Effect.IF_IT_FAILS}:
        return due
    if place.is_replayed and node.kind not in _REPLAYED and place.earlier.is_reusable(node.name):
        return Effect.OUTPUT_REUSED
    if due is Effect.DECIDED_ANEW or place.is_conditional:
        return Effect.DECIDED_ANEW
    is_gone_through = place.is_replayed and node.kind in {CALL, *CONTAINERS}
    return Effect.REPLAYED if is_gone_through else Effect.RUNS


def _previewed(node: ActivityNode, place: _Place, effect: Effect) -> PreviewedActivity:
    return PreviewedActivity(
        name=node.name,
        kind=node.kind,
        pipeline=place.pipeline,
        effect=effect,
        inside=place.inside,
        status=place.earlier.status(node.name),
    )


def _has_no_items(node: ActivityNode, earlier: EarlierRun) -> bool:
    """Whether a loop found nothing to do before: then it may find nothing again."""
    if node.kind not in LOOPS or not earlier.is_reusable(node.name):
        return False
    return not any(one.name in earlier.statuses for one in walk([node]) if one is not node)
