"""Records of what runs and waits now."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    Pace,
    PipelineQueue,
    QueuedRun,
    QueueReport,
    RunProgress,
    UsualTime,
    WaitingWindow,
    WaitKind,
    WaitReason,
)
from cards.gallery.typical import FACTORY, NOW, at

_USUAL = UsualTime(middle=timedelta(minutes=18), slow=timedelta(minutes=22), sample=96)
_FRONT = RunProgress(
    pipeline="ProcessOrders",
    run_id="22222222-0000-4000-8000-000000000001",
    since=at(1, 5),
    pace=Pace.HUNG,
    usual=_USUAL,
    activity="Merge_Orders",
    activity_kind="SqlServerStoredProcedure",
    activity_since=at(1, 12),
    runtime="shir-prod-01",
)
_ORDERS = PipelineQueue(
    pipeline="ProcessOrders",
    concurrency=1,
    running=(_FRONT,),
    waiting=(
        QueuedRun(run_id="22222222-0000-4000-8000-000000000002", since=at(1, 30), before=1),
        QueuedRun(run_id="22222223-0000-4000-8000-000000000003", since=at(2), before=2),
        QueuedRun(run_id="22222224-0000-4000-8000-000000000004", since=at(2, 30), before=3),
    ),
    reasons=(
        WaitReason(
            kind=WaitKind.CONCURRENCY,
            evidence="the pipeline allows 1 run at a time, and 1 is in progress",
        ),
        WaitReason(
            kind=WaitKind.RUNTIME_OFFLINE,
            evidence="Merge_Orders runs on shir-prod-01, which is offline",
            likely=True,
        ),
    ),
)
_GOLD = PipelineQueue(
    pipeline="GoldLayer",
    windows=(WaitingWindow(start=at(18, day=11), end=at(0), waits_for=("trg_silver_6h",)),),
    reasons=(
        WaitReason(
            kind=WaitKind.WINDOW,
            evidence="1 tumbling window not started: waiting for trg_silver_6h",
        ),
    ),
)
_STOCK = PipelineQueue(
    pipeline="StockLevels",
    running=(
        RunProgress(
            pipeline="StockLevels",
            run_id="33333333-0000-4000-8000-000000000001",
            since=at(2, 32),
            pace=Pace.USUAL,
            usual=UsualTime(middle=timedelta(minutes=12)),
            activity="Copy_Stock",
            activity_kind="Copy",
            activity_since=at(2, 33),
            expected_end=at(2, 44),
        ),
    ),
)
QUEUE = QueueReport(factory=FACTORY, as_of=NOW, queues=(_ORDERS,), pipeline="ProcessOrders")
QUEUES = replace(
    QUEUE,
    queues=(_ORDERS, _GOLD, _STOCK),
    pipeline=None,
    gaps=(
        "could not read the load of shir-prod-01 (needs "
        "Microsoft.DataFactory/factories/integrationruntimes/monitoringdata/read)",
    ),
)
QUEUE_IN_TIME = replace(
    QUEUE,
    queues=(
        replace(
            _ORDERS,
            running=(
                replace(
                    _FRONT,
                    since=at(2, 31),
                    pace=Pace.USUAL,
                    activity_since=at(2, 38),
                    expected_end=at(2, 49),
                ),
            ),
            waiting=(replace(_ORDERS.waiting[0], expected_start=at(2, 49)),),
            reasons=_ORDERS.reasons[:1],
        ),
    ),
)
QUEUE_NONE = replace(QUEUE, queues=())
