"""What the pipelines of the live factory do: their steps, their rhythm, and when which step breaks.

Starts are numbered: 0 is the newest one before or just after the factory opens, older ones count
down, later ones up. What breaks depends on the number alone, so the story is always the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from adf.simulator.live import live_errors as words
from adf.simulator.runs import RuntimeUsed
from adf.simulator.world.run_specs import AUTO_RESOLVE, CALL, LOOP

STORE_RUNTIME = "shir-store-01"
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

    A `rounded` rhythm keeps to the quarters of an hour, as people set their triggers.
    """

    trigger: str
    plan: Plan
    every: timedelta
    ago: timedelta
    past: int
    rounded: bool = False
    breaks: Callable[[int], Break | None] = lambda number: None
    lasts: Callable[[int], timedelta | None] = lambda number: None


def _customers(number: int) -> Break | None:
    broken = number in (0, -2) or (number > 0 and number % 2 == 0)
    return (
        Break(
            pipeline="CustomerDataETL",
            step="Copy_CRM_Customers",
            error=words.NULL_KEY,
            stands=timedelta(minutes=10),
        )
        if broken
        else None
    )


def _nightly(number: int) -> Break | None:
    if number < 0 or number % 3:
        return None
    return Break(
        pipeline="IngestSalesforce",
        step="ForEach_Object",
        error=words.API_LIMIT,
        items=("Account", "OpportunityLineItem"),
        stands=QUARTER,
    )


def _inventory(number: int) -> Break | None:
    if number not in (-80, -310) and (number < 0 or number % 6):
        return None
    error = words.STOCK_FILE_MISSING if number % 12 == 6 else words.STOCK_UNREACHABLE
    brief = timedelta(seconds=10)
    return Break(pipeline="InventorySnapshot", step="Copy_StoreStock", error=error, lasts=brief)


def _power_bi(number: int) -> Break | None:
    if number != -30 and (number <= 0 or number % 12):
        return None
    return Break(
        pipeline="ExportToPowerBI", step="Web_RefreshModel", error=words.TOO_MANY, code="2108"
    )


def _loyalty(number: int) -> Break | None:
    if number not in (-9, -33):
        return None
    return Break(pipeline="LoyaltyPoints_Sync", step="Copy_Points", error=words.STORE_DATABASE_SLOW)


def _ledger(number: int) -> Break | None:
    if number != -5:
        return None
    return Break(
        pipeline="FinanceGL_Load", step="Post_Journals", error=words.PERIOD_CLOSED, code="2402"
    )


def _orders(number: int) -> timedelta | None:
    """Every sixth hour one run waits for a lock, and those behind it wait for that run."""
    return timedelta(minutes=44) if number % 24 == 0 else None


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

RHYTHMS = (
    Rhythm(
        trigger="trg_customers_daily",
        plan=Plan(
            pipeline="CustomerDataETL",
            steps=(
                Work(name="Lookup_Watermark", kind="Lookup", share=0.02),
                Work(name="Copy_CRM_Customers", share=0.74, rows=182_440),
                Work(name="Merge_DimCustomer", kind=PROCEDURE, share=0.2),
            ),
            lasts=timedelta(minutes=24),
            annotations=("critical", "owner: priya"),
        ),
        every=DAY,
        ago=timedelta(minutes=50),
        past=14,
        rounded=True,
        breaks=_customers,
    ),
    Rhythm(
        trigger="trg_orders_15m",
        plan=Plan(
            pipeline="ProcessOrders",
            steps=(
                Work(name="Stage_Orders", share=0.1, rows=9_120),
                Work(name="Merge_Orders", kind=PROCEDURE, share=0.86),
            ),
            lasts=timedelta(minutes=5),
            annotations=("critical", "owner: lee"),
            concurrency=1,
        ),
        every=QUARTER,
        ago=timedelta(minutes=37),
        past=192,
        lasts=_orders,
    ),
    Rhythm(
        trigger="trg_master_nightly",
        plan=Plan(
            pipeline="PL_Master_Nightly",
            steps=(
                Work(name="Exec_IngestSalesforce", kind=CALL, calls="IngestSalesforce"),
                Work(name="Exec_LoadWarehouse", kind=CALL, calls="LoadWarehouse"),
            ),
            lasts=timedelta(minutes=46),
            annotations=("critical", "owner: maya"),
        ),
        every=DAY,
        ago=timedelta(hours=4),
        past=14,
        rounded=True,
        breaks=_nightly,
    ),
    Rhythm(
        trigger="trg_inventory_1m",
        plan=Plan(
            pipeline="InventorySnapshot",
            steps=(
                Work(name="Lookup_Stores", kind="Lookup", share=0.1),
                Work(name="Copy_StoreStock", share=0.8, rows=48_112),
            ),
            lasts=timedelta(seconds=20),
            annotations=("owner: lee",),
        ),
        every=timedelta(minutes=1),
        ago=-timedelta(seconds=35),
        past=576,
        breaks=_inventory,
    ),
    Rhythm(
        trigger="trg_sales_10m",
        plan=Plan(
            pipeline="StoreSales_Stream",
            steps=(Work(name="Copy_Tickets", share=0.95, rows=1_204),),
            lasts=timedelta(seconds=90),
            annotations=("owner: lee",),
        ),
        every=timedelta(minutes=10),
        ago=timedelta(minutes=2),
        past=288,
    ),
    Rhythm(
        trigger="trg_powerbi_hourly",
        plan=Plan(
            pipeline="ExportToPowerBI",
            steps=(
                Work(name="Copy_Marts", share=0.7, rows=310_500),
                Work(name="Web_RefreshModel", kind="WebActivity", share=0.25),
            ),
            lasts=timedelta(minutes=6),
            annotations=("critical", "owner: priya"),
        ),
        every=HOUR,
        ago=timedelta(minutes=20),
        past=72,
        rounded=True,
        breaks=_power_bi,
    ),
    Rhythm(
        trigger="trg_loyalty_hourly",
        plan=Plan(
            pipeline="LoyaltyPoints_Sync",
            steps=(Work(name="Copy_Points", share=0.95, rows=22_750),),
            lasts=timedelta(minutes=4),
            annotations=("owner: lee",),
            runtime=RuntimeUsed(name=STORE_RUNTIME, kind="SelfHosted"),
        ),
        every=HOUR,
        ago=timedelta(minutes=35),
        past=72,
        rounded=True,
        breaks=_loyalty,
    ),
    Rhythm(
        trigger="trg_finance_daily",
        plan=Plan(
            pipeline="FinanceGL_Load",
            steps=(
                Work(name="Copy_Ledger", share=0.6, rows=61_020),
                Work(name="Post_Journals", kind=PROCEDURE, share=0.35),
            ),
            lasts=timedelta(minutes=22),
            annotations=("critical", "owner: ivy"),
        ),
        every=DAY,
        ago=timedelta(hours=6),
        past=14,
        rounded=True,
        breaks=_ledger,
    ),
)
