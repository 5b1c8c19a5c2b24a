"""Alerts about what stands as it should not, each kind once, and two that are over."""

from dataclasses import replace
from datetime import timedelta

from adf.records import ConditionKind, RunStatus
from cards.gallery.typical import CUSTOMER, FACTORY, at, said
from cards.records import ConditionReport

MISSED = ConditionReport(
    alert_id="missed-1",
    factory=FACTORY,
    kind=ConditionKind.MISSED,
    subject="InventorySync",
    since=at(2),
    pipelines=("InventorySync", "StockReport"),
    trigger="trg_hourly",
    is_stopped=True,
    count=2,
    owner="lee",
)
OVERLONG = ConditionReport(
    alert_id="overlong-1",
    factory=FACTORY,
    kind=ConditionKind.OVERLONG,
    subject="CustomerDataETL",
    since=at(2, 10),
    pipelines=("CustomerDataETL",),
    limit="120 min",
    run_id=CUSTOMER.run_id,
    retrying="Copy_CRM_Customers",
    began=at(0, 10),
    owner="priya",
    waiting=(f"ExportToPowerBI, due {said(6)}",),
)
OVERLONG_OVER = replace(
    OVERLONG,
    retrying="",
    limit="",
    usual=timedelta(minutes=24),
    lasted=timedelta(minutes=148),
    ended_as=RunStatus.SUCCEEDED,
    over_at=at(2, 38),
)
DEADLINE = ConditionReport(
    alert_id="deadline-1",
    factory=FACTORY,
    kind=ConditionKind.DEADLINE,
    subject="ExportToPowerBI",
    since=at(2),
    pipelines=("ExportToPowerBI",),
    limit="03:00 Europe/Berlin",
    owner="ivy",
)
DEADLINE_OVER = replace(DEADLINE, over_at=at(2, 39), over_by="9d2e41aa-0000-4000-8000-000000000009")
ZERO_ROWS = ConditionReport(
    alert_id="zero-1",
    factory=FACTORY,
    kind=ConditionKind.ZERO_ROWS,
    subject="ProcessOrders",
    since=at(2, 5),
    pipelines=("ProcessOrders",),
    run_id=CUSTOMER.run_id,
    usual_rows=48_000,
)
RUNTIME = ConditionReport(
    alert_id="runtime-1",
    factory=FACTORY,
    kind=ConditionKind.RUNTIME,
    subject="shir-prod-01",
    since=at(1, 58),
    pipelines=("shir-prod-01",),
)
QUEUE = ConditionReport(
    alert_id="queue-1",
    factory=FACTORY,
    kind=ConditionKind.QUEUE,
    subject="ProcessOrders",
    since=at(2),
    pipelines=("ProcessOrders",),
    run_id=CUSTOMER.run_id,
    count=3,
)
