"""A person in trouble reads which trouble it is, who can fix it, and what was last known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.errors import (
    AdfError,
    BadArguments,
    Forbidden,
    LastKnown,
    NotFound,
    OutOfRange,
    Reach,
    Rejected,
    Throttled,
    Unavailable,
)
from adf.records import (
    ActivityError,
    Cause,
    CauseStep,
    Comparison,
    Pipeline,
    PipelineList,
    PipelineRun,
    RunList,
    RunReport,
    RunStats,
    RunStatus,
    TimeRange,
)
from adf.records.moments import in_plain_words
from bot.agents.problems import PORTAL, problem_for
from cards.links import allowed

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAY = TimeRange(start=NOW - timedelta(days=1), end=NOW)
RESOURCE = "/subscriptions/s/resourceGroups/rg 1/providers/Microsoft.DataFactory/factories/shop"
ACTION = "Microsoft.DataFactory/factories/querypipelineruns/action"


def run(pipeline: str = "Orders", status: RunStatus = RunStatus.FAILED) -> PipelineRun:
    return PipelineRun(
        factory="f",
        run_id="r",
        pipeline=pipeline,
        status=status,
        start=NOW - timedelta(hours=2),
        end=NOW - timedelta(hours=1),
    )


def listed(*runs: PipelineRun, pipeline: str | None = None) -> RunList:
    return RunList(factory="f", runs=runs, time_range=DAY, as_of=NOW, pipeline=pipeline)


@pytest.mark.parametrize(
    ("error", "area", "said"),
    [
        (Throttled("slow", retry_after=40), "throttling", ["busy", "in 40 s"]),
        (Throttled("slow"), "throttling", ["in a minute"]),
        (Forbidden("expired", status=401), "identity", ["sign-in", "the bot admin"]),
        (
            Forbidden("you may not", status=403, action=ACTION),
            "permission",
            [ACTION, "ADF Ops Reader", "Owner or User Access Administrator"],
        ),
        (Forbidden("closed network", status=403), "permission", ["closed network"]),
        (NotFound("gone", what="factory"), "name", ["factory", "ADFOPS_FACTORIES"]),
        (NotFound("gone", what="resource group"), "name", ["resource group", "ADFOPS_FACTORIES"]),
        (NotFound("no such run", what="run"), "name", ["45 days"]),
        (OutOfRange("long ago"), "window", ["long ago", "Log Analytics"]),
        (BadArguments("no name"), "input", ["no name"]),
        (Rejected("odd", status=400), "input", ["odd"]),
        (Unavailable("x", reach=Reach.NAME), "network", ["resolved", "DNS"]),
        (Unavailable("x", reach=Reach.TRUST), "network", ["certificate", "proxy"]),
        (Unavailable("x", reach=Reach.NOBODY), "network", ["no connection", "firewall"]),
        (Unavailable("x", reach=Reach.SILENCE), "network", ["no answer in time"]),
        (Unavailable("x", reach=Reach.CUT), "network", ["was closed"]),
        (Unavailable("x", reach=Reach.NONSENSE), "network", ["can't be read", "proxy"]),
        (Unavailable("sorry", status=500), "network", ["returned an error", "sorry"]),
        (AdfError("whatever"), "internal", ["whatever"]),
    ],
    ids=str,
)
def test_each_trouble_is_told_apart_with_its_mend(
    error: AdfError, area: str, said: list[str]
) -> None:
    trouble = problem_for(error, "status of Orders", NOW)
    assert trouble.area == area
    words = f"{trouble.happened} {trouble.fix} {trouble.who}"
    for word in said:
        assert word in words
    assert trouble.as_of == NOW


def test_the_link_leads_to_the_page_of_the_factory() -> None:
    error = Forbidden("you may not", status=403)
    error.resource = RESOURCE
    trouble = problem_for(error, "status", NOW)
    assert trouble.link == f"{PORTAL}/#resource{RESOURCE.replace(' ', '%20')}/overview"
    assert allowed(trouble.link) == trouble.link
    assert "on shop" in trouble.fix
    assert "on shop" in trouble.who
    assert problem_for(Throttled("slow"), "status", NOW).link == PORTAL
    assert problem_for(BadArguments("no"), "status", NOW).link is None


def test_choices_of_a_wrong_argument_can_be_pressed() -> None:
    trouble = problem_for(BadArguments("which", choices=["A", "B"]), "status", NOW)
    assert [one.question for one in trouble.choices] == ["status of A", "status of B"]


def report(cause: Cause | None) -> RunReport:
    return RunReport(run=run(), as_of=NOW, cause=cause)


CAUSE = Cause(
    path=(CauseStep(pipeline="Orders", run_id="r", activity="Copy", kind="Copy"),),
    failed=(),
    error=ActivityError(code="2200", message="secret error text"),
)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (listed(run(), pipeline="Orders"), "Orders: Failed 07:00 CEST"),
        (
            listed(run(status=RunStatus.IN_PROGRESS), pipeline="Orders"),
            "Orders: Running since 06:00 CEST",
        ),
        (listed(pipeline="Orders"), "Orders: no runs"),
        (listed(), "no runs"),
        (
            listed(run("A"), run("B", RunStatus.TIMED_OUT), run("A")),
            "2 pipelines failed: A, B",
        ),
        (
            listed(*(run(name) for name in "ABCDEFG")),
            "7 pipelines failed: A, B, C, D, E and 2 more",
        ),
        (listed(run("A", RunStatus.QUEUED)), "1 pipeline running or queued: A"),
        (listed(run("A", RunStatus.SUCCEEDED)), "1 run without a failure"),
        (report(CAUSE), "Orders: Failed 07:00 CEST, at Copy"),
        (report(None), "Orders: Failed 07:00 CEST"),
        (
            PipelineList(factory="f", pipelines=(Pipeline(factory="f", name="A"),), as_of=NOW),
            "1 pipeline",
        ),
        (
            RunStats(subject="A", factory="f", time_range=DAY, finding="A is slower", buckets=()),
            "A is slower",
        ),
        (Comparison(left=run(), right=run(), differences=()), None),
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_was_last_known_is_told_in_a_line_with_its_age(
    record: object, said: str | None
) -> None:
    error = Throttled("slow")
    error.last_known = LastKnown(record=record, at=NOW - timedelta(minutes=20))
    trouble = problem_for(error, "status of Orders", NOW, BERLIN)
    assert in_plain_words(trouble.last_known or "") == (said or "")
    assert trouble.as_of == NOW - timedelta(minutes=20)


def test_a_run_without_times_is_told_without() -> None:
    bare = PipelineRun(factory="f", run_id="r", pipeline="A", status=RunStatus.QUEUED)
    error = Throttled("slow")
    error.last_known = LastKnown(record=listed(bare, pipeline="A"), at=NOW)
    assert problem_for(error, "status", NOW).last_known == "A: Queued"
