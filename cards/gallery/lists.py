"""Lists of runs and of pipelines as a working night brings them."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    BrokenUpstream,
    Doubt,
    DoubtKind,
    Pipeline,
    PipelineList,
    PipelineNotes,
    RunCheck,
    RunList,
    RunStatus,
    UpstreamEffect,
    held_up_said,
)
from cards.gallery.typical import (
    CHILD,
    CUSTOMER,
    DONE,
    FACTORY,
    LAST_TWO_DAYS,
    MASTER,
    NOTES,
    NOW,
    ORDERS,
    ORDERS_BEFORE,
    QUEUED,
)

RUNS = RunList(
    factory=FACTORY,
    runs=(*QUEUED, MASTER, DONE, CHILD, ORDERS, CUSTOMER, ORDERS_BEFORE),
    time_range=LAST_TWO_DAYS,
    as_of=NOW,
)
NEWEST = RunList(
    factory=FACTORY,
    runs=(CUSTOMER,),
    time_range=LAST_TWO_DAYS,
    as_of=NOW,
    pipeline="CustomerDataETL",
    latest_only=True,
    notes={"CustomerDataETL": NOTES},
)
GOING = replace(
    NEWEST,
    runs=(ORDERS, ORDERS_BEFORE),
    pipeline="ProcessOrders",
    notes={"ProcessOrders": PipelineNotes(usual=timedelta(minutes=18))},
)
_NO_ROWS = RunCheck(
    pipeline=DONE.pipeline,
    run_id=DONE.run_id,
    rows=0,
    usual_rows=48_000,
    sample=8,
    doubts=(
        Doubt(kind=DoubtKind.NO_ROWS, said="0 rows copied, usually 48,000 (8 runs)", sample=8),
        Doubt(kind=DoubtKind.FAILED_INSIDE, said="Check_Source failed inside, and the run went on"),
    ),
)
EMPTY = replace(NEWEST, runs=(DONE,), pipeline="InventorySnapshot", checks=(_NO_ROWS,), notes={})
NOT_STARTED = replace(
    NEWEST,
    runs=(ORDERS_BEFORE,),
    pipeline=ORDERS_BEFORE.pipeline,
    notes={},
    upstream=(
        BrokenUpstream(run=MASTER, effect=UpstreamEffect.NOT_STARTED, inside=CHILD.pipeline),
    ),
)
OLD_DATA = replace(
    NOT_STARTED,
    runs=(DONE,),
    pipeline=DONE.pipeline,
    upstream=(BrokenUpstream(run=CUSTOMER, effect=UpstreamEffect.OLD_DATA),),
)
NEXT_LACKS = replace(
    OLD_DATA, upstream=(BrokenUpstream(run=CUSTOMER, effect=UpstreamEffect.NEXT_LACKS),)
)
NO_RUN = replace(NEWEST, runs=(), pipeline="FinanceGL_Load")
RUNNING = replace(RUNS, runs=(*QUEUED, ORDERS), statuses=(RunStatus.IN_PROGRESS, RunStatus.QUEUED))
QUIET = replace(RUNS, runs=(), statuses=(RunStatus.FAILED,))
ALL_WELL = replace(RUNS, runs=(DONE, ORDERS_BEFORE))
DOUBTFUL = replace(
    ALL_WELL,
    checks=(_NO_ROWS,),
    gaps=("looked inside the newest green run of 24 of 40 pipelines",),
)
HELD_UP = replace(
    RUNS,
    runs=(CUSTOMER, DONE, ORDERS_BEFORE),
    latest_only=True,
    checks=(
        RunCheck(
            pipeline=DONE.pipeline,
            run_id=DONE.run_id,
            doubts=(
                Doubt(
                    kind=DoubtKind.HELD_UP,
                    said=held_up_said(
                        (BrokenUpstream(run=CUSTOMER, effect=UpstreamEffect.NOT_STARTED),)
                    ),
                ),
            ),
        ),
    ),
)
PIPELINES = PipelineList(
    factory=FACTORY,
    pipelines=(
        Pipeline(factory=FACTORY, name="CustomerDataETL", folder="Customer", notes=NOTES),
        Pipeline(factory=FACTORY, name="CustomerDim_Load", folder="Customer"),
        Pipeline(factory=FACTORY, name="CustomerDataETL_Backfill", folder="Customer/Backfill"),
    ),
    as_of=NOW,
    match="customer",
)
