"""Plays the steps that hold others: conditions, switches, and loops."""

import heapq
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from adf.simulator.gitfolder.execution.execution_context import SequenceResult, StepPlayer
from adf.simulator.gitfolder.execution.pipeline_graph import (
    DEFAULT,
    EACH,
    IF,
    LOOP,
    UNTIL,
    GraphStep,
)
from adf.simulator.gitfolder.execution.results import StepPlace, StepResult
from adf.simulator.gitfolder.execution.run_outcome import container_error
from adf.simulator.gitfolder.expressions.values import OPAQUE, Unknown
from adf.simulator.runs import FAILED, SUCCEEDED

_IDS = uuid.UUID("0d9a6f52-2f4e-4f35-9b5b-3f1c7a9e1d60")
_HALF_SECOND = timedelta(seconds=0.5)
_LANES, _MOST_LANES, _MOST_ITEMS, _MOST_ROUNDS = 20, 50, 200, 6
_LEANING = 0.85


def play_container(
    player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace
) -> StepResult:
    """A container with everything inside it; it breaks when something inside it did."""
    if step.kind == LOOP:
        scope = _loop(player, step, at, place)
    elif step.kind == UNTIL:
        scope = _until(player, step, at, place)
    else:
        branch = _condition(player, step, place) if step.kind == IF else _case(player, step, place)
        scope = player.sequence(step.branches.get(branch, ()), at, place)
    return StepResult(
        step=step,
        status=FAILED if scope.broken else SUCCEEDED,
        since=at,
        start=at,
        end=scope.end + _HALF_SECOND,
        error=container_error(scope.broken) if scope.broken else None,
        place=place,
    )


def _condition(player: StepPlayer, step: GraphStep, place: StepPlace) -> str:
    try:
        return (
            "true" if _is_true(player.value(step.properties.get("expression"), place)) else "false"
        )
    except Unknown:
        return _guessed(player, step, place, ("true", "false"))


def _case(player: StepPlayer, step: GraphStep, place: StepPlace) -> str:
    try:
        wanted = f"={player.value(step.properties.get('on'), place)}"
    except Unknown:
        return _guessed(player, step, place, tuple(step.branches) or (DEFAULT,))
    return wanted if wanted in step.branches else DEFAULT


def _guessed(player: StepPlayer, step: GraphStep, place: StepPlace, branches: Sequence[str]) -> str:
    """The branch that only a real run could tell: towards what breaks, else as it mostly goes.

    A branch that ends the pipeline is for trouble, and there is none that is known of.
    """
    inside = {branch: step.branches.get(branch, ()) for branch in branches}
    chosen = [
        branch for branch, steps in inside.items() if place.breaks[:1] in [(s.name,) for s in steps]
    ]
    if chosen:
        return chosen[0]
    calm = [
        branch for branch, steps in inside.items() if not any(s.kind == "Fail" for s in steps)
    ] or list(branches)
    usual = calm[int(step.usual.lean * len(calm))]
    return usual if player.dice.hits(_LEANING) else player.dice.one_of(calm)


def _loop(player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace) -> SequenceResult:
    """Every item, as many at a time as the loop allows; one that breaks does not stop others."""
    items = _items(player, step, place)
    broken_items = _broken_items(player, place, len(items))
    lanes = [at] * _lanes(step)
    scopes: list[SequenceResult] = []
    for number, item in enumerate(items):
        breaks = place.breaks if number in broken_items else ()
        here = _inside(player, step, place, number, item, breaks)
        scope = player.sequence(step.branches.get(EACH, ()), heapq.heappop(lanes), here)
        heapq.heappush(lanes, scope.end)
        scopes.append(scope)
    return _together(scopes, at)


def _until(player: StepPlayer, step: GraphStep, at: datetime, place: StepPlace) -> SequenceResult:
    """Rounds until the condition holds, or until a round broke."""
    scope = SequenceResult(end=at, broken=None)
    for number in range(_MOST_ROUNDS):
        here = _inside(player, step, place, number, place.item, () if number else place.breaks)
        scope = player.sequence(step.branches.get(EACH, ()), scope.end, here)
        if scope.broken or _is_over(player, step, here, number + 1):
            break
    return scope


def _is_over(player: StepPlayer, step: GraphStep, place: StepPlace, rounds: int) -> bool:
    try:
        return _is_true(player.value(step.properties.get("expression"), place))
    except Unknown:
        return rounds >= step.usual.rounds


def _items(player: StepPlayer, step: GraphStep, place: StepPlace) -> list[Any]:
    try:
        items: object = player.value(step.properties.get("items"), place)
    except Unknown:
        return list(step.usual.items)
    return cast("list[Any]", items)[:_MOST_ITEMS] if isinstance(items, list) else []


def _broken_items(player: StepPlayer, place: StepPlace, count: int) -> set[int]:
    if not place.breaks or not count:
        return set()
    return set(player.dice.some_of(range(count), player.dice.count(1, max(1, count // 4))))


def _lanes(step: GraphStep) -> int:
    if step.properties.get("isSequential") is True:
        return 1
    told = step.properties.get("batchCount")
    return min(max(told, 1), _MOST_LANES) if isinstance(told, int) else _LANES


def _inside(
    player: StepPlayer,
    step: GraphStep,
    place: StepPlace,
    number: int,
    item: object,
    breaks: tuple[str, ...],
) -> StepPlace:
    words = f"{player.start.run_id}/{place.iteration}/{step.name}/{number}"
    return replace(place, iteration=uuid.uuid5(_IDS, words).hex, item=item, breaks=breaks)


def _together(scopes: Sequence[SequenceResult], at: datetime) -> SequenceResult:
    end = max((scope.end for scope in scopes), default=at)
    broken = [scope.broken for scope in scopes if scope.broken]
    return SequenceResult(end=end, broken=min(broken, key=lambda done: done.since, default=None))


def _is_true(value: object) -> bool:
    if value is OPAQUE:
        raise Unknown
    return value.strip().lower() == "true" if isinstance(value, str) else bool(value)
