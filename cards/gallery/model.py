"""Records of the language model: calls that wait, what it cost, how it answered, its words."""

from dataclasses import replace
from datetime import timedelta

from adf.records import ErrorExplanation, Meaning
from cards.gallery.typical import FACTORY, NOW, at
from cards.records import (
    CallApproval,
    CallState,
    DocsAnswer,
    Explanation,
    PageSource,
    ProposedCall,
    Trace,
    TraceStep,
    Usage,
    Used,
)

REMOTE_CALL = CallApproval(
    approval_id="3f0c9a",
    calls=(
        ProposedCall(
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
        ProposedCall(
            server="Runbooks",
            tool="add_note",
            arguments=(
                ("page", "CustomerDataETL"),
                (
                    "text",
                    "Since Tuesday the nightly feed of the CRM has held rows without CustomerKey, "
                    "which dw.DimCustomer refuses. Until the owner of the feed has fixed it, "
                    "skip and log incompatible rows in Copy_CRM_Customers, run "
                    "Merge_DimCustomer again, and tell the owners of ExportToPowerBI that their "
                    "rows come late.",
                ),
            ),
        ),
    ),
    left_out=(ProposedCall(server="Runbooks", tool="replace_page"),),
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
PASTED_ERROR = ErrorExplanation(
    root="Connection Timeout Expired. The timeout period elapsed during the post-login phase.",
    category="network",
    side="source",
    meaning=Meaning(
        code="SqlFailedToConnect",
        cause="No connection within the allowed time (sql-stores.example.com): the server is busy, "
        "waking up, or the network drops the traffic.",
        next_steps=(
            "See whether other runs reach the same server, and test the connection from the same "
            "runtime",
            "Rerun once if others get through",
            "If none does, check firewall and port with the network team",
        ),
        rerun="only_if_transient",
        page="https://learn.microsoft.com/azure/data-factory/connector-troubleshoot-synapse-sql",
        signature="0d1c2b3a4f5e",
        confidence="likely",
        candidates=("The sign-in was refused (svc_stock).",),
        actor="network team",
    ),
)
DOCS = DocsAnswer(
    question="What does ADF error code 2200 mean?",
    finding="2200 is the copy activity's code for any failure of its own: what broke is in the "
    "inner error, here SqlOperationFailed.",
    points=("Read the text after the last “Message=”.", "Look for an inner SQL error number."),
    sources=(
        PageSource(
            title="Troubleshoot the Azure Synapse Analytics and SQL connectors",
            url="https://learn.microsoft.com/azure/data-factory/connector-troubleshoot-synapse-sql",
        ),
    ),
    generated=True,
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
    intent="why",
    confidence=0.97,
    said=5,
    dropped=1,
    steps=(
        TraceStep(
            what="ActivityRuns_QueryByPipelineRun",
            kind="azure",
            after=0,
            seconds=0.6,
            ended="ok",
            arguments=(("factory", FACTORY), ("calls", "3")),
        ),
        TraceStep(
            what="step",
            kind="model",
            after=0,
            seconds=2.4,
            ended="completed",
            response="resp_0a1b2c3d4e5f",
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
            what="step",
            kind="model",
            after=8.5,
            seconds=3.3,
            ended="completed",
            response="resp_1b2c3d4e5f60",
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
