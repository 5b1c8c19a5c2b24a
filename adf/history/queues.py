"""Why runs wait: each reason with what shows it, and "likely" where that is inferred."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adf.records import (
    PipelineQueue,
    PipelineRun,
    QueuedRun,
    RunProgress,
    RuntimeStatus,
    UsualTime,
    WaitingWindow,
    WaitKind,
    WaitReason,
)
from adf.records.glossary import counted

# Limits of the service: runs at once in a factory, and queued runs of one pipeline.
MOST_AT_ONCE = 10_000
MOST_QUEUED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEvidence:
    """What is known of one pipeline: its runs, its limit, and what they depend on.

    `runtimes` are those that its running activities use, by lower-case name; `expected_runtimes`
    those that its last good run used, looked at only where nothing of it runs.
    """

    pipeline: str
    concurrency: int | None
    running: Sequence[RunProgress]
    queued: Sequence[PipelineRun]
    usual: UsualTime | None = None
    windows: Sequence[WaitingWindow] = ()
    runtimes: Mapping[str, RuntimeStatus]
    expected_runtimes: Sequence[RuntimeStatus] = ()
    running_in_factory: int = 0


def pipeline_queue(known: QueueEvidence) -> PipelineQueue:
    """The queue of one pipeline, with the reasons for it."""
    return PipelineQueue(
        pipeline=known.pipeline,
        concurrency=known.concurrency,
        running=tuple(known.running),
        waiting=tuple(_in_line(known)),
        windows=tuple(known.windows),
        reasons=tuple(_reasons(known)),
    )


def _in_line(known: QueueEvidence) -> list[QueuedRun]:
    """Oldest first, with when each place should be free; the service promises no order."""
    oldest = sorted(known.queued, key=lambda run: (run.start is None, str(run.start)))
    turns = _turns(known, len(oldest))
    going = len(known.running)
    return [
        QueuedRun(run_id=run.run_id, since=run.start, before=going + place, expected_start=turn)
        for place, (run, turn) in enumerate(zip(oldest, turns, strict=True))
    ]


def _turns(known: QueueEvidence, number: int) -> list[datetime | None]:
    """When places become free, if every running run has an end that can be expected."""
    ends = [run.expected_end for run in known.running if run.expected_end]
    if not _is_full(known) or len(ends) < len(known.running) or known.usual is None:
        return [None] * number
    heapq.heapify(ends)
    turns: list[datetime | None] = []
    for _ in range(number):
        free = ends[0]
        turns.append(free)
        heapq.heapreplace(ends, free + known.usual.middle)
    return turns


def _is_full(known: QueueEvidence) -> bool:
    limit = known.concurrency
    return limit is not None and 0 < limit <= len(known.running)


def _reasons(known: QueueEvidence) -> list[WaitReason]:
    found = [*_of_limits(known)] if known.queued else []
    if known.running:
        found += [one for run in known.running for one in _of_work(run, known)]
    if not found and known.queued:
        found += [
            _of_runtime(one, f"its last good run used {one.name}")
            for one in known.expected_runtimes
            if one.has_problem or one.is_busy
        ]
    return list(dict.fromkeys([*found, *_of_windows(known.windows)]))


def _of_limits(known: QueueEvidence) -> list[WaitReason]:
    found: list[WaitReason] = []
    if _is_full(known):
        limit, many = counted(known.concurrency or 0, "run"), len(known.running)
        running = f"{many} {'is' if many == 1 else 'are'}"
        evidence = f"the pipeline allows {limit} at a time, and {running} in progress"
        found.append(WaitReason(kind=WaitKind.CONCURRENCY, evidence=evidence))
    if known.running_in_factory >= MOST_AT_ONCE:
        evidence = f"{counted(known.running_in_factory, 'run')} in progress, the limit of a factory"
        found.append(WaitReason(kind=WaitKind.FACTORY_LIMIT, evidence=evidence))
    if len(known.queued) >= MOST_QUEUED:
        evidence = (
            f"{counted(len(known.queued), 'run')} queued, the limit of a pipeline: more are refused"
        )
        found.append(WaitReason(kind=WaitKind.FACTORY_LIMIT, evidence=evidence))
    return found


def _of_work(run: RunProgress, known: QueueEvidence) -> list[WaitReason]:
    """What holds up the run in front: its runtime, or a service that slows it down."""
    found: list[WaitReason] = []
    runtime = known.runtimes.get((run.runtime or "").lower())
    if runtime and (runtime.has_problem or runtime.is_busy):
        found.append(_of_runtime(runtime, f"{run.activity} runs on {runtime.name}"))
    if run.is_throttled:
        evidence = f"{run.activity} was throttled and is being retried"
        found.append(WaitReason(kind=WaitKind.THROTTLED, evidence=evidence, likely=True))
    return found


def _of_runtime(runtime: RuntimeStatus, used: str) -> WaitReason:
    """That a runtime is down or full is a fact; that it is why something waits is inferred."""
    if runtime.has_problem:
        evidence = f"{used}, which is {runtime.state.lower()}"
        return WaitReason(kind=WaitKind.RUNTIME_OFFLINE, evidence=evidence, likely=True)
    total = sum(node.running or 0 for node in runtime.nodes)
    evidence = f"{used}, whose nodes work on as many jobs as they may ({total})"
    return WaitReason(kind=WaitKind.RUNTIME_BUSY, evidence=evidence, likely=True)


def _of_windows(windows: Sequence[WaitingWindow]) -> list[WaitReason]:
    if not windows:
        return []
    upstream = tuple(dict.fromkeys(name for one in windows for name in one.waits_for))
    total = counted(len(windows), "tumbling window")
    if upstream:
        evidence = f"{total} not started: waiting for {', '.join(upstream)}"
        return [WaitReason(kind=WaitKind.WINDOW, evidence=evidence)]
    evidence = f"{total} not started: waiting for earlier windows or a free place"
    return [WaitReason(kind=WaitKind.WINDOW, evidence=evidence, likely=True)]


def longest_wait(queue: PipelineQueue, now: datetime) -> timedelta | None:
    """How long the oldest queued run has waited."""
    return max((now - run.since for run in queue.waiting if run.since), default=None)
