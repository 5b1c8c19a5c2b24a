"""Who started a run, when it ran in another zone, and an order for all that failed."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adf.records import InvokedBy, PipelineRun, RunList, RunReport, RunStatus
from adf.records.moments import in_plain_words
from adf.simulator import load_world
from bot.agents.answers.callers import started_by_said
from bot.agents.understanding.act_words import orders_again
from bot.agents.understanding.entities.time_ranges import read_time
from cards.records import Picker
from tests.adf.asking import asking
from tests.adf.simulator.worlds import WORLD
from tests.bot.agents.answers.test_agent import NOW
from tests.bot.agents.answers.world_talk import talking

BERLIN = ZoneInfo("Europe/Berlin")
GROUP, NAME = "rg-data-prod", "adf-prod"
ZONES = {
    "singapore office asks when {} stopped, in their hour": "Asia/Singapore",
    "when did {} fail in universal time": "UTC",
    "at which hour of madrid did {} fail": "Europe/Madrid",
    "what time was it by the tokyo clock when {} failed": "Asia/Tokyo",
    "when did {} fail in sydney hours": "Australia/Sydney",
    "when did {} fail, in UTC": "UTC",
}


@pytest.mark.parametrize(("text", "zone"), ZONES.items())
def test_a_zone_is_known_in_many_spellings(text: str, zone: str) -> None:
    found = read_time(text.format("CustomerDataETL"), NOW, BERLIN).zone
    assert found is not None
    assert found.key == zone


@pytest.mark.parametrize("when", ["last night", "yesterday", "overnight", "since midnight"])
@pytest.mark.parametrize("zone", ["in universal time", "in singapore time", "in UTC"])
def test_a_time_that_is_only_shown_in_a_zone_is_read_in_the_rooms(when: str, zone: str) -> None:
    plain = read_time(f"when did it fail {when}", NOW, BERLIN)
    abroad = read_time(f"{zone}: when did it fail {when}", NOW, BERLIN)
    assert (abroad.start, abroad.end) == (plain.start, plain.end)
    assert plain.start is not None


@pytest.mark.parametrize("zone", ["UTC", "PST"])
def test_a_clock_is_read_in_the_zone_behind_it(zone: str) -> None:
    there = read_time(f"what failed since 02:00 {zone}", NOW, BERLIN)
    here = read_time("what failed since 02:00", NOW, BERLIN)
    assert there.start != here.start


@pytest.mark.parametrize("text", ["why did CustomerDataETL fail", "when did CustomerDataETL fail"])
@pytest.mark.parametrize(
    ("said", "zone", "called"),
    [
        ("Singapore time", "Asia/Singapore", "Asia/Singapore"),
        ("denver time", "America/Denver", "America/Denver (MDT)"),
        ("UTC", "UTC", "UTC"),
    ],
)
async def test_each_card_of_a_run_says_its_times_in_the_zone(
    text: str, said: str, zone: str, called: str
) -> None:
    async with talking(load_world(WORLD), GROUP, NAME) as talk:
        answer = await talk.ask(f"{text} ({said})")
        record = answer.records[0]
        assert isinstance(record, RunReport | RunList)
        run = record.run if isinstance(record, RunReport) else record.runs[0]
        assert run.start is not None
        local: datetime = run.start.astimezone(ZoneInfo(zone))
        assert f"In {called}: " in (answer.note or "")
        assert f"started {local:%a %d %b %H:%M}" in (answer.note or "")


@pytest.mark.parametrize(
    ("text", "is_order"),
    [
        ("redo all the broken ones", True),
        ("pls rerun everything that failed tonight", True),
        ("restart the red ones now", True),
        ("ok retry them all", True),
        ("revenue loads that failed", False),
        ("which ones failed", False),
        ("show me what failed and was rerun", False),
        ("report all failures", False),
    ],
)
def test_an_order_begins_with_a_verb_of_doing_again(text: str, is_order: bool) -> None:
    assert orders_again(text) is is_order


@pytest.mark.parametrize("verb", ["redo", "please rerun", "restart", "retry"])
@pytest.mark.parametrize("what", ["all the red ones", "everything that failed", "all broken ones"])
async def test_an_order_for_all_that_failed_is_a_choice_of_one_at_a_time(
    verb: str, what: str
) -> None:
    async with talking(load_world(WORLD), GROUP, NAME) as talk:
        answer = await talk.ask(f"{verb} {what}")
        picker = answer.records[0]
        assert isinstance(picker, Picker)
        assert all(one.question.startswith("rerun run ") for one in picker.choices)
        assert "adf_propose_action" not in {one.name for one in talk.calls}


PRIYA = InvokedBy(name="Manual", kind="Manual", person="priya")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (PRIYA, "Started by hand 09:00 by priya (from Azure's activity log)."),
        (replace(PRIYA, person=None), "Azure's activity log does not tell by whom."),
        (InvokedBy(name="nightly", kind="ScheduleTrigger"), "Started 09:00 by nightly (Sch"),
        (None, "Data Factory does not say who started Orders."),
    ],
)
async def test_who_started_a_run_is_told_as_far_as_it_is_known(
    by: InvokedBy | None, said: str
) -> None:
    at = datetime(2026, 5, 2, 7, 0, tzinfo=UTC)
    run = PipelineRun(
        factory="f",
        run_id="r",
        pipeline="Orders",
        status=RunStatus.SUCCEEDED,
        start=at,
        invoked_by=by,
    )
    assert said in in_plain_words(started_by_said(run, BERLIN, at))


async def test_the_tool_looks_up_who_started_runs_by_hand_where_that_is_wanted() -> None:
    async with asking(load_world(WORLD), group=GROUP, name=NAME) as toolbox:
        wanted = {"pipeline": "CustomerDataETL", "hours": 96.0}
        plain = await toolbox.call("adf_pipeline_runs", **wanted)
        told = await toolbox.call("adf_pipeline_runs", **wanted, starters=True)
        assert isinstance(plain, RunList)
        assert isinstance(told, RunList)
        assert _persons(plain) == set()
        assert _persons(told) == {"priya"}


def _persons(runs: RunList) -> set[str]:
    by = [run.invoked_by for run in runs.runs]
    return {one.person for one in by if one and one.person}
