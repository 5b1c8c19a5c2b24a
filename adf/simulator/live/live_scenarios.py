"""What the pipelines of the live factory do: their steps, their rhythm, and when which step breaks.

Starts are numbered: 0 is the newest one before or just after the factory opens, older ones count
down, later ones up. What breaks depends on the number alone, so the story is always the same.
"""

from datetime import timedelta

from adf.simulator.live import live_errors as words
from adf.simulator.live.live_plans import (
    DAY,
    HOUR,
    OFFLINE_RUNTIME,
    PROCEDURE,
    QUARTER,
    STORE_RUNTIME,
    Break,
    Plan,
    Rhythm,
    Work,
)
from adf.simulator.runs import RuntimeUsed
from adf.simulator.world.run_specs import CALL

WEEK = 7
_BRIEF = timedelta(seconds=10)


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
    if number not in (-20, -77) and (number < 0 or number % 6):
        return None
    error = words.STOCK_FILE_MISSING if number % 12 == 6 else words.STOCK_UNREACHABLE
    return Break(pipeline="InventorySnapshot", step="Copy_StoreStock", error=error, lasts=_BRIEF)


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


def _warehouse(number: int) -> Break | None:
    if number != 0:
        return None
    return Break(
        pipeline="WarehouseStock_Import",
        step="Copy_WmsStock",
        error=words.RUNTIME_OFFLINE,
        lasts=timedelta(minutes=2),
        stands=DAY,
    )


def _orders(number: int) -> timedelta | None:
    """Every sixth hour one run waits for a lock, and those behind it wait for that run."""
    return timedelta(minutes=44) if number % 24 == 0 else None


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
        past=96 * WEEK,
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
        past=24 * WEEK,
        past_every=HOUR,
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
        past=48 * WEEK,
        past_every=2 * QUARTER,
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
        past=24 * WEEK,
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
        past=24 * WEEK,
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
    Rhythm(
        trigger="trg_supplier_prices_daily",
        plan=Plan(
            pipeline="SupplierPrices_Load",
            steps=(Work(name="Copy_PriceFiles", share=0.95, rows=12_400),),
            lasts=timedelta(minutes=8),
            annotations=("owner: ivy",),
        ),
        every=DAY,
        ago=timedelta(hours=3),
        past=14,
        rounded=True,
        empties=lambda number: number == 0,
    ),
    Rhythm(
        trigger="trg_tax_rates_daily",
        plan=Plan(
            pipeline="TaxRates_Refresh",
            steps=(Work(name="Copy_TaxRates", share=0.95, rows=880),),
            lasts=timedelta(minutes=3),
            annotations=("owner: ivy",),
        ),
        every=DAY,
        ago=timedelta(hours=5),
        past=14,
        rounded=True,
        skips=lambda number: number == 0,
    ),
    Rhythm(
        trigger="trg_wms_daily",
        plan=Plan(
            pipeline="WarehouseStock_Import",
            steps=(Work(name="Copy_WmsStock", share=0.95, rows=74_300),),
            lasts=timedelta(minutes=11),
            annotations=("owner: lee",),
            runtime=RuntimeUsed(name=OFFLINE_RUNTIME, kind="SelfHosted"),
        ),
        every=DAY,
        ago=timedelta(hours=2),
        past=14,
        rounded=True,
        breaks=_warehouse,
    ),
)
# What breaks a few seconds after somebody asked to be alerted, so that there is something to see.
INVENTORY = next(one.plan for one in RHYTHMS if one.plan.pipeline == "InventorySnapshot")
ON_REQUEST = Break(
    pipeline="InventorySnapshot",
    step="Copy_StoreStock",
    error=words.STOCK_UNREACHABLE,
    lasts=_BRIEF,
)
