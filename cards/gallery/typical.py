"""Runs and reports as a working night brings them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adf.records import (
    ActivityError,
    ActivityRun,
    Cause,
    CauseStep,
    ErrorHistory,
    InvokedBy,
    ItemCount,
    Meaning,
    Occurrence,
    PipelineNotes,
    PipelineRun,
    RangeKind,
    RerunOdds,
    RunReport,
    RunStatus,
    TimeRange,
)
from adf.records.moments import moment_said

ROOM = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
FACTORY = "adf-prod"
LAST_TWO_DAYS = TimeRange(start=NOW - timedelta(hours=48), end=NOW, kind=RangeKind.LENGTH)
NOTES = PipelineNotes(
    critical=True,
    owner="priya",
    usual=timedelta(minutes=24),
    due="05:00 UTC",
    downstream=("ExportToPowerBI",),
)
SCHEDULE = InvokedBy(name="trg_daily_0100", kind="ScheduleTrigger")
NULL_KEY = (
    "Operation on target Copy_CRM_Customers failed: ErrorCode=SqlOperationFailed, Message=Cannot "
    "insert the value NULL into column 'CustomerKey', table 'dw.DimCustomer'; column does not "
    "allow nulls. INSERT fails."
)
LIMIT = (
    "ErrorCode=SalesforceAPILimitExceeded, Message=REQUEST_LIMIT_EXCEEDED: TotalRequests Limit "
    "exceeded."
)


def at(hour: int, minute: int = 0, second: int = 0, *, day: int = 12) -> datetime:
    """A moment of that March."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC)


def said(hour: int, minute: int = 0) -> str:
    """A moment of that night as a sentence has it."""
    return moment_said(at(hour, minute), ROOM, NOW)


CUSTOMER = PipelineRun(
    factory=FACTORY,
    run_id="11111111-0000-4000-8000-000000000001",
    pipeline="CustomerDataETL",
    status=RunStatus.FAILED,
    start=at(1),
    end=at(1, 31, 12),
    duration=timedelta(minutes=31, seconds=12),
    message=NULL_KEY,
    invoked_by=SCHEDULE,
)
ORDERS = PipelineRun(
    factory=FACTORY,
    run_id="22222222-0000-4000-8000-000000000001",
    pipeline="ProcessOrders",
    status=RunStatus.IN_PROGRESS,
    start=at(1, 5),
    invoked_by=InvokedBy(name="trg_orders_30m", kind="ScheduleTrigger"),
)
ORDERS_BEFORE = replace(
    ORDERS,
    run_id="22222222-0000-4000-8000-000000000000",
    status=RunStatus.SUCCEEDED,
    start=at(0, 35),
    end=at(0, 53, 20),
)
QUEUED = tuple(
    replace(
        ORDERS,
        run_id=f"22222222-0000-4000-8000-00000000000{place}",
        status=RunStatus.QUEUED,
        start=None,
    )
    for place in (4, 3, 2)
)
MASTER = PipelineRun(
    factory=FACTORY,
    run_id="33333333-0000-4000-8000-000000000001",
    pipeline="PL_Master_Nightly",
    status=RunStatus.FAILED,
    start=at(1, 30),
    end=at(2, 20, 44),
    message="Operation on target Exec_IngestSalesforce failed: Activity failed.",
    invoked_by=InvokedBy(name="trg_master_0130", kind="ScheduleTrigger"),
)
CHILD = PipelineRun(
    factory=FACTORY,
    run_id="44444444-0000-4000-8000-000000000001",
    pipeline="IngestSalesforce",
    status=RunStatus.FAILED,
    start=at(1, 31),
    end=at(2, 19, 50),
    invoked_by=InvokedBy(
        name="PL_Master_Nightly",
        kind="PipelineActivity",
        pipeline="PL_Master_Nightly",
        pipeline_run_id=MASTER.run_id,
    ),
)
DONE = PipelineRun(
    factory=FACTORY,
    run_id="99999999-0000-4000-8000-000000000001",
    pipeline="InventorySnapshot",
    status=RunStatus.SUCCEEDED,
    start=at(1, 45),
    end=at(1, 47),
    duration=timedelta(minutes=2),
    invoked_by=InvokedBy(name="trg_inv_0145", kind="ScheduleTrigger"),
)


def activity_run(
    run: PipelineRun,
    name: str,
    kind: str,
    status: RunStatus,
    start: datetime | None = None,
    end: datetime | None = None,
) -> ActivityRun:
    """One activity run of a run; what it moved and why it broke come by `replace`."""
    return ActivityRun(
        activity_run_id=f"{run.run_id[:8]}-{name}",
        run_id=run.run_id,
        pipeline=run.pipeline,
        name=name,
        kind=kind,
        status=status,
        start=start,
        end=end,
        duration=end - start if start and end else None,
    )


