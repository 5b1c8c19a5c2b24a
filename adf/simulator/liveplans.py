"""What the pipelines of the live factory do: their steps, their usual errors, their rhythm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from adf.simulator.runs import FAILED, SKIPPED, SUCCEEDED
from adf.simulator.specs import CALL, LOOP, ActivitySpec, Step

Outcome = Callable[[int], bool]

NULL_KEY = (
    "Failure happened on 'Sink' side. ErrorCode=SqlOperationFailed,'Type=Microsoft.DataTransfer."
    "Common.Shared.HybridDeliveryException,Message=A database operation failed. Please search "
    "error to get more details.,Source=Microsoft.DataTransfer.ClientLibrary,''Type=Microsoft.Data."
    "SqlClient.SqlException,Message=Cannot insert the value NULL into column 'CustomerKey', table "
    "'dw.DimCustomer'; column does not allow nulls. INSERT fails.,Source=Framework Microsoft "
    "SqlClient Data Provider,SqlErrorNumber=515,Class=16,ErrorCode=-2146232060,State=2,'"
)
LIMIT = (
    "Failure happened on 'Source' side. ErrorCode=SalesforceAPILimitExceeded,'Type=Microsoft."
    "DataTransfer.Common.Shared.HybridDeliveryException,Message=REQUEST_LIMIT_EXCEEDED: "
    "TotalRequests Limit exceeded.,Source=Microsoft.DataTransfer.Runtime.SalesforceConnector,'"
)
NO_FILE = (
    "ErrorCode=UserErrorSourceBlobNotExist,'Type=Microsoft.DataTransfer.Common.Shared."
    "HybridDeliveryException,Message=The required Blob is missing. ContainerName: stock, path: "
    "daily/counts.csv.,Source=Microsoft.DataTransfer.ClientLibrary,'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One pipeline: how often it starts, how long it runs, which starts fail (0 is the last past).

    `begins` is when its last start before the factory opened was, counted back from the opening.
    """

    pipeline: str
    every: timedelta
    begins: timedelta
    lasts: timedelta
    good: Sequence[Step]
    bad: Sequence[Step] = ()
    fails: Outcome = field(default=lambda _: False)
    concurrency: int | None = None
    child: str | None = None

    @property
    def schedule(self) -> str:
        """The rhythm in the words of a trigger."""
        return f"every {round(self.every.total_seconds() / 60)} min"


def _step(name: str, kind: str = "Copy", status: str = SUCCEEDED, **more: int | str) -> Step:
    error, code = str(more.pop("error", "")), str(more.pop("error_code", ""))
    rows = {key: int(value) for key, value in more.items()}
    spec = ActivitySpec(
        name=name, kind=kind, status=status, error=error, error_code=code, measures=rows
    )
    return Step(spec=spec)


def _loop(name: str, items: int, broken: Sequence[str], error: str) -> Step:
    told = tuple(
        ActivitySpec(name="Copy_Object", kind="Copy", status=FAILED, item=item, error=error)
        for item in broken
    )
    inner = ActivitySpec(name="Copy_Object", kind="Copy", status=SUCCEEDED, item="Contact")
    return Step(
        spec=ActivitySpec(
            name=name,
            kind=LOOP,
            status=FAILED if broken else SUCCEEDED,
            items=items,
            succeeded=items - len(broken),
            failed=len(broken),
        ),
        told=told or (inner,),
    )


def _call(name: str, pipeline: str, status: str = SUCCEEDED) -> Step:
    return Step(spec=ActivitySpec(name=name, kind=CALL, status=status, calls=pipeline))


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


PLANS = (
    Plan(
        pipeline="CustomerDataETL",
        every=_minutes(360),
        begins=_minutes(70),
        lasts=_minutes(31),
        good=(
            _step("Lookup_Watermark", "Lookup"),
            _step("Copy_CRM_Customers", rowsRead=182_440, rowsCopied=182_440),
            _step("Merge_DimCustomer", "SqlServerStoredProcedure"),
        ),
        bad=(
            _step("Lookup_Watermark", "Lookup"),
            _step(
                "Copy_CRM_Customers",
                status=FAILED,
                error=NULL_KEY,
                error_code="2200",
                rowsRead=183_002,
                rowsCopied=0,
            ),
            _step("Merge_DimCustomer", "SqlServerStoredProcedure", SKIPPED),
        ),
        fails=lambda number: number in {0, -5},
    ),
    Plan(
        pipeline="ProcessOrders",
        every=_minutes(12),
        begins=_minutes(6),
        lasts=_minutes(9),
        good=(
            _step("Stage_Orders", rowsRead=90_311, rowsCopied=90_311),
            _step("Merge_Orders", "SqlServerStoredProcedure"),
        ),
        concurrency=1,
    ),
    Plan(
        pipeline="PL_Master_Nightly",
        every=_minutes(1440),
        begins=_minutes(200),
        lasts=_minutes(50),
        good=(
            _call("Exec_IngestSalesforce", "IngestSalesforce"),
            _call("Exec_LoadWarehouse", "LoadWarehouse"),
        ),
        bad=(
            _call("Exec_IngestSalesforce", "IngestSalesforce", FAILED),
            _call("Exec_LoadWarehouse", "LoadWarehouse", SKIPPED),
        ),
        fails=lambda number: number == 0,
    ),
    Plan(
        pipeline="InventorySnapshot",
        every=_minutes(4),
        begins=timedelta(minutes=3, seconds=45),
        lasts=timedelta(seconds=25),
        good=(_step("Copy_Inventory", rowsRead=48_112, rowsCopied=48_112),),
        bad=(_step("Copy_Inventory", status=FAILED, error=NO_FILE, error_code="2200"),),
        fails=lambda number: number > 0 and number % 4 == 1,
    ),
    Plan(
        pipeline="FinanceGL_Load",
        every=_minutes(1440),
        begins=_minutes(420),
        lasts=_minutes(22),
        good=(_step("Copy_GL", rowsRead=61_020, rowsCopied=61_020),),
    ),
    Plan(
        pipeline="ExportToPowerBI",
        every=_minutes(1440),
        begins=_minutes(300),
        lasts=_minutes(11),
        good=(_step("Refresh_Model", "WebActivity"),),
    ),
    Plan(
        pipeline="StoreSales_Stream",
        every=_minutes(3),
        begins=_minutes(1),
        lasts=timedelta(seconds=40),
        good=(_step("Append_Sales", rowsRead=1_204, rowsCopied=1_204),),
    ),
)
CHILDREN = {
    "IngestSalesforce": (
        (_loop("ForEach_Object", 14, (), ""),),
        (_loop("ForEach_Object", 14, ("Account", "OpportunityLineItem"), LIMIT),),
    ),
    "LoadWarehouse": ((_step("Load_Facts", "SqlServerStoredProcedure"),), ()),
}
