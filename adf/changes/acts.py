"""Events put together to changes: what one actor did at one time.

Events of a deployment share its correlation. A publish from Studio sends each thing by itself, so
that what one actor wrote without a pause is one change too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.changes.activity_log import LogEvent
from adf.records import Change, ChangedThing

_DEPLOYMENTS = "deployments"
# What is written one after the other, by one press of Publish.
PAUSE = timedelta(minutes=2)
_DONE = {
    "write": "changed",
    "delete": "deleted",
    "start/action": "started",
    "stop/action": "stopped",
    "restart/action": "restarted",
    "regeneratekey/action": "got a new key",
    "regenerateauthkey/action": "got a new key",
}
_WRITTEN = frozenset({"changed", "deleted"})
_KINDS = {
    "pipelines": "pipeline",
    "triggers": "trigger",
    "linkedservices": "linked service",
    "datasets": "dataset",
    "dataflows": "data flow",
    "integrationruntimes": "integration runtime",
    "globalparameters": "global parameters",
    "credentials": "credential",
    "factories": "factory",
}
_ADF, _RESOURCES = "microsoft.datafactory", "microsoft.resources"


def changes_of(events: Iterable[LogEvent], factory: str) -> tuple[Change, ...]:
    """Every change in the factory or beside it in its group, newest first; reads are none."""
    acts: dict[tuple[str, str], list[LogEvent]] = {}
    for one in events:
        if _done(one) and _is_near(one, factory):
            acts.setdefault((one.act, one.actor), []).append(one)
    found = sorted((_change(group) for group in acts.values()), key=lambda one: one.at)
    return tuple(reversed(_published_together(found)))


def done_to(event: LogEvent) -> str:
    """What an event did: "stopped"; empty for what changed nothing."""
    return _done(event)


def _done(event: LogEvent) -> str:
    """The words for an operation; empty for reads, runs and whatever else changes nothing."""
    return next((word for end, word in _DONE.items() if event.operation.endswith(f"/{end}")), "")


def _is_near(event: LogEvent, factory: str) -> bool:
    """Not what belongs to another factory of the group."""
    return event.provider != _ADF or event.owner.lower() == factory.lower()


def _change(events: Sequence[LogEvent]) -> Change:
    """One act; it happened when its last event ended."""
    deployed = [one for one in events if _is_deployment(one)]
    things = [one for one in events if not _is_deployment(one)]
    words = next((one.said for one in events if one.said), "")
    return Change(
        at=max(one.at for one in deployed or events),
        actor=events[0].actor,
        things=tuple(dict.fromkeys(_thing(one) for one in sorted(things, key=lambda e: e.at))),
        deployment=deployed[0].name if deployed else "",
        said=words,
        succeeded=all(one.status.lower() != "failed" for one in deployed or events),
    )


def _is_deployment(event: LogEvent) -> bool:
    return event.provider == _RESOURCES and event.kind == _DEPLOYMENTS


def _thing(event: LogEvent) -> ChangedThing:
    kind = _KINDS.get(event.kind, event.kind) if event.provider == _ADF else event.kind
    return ChangedThing(kind=kind, name=event.name, done=_done(event))


def _published_together(changes: Iterable[Change]) -> list[Change]:
    """Oldest first: what one actor wrote without a pause is one change."""
    made: list[Change] = []
    ended: dict[str, datetime] = {}
    for one in changes:
        last = next(
            (place for place in reversed(range(len(made))) if _fits(made[place], one)), None
        )
        if last is not None and one.at - ended[one.actor] <= PAUSE:
            joined = tuple(dict.fromkeys((*made[last].things, *one.things)))
            made[last] = replace(made[last], things=joined)
        else:
            made.append(one)
        if _is_writing(one):
            ended[one.actor] = one.at
    return made


def _fits(before: Change, after: Change) -> bool:
    return (
        before.actor == after.actor
        and _is_writing(before)
        and _is_writing(after)
        and before.said == after.said
        and before.succeeded == after.succeeded
    )


def _is_writing(change: Change) -> bool:
    return not change.deployment and all(one.done in _WRITTEN for one in change.things)
