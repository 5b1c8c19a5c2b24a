"""Records that the bot keeps itself: proposals, incidents, lists, refusals."""

from dataclasses import replace
from datetime import timedelta

from cards.gallery.typical import CUSTOMER, FACTORY, LIMIT, NOW, NULL_KEY, at
from cards.records import (
    AuditEntry,
    AuditReport,
    Concern,
    Denied,
    Handover,
    HandoverEntry,
    HandoverPart,
    IncidentReport,
    IncidentState,
    Mentioned,
    Mute,
    MuteList,
    Proposal,
    ProposalState,
    Subscription,
    SubscriptionList,
)

RERUN = Proposal(
    proposal_id="PR-17",
    title="Rerun CustomerDataETL from the failed activity?",
    subject="CustomerDataETL",
    factory=FACTORY,
    button="Rerun from failure",
    asked_by="Maya",
    asked_at=NOW,
    expires_at=NOW + timedelta(minutes=30),
    will=(
        "Copy_CRM_Customers and Merge_DimCustomer run again.",
        "Lookup_Watermark's earlier output is taken.",
    ),
    keeps=("The failed run 11111111 stays in the history.",),
    warnings=("The row without a key is still there: this will most likely fail again.",),
    parameters=(("load_date", "2026-03-12"), ("full_load", "false")),
)
RERUNNING = replace(
    RERUN,
    state=ProposalState.RUNNING,
    decided_by="Maya",
    decided_at=at(2, 47),
    outcome="New run 9d2e41aa.",
    revision=2,
)
CANCEL = replace(
    RERUN,
    proposal_id="PR-18",
    title="Cancel the running ProcessOrders run?",
    button="Cancel run",
    danger=True,
    will=("Merge_Orders is stopped in the middle.", "3 queued runs start, the oldest first."),
    keeps=(),
    warnings=("A stored procedure may roll back for as long as it ran.",),
    parameters=(),
)
ALERT = IncidentReport(
    incident_id="INC-101",
    title="CustomerDataETL failed",
    factory=FACTORY,
    cause="Copy_CRM_Customers: a row arrived without CustomerKey; dw.DimCustomer refuses it.",
    since=at(1, 31, 12),
    pipelines=("CustomerDataETL",),
    count=3,
    last_seen=at(2, 31),
    error=NULL_KEY,
    waiting=("ExportToPowerBI, starts 05:30, due 06:00",),
    history="Second time since Tuesday; then a corrected feed mended it.",
    owner="priya",
    run_id=CUSTOMER.run_id,
    people=(("Lee Park", "id-lee"), ("Ivy Stone", "id-ivy")),
    call=(Mentioned(name="Data on-call", person_id="00000000-0000-0000-0000-00000000000a"),),
)
ACKNOWLEDGED = replace(
    ALERT,
    state=IncidentState.ACKNOWLEDGED,
    changed_by="Maya",
    changed_at=at(2, 41),
    muted_until=at(4),
    call=(),
    revision=2,
)
RESOLVED = replace(
    ALERT,
    state=IncidentState.RESOLVED,
    changed_at=at(3, 19),
    resolved_by_run="9d2e41aa-0000-4000-8000-000000000009",
    call=(),
    revision=3,
)
RUNTIME_DOWN = replace(
    ALERT,
    incident_id="INC-103",
    title="2 pipelines stand still",
    cause="The integration runtime shir-prod-01 has been offline since 02:58.",
    pipelines=("LegacyERP_Extract", "InventoryERP_Extract"),
    error=LIMIT,
    count=1,
    history="",
    call=(),
    run_id=None,
)
MUTES = MuteList(
    mutes=(
        Mute(target="DevSandbox_Test", until=at(8), by="lee", reason="sandbox"),
        Mute(target="LegacyERP_Extract", until=at(5), by="maya"),
    ),
    said="LegacyERP_Extract is muted until 06:00.",
)
SUBSCRIPTIONS = SubscriptionList(
    subscriptions=(
        Subscription(
            target="ProcessOrders",
            events="finishes",
            where="this channel",
            once=True,
            stop="stop telling us about ProcessOrders",
        ),
        Subscription(
            target="FinanceGL_Load",
            events="failed, did not run",
            where="your own chat",
            stop="stop telling me about FinanceGL_Load",
        ),
    ),
    said="You are told once, when ProcessOrders finishes.",
)
HANDOVER = Handover(
    factory=FACTORY,
    hours=12,
    as_of=NOW,
    finding="4 incidents, 2 of them in nobody's hands; FinanceGL_Load did not run.",
    parts=(
        HandoverPart(
            heading="Open",
            state=Concern.BAD,
            entries=(
                HandoverEntry(
                    title="INC-101 CustomerDataETL",
                    detail="a row without CustomerKey; ExportToPowerBI waits",
                    question="why did CustomerDataETL fail",
                ),
                HandoverEntry(
                    title="INC-103 LegacyERP_Extract", detail="runtime shir-prod-01 offline"
                ),
            ),
        ),
        HandoverPart(
            heading="Did not run",
            state=Concern.BAD,
            entries=(
                HandoverEntry(
                    title="FinanceGL_Load", detail="trigger stopped by svc-devops at 18:04"
                ),
            ),
        ),
        HandoverPart(
            heading="Green but empty",
            state=Concern.WATCH,
            entries=(HandoverEntry(title="InventorySnapshot", detail="0 rows, usually 48,000"),),
        ),
        HandoverPart(
            heading="Muted",
            state=Concern.CALM,
            entries=(HandoverEntry(title="DevSandbox_Test", detail="until 09:00, by lee"),),
        ),
    ),
)
AUDIT = AuditReport(
    about="CustomerDataETL",
    entries=(
        AuditEntry(at=at(2, 47), who="maya", what="rerun from failure", result="new run 9d2e41aa"),
        AuditEntry(at=at(2, 45), who="tom", what="pressed rerun", result="refused: reader"),
        AuditEntry(at=at(7, 15, day=10), who="priya", what="rerun", result="succeeded"),
    ),
)
DENIED = Denied(
    asked="Rerun CustomerDataETL",
    happened="Tom is a reader of adf-prod: a rerun needs an operator.",
    needs="Data Factory Contributor on adf-prod, and the role operator here",
    who=("maya", "lee", "ivy"),
)
