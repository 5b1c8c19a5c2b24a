"""Records of what pipelines stand on: triggers and integration runtimes."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    RunStatus,
    RuntimeNode,
    RuntimeReport,
    RuntimeStatus,
    RuntimeWork,
    TriggerKind,
    TriggerReport,
    TriggerStatus,
    WaitingWindow,
)
from cards.gallery.typical import FACTORY, LAST_TWO_DAYS, NOW, at

_FINANCE = TriggerStatus(
    factory=FACTORY,
    name="trg_finance_0130",
    kind=TriggerKind.SCHEDULE,
    state="Stopped",
    pipelines=("FinanceGL_Load",),
    schedule="daily at 01:30, UTC",
    last_fired=at(1, 30, day=11),
    missed=(at(1, 30),),
    stopped_at=at(17, 4, 41, day=11),
    stopped_by="svc-devops",
    stopped_with="adf-release-218",
    stopped_after=at(1, 30, day=11),
    stopped_before=at(1, 30),
    due="03:00 UTC",
)
_ORDERS = TriggerStatus(
    factory=FACTORY,
    name="trg_orders_30m",
    kind=TriggerKind.SCHEDULE,
    state="Started",
    pipelines=("ProcessOrders",),
    schedule="every 30 min",
    last_fired=at(2, 30),
    next_start=at(3),
)
_POWER_BI = replace(
    _ORDERS,
    name="trg_pbi_0430",
    pipelines=("ExportToPowerBI",),
    schedule="daily at 04:30, UTC",
    last_fired=at(4, 30, day=11),
    next_start=at(4, 30),
)
_FILES = TriggerStatus(
    factory=FACTORY,
    name="trg_landing_files",
    kind=TriggerKind.BLOB_EVENTS,
    state="Started",
    pipelines=("LoadLanding",),
    schedule="when an event arrives (stlanding /landing/blobs/in/)",
    predictable=False,
    last_fired=at(0, 12),
)
_WINDOWS = TriggerStatus(
    factory=FACTORY,
    name="trg_gold_6h",
    kind=TriggerKind.TUMBLING_WINDOW,
    state="Started",
    pipelines=("LoadGold",),
    schedule="tumbling window, every 6 h",
    last_fired=at(12, day=11),
    next_start=at(6),
    waiting=(
        WaitingWindow(start=at(12, day=11), end=at(18, day=11), waits_for=("trg_silver_6h",)),
        WaitingWindow(start=at(18, day=11), end=at(0), waits_for=("trg_silver_6h",)),
    ),
)
TRIGGER = TriggerReport(
    factory=FACTORY,
    as_of=NOW,
    time_range=LAST_TWO_DAYS,
    triggers=(_FINANCE,),
    trigger="trg_finance_0130",
)
TRIGGERS = replace(TRIGGER, triggers=(_FINANCE, _WINDOWS, _ORDERS, _POWER_BI), trigger=None)
TRIGGER_STOP_UNKNOWN = replace(
    TRIGGER, triggers=(replace(_FINANCE, stopped_at=None, stopped_by="", stopped_with=""),)
)
TRIGGER_WAITING = replace(TRIGGER, triggers=(_WINDOWS,), trigger="trg_gold_6h")
TRIGGER_FAILED = replace(
    TRIGGER,
    triggers=(
        replace(
            _WINDOWS,
            waiting=(WaitingWindow(start=at(18, day=11), end=at(0), status=RunStatus.FAILED),),
        ),
    ),
    trigger="trg_gold_6h",
)
TRIGGER_EVENTS = replace(TRIGGER, triggers=(_FILES,), trigger="trg_landing_files")
TRIGGER_NONE = replace(TRIGGER, triggers=(), trigger=None, pipeline="LoadWarehouse")

_NODE = RuntimeNode(
    name="SHIR-VM-01",
    status="Offline",
    version="5.50.9171.1",
    last_connect=at(1, 58, 11),
    running_limit=20,
)
_SHIR = RuntimeStatus(
    factory=FACTORY,
    name="shir-prod-01",
    kind="SelfHosted",
    state="Offline",
    version="5.50.9171.1",
    latest_version="5.52.9312.2",
    version_status="UpdateAvailable",
    nodes=(_NODE,),
)
_AZURE = RuntimeStatus(
    factory=FACTORY,
    name="AutoResolveIntegrationRuntime",
    kind="Managed",
    state="Online",
    location="AutoResolve",
)
RUNTIMES = RuntimeReport(
    factory=FACTORY,
    as_of=NOW,
    runtimes=(_SHIR, _AZURE),
    work=(
        RuntimeWork(
            runtime="shir-prod-01",
            pipeline="LegacyERP_Extract",
            run_id="55555555-0000-4000-8000-000000000001",
            activity="Copy_ERP_Orders",
            at=at(2, 3, 9),
            failed=True,
        ),
    ),
)
RUNTIME_LIMITED = replace(
    RUNTIMES,
    name="shir-prod-01",
    runtimes=(
        replace(
            _SHIR,
            state="Limited",
            nodes=(
                replace(
                    _NODE,
                    status="Online",
                    last_connect=NOW - timedelta(seconds=20),
                    running=3,
                    cpu_percent=41,
                    free_memory_mb=6_210,
                ),
                replace(_NODE, name="SHIR-VM-02"),
            ),
        ),
    ),
    work=(
        RuntimeWork(
            runtime="shir-prod-01",
            pipeline="ProcessOrders",
            run_id="22222222-0000-4000-8000-000000000001",
            activity="Copy_Orders",
            at=at(1, 5),
        ),
    ),
)