BROKEN_COPY = replace(
    activity_run(
        CUSTOMER, "Copy_CRM_Customers", "Copy", RunStatus.FAILED, at(1, 2, 10), at(1, 30, 58)
    ),
    error=ActivityError(code="2200", message=NULL_KEY, failure_type="UserError"),
    rows_read=183002,
    rows_copied=0,
)
_BEFORE = replace(
    CUSTOMER,
    run_id="11111111-0000-4000-8000-000000000004",
    start=at(1, day=10),
    end=at(1, 29, 40, day=10),
)
_RECOVERED = replace(
    CUSTOMER,
    run_id="11111111-0000-4000-8000-000000000003",
    status=RunStatus.SUCCEEDED,
    start=at(7, 15, day=10),
    end=at(7, 41, day=10),
    invoked_by=InvokedBy(name="priya", kind="Manual"),
)
FAILURE = RunReport(
    run=CUSTOMER,
    as_of=NOW,
    activity_runs=(
        activity_run(
            CUSTOMER, "Lookup_Watermark", "Lookup", RunStatus.SUCCEEDED, at(1, 0, 3), at(1, 0, 11)
        ),
        BROKEN_COPY,
        activity_run(CUSTOMER, "Merge_DimCustomer", "SqlServerStoredProcedure", RunStatus.SKIPPED),
    ),
    cause=Cause(
        path=(
            CauseStep(
                pipeline="CustomerDataETL",
                run_id=CUSTOMER.run_id,
                activity="Copy_CRM_Customers",
                kind="Copy",
            ),
        ),
        failed=(BROKEN_COPY,),
        error=ActivityError(code="2200", message=NULL_KEY, failure_type="UserError"),
    ),
    notes=NOTES,
    history=ErrorHistory(
        occurrences=(Occurrence(run=_BEFORE, recovered=_RECOVERED),),
        days=30,
    ),
    odds=RerunOdds(
        days=45,
        reruns=11,
        green=9,
        low=0.57,
        high=0.94,
        median=timedelta(minutes=22),
        left_alone=3,
        healed=3,
    ),
    meaning=Meaning(
        code="SqlOperationFailed",
        cause="NULL in a required column: CustomerKey of dw.DimCustomer.",
        next_steps=(
            "Find the rows without that value in the source",
            "Correct them there, or let the copy skip and log incompatible rows",
            "Fix the source first; a rerun will fail until then",
        ),
        rerun="after_upstream",
        page="https://learn.microsoft.com/azure/data-factory/connector-troubleshoot-synapse-sql",
        signature="d888d7dd1360",
    ),
)


def _limited(item: str) -> ActivityRun:
    return replace(
        activity_run(CHILD, "Copy_Object", "Copy", RunStatus.FAILED, at(1, 40), at(2, 19)),
        activity_run_id=f"copy-{item}",
        item=item,
        error=ActivityError(
            code="SalesforceAPILimitExceeded", message=LIMIT, failure_type="UserError"
        ),
    )


NESTED = RunReport(
    run=MASTER,
    as_of=NOW,
    activity_runs=(
        activity_run(
            MASTER,
            "Exec_IngestSalesforce",
            "ExecutePipeline",
            RunStatus.FAILED,
            at(1, 30),
            at(2, 20),
        ),
        activity_run(MASTER, "Exec_LoadWarehouse", "ExecutePipeline", RunStatus.SKIPPED),
    ),
    cause=Cause(
        path=(
            CauseStep(
                pipeline="PL_Master_Nightly",
                run_id=MASTER.run_id,
                activity="Exec_IngestSalesforce",
                kind="ExecutePipeline",
            ),
            CauseStep(
                pipeline="IngestSalesforce",
                run_id=CHILD.run_id,
                activity="ForEach_Object",
                kind="ForEach",
            ),
            CauseStep(
                pipeline="IngestSalesforce",
                run_id=CHILD.run_id,
                activity="Copy_Object",
                kind="Copy",
            ),
        ),
        failed=(_limited("Account"), _limited("OpportunityLineItem")),
        error=ActivityError(
            code="SalesforceAPILimitExceeded", message=LIMIT, failure_type="UserError"
        ),
        items=ItemCount(total=14, succeeded=12, failed=2, names=("Account", "OpportunityLineItem")),
    ),
    notes=PipelineNotes(critical=True, owner="maya", usual=timedelta(minutes=55)),
    gaps=("could not read the definition of IngestSalesforce (HTTP 500)",),
)
SUCCESS = RunReport(
    run=DONE,
    as_of=NOW,
    activity_runs=(
        replace(
            activity_run(DONE, "Copy_Inventory", "Copy", RunStatus.SUCCEEDED, at(1, 45), at(1, 47)),
            rows_read=0,
            rows_copied=0,
        ),
    ),
)
