"""Plays a step that does something itself: its attempts, its time, what it breaks with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from adf.simulator.gitfolder.execution.execution_context import Player
from adf.simulator.gitfolder.execution.pipeline_graph import Step
from adf.simulator.gitfolder.execution.results import Done, Place
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from adf.simulator.runs import FAILED, SUCCEEDED, ActivityError

_TRANSIENT = 0.02
_UNTOLD_WAIT, _LONGEST_WAIT = 30.0, 7 * 86_400.0


def work(player: Player, step: Step, at: datetime, place: Place, *, is_chosen: bool) -> list[Done]:
    """Every attempt at a step; the last one tells how it ended."""
    attempts = list(_attempts(player, step, at, place, is_chosen=is_chosen))
    if step.kind in ("SetVariable", "AppendVariable"):
        _set_variable(player, step, place)
    return attempts


def _attempts(
    player: Player, step: Step, at: datetime, place: Place, *, is_chosen: bool
) -> Iterator[Done]:
    passes = step.retries > 0 and player.dice.hits(_TRANSIENT)
    for attempt in range(step.retries + 1):
        breaks = is_chosen or (passes and attempt == 0)
        done = _attempt(player, step, at, place, breaks=breaks)
        yield replace(done, attempt=attempt or None)
        if done.status == SUCCEEDED:
            return
        at = (done.end or at) + timedelta(seconds=step.pause)


def _attempt(player: Player, step: Step, at: datetime, place: Place, *, breaks: bool) -> Done:
    error = _error(player, step, at, place, breaks=breaks)
    share = player.dice.between(0.05, 0.9) if error else 1.0
    lasts = timedelta(seconds=_seconds(player, step, place) * share)
    return Done(
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
    player: Player, step: Step, at: datetime, place: Place, *, breaks: bool
) -> ActivityError | None:
    if step.kind == "Fail":
        message = _text(player, step, "message", place) or "The pipeline ended itself."
        code = _text(player, step, "errorCode", place) or step.kind
        return ActivityError(code=code, message=message)
    if breaks:
        return player.house.error_for(player.pipeline, step, player.dice)
    return player.house.trouble(step, at)


def _text(player: Player, step: Step, key: str, place: Place) -> str:
    try:
        return str(player.value(step.properties.get(key), place) or "")
    except Unknown:
        return ""


def _seconds(player: Player, step: Step, place: Place) -> float:
    if step.kind != "Wait":
        return player.dice.lasting(step.usual.seconds)
    try:
        waited = float(player.value(step.properties.get("waitTimeInSeconds"), place))
    except (Unknown, TypeError, ValueError):
        return _UNTOLD_WAIT
    return min(max(waited, 0.1), _LONGEST_WAIT)


def _set_variable(player: Player, step: Step, place: Place) -> None:
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
