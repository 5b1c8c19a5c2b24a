"""Chooses where in a pipeline, or in those it calls, something is going to break."""

from collections.abc import Iterator, Mapping, Sequence

from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep, PipelineGraph
from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.world.run_specs import CALL, CONTAINERS, CONTROL

_DEEPEST = 24


def choose_break(
    blueprints: Mapping[str, PipelineGraph],
    pipeline: str,
    dice: SeededRandom,
    tried: set[str] | None = None,
) -> tuple[str, ...]:
    """The way down to a step that can break, by the names on it; empty if there is none."""
    seen = set[str]() if tried is None else tried
    known = blueprints.get(pipeline)
    # What calls itself, and what was looked through in vain, is not looked through again.
    if known is None or pipeline in seen:
        return ()
    seen.add(pipeline)
    return _below(blueprints, known.steps, dice, seen)


def _below(
    blueprints: Mapping[str, PipelineGraph],
    steps: Sequence[GraphStep],
    dice: SeededRandom,
    tried: set[str],
) -> tuple[str, ...]:
    calm = list(_calm(steps))
    for step in dice.some_of(calm, len(calm)):
        way = _way(blueprints, step, dice, tried)
        if way is not None:
            return (step.name, *way)
    return ()


def _way(
    blueprints: Mapping[str, PipelineGraph], step: GraphStep, dice: SeededRandom, tried: set[str]
) -> tuple[str, ...] | None:
    """The rest of the way below a step; None if nothing can break there."""
    if step.kind in CONTAINERS:
        inside = [one for branch in step.branches.values() for one in branch]
        return _below(blueprints, inside, dice, tried) or None
    if step.kind == CALL:
        return choose_break(blueprints, str(step.calls), dice, tried) or None
    return None if step.kind in CONTROL else ()


def _calm(steps: Sequence[GraphStep]) -> Iterator[GraphStep]:
    """The steps that run while nothing has broken."""
    stormy: set[str] = set()
    for step in steps:
        if step.only_after_trouble or any(name in stormy for name, _ in step.waits_for):
            stormy.add(step.name)
        elif not step.marked:
            yield step


def size_of(blueprints: Mapping[str, PipelineGraph], pipeline: str) -> int:
    """About how many runs one start of a pipeline makes, its own included."""
    sizes: dict[str, int] = {}

    def below(steps: Sequence[GraphStep], depth: int) -> int:
        total = 0
        for step in steps:
            branches = step.branches.values()
            inside = max((below(branch, depth) for branch in branches), default=0)
            total += inside * max(len(step.usual.items), 1)
            total += of(str(step.calls), depth) if step.kind == CALL else 0
        return total

    def of(name: str, depth: int) -> int:
        if name not in blueprints or depth > _DEEPEST:
            return 0
        if name not in sizes:
            sizes[name] = 1
            sizes[name] = 1 + below(blueprints[name].steps, depth + 1)
        return sizes[name]

    return of(pipeline, 0)
