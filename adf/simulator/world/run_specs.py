"""What is told of a run before its activity runs are written out: steps, items, children."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adf.simulator.runs import FAILED, RuntimeUsed, SimulatedRun

AUTO_RESOLVE = RuntimeUsed(name="AutoResolveIntegrationRuntime")
LOOP = "ForEach"
CALL = "ExecutePipeline"
CONTAINERS = frozenset({LOOP, "Until", "IfCondition", "Switch"})
CONTROL = CONTAINERS | {CALL, "Wait", "SetVariable", "AppendVariable", "Filter", "Fail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRun:
    """The run that an ExecutePipeline step started."""

    run_id: str
    pipeline: str
    message: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySpec:
    """One step of a run as told, with whatever was left out missing."""

    name: str
    kind: str
    status: str
    start: datetime | None = None
    end: datetime | None = None
    error: str = ""
    error_code: str = ""
    failure_type: str = ""
    measures: Mapping[str, int] = field(default_factory=dict[str, int])
    calls: str | None = None
    child: ChildRun | None = None
    item: str | None = None
    items: int | None = None
    item_names: tuple[str, ...] = ()
    succeeded: int | None = None
    failed: int | None = None

    @property
    def is_loop(self) -> bool:
        """Whether the step repeats others for each of its items."""
        return self.kind == LOOP or self.items is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """A step of the outermost sequence with the rows told of its items."""

    spec: ActivitySpec
    told: tuple[ActivitySpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A step that a loop repeats."""

    name: str
    kind: str
    calls: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run and its steps as told; `inner` says what each loop repeats, if known from elsewhere."""

    run: SimulatedRun
    until: datetime
    steps: tuple[StepSpec, ...] = ()
    inner: Mapping[str, tuple[Inner, ...]] = field(default_factory=dict[str, tuple[Inner, ...]])
    runtime: RuntimeUsed = AUTO_RESOLVE


def steps_of(specs: tuple[ActivitySpec, ...]) -> tuple[StepSpec, ...]:
    """The outermost sequence: rows with an item belong to the loop told before them."""
    if any(one.item for one in specs) and not any(one.is_loop for one in specs):
        specs = (_loop_for([one for one in specs if one.item]), *specs)
    loops = [one for one in specs if one.is_loop]
    told: dict[int, list[ActivitySpec]] = {id(one): [] for one in loops}
    current = loops[0] if loops else None
    for one in specs:
        current = one if one.is_loop else current
        if one.item and current is not None:
            told[id(current)].append(one)
    outer = (one for one in specs if not one.item)
    return tuple(StepSpec(spec=one, told=tuple(told.get(id(one), ()))) for one in outer)


def inner_of(told: tuple[ActivitySpec, ...]) -> tuple[Inner, ...]:
    """What a loop repeats, judging by the rows told of its items."""
    found: dict[str, Inner] = {}
    for one in told:
        known = found.get(one.name)
        if known is None or (known.calls is None and one.calls):
            found[one.name] = Inner(name=one.name, kind=one.kind, calls=one.calls)
    return tuple(found.values())


def _loop_for(told: list[ActivitySpec]) -> ActivitySpec:
    broken = any(one.status == FAILED for one in told)
    items = tuple(dict.fromkeys(one.item for one in told if one.item))
    status = FAILED if broken else told[-1].status
    return ActivitySpec(name="ForEach_Item", kind=LOOP, status=status, items=len(items))
