"""What makes a signal one that was told before: the run and the status it had."""

from collections.abc import Awaitable, Callable, Collection, Iterable

from adf.records import PipelineRun

Key = tuple[str, str]
Seen = Callable[[Key], Awaitable[bool]] | Collection[Key]


def key_of(run: PipelineRun) -> Key:
    """The run id and the status, which together are told once."""
    return run.run_id, str(run.status)


async def announced_before(runs: Iterable[PipelineRun], seen: Seen) -> frozenset[str]:
    """The ids of those runs that were told before in the status they have."""
    if isinstance(seen, Collection):
        return frozenset(run.run_id for run in runs if key_of(run) in seen)
    return frozenset([run.run_id for run in runs if await seen(key_of(run))])
