"""Acts that wait for a press, what became of them, and who did what."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    ActionKind,
    ActionPreview,
    ActionTarget,
    Effect,
    IdempotencyNote,
    PreviewedActivity,
    RerunMode,
    RunStatus,
    RuntimeNode,
    RuntimeStatus,
    TriggerDefinition,
    TriggerKind,
    TriggerStatus,
)
from cards.gallery.typical import (
    CHILD,
    CUSTOMER,
    FACTORY,
    FAILURE,
    MASTER,
    NESTED,
    NOTES,
    NOW,
    ORDERS,
    QUEUED,
    at,
    said,
)
from cards.records import (
    ActionEvent,
    ActionFacts,
    AuditLine,
    AuditReport,
    Denied,
    ProposalReport,
    ProposalState,
    WhatIf,
)

MAYA, IVY = ActionEvent(name="Maya", at=NOW), ActionEvent(name="Ivy", at=at(2, 44))


def _activity(
    name: str, kind: str, effect: Effect, *inside: str, pipeline: str = "CustomerDataETL"
) -> PreviewedActivity:
    return PreviewedActivity(name=name, kind=kind, pipeline=pipeline, effect=effect, inside=inside)


_RERUN = ActionTarget(
    factory=FACTORY,
    kind=ActionKind.RERUN,
    pipeline="CustomerDataETL",
    run_id=CUSTOMER.run_id,
    mode=RerunMode.FROM_FAILURE,
)
RERUN = ProposalReport(
    proposal_id="5f0c",
    target=_RERUN,
    requested=MAYA,
    expires_at=NOW + timedelta(minutes=30),
    preview=ActionPreview(
        target=_RERUN,
        as_of=NOW,
        run=CUSTOMER,
        activities=(
            _activity("Lookup_Watermark", "Lookup", Effect.OUTPUT_REUSED),
            _activity("Copy_CRM_Customers", "Copy", Effect.RUNS),
            _activity("Merge_DimCustomer", "SqlServerStoredProcedure", Effect.RUNS),
        ),
        parameters={"region": "EMEA", "loadDate": "2026-03-11"},
        not_idempotent=(
            IdempotencyNote(
                activity="Merge_DimCustomer",
                kind="SqlServerStoredProcedure",
                pipeline="CustomerDataETL",
                reason="a stored procedure",
            ),
        ),
    ),
    facts=ActionFacts(report=FAILURE, notes=NOTES),
)
_NESTED = replace(
    _RERUN, pipeline="IngestSalesforce", run_id=CHILD.run_id, mode=RerunMode.FROM_FAILURE
)
RERUN_OF_CHILD = replace(
    RERUN,
    target=_NESTED,
    preview=ActionPreview(
        target=_NESTED,
        as_of=NOW,
        run=CHILD,
        activities=(
            _activity("ForEach_Object", "ForEach", Effect.RUNS, pipeline="IngestSalesforce"),
            _activity(
                "Copy_Object", "Copy", Effect.RUNS, "ForEach_Object", pipeline="IngestSalesforce"
            ),
            _activity("Wait_For_Limit", "Wait", Effect.RUNS, pipeline="IngestSalesforce"),
        ),
        parent=MASTER,
    ),
    facts=ActionFacts(
        report=replace(NESTED, run=CHILD),
        runtimes=(
            RuntimeStatus(
                factory=FACTORY,
                name="shir-prod-01",
                kind="SelfHosted",
                state="Offline",
                nodes=(RuntimeNode(name="node-1", status="Offline", last_connect=at(1, 58)),),
            ),
        ),
    ),
)
_CANCEL = ActionTarget(
    factory=FACTORY, kind=ActionKind.CANCEL, pipeline="ProcessOrders", run_id=ORDERS.run_id
)
CANCEL = ProposalReport(
    proposal_id="77ab",
    target=_CANCEL,
    requested=MAYA,
    expires_at=NOW + timedelta(minutes=30),
    preview=ActionPreview(
        target=_CANCEL,
        as_of=NOW,
        run=ORDERS,
        activities=(_activity("Merge_Orders", "SqlServerStoredProcedure", Effect.INTERRUPTED),),
    ),
    facts=ActionFacts(queued=QUEUED, notes=NOTES),
    second_person=True,
)
_START = ActionTarget(factory=FACTORY, kind=ActionKind.START_TRIGGER, trigger="trg_finance_0130")
_TRIGGER = TriggerDefinition(
    factory=FACTORY,
    name="trg_finance_0130",
    kind=TriggerKind.SCHEDULE,
    state="Stopped",
    pipelines=("FinanceGL_Load",),
)
START_TRIGGER = ProposalReport(
    proposal_id="90cd",
    target=_START,
    requested=MAYA,
    expires_at=NOW + timedelta(minutes=30),
    preview=ActionPreview(target=_START, as_of=NOW, trigger=_TRIGGER, next_start=at(1, 30, day=13)),
    facts=ActionFacts(
        trigger=TriggerStatus(
            factory=FACTORY,
            name="trg_finance_0130",
            kind=TriggerKind.SCHEDULE,
            state="Stopped",
            pipelines=("FinanceGL_Load",),
            schedule="daily 01:30 UTC",
            missed=(at(1, 30),),
        )
    ),
)
EXPIRED = replace(RERUN, state=ProposalState.EXPIRED, preview=None)
CANCEL_OF_TWO = replace(CANCEL, second_person=True, break_glass=True)
ALONE = replace(
    CANCEL_OF_TWO,
    state=ProposalState.UNCERTAIN,
    preview=None,
    decided=MAYA,
    reason="The payment window closes in ten minutes and nobody else answers.",
)
UNCERTAIN = replace(
    RERUN,
    state=ProposalState.UNCERTAIN,
    preview=None,
    decided=IVY,
    said="I sent it once and got no answer. I'm checking what became of it and won't send it "
    "again.",
)
NEW_RUN = replace(
    CUSTOMER,
    run_id="9d2e41aa-0000-4000-8000-000000000009",
    status=RunStatus.IN_PROGRESS,
    start=at(2, 36),
    end=None,
    duration=None,
    message="",
)
FOLLOWED = replace(RERUN, state=ProposalState.RUNNING, preview=None, decided=IVY, run=NEW_RUN)
FOLLOWED_TO_GREEN = replace(
    FOLLOWED,
    state=ProposalState.DONE,
    run=replace(NEW_RUN, status=RunStatus.SUCCEEDED, start=at(2, 10), end=at(2, 38)),
)
WHAT_IF = WhatIf(
    question="would a rerun of the Salesforce child turn the master green",
    preview=RERUN_OF_CHILD.preview or ActionPreview(target=_NESTED, as_of=NOW),
    facts=RERUN_OF_CHILD.facts,
)
PRESSED_TOO_LATE = Denied(
    asked="Rerun CustomerDataETL from the failed activity",
    happened=f"Maya already approved it at {said(2, 41)}. It runs only once.",
    proposal_id="5f0c",
)
AUDIT = AuditReport(
    factory=FACTORY,
    about="CustomerDataETL",
    since=at(2, 40, day=5),
    as_of=NOW,
    lines=(
        AuditLine(
            at=at(2, 37),
            who="Ivy",
            what="approved: rerun CustomerDataETL (run 11111111), from the failed activity",
            result="run 9d2e41aa",
        ),
        AuditLine(
            at=at(2, 36),
            who="Tom",
            what="was refused: rerun CustomerDataETL (run 11111111), from the failed activity",
            result="has the role reader",
            refused=True,
        ),
        AuditLine(
            at=at(7, 15, day=10),
            who="priya",
            what="reran CustomerDataETL (run 11111111) outside of this bot",
            result="succeeded",
        ),
    ),
)
