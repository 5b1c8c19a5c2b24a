"""Plays a step that does something itself: its attempts, its time, what it breaks with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from adf.simulator.gitfolder.execution.execution_context import StepPlayer
from adf.simulator.gitfolder.execution.pipeline_graph import GraphStep
from adf.simulator.gitfolder.execution.results import StepPlace, StepResult
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from adf.simulator.runs import FAILED, SUCCEEDED, SimulatedError

_TRANSIENT = 0.02
_UNTOLD_WAIT, _LONGEST_WAIT = 30.0, 7 * 86_400.0


def work(
    player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace, *, is_chosen: bool
) -> list[StepResult]:
    """Every attempt at a step; the last one tells how it ended."""
    attempts = list(_attempts(player, step, at, place, is_chosen=is_chosen))
    if step.kind in ("SetVariable", "AppendVariable"):
        _set_variable(player, step, place)
    return attempts


def _attempts(
    player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace, *, is_chosen: bool
) -> Iterator[StepResult]:
    passes = step.retries > 0 and player.dice.hits(_TRANSIENT)
    for attempt in range(step.retries + 1):
        breaks = is_chosen or (passes and attempt == 0)
        done = _attempt(player, step, at, place, breaks=breaks)
        yield replace(done, attempt=attempt or None)
        if done.status == SUCCEEDED:
            return
        at = (done.end or at) + timedelta(seconds=step.pause)


def _attempt(
    player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace, *, breaks: bool
) -> StepResult:
    error = _error(player, step, at, place, breaks=breaks)
    share = player.dice.between(0.05, 0.9) if error else 1.0
    lasts = timedelta(seconds=_seconds(player, step, place) * share)
    return StepResult(
        step=step,
        status=FAILED if error else SUCCEEDED,
        since=at,
        start=at,
        end=at + lasts,
        error=error,
        place=place,
        rows=round(player.dice.around(step.usual.rows, 0.08)),
    )


def _error(
    player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace, *, breaks: bool
) -> SimulatedError | None:
    if step.kind == "Fail":
        message = _text(player, step, "message", place) or "The pipeline ended itself."
        code = _text(player, step, "errorCode", place) or step.kind
        return SimulatedError(code=code, message=message)
    if breaks:
        return player.simulator.error_for(player.pipeline, step, player.dice)
    return player.simulator.failure_at(step, at)


def _text(player: StepPlayer, step: GraphStep, key: str, place: StepPlace) -> str:
    try:
        return str(player.value(step.properties.get(key), place) or "")
    except Unknown:
        return ""


def _seconds(player: StepPlayer, step: GraphStep, place: StepPlace) -> float:
    if step.kind != "Wait":
        return player.dice.lasting(step.usual.seconds)
    try:
        waited = float(player.value(step.properties.get("waitTimeInSeconds"), place))
    except (Unknown, TypeError, ValueError):
        return _UNTOLD_WAIT
    return min(max(waited, 0.1), _LONGEST_WAIT)


def _set_variable(player: StepPlayer, step: GraphStep, place: StepPlace) -> None:
    name = str(step.properties.get("variableName"))
    try:
        value = player.value(step.properties.get("value"), place)
    except Unknown:
        value = OPAQUE
    known: Any = player.scene.variables.get(name)
    if step.kind == "AppendVariable" and known is not OPAQUE:
        rows = cast("list[Any]", known) if isinstance(known, list) else []
        value = [*rows, value]
    player.scene.variables[name] = value
