"""The parts of the live factory's story: what a plan does, when it starts, and what may break."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from adf.simulator.runs import RuntimeUsed
from adf.simulator.world.run_specs import AUTO_RESOLVE, LOOP

STORE_RUNTIME = "shir-store-01"
OFFLINE_RUNTIME = "shir-wms-02"
PROCEDURE = "SqlServerStoredProcedure"
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OBJECTS = (
    *("Account", "Contact", "Lead", "Opportunity", "Campaign", "CampaignMember", "Case"),
    *("Contract", "Order", "OrderItem", "OpportunityLineItem", "Pricebook2", "Product2", "User"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One step of a plan and its share of the run's time; a loop repeats a Copy for its items."""

    name: str
    kind: str = "Copy"
    share: float = 0.0
    rows: int | None = None
    calls: str | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A step that breaks: where, why, and after how long if not after its usual time.

    A rerun breaks as well while the cause `stands`, counted from the end of the run.
    """

    pipeline: str
    step: str
    error: str
    code: str = "2200"
    items: tuple[str, ...] = ()
    lasts: timedelta | None = None
    stands: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One pipeline that others call, or that a trigger starts by a rhythm."""

    pipeline: str
    steps: tuple[Work, ...]
    lasts: timedelta
    annotations: tuple[str, ...] = ()
    concurrency: int | None = None
    runtime: RuntimeUsed = AUTO_RESOLVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a trigger starts a plan; `ago` is how long before the opening start 0 was.

    A `rounded` rhythm keeps to the quarters of an hour, as people set their triggers. Before the
    opening a plan starts every `past_every`, where that is slower. A start that `skips` never came,
    one that `empties` copies no row.
    """

    trigger: str
    plan: Plan
    every: timedelta
    ago: timedelta
    past: int
    rounded: bool = False
    breaks: Callable[[int], Break | None] = lambda number: None
    lasts: Callable[[int], timedelta | None] = lambda number: None
    past_every: timedelta | None = None
    skips: Callable[[int], bool] = lambda number: False
    empties: Callable[[int], bool] = lambda number: False


# Pipelines that others call.
CALLED = (
    Plan(
        pipeline="IngestSalesforce",
        steps=(Work(name="ForEach_Object", kind=LOOP, share=0.96, items=OBJECTS),),
        lasts=timedelta(minutes=30),
        annotations=("critical", "owner: maya"),
    ),
    Plan(
        pipeline="LoadWarehouse",
        steps=(
            Work(name="Load_Dimensions", kind=PROCEDURE, share=0.4),
            Work(name="Load_Facts", kind=PROCEDURE, share=0.56),
        ),
        lasts=timedelta(minutes=15),
        annotations=("critical", "owner: maya"),
    ),
)
