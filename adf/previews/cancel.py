"""What a cancel stops, what goes on, and who waits for it."""

import asyncio
from collections.abc import Iterator, Sequence

from adf.previews.reading import MOST_CHILDREN, PreviewReader
from adf.records import (
    ACTIVE,
    ActionPreview,
    ActionTarget,
    ActivityRun,
    Effect,
    Obstacle,
    PipelineRun,
    PreviewedActivity,
    RunStatus,
)
from adf.runs.report import last_attempts

_DEEPEST = 8


async def preview_cancel(reader: PreviewReader, target: ActionTarget) -> ActionPreview:
    """What cancelling a run does to it, to the runs that it called and to those that wait."""
    run = await reader.client.get_run(target.run_id or "")
    rows = last_attempts(await reader.rows(run)) if run.status in ACTIVE else ()
    others, gaps = await reader.later_runs(run)
    parent_id = run.invoked_by.pipeline_run_id if run.invoked_by else None
    parent, parent_gaps = (
        await reader.run_or_gap(parent_id, "the run that called it") if parent_id else (None, ())
    )
    below = await _descendants(reader, rows)
    called = Effect.INTERRUPTED if target.recursive else Effect.GOES_ON
    obstacle, names = _obstacle(target, run)
    return ActionPreview(
        target=target,
        as_of=reader.now,
        run=run,
        activities=(
            *_under_way(rows, Effect.INTERRUPTED),
            *(one for _, inner in below for one in _under_way(inner, called)),
        ),
        parameters=run.parameters,
        parent=parent,
        children=tuple(child for child, _ in below),
        newer=tuple(one for one in others if one.start and run.start and one.start > run.start),
        active=tuple(one for one in others if one.status in ACTIVE),
        obstacle=obstacle,
        obstacle_names=names,
        gaps=(*gaps, *parent_gaps),
    )


def _under_way(rows: Sequence[ActivityRun], effect: Effect) -> Iterator[PreviewedActivity]:
    for row in rows:
        if row.status in ACTIVE:
            yield PreviewedActivity(
                name=row.name,
                kind=row.kind,
                pipeline=row.pipeline,
                effect=effect,
                status=row.status,
            )


def _obstacle(target: ActionTarget, run: PipelineRun) -> tuple[Obstacle | None, tuple[str, ...]]:
    if target.pipeline and target.pipeline.lower() != run.pipeline.lower():
        return Obstacle.OTHER_PIPELINE, (run.pipeline,)
    if run.status is RunStatus.CANCELING:
        return Obstacle.RUN_CANCELING, ()
    return (None if run.status in ACTIVE else Obstacle.RUN_ENDED), ()


async def _descendants(
    reader: PreviewReader, rows: Sequence[ActivityRun], depth: int = 0
) -> list[tuple[PipelineRun, Sequence[ActivityRun]]]:
    """The runs that are called from activities under way, with theirs, and so on down."""
    ids = [row.child_run_id for row in rows if row.status in ACTIVE and row.child_run_id]
    if depth >= _DEEPEST or not ids:
        return []
    read = await asyncio.gather(
        *(reader.run_or_gap(one, "a called run") for one in ids[:MOST_CHILDREN])
    )
    going = [run for run, _ in read if run and run.status in ACTIVE]
    inner = await asyncio.gather(*(reader.rows(run) for run in going))
    found = [*zip(going, map(last_attempts, inner), strict=True)]
    below = await asyncio.gather(*(_descendants(reader, some, depth + 1) for _, some in found))
    return [*found, *(pair for pairs in below for pair in pairs)]
