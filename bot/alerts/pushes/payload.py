"""What a pushed alert is about: Azure Monitor's common alert schema, or our own small JSON."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adf.records import Factory

SCHEMA = "azureMonitorCommonAlertSchema"
CONDITIONS = frozenset({"Fired", "Resolved"})
LONGEST = 400
MOST_TARGETS = 100
_FACTORY_ID = re.compile(
    r"(?i)/subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)"
    r"/providers/microsoft\.datafactory/factories/(?P<name>[^/]+)"
)
_RESOURCE_DIMENSIONS = frozenset({"_resourceid", "resourceid", "resource"})
_PIPELINE_DIMENSIONS = frozenset({"pipelinename", "pipeline"})
_RUN_DIMENSIONS = frozenset({"runid", "pipelinerunid"})
_PIPELINE_METRICS = frozenset(
    {
        *("PipelineFailedRuns", "PipelineSucceededRuns", "PipelineCancelledRuns"),
        "PipelineElapsedTimeRuns",
    }
)
Json = Mapping[str, Any]


class WrongPush(Exception):
    """The body is no alert of ours; `why` is for the audit and the caller alike."""

    def __init__(self, why: str) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedAlert:
    """The factories to be polled, by alias; the rest is said in the log alone.

    `key` is the same for the same alert sent again.
    """

    key: str
    factories: tuple[str, ...]
    condition: str
    pipelines: tuple[str, ...] = ()
    run_ids: tuple[str, ...] = ()


def read_push(wire: Json, factories: Sequence[Factory]) -> PushedAlert:
    """Read an alert about some of these factories; raises WrongPush."""
    if "schemaId" in wire:
        return _common(wire, factories)
    if "pipeline" in wire or "run_id" in wire:
        return _small(wire, factories)
    raise WrongPush("neither the common alert schema nor factory, pipeline and run_id")


def _common(wire: Json, factories: Sequence[Factory]) -> PushedAlert:
    if wire["schemaId"] != SCHEMA:
        raise WrongPush(f"schemaId is not {SCHEMA}: turn on the common alert schema")
    data = _object(wire.get("data"), "data")
    essentials = _object(data.get("essentials"), "data.essentials")
    condition = _text(essentials, "monitorCondition")
    if condition not in CONDITIONS:
        raise WrongPush("monitorCondition is neither Fired nor Resolved")
    moment = "resolvedDateTime" if condition == "Resolved" else "firedDateTime"
    parts = [_text(essentials, one) for one in ("alertId", moment)]
    criteria = list(_criteria(data))
    return PushedAlert(
        key=_key("common", condition, *parts),
        factories=_targets(essentials, criteria, factories),
        condition=condition,
        pipelines=_named(criteria, _PIPELINE_DIMENSIONS),
        run_ids=_named(criteria, _RUN_DIMENSIONS),
    )


def _targets(
    essentials: Json, criteria: Sequence[tuple[str, str]], factories: Sequence[Factory]
) -> tuple[str, ...]:
    """The factories among the targets; all of ours where a log alert has a workspace for target."""
    targets = _texts(essentials.get("alertTargetIDs"), "alertTargetIDs")
    split = [value for name, value in criteria if name in _RESOURCE_DIMENSIONS]
    named = [one for one in (*targets, *split) if _FACTORY_ID.fullmatch(one)]
    ours = tuple(one.alias for one in factories if any(_is_of(one, name) for name in named))
    if ours:
        return ours
    if named:
        raise WrongPush("the alert is about a factory that the settings do not name")
    if essentials.get("signalType") == "Log":
        return tuple(one.alias for one in factories)
    raise WrongPush("the alert is not about a data factory")


def _is_of(factory: Factory, resource_id: str) -> bool:
    found = _FACTORY_ID.fullmatch(resource_id)
    known = (factory.subscription, factory.resource_group, factory.name)
    return found is not None and [one.lower() for one in known] == [
        one.lower() for one in found.groups()
    ]


def _criteria(data: Json) -> Iterator[tuple[str, str]]:
    """The dimensions of an alert, by their names in small letters; none where there are none."""
    context = data.get("alertContext")
    condition = cast("Json", context).get("condition") if isinstance(context, dict) else None
    rules = cast("Json", condition).get("allOf") if isinstance(condition, dict) else None
    for rule in cast("list[object]", rules)[:MOST_TARGETS] if isinstance(rules, list) else ():
        if isinstance(rule, dict):
            yield from _dimensions(cast("Json", rule))


def _dimensions(rule: Json) -> Iterator[tuple[str, str]]:
    listed = rule.get("dimensions")
    for one in cast("list[object]", listed)[:MOST_TARGETS] if isinstance(listed, list) else ():
        if not isinstance(one, dict):
            continue
        pair = cast("Json", one)
        name, value = pair.get("name"), pair.get("value")
        if isinstance(name, str) and isinstance(value, str) and len(value) <= LONGEST:
            is_pipeline = name == "Name" and str(rule.get("metricName")) in _PIPELINE_METRICS
            yield "pipelinename" if is_pipeline else name.lower(), value


def _small(wire: Json, factories: Sequence[Factory]) -> PushedAlert:
    """Of a Web activity: {"factory": ..., "pipeline": ..., "run_id": ..., "status": ...}."""
    named = _text(wire, "factory")
    pipeline, run_id = _text(wire, "pipeline"), _text(wire, "run_id")
    status = _text(wire, "status") if "status" in wire else "Failed"
    found = [one.alias for one in factories if _is_called(one, named)]
    if len(found) != 1:
        raise WrongPush("factory is none that the settings name, or more than one")
    return PushedAlert(
        key=_key("small", found[0], run_id, status),
        factories=(found[0],),
        condition="Resolved" if status == "Succeeded" else "Fired",
        pipelines=(pipeline,),
        run_ids=(run_id,),
    )


def _is_called(factory: Factory, named: str) -> bool:
    is_id = named.startswith("/")
    if is_id:
        return _is_of(factory, named)
    return named.lower() in {factory.alias.lower(), factory.name.lower()}


def _object(found: object, where: str) -> Json:
    if not isinstance(found, dict):
        raise WrongPush(f"{where} is no object")
    return cast("Json", found)


def _text(wire: Json, name: str) -> str:
    found = wire.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST:
        raise WrongPush(f"{name} is no text of 1 to {LONGEST} characters")
    return found


def _texts(found: object, name: str) -> list[str]:
    listed = cast("list[object]", found) if isinstance(found, list) else []
    texts = [one for one in listed if isinstance(one, str) and len(one) <= LONGEST]
    if not texts or len(texts) != len(listed) or len(listed) > MOST_TARGETS:
        raise WrongPush(f"{name} is no list of 1 to {MOST_TARGETS} ids")
    return texts


def _named(criteria: Sequence[tuple[str, str]], names: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name, value in criteria if name in names))


def _key(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
