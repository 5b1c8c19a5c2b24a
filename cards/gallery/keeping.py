"""Records that the bot keeps itself: proposals, incidents, lists, words."""

from dataclasses import replace
from datetime import timedelta

from cards.gallery.typical import CUSTOMER, FACTORY, LIMIT, NOW, NULL_KEY, at
from cards.records import (
    Audit,
    AuditEntry,
    CallApproval,
    CallState,
    Concern,
    Denied,
    DocsAnswer,
    Explanation,
    Handover,
    HandoverEntry,
    HandoverPart,
    Incident,
    IncidentState,
    Mentioned,
    Mute,
    MuteList,
    Proposal,
    ProposalState,
    RemoteCall,
    Source,
    Subscription,
    SubscriptionList,
    Trace,
    TraceStep,
    Usage,
    Used,
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
REMOTE_CALL = CallApproval(
    approval_id="3f0c9a",
    calls=(
        RemoteCall(
            server="MicrosoftLearn",
            tool="microsoft_code_sample_search",
            arguments=(("query", "copy activity skip incompatible rows"), ("language", "json")),
        ),
    ),
    question="is there an example of a copy that skips bad rows",
    asked_by="Maya",
    expires_at=NOW + timedelta(minutes=10),
)
REMOTE_CALL_ALLOWED = replace(REMOTE_CALL, state=CallState.ALLOWED, decided_at=at(2, 42))
REMOTE_CALL_BESIDE_MORE = replace(
    REMOTE_CALL,
    calls=(
        *REMOTE_CALL.calls,
        RemoteCall(
            server="Runbooks",
            tool="add_note",
            arguments=(
                ("page", "CustomerDataETL"),
                (
                    "text",
                    "Since Tuesday the nightly feed of the CRM has held rows without CustomerKey, "
                    "which dw.DimCustomer refuses. Until the owner of the feed has mended it, "
                    "skip and log incompatible rows in Copy_CRM_Customers, run "
                    "Merge_DimCustomer again, and tell the owners of ExportToPowerBI that their "
                    "rows come late.",
                ),
            ),
        ),
    ),
    left_out=(RemoteCall(server="Runbooks", tool="replace_page"),),
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
ALERT = Incident(
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
AUDIT = Audit(
    about="CustomerDataETL",
    entries=(
        AuditEntry(at=at(2, 47), who="maya", what="rerun from failure", result="new run 9d2e41aa"),
        AuditEntry(at=at(2, 45), who="tom", what="pressed rerun", result="refused: reader"),
        AuditEntry(at=at(7, 15, day=10), who="priya", what="rerun", result="succeeded"),
    ),
)
USAGE = Usage(
    tokens=48211,
    cap=200000,
    answers=37,
    cost="0.21 EUR",
    costs=(
        ("Fri", "0.27 EUR"),
        ("Sat", "0.0360 EUR"),
        ("Sun", "0.0420 EUR"),
        ("Mon", "0.36 EUR"),
        ("Tue", "0.21 EUR"),
    ),
    days=(("Fri", 61200), ("Sat", 8100), ("Sun", 9400), ("Mon", 83000), ("Tue", 48211)),
    model="gpt-4o-mini",
    today=Used(
        input=44_120, cached=30_208, output=4_091, turns=9, steps=24, calls=17, seconds=58.5
    ),
    here=Used(input=9_240, cached=6_144, output=812, turns=2, steps=6, calls=4, seconds=11.8),
    here_cost="0.0430 EUR",
)
USAGE_NONE = Usage(
    tokens=0,
    cap=None,
    answers=37,
    model="No language model is configured: rules answer",
    answered=(("Fri", 12), ("Sat", 0), ("Sun", 3), ("Mon", 41), ("Tue", 37)),
)
DOCS = DocsAnswer(
    question="What does ADF error code 2200 mean?",
    finding="2200 is the copy activity's code for any failure of its own: what broke is in the "
    "inner error, here SqlOperationFailed.",
    points=("Read the text after the last “Message=”.", "Look for an inner SQL error number."),
    sources=(
        Source(
            title="Troubleshoot the Azure Synapse Analytics and SQL connectors",
            url="https://learn.microsoft.com/azure/data-factory/connector-troubleshoot-synapse-sql",
        ),
    ),
    generated=True,
)
DENIED = Denied(
    asked="Rerun CustomerDataETL",
    happened="Tom is a reader of adf-prod: a rerun needs an operator.",
    needs="Data Factory Contributor on adf-prod, and the role operator here",
    who=("maya", "lee", "ivy"),
)
TRACE = Trace(
    asked="why did run 7f3c1a52-0b1e-4c57-9d0e-5a1b2c3d4e5f fail",
    factory=FACTORY,
    model="gpt-4o-mini",
    at=at(2, 40),
    seconds=11.8,
    tokens_in=9412,
    cached=4096,
    tokens_out=188,
    steps=(
        TraceStep(
            what="step", after=0, seconds=2.4, ended="completed", response="resp_0a1b2c3d4e5f"
        ),
        TraceStep(
            what="adf_pipeline_runs",
            after=2.4,
            seconds=0.3,
            ended="ok",
            arguments=(("pipeline", "CustomerDataETL"), ("hours", "48")),
        ),
        TraceStep(
            what="docs_search",
            after=2.4,
            seconds=6.1,
            ended="Unavailable",
            arguments=(("query", "SqlOperationFailed 2627"),),
        ),
        TraceStep(
            what="step", after=8.5, seconds=3.3, ended="completed", response="resp_1b2c3d4e5f60"
        ),
    ),
)
EXPLAINED = Explanation(
    words="The nightly CRM feed holds at least one customer without a key. The copy reads all rows "
    "and the database refuses the whole batch, so nothing was copied.\n"
    "- Ask the owner of the feed for the rows without CustomerKey\n"
    "- Until then, skip and log incompatible rows",
    sources=DOCS.sources,
    trace="0f3a5c1e9b7d4a60",
)
