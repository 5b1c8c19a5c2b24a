"""What subscriptions count on, as the watch over a factory understands it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from adf.records import Condition, ConditionKind, Expectation, PipelineNotes
from bot.messages import Address
from bot.state.notification_terms import EventKind, last_deadline, longest_of
from bot.state.subscription import CRITICAL, EVERYTHING, Occasion, StoredSubscription

Notes = Callable[[str, str], PipelineNotes]
_KINDS: dict[ConditionKind, EventKind] = {one: EventKind(one.value) for one in ConditionKind}


class ConditionSubscribers(Protocol):
    """Knows who is subscribed to what of a factory, and where each is reached."""

    async def of_factory(self, factory: str) -> Sequence[StoredSubscription]:
        """Every subscription to something of a factory."""
        ...

    async def recipients(self, occasion: Occasion) -> Sequence[Address]:
        """Where that is told by now."""
        ...


def expectations_of(
    factory: str, subscribed: Sequence[StoredSubscription], notes: Notes
) -> list[Expectation]:
    """One expectation for each kind and limit that somebody asked for."""
    wanted: dict[tuple[ConditionKind, str, bool], list[StoredSubscription]] = {}
    for one in subscribed:
        is_named = one.events is not EventKind.PROBLEMS or one.target not in {EVERYTHING, CRITICAL}
        for kind, event in _KINDS.items():
            if one.events.includes(event):
                wanted.setdefault((kind, one.limit, is_named), []).append(one)
    return [
        Expectation(
            kind=kind,
            covers=partial(_covers, some, kind, partial(notes, factory)),
            limit=limit,
            longest=longest_of(limit),
            deadline=partial(last_deadline, limit)
            if kind is ConditionKind.DEADLINE and limit
            else None,
            is_named=is_named,
        )
        for (kind, limit, is_named), some in wanted.items()
    ]


def occasion_of(condition: Condition, notes: Notes) -> Occasion:
    """A condition as subscriptions are asked about it; a runtime may stop anything critical."""
    critical = condition.kind is ConditionKind.RUNTIME or any(
        notes(condition.factory, one).critical for one in condition.pipelines
    )
    return Occasion(
        factory=condition.factory,
        kind=_KINDS[condition.kind],
        pipelines=condition.pipelines,
        critical=critical,
        since=condition.since,
        limit=condition.limit,
    )


def _covers(
    subscribed: Sequence[StoredSubscription],
    kind: ConditionKind,
    notes: Callable[[str], PipelineNotes],
    name: str,
) -> bool:
    critical = kind is ConditionKind.RUNTIME or notes(name).critical
    return any(one.covers({name}, critical=critical) for one in subscribed)
