"""The first thing that really broke in a run: through containers, ForEach items and child runs.

Activity rows are flat: which row is inside which container comes from the published pipeline,
which item a row belongs to from its iteration. A run's message names the activity that broke it
("Operation on target X failed: ..."), which tells it from failures that a failure path handled.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from adf.records import (
    BROKEN,
    ActivityDefinition,
    ActivityError,
    ActivityRun,
    Cause,
    CauseStep,
    ItemCount,
    PipelineDefinition,
    PipelineRun,
    RunReport,
    RunStatus,
)

CONTAINERS = frozenset({"ForEach", "Until", "IfCondition", "Switch"})
_WITHIN = re.compile(r"Inner activity name: (.{1,200}?), Error:")
_TARGET = re.compile(r"Operation on target (.{1,200}?) failed:\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """What is known of one run while looking for what broke it."""

    run: PipelineRun
    rows: Sequence[ActivityRun]
    children: Mapping[str, RunReport]
    definition: PipelineDefinition | None


def find_cause(
    run: PipelineRun,
    activity_runs: Sequence[ActivityRun],
    children: Mapping[str, RunReport],
    definition: PipelineDefinition | None,
) -> Cause | None:
    """The cause of a broken run; `children` are reports by the activity run that called them.

    Without a broken activity run the run's own message is all there is; None when it is empty.
    """
    level = _Level(run=run, rows=activity_runs, children=children, definition=definition)
    broken = [one for one in activity_runs if one.status in BROKEN]
    if broken:
        return _descend(
            level, _named(broken, run.message) or _first(level, _outer(level, broken)), broken
        )
    if not run.message:
        return None
    named = _TARGET.match(run.message)
    step = _step(run, named.group(1), "") if named else None
    error = ActivityError(code="", message=inner_message(run.message))
    return Cause(path=(step,) if step else (), failed=(), error=error)


def inner_message(message: str) -> str:
    """The message without the "Operation on target X failed:" that each level puts before it."""
    plain = message
    while match := _TARGET.match(plain):
        plain = plain[match.end() :]
    return plain or message


def _named(broken: Sequence[ActivityRun], message: str) -> ActivityRun | None:
    """The broken activity run that the message names."""
    names = _TARGET.findall(message)
    return next((one for name in names for one in broken if one.name == name), None)


def _outer(level: _Level, broken: Sequence[ActivityRun]) -> Sequence[ActivityRun]:
    """The broken rows that stand in no container; without a definition, the containers."""
    containers = [one for one in broken if one.kind in CONTAINERS]
    if level.definition is None:
        return containers or broken
    inner = {name for one in containers for name in _inner_names(level.definition, one.name)}
    return [one for one in broken if one.name not in inner] or broken


def _named_within(inside: Sequence[ActivityRun], container: ActivityRun) -> ActivityRun | None:
    """The earliest broken row of the activity that the message of its container names."""
    named = _WITHIN.search(container.error.message) if container.error else None
    rows = [one for one in inside if named and one.name == named[1]]
    return _earliest(rows) if rows else None


def _first(level: _Level, broken: Sequence[ActivityRun]) -> ActivityRun:
    """The earliest broken row that no failure path handled; the earliest where all were."""
    return _earliest([one for one in broken if not _is_handled(level, one)] or broken)


def _is_handled(level: _Level, broken: ActivityRun) -> bool:
    """Whether an activity that comes after it went well: it runs only where that was foreseen."""
    known = _walk(level.definition.activities) if level.definition else ()
    after = {one.name for one in known if broken.name in one.after}
    return any(
        one.name in after
        and one.iteration == broken.iteration
        and one.status is RunStatus.SUCCEEDED
        for one in level.rows
    )


def _earliest(broken: Sequence[ActivityRun]) -> ActivityRun:
    return min(broken, key=lambda one: (one.end is None, str(one.end or one.start)))


def _descend(level: _Level, top: ActivityRun, broken: Sequence[ActivityRun]) -> Cause:
    step = _step(level.run, top.name, top.kind)
    inside = _inside(level, top, broken) if top.kind in CONTAINERS else []
    if inside:
        first = _named_within(inside, top) or _first(level, inside)
        below = _descend(level, first, [one for one in inside if one is not top])
        items = _count_items(level, top) if top.kind == "ForEach" else None
        return replace(below, path=(step, *below.path), items=below.items or items)
    child = level.children.get(top.activity_run_id)
    if child and child.cause:
        return replace(child.cause, path=(step, *child.cause.path))
    alike = tuple(one for one in broken if one.name == top.name)
    return Cause(path=(step,), failed=alike or (top,), error=_error_of(top, level.run))


def _inside(
    level: _Level, container: ActivityRun, broken: Sequence[ActivityRun]
) -> list[ActivityRun]:
    """The broken rows inside a container; without a definition, every broken row that is a leaf."""
    names = _inner_names(level.definition, container.name)
    if names:
        return [one for one in broken if one.name in names]
    return [one for one in broken if one is not container and one.kind not in CONTAINERS]


def _inner_names(definition: PipelineDefinition | None, container: str) -> set[str]:
    found = _walk(definition.activities) if definition else ()
    return {inner.name for one in found if one.name == container for inner in _walk(one.inner)}


def _walk(activities: Iterable[ActivityDefinition]) -> Iterator[ActivityDefinition]:
    for one in activities:
        yield one
        yield from _walk(one.inner)


def _count_items(level: _Level, loop: ActivityRun) -> ItemCount | None:
    names = _inner_names(level.definition, loop.name)
    rows = [one for one in level.rows if (one.name in names if names else one.iteration)]
    ended: dict[str, bool] = {}
    for one in rows:
        item = one.iteration or one.activity_run_id
        ended[item] = ended.get(item, False) or one.status in BROKEN
    failed = sum(ended.values())
    named = (one.item for one in rows if one.status in BROKEN and one.item)
    return ItemCount(
        total=len(ended),
        succeeded=len(ended) - failed,
        failed=failed,
        names=tuple(dict.fromkeys(named)),
    )


def _step(run: PipelineRun, activity: str, kind: str) -> CauseStep:
    return CauseStep(pipeline=run.pipeline, run_id=run.run_id, activity=activity, kind=kind)


def _error_of(one: ActivityRun, run: PipelineRun) -> ActivityError:
    error = one.error or ActivityError(code="", message=run.message)
    return replace(error, message=inner_message(error.message))
