"""Who had a run started, rerun or cancelled, or a trigger switched, as the activity log has it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adf.changes.activity_log import LogEvent, read_log
from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import ActionKind, PipelineRun, TimeRange

# The log has when the request came in; a run begins a moment later, or once there is room.
_NEAR = timedelta(minutes=1)
_ENDINGS = {
    "pipelines/createrun/action": ActionKind.RUN,
    "pipelineruns/cancel/action": ActionKind.CANCEL,
    "triggers/start/action": ActionKind.START_TRIGGER,
    "triggers/stop/action": ActionKind.STOP_TRIGGER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedAct:
    """One request that was taken; `name` is that of the pipeline or trigger, or a run id."""

    at: datetime
    actor: str
    kind: ActionKind
    name: str


async def logged_acts(client: AdfClient, time_range: TimeRange) -> Sequence[LoggedAct]:
    """The acts on a factory in a time range, newest first; raises the AdfError of the log."""
    events, _ = await read_log(client, time_range)
    found = ((_kind(one), one) for one in events)
    return [
        LoggedAct(at=one.at, actor=one.actor, kind=kind, name=one.name)
        for kind, one in found
        if kind is not None and one.owner.lower() == client.factory.name.lower()
    ]


def starter_of(run: PipelineRun, acts: Sequence[LoggedAct]) -> str:
    """Who had a run started; blank where the log does not tell one person."""
    begun = run.start or run.last_updated
    if begun is None:
        return ""
    near = {
        one.actor
        for one in acts
        if one.kind is ActionKind.RUN
        and one.name.lower() == run.pipeline.lower()
        and abs(begun - one.at) <= _NEAR
    }
    return near.pop() if len(near) == 1 else ""


async def with_starters(
    client: AdfClient, runs: Sequence[PipelineRun], now: datetime
) -> tuple[tuple[PipelineRun, ...], tuple[str, ...]]:
    """The runs with who started those that were started by hand, and what was not read."""
    begun = [
        run.start for run in runs if run.start and run.invoked_by and run.invoked_by.is_by_hand
    ]
    if not begun:
        return tuple(runs), ()
    try:
        acts = await logged_acts(client, TimeRange(start=min(begun) - _NEAR, end=now))
    except AdfError as error:
        return tuple(runs), (f"could not read who started it ({error.said})",)
    return tuple(_with_starter(run, acts) for run in runs), ()


def _with_starter(run: PipelineRun, acts: Sequence[LoggedAct]) -> PipelineRun:
    by = run.invoked_by
    person = starter_of(run, acts) if by and by.is_by_hand else ""
    return replace(run, invoked_by=replace(by, person=person)) if by and person else run


def _kind(event: LogEvent) -> ActionKind | None:
    if event.status.lower() == "failed":
        return None
    ended = (kind for end, kind in _ENDINGS.items() if event.operation.endswith(f"/{end}"))
    return next(ended, None)
