"""Records of the factory around its runs: activity runs, trends, comparisons."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    ActivityTable,
    Bucket,
    Comparison,
    Difference,
    PipelineStats,
    RowStats,
    RunStats,
    RunStatus,
)
from cards.gallery.typical import (
    CUSTOMER,
    FACTORY,
    FAILURE,
    LAST_TWO_DAYS,
    MASTER,
    NESTED,
    activity_run,
    at,
)

_LONG = replace(
    CUSTOMER, pipeline="pl_load_sales_[daily]_v2", start=at(1), end=at(1, 14, 47), duration=None
)
_STEPS = (
    ("Lookup_Watermark", "Lookup", 0, 11),
    ("Get_File_List", "GetMetadata", 11, 18),
    ("If_Has_Files", "IfCondition", 18, 21),
    ("ForEach_Region", "ForEach", 21, 423),
    ("Copy_Customers", "Copy", 25, 193),
    ("Copy_Products", "Copy", 30, 125),
    ("Copy_Stores", "Copy", 125, 186),
    ("Df_Clean_Orders", "ExecuteDataFlow", 193, 424),
    ("Copy_Orders_to_SQL", "Copy", 425, 837),
    ("Sp_Merge_Orders", "SqlServerStoredProcedure", 0, 0),
    ("Update_Watermark", "SqlServerStoredProcedure", 0, 0),
    ("Web_Tell_Ops", "WebActivity", 838, 885),
)


def _step(name: str, kind: str, start: int, end: int) -> RunStatus:
    if name == "Copy_Orders_to_SQL":
        return RunStatus.FAILED
    return RunStatus.SUCCEEDED if end > start else RunStatus.SKIPPED


ACTIVITIES = ActivityTable(
    report=replace(
        FAILURE,
        run=_LONG,
        activity_runs=tuple(
            activity_run(
                _LONG,
                name,
                kind,
                _step(name, kind, start, end),
                at(1) + timedelta(seconds=start) if end else None,
                at(1) + timedelta(seconds=end) if end else None,
            )
            for name, kind, start, end in _STEPS
        ),
    )
)
_ITEMS = replace(
    NESTED,
    run=replace(MASTER, pipeline="IngestSalesforce"),
    activity_runs=NESTED.cause.failed if NESTED.cause else (),
)
ITEMS = ActivityTable(report=replace(NESTED, children=(_ITEMS,)), only=(RunStatus.FAILED,))
_OK = (12, 11, 13, 12, 12, 10, 13, 8, 12, 13, 13, 13)
_BAD = (1, 0, 0, 1, 0, 0, 1, 4, 1, 0, 0, 0)
_P95 = (660, 665, 670, 690, 668, 671, 702, 1040, 860, 720, 690, 671)
TREND = RunStats(
    subject="critical pipelines",
    factory=FACTORY,
    time_range=LAST_TWO_DAYS,
    finding="Failures peaked 20 h ago (4 of 12 runs); the slowest runs took 17 min then and have "
    "recovered since.",
    buckets=tuple(
        Bucket(
            label=f"-{48 - 4 * place} h",
            start=LAST_TWO_DAYS.start + timedelta(hours=4 * place),
            succeeded=ok,
            failed=bad,
            slow=timedelta(seconds=p95),
        )
        for place, (ok, bad, p95) in enumerate(zip(_OK, _BAD, _P95, strict=True))
    ),
    before=0.989,
    pipelines=(
        PipelineStats(
            pipeline="PL_Master_Nightly",
            runs=2,
            failed=1,
            last=RunStatus.FAILED,
            usual=timedelta(minutes=55),
            durations=(3300, 3350, 3240, 3044),
        ),
        PipelineStats(
            pipeline="CustomerDataETL",
            runs=4,
            failed=2,
            last=RunStatus.FAILED,
            usual=timedelta(minutes=24),
            durations=(1780, 1560, 1445, 1872),
        ),
        PipelineStats(
            pipeline="DevSandbox_Test",
            runs=48,
            failed=5,
            last=RunStatus.FAILED,
            remark="muted by lee",
            durations=(100, 120, None, 110),
        ),
        PipelineStats(
            pipeline="ProcessOrders",
            runs=96,
            failed=0,
            last=RunStatus.IN_PROGRESS,
            usual=timedelta(minutes=18),
            durations=(1000, 1080, 1100, 5700),
        ),
    ),
    limits=("Runs are kept for 45 days; older ones are not counted.",),
)
TREND_OF_ONE = replace(
    TREND,
    subject="InventorySnapshot",
    finding="1 of 12 runs failed (8%). Last run 21 s, as usual.",
    buckets=tuple(
        replace(
            bucket,
            succeeded=int(place != 7),
            failed=int(place == 7),
            slow=timedelta(seconds=20 + place % 3),
        )
        for place, bucket in enumerate(TREND.buckets)
    ),
    before=None,
    pipelines=(
        PipelineStats(
            pipeline="InventorySnapshot",
            runs=12,
            failed=1,
            last=RunStatus.SUCCEEDED,
            usual=timedelta(seconds=21),
            durations=(20, 22, 21, 20),
        ),
    ),
    rows=RowStats(copied=(48_112, 47_908, 48_300, 48_021, 48_150, 0), usual=48_066),
)
SPARSE = replace(
    TREND,
    subject="CustomerDataETL",
    finding="The last run took 31 min against 24 min before, but there are only 3 runs to compare.",
    buckets=(),
    before=None,
    pipelines=(),
)
COMPARISON = Comparison(
    left=CUSTOMER,
    right=replace(
        CUSTOMER,
        run_id="11111111-0000-4000-8000-000000000002",
        status=RunStatus.SUCCEEDED,
        start=at(1, day=11),
        end=at(1, 24, 5, day=11),
        duration=None,
        message="",
    ),
    differences=(
        Difference(what="Duration", left="31 min", right="24 min"),
        Difference(what="Copy_CRM_Customers", left="failed", right="succeeded", matters=True),
        Difference(what="Rows read", left="183,002", right="182,440", matters=True),
        Difference(what="Rows copied", left="0", right="182,440", matters=True),
        Difference(what="Merge_DimCustomer", left="skipped", right="4 min 11 s"),
    ),
    same=("parameters", "trigger", "pipeline version"),
)
