"""The offline agent calls the tools a question needs, remembers its subject, and asks back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.client import Factories
from adf.errors import Unavailable
from adf.records import (
    ActivityTable,
    Comparison,
    ErrorExplanation,
    Factory,
    Pipeline,
    RunList,
    RunReport,
    RunStatus,
)
from adf.tool import Toolbox, ToolCall, tool
from adf.tools import ADF_TOOLS, Adf
from bot.agents.answers import OfflineAgent
from bot.agents.interface import Answer, Question
from bot.messages import Address, Person, Scope
from cards.records import DocsAnswer, Help, Picker, Problem
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.plain_help import BOT_TOOLS, BotFacts

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
FACTORY = Factory(alias="shop", subscription="s", resource_group="rg", name="adf-shop")
BAD, GOOD = f"{1:08x}-0000-4000-8000-000000000000", f"{2:08x}-0000-4000-8000-000000000000"
MAYA = Person(person_id="maya", name="Maya", tenant="t")
HERE = Address(
    scope=Scope.PERSONAL,
    tenant="t",
    service_url="https://smba.trafficmanager.net/emea/",
    conversation="a:1",
    bot_id="28:bot",
    bot_name="ADF Ops",
)


TRIAL = replace(FACTORY, alias="shop-trial")


@dataclass(frozen=True, slots=True)
class Here:
    """What the tools of the bot itself work on, here: nothing."""


@dataclass(frozen=True, slots=True)
class Done:
    """What such a tool says it did."""

    said: str


@tool(progress="Working", reads=False)
async def bot_reset(here: Here) -> Done:
    """Forget the talk so far."""
    return Done(said="Forgotten.")


@tool(progress="Working", reads=True)
async def bot_usage(here: Here) -> Done:
    """What was used."""
    return Done(said="none")


@tool(progress="Working", reads=False)
async def ops_subscribe(
    here: Here, target: str, events: str = "failures", where: str = "here"
) -> Done:
    """Tell of something from now on."""
    return Done(said=target)


@tool(progress="Working", reads=False)
async def ops_unsubscribe(here: Here, target: str, where: str = "here") -> Done:
    """Tell no more of something."""
    return Done(said=target)


@tool(progress="Working", reads=False)
async def ops_list_subscriptions(here: Here) -> Done:
    """Who is told of what."""
    return Done(said="nothing")


@tool(progress="Working", reads=False)
async def ops_bind(here: Here, factory: str, zone: str | None = None) -> Done:
    """Make a room be about a factory."""
    return Done(said=factory)


@tool(progress="Working", reads=False, proposes=True)
async def adf_propose_action(
    here: Here,
    action: str,
    run_id: str | None = None,
    pipeline: str | None = None,
    mode: str | None = None,
    activity: str | None = None,
    parameters: dict[str, str] | None = None,
    recursive: bool | None = None,
    trigger: str | None = None,
    factory: str | None = None,
) -> Done:
    """Show what an act would do."""
    return Done(said=action)


@tool(progress="Working", reads=False)
async def adf_preview_action(
    here: Here,
    action: str,
    run_id: str | None = None,
    pipeline: str | None = None,
    mode: str | None = None,
    factory: str | None = None,
) -> Done:
    """Tell what an act would do."""
    return Done(said=action)


@tool(progress="Working", reads=False)
async def ops_audit(
    here: Here,
    run_id: str | None = None,
    incident: str | None = None,
    hours: float | None = None,
    action: str | None = None,
    pipeline: str | None = None,
    factory: str | None = None,
) -> Done:
    """Tell who did what."""
    return Done(said="nobody")


@tool(progress="Working", reads=False)
async def ops_digest(
    here: Here,
    at: str | None = None,
    days: str | None = None,
    where: str = "here",
    factory: str | None = None,
    zone: str | None = None,
) -> Done:
    """Post a summary on a schedule."""
    return Done(said="set")


@tool(progress="Working", reads=False)
async def ops_stop_digest(here: Here, where: str = "here") -> Done:
    """Post no more summaries."""
    return Done(said="stopped")


@tool(progress="Working", reads=False)
async def ops_board(here: Here, factory: str | None = None) -> Done:
    """Post the live board."""
    return Done(said="posted")


@tool(progress="Working", reads=False)
async def ops_stop_board(here: Here) -> Done:
    """End the live board."""
    return Done(said="ended")


KEEPING = (
    ops_board,
    ops_stop_board,
    ops_digest,
    ops_stop_digest,
    adf_propose_action,
    adf_preview_action,
    ops_audit,
    bot_reset,
    bot_usage,
    ops_subscribe,
    ops_unsubscribe,
    ops_list_subscriptions,
    ops_bind,
)


class Room:
    """One person asking the offline agent, over a fake wire, with every tool call kept."""

    def __init__(self, names: Sequence[str], others: Sequence[str] = (), home: str = "") -> None:
        self.wire = FakeWire()
        self.calls: list[ToolCall] = []
        factories = Factories([FACTORY, TRIAL], "shop", lambda _: self.wire)
        adf = Adf(factories=factories, clock=lambda: NOW)
        bot = BotFacts(name="ADF Ops", factories=factories.aliases)
        kept = [one for one in BOT_TOOLS if one.works_on is BotFacts]
        tools = [*ADF_TOOLS, *kept, *KEEPING]
        toolbox = Toolbox(tools, [adf, bot, Here()], self.calls.append)
        self.pipelines = [
            *(Pipeline(factory="shop", name=name) for name in names),
            *(Pipeline(factory="shop-trial", name=name) for name in others),
        ]
        self.home = home
        self.agent = OfflineAgent(lambda _: toolbox, self._inventory)
        self.memory: Any = {}

    async def _inventory(self, _: Question) -> list[Pipeline]:
        return self.pipelines

    def has(self, *runs: Json) -> None:
        self.wire.run_pages = [list(runs)]
        self.wire.runs = {run["runId"]: run for run in runs}

    async def ask(self, text: str) -> Answer:
        zone = ZoneInfo("Europe/Berlin")
        question = Question(
            text=text,
            speaker=MAYA,
            address=HERE,
            now=NOW,
            zone=zone,
            factory=self.home,
            factories=tuple(dict.fromkeys(one.factory for one in self.pipelines)),
            memory=self.memory,
        )
        steps = [step async for step in self.agent.answer(question)]
        answer = steps[-1]
        assert isinstance(answer, Answer)
        self.memory = answer.memory
        return answer

    @property
    def called(self) -> list[str]:
        return [call.name for call in self.calls]


async def test_status_is_the_newest_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    (runs,) = (await room.ask("status of Stock")).records
    assert isinstance(runs, RunList)
    assert room.calls[0].arguments == {"pipeline": "Stock", "latest_only": True}


async def test_why_opens_the_newest_failed_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
    (report,) = (await room.ask("why did stock fail")).records
    assert isinstance(report, RunReport)
    assert room.called == ["adf_pipeline_runs", "adf_pipeline_activity_runs"]


async def test_why_did_a_good_pipeline_fail_is_answered_with_the_good_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    (runs,) = (await room.ask("why did stock fail")).records
    assert isinstance(runs, RunList)


async def test_a_failure_that_was_made_good_since_says_so() -> None:
    room = Room(["Stock"])
    good = wire_run(GOOD, "Stock", status="Succeeded") | {"runStart": "2026-05-02T05:30:00Z"}
    room.has(good, wire_run(BAD, "Stock"))
    (report,) = (await room.ask("why did stock fail")).records
    assert isinstance(report, RunReport)
    assert (report.run.run_id, report.newer and report.newer.run_id) == (BAD, GOOD)


async def test_it_is_what_was_talked_about() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("status of Stock")
    await room.ask("why did it fail")
    assert room.calls[1].arguments["pipeline"] == "Stock"


async def test_it_means_nothing_before_something_was_talked_about() -> None:
    room = Room(["Stock", "Sales"])
    (picker,) = (await room.ask("why did it fail")).records
    assert isinstance(picker, Picker)
    assert room.called == ["adf_pipeline_runs"]  # which failed or run now are the choices


async def test_running_asks_for_active_states_only() -> None:
    room = Room(["Stock"])
    await room.ask("what is running")
    assert room.calls[0].arguments == {"status": ["InProgress", "Queued"]}


async def test_an_unknown_name_gets_the_nearest_ones_and_no_call() -> None:
    room = Room(["Stock", "Sales"])
    (trouble,) = (await room.ask("status of Stroganoff")).records
    assert isinstance(trouble, Problem)
    assert {choice.title for choice in trouble.choices} == {"Stock", "Sales"}
    assert room.called == []


async def test_a_shared_name_is_asked_back() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    (picker,) = (await room.ask("why did stock fail")).records
    assert isinstance(picker, Picker)
    assert [one.question for one in picker.choices] == [
        "why did Load_Stock_A fail",
        "why did Load_Stock_B fail",
    ]


async def test_a_slip_of_the_pen_is_said() -> None:
    room = Room(["StockLevels"])
    room.has(wire_run(BAD, "StockLevels"))
    assert (await room.ask("status stcklevels")).note == "Assuming you mean StockLevels."


async def test_a_piece_of_a_run_id_never_becomes_another_run() -> None:
    room = Room(["Stock"])
    (trouble,) = (await room.ask("Show me the error details for pipeline run abc123")).records
    assert isinstance(trouble, Problem)
    assert "abc123" in trouble.happened
    assert room.called == []


async def test_help_is_a_tool_like_any_other() -> None:
    room = Room([])
    (record,) = (await room.ask("what can you do?")).records
    assert isinstance(record, Help)
    assert room.called == ["bot_help"]


async def test_a_question_about_a_name_that_is_not_understood_offers_ways_on() -> None:
    room = Room(["Stock"])
    (picker,) = (await room.ask("Stock budget approval meeting agenda")).records
    assert isinstance(picker, Picker)
    assert room.called == []


async def test_memory_is_small_json_without_error_text() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock", "Operation on target Load failed: planted-words"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
    await room.ask("why did stock fail")
    assert "planted-words" not in str(room.memory)
    assert (room.memory["pipeline"], room.memory["run_id"]) == ("Stock", BAD)


async def test_the_breakdown_of_the_run_talked_about_needs_no_name() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
    await room.ask("why did stock fail")
    (table,) = (await room.ask("show me the activity breakdown for the failed run")).records
    assert isinstance(table, ActivityTable)
    assert (table.report.run.run_id, table.only) == (BAD, ())
    assert room.calls[-1].arguments == {"run_id": BAD}


async def test_every_failed_activity_of_a_named_pipeline_is_a_table() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    (table,) = (await room.ask("all the failed activities in stock pls")).records
    assert isinstance(table, ActivityTable)
    assert RunStatus.FAILED in table.only


async def test_a_trend_is_of_one_pipeline_or_of_the_critical_ones() -> None:
    room = Room(["Stock"])
    await room.ask("is stock getting slower over the last 7 days")
    await room.ask("failure rate of critical pipelines")
    assert [call.name for call in room.calls] == ["adf_run_stats", "adf_run_stats"]
    assert room.calls[0].arguments == {"pipeline": "Stock", "hours": 168.0}
    assert room.calls[1].arguments == {"critical": True}


async def test_a_run_is_compared_with_the_one_before_it() -> None:
    room = Room(["Stock"])
    older = wire_run(GOOD, "Stock", status="Succeeded") | {"runStart": "2026-05-01T05:00:00Z"}
    room.has(wire_run(BAD, "Stock"), older)
    (record,) = (await room.ask("compare stock with yesterday's run")).records
    assert isinstance(record, Comparison)
    assert room.calls[-1].arguments == {"run_id_a": BAD, "run_id_b": GOOD}


@pytest.mark.parametrize(
    "text",
    [
        "has this error occurred before?",
        "did stock fail like this before?",
        "is it the first time?",
    ],
)
async def test_whether_it_happened_before_is_looked_up(text: str) -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("why did stock fail")
    (report,) = (await room.ask(text)).records
    assert isinstance(report, RunReport)
    assert report.history is not None
    assert room.called[-1] == "adf_error_history"


async def test_nothing_to_compare_with_is_said() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    (trouble,) = (await room.ask("compare stock with last week")).records
    assert isinstance(trouble, Problem)
    assert "adf_compare_runs" not in room.called


async def test_another_time_is_asked_of_the_same_pipeline() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("status of stock")
    await room.ask("and yesterday?")
    assert room.calls[-1].arguments["pipeline"] == "Stock"
    assert room.calls[-1].arguments["from"] == "2026-04-30T22:00:00+00:00"


async def test_next_steps_are_those_of_the_failure_talked_about() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("why did stock fail")
    (report,) = (await room.ask("what are the recommended next steps?")).records
    assert isinstance(report, RunReport)


async def test_the_breakdown_of_nothing_is_asked_back() -> None:
    room = Room(["Stock"])
    (picker,) = (await room.ask("show me the breakdown")).records
    assert isinstance(picker, Picker)


def test_the_time_range_is_at_most_45_days() -> None:
    adf = Adf(factories=Factories([FACTORY], "shop", lambda _: FakeWire()), clock=lambda: NOW)
    assert adf.time_range(24 * 90, None, None).start == NOW - timedelta(days=45)


async def test_a_group_is_answered_with_all_that_fit_and_is_not_sure() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    room.has(wire_run(BAD, "Load_Stock_A"))
    answer = await room.ask("stock one broken?")
    assert [call.arguments["pipeline"] for call in room.calls] == ["Load_Stock_A", "Load_Stock_B"]
    assert isinstance(answer.records[0], RunList)
    assert not answer.sure


async def test_the_other_one_is_the_rest_of_a_group() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    room.has(wire_run(BAD, "Load_Stock_A"), wire_run(GOOD, "Load_Stock_B"))
    await room.ask("stock one broken?")
    await room.ask("status of Load_Stock_A")
    room.calls.clear()
    await room.ask("and the other one?")
    assert [
        call.arguments["pipeline"] for call in room.calls if call.name == "adf_pipeline_runs"
    ] == ["Load_Stock_B"]


async def test_the_other_one_is_the_pipeline_before() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    await room.ask("status of Stock")
    await room.ask("status of Sales")
    await room.ask("and the other one?")
    assert room.calls[-1].arguments["pipeline"] == "Stock"


async def test_many_of_a_group_are_read_in_one_call() -> None:
    room = Room([f"Load_Stock_{letter}" for letter in "ABCDE"])
    room.has(wire_run(BAD, "Load_Stock_A"))
    await room.ask("are the stock ones ok?")
    assert [dict(call.arguments) for call in room.calls] == [{"latest_only": True}]


async def test_two_pipelines_named_on_purpose_are_both_explained() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
    answer = await room.ask("why did stock and sales fail")
    assert {call.arguments.get("pipeline") for call in room.calls} >= {"Stock", "Sales"}
    assert len(answer.records) == 2


async def test_a_good_run_tells_its_rows() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    copied = {"output": {"rowsRead": 0, "rowsCopied": 0}, "activityType": "Copy"}
    room.wire.activity_pages[GOOD] = [[wire_activity("Load", status="Succeeded") | copied]]
    (runs,) = (await room.ask("stock ok?")).records
    assert isinstance(runs, RunList)
    assert [check.rows for check in runs.checks] == [0]


async def test_rows_that_cannot_be_read_do_not_cost_the_answer() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    room.wire.activity_pages[GOOD] = Unavailable("down")
    (runs,) = (await room.ask("stock ok?")).records
    assert isinstance(runs, RunList)
    assert runs.checks == ()
    assert len(runs.gaps) == 1


@pytest.mark.parametrize(
    ("said", "zone"),
    [("UTC", "UTC"), ("eastern", r"America/New_York (E"), ("london time", "Europe/London (")],
)
async def test_a_time_asked_in_a_zone_is_told_in_it(said: str, zone: str) -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    answer = await room.ask(f"what time did stock fail in {said}?")
    assert (answer.note or "").startswith(f"In {zone}")
    assert ": started " in (answer.note or "")


async def test_further_back_than_runs_are_kept_is_said() -> None:
    room = Room(["Stock"])
    answer = await room.ask("which pipelines failed in the last 90 days")
    assert "45 days" in (answer.note or "")


async def test_a_reset_forgets_and_says_so() -> None:
    room = Room(["Stock"])
    room.memory = {"pipeline": "Stock"}
    answer = await room.ask("clear that, start over")
    assert (answer.text, answer.records, answer.memory) == ("Forgotten.", (), {})


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        (
            "ping me when stock finishes",
            "ops_subscribe",
            {"target": "Stock", "events": "finish", "where": "me"},
        ),
        (
            "notify this channel when stock fails",
            "ops_subscribe",
            {"target": "Stock", "events": "failures", "where": "here"},
        ),
        (
            "alert this channel when anything fails",
            "ops_subscribe",
            {"target": "everything", "events": "failures", "where": "here"},
        ),
        (
            "subscribe this channel to failures",
            "ops_subscribe",
            {"target": "everything", "events": "failures", "where": "here"},
        ),
        (
            "alert us on errors",
            "ops_subscribe",
            {"target": "everything", "events": "failures", "where": "here"},
        ),
        (
            "let us know here when anything critical breaks",
            "ops_subscribe",
            {"target": "critical", "events": "failures", "where": "here"},
        ),
        ("stop dm'ing me about stock", "ops_unsubscribe", {"target": "Stock", "where": "me"}),
        (
            "unsubscribe this channel from everything",
            "ops_unsubscribe",
            {"target": "everything", "where": "here"},
        ),
        ("what am i subscribed to", "ops_list_subscriptions", {}),
        ("how many tokens were used", "bot_usage", {}),
        ("this room is for shop-trial", "ops_bind", {"factory": "shop-trial"}),
        (
            "bind this room to trial in Europe/Madrid",
            "ops_bind",
            {"factory": "shop-trial", "zone": "Europe/Madrid"},
        ),
    ],
)
async def test_what_the_bot_keeps_is_asked_of_its_tools(
    text: str, name: str, arguments: object
) -> None:
    room = Room(["Stock"], ["Stock"])
    await room.ask(text)
    assert [(call.name, dict(call.arguments)) for call in room.calls] == [(name, arguments)]


@pytest.mark.parametrize("text", ["ping me when it finishes", "bind this room"])
async def test_what_is_not_said_is_asked_back(text: str) -> None:
    room = Room(["Stock"], ["Stock"])
    (picker,) = (await room.ask(text)).records
    assert isinstance(picker, Picker)
    assert room.calls == []


async def test_a_subscription_that_fits_several_is_asked_back() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B"])
    (picker,) = (await room.ask("ping me when stock fails")).records
    assert isinstance(picker, Picker)
    assert picker.choices[0].question == "subscribe to failures of Load_Stock_A"


async def test_a_factory_in_the_words_is_asked() -> None:
    room = Room(["Stock"], ["Stock"], home="shop")
    await room.ask("what failed in trial")
    await room.ask("status of stock")
    assert [call.arguments["factory"] for call in room.calls[:2]] == ["shop-trial", "shop"]


async def test_a_name_in_one_factory_only_is_asked_there() -> None:
    room = Room(["Stock"], ["Sales"], home="shop")
    await room.ask("status of sales")
    assert room.calls[0].arguments["factory"] == "shop-trial"


async def test_a_name_in_several_factories_is_asked_back_where_no_room_chooses() -> None:
    room = Room(["Stock"], ["Stock"])
    (picker,) = (await room.ask("why did stock fail")).records
    assert isinstance(picker, Picker)
    assert [one.question for one in picker.choices] == [
        "why did Stock fail in shop",
        "why did Stock fail in shop-trial",
    ]


async def test_a_pipeline_that_the_named_factory_lacks_is_said() -> None:
    room = Room(["Stock"], ["Sales"], home="shop")
    (trouble,) = (await room.ask("status of stock in trial")).records
    assert isinstance(trouble, Problem)
    assert trouble.happened == "shop-trial has no pipeline Stock."


async def test_a_factory_nobody_reads_here_is_said() -> None:
    (trouble,) = (await Room(["Stock"], ["Sales"]).ask("what failed in uat")).records
    assert isinstance(trouble, Problem)
    assert "uat" in trouble.happened


async def test_a_run_is_held_against_the_newest_of_another_factory() -> None:
    room = Room(["Stock"], ["Stock"], home="shop")
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Stock", status="Succeeded"))
    await room.ask("status of stock")
    room.calls.clear()
    (record,) = (await room.ask("works in trial tho - whats different")).records
    assert isinstance(record, Comparison)
    assert [call.arguments.get("factory") for call in room.calls] == ["shop", "shop-trial", None]


async def test_two_run_ids_are_held_against_each_other() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Stock"))
    await room.ask(f"compare {BAD} with {GOOD}")
    assert room.calls[0].arguments == {"run_id_a": BAD, "run_id_b": GOOD}


async def test_a_good_run_is_looked_for_when_one_is_asked_for() -> None:
    room = Room(["Stock"])
    older = wire_run(GOOD, "Stock", status="Succeeded") | {"runStart": "2026-04-30T05:00:00Z"}
    between = f"{3:08x}-0000-4000-8000-000000000000"
    failed = wire_run(between, "Stock") | {"runStart": "2026-05-01T05:00:00Z"}
    room.has(wire_run(BAD, "Stock"), failed, older)
    await room.ask("compare stock with the last good run")
    assert room.calls[-1].arguments == {"run_id_a": BAD, "run_id_b": GOOD}


async def test_a_short_question_is_about_the_pipeline_talked_of() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    await room.ask("status of stock")
    for text in ("still red?", "trend?", "duration?"):
        await room.ask(text)
        assert room.calls[-1].arguments["pipeline"] == "Stock"


async def test_the_second_of_a_list_is_meant_by_its_place() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    await room.ask("which pipelines failed")
    room.calls.clear()
    await room.ask("why the second one")
    assert room.calls[0].arguments["pipeline"] == "Sales"


async def test_it_after_a_list_of_several_is_asked_back_with_those() -> None:
    room = Room(["Stock", "Sales", "Mix"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    await room.ask("which pipelines failed")
    (picker,) = (await room.ask("why did it fail")).records
    assert isinstance(picker, Picker)
    assert [one.title for one in picker.choices] == ["Stock", "Sales"]


async def test_and_the_other_pipeline_asks_the_same_of_it() -> None:
    room = Room(["Stock", "Sales"])
    room.has(wire_run(BAD, "Stock"), wire_run(GOOD, "Sales"))
    await room.ask("why did stock fail")
    (report,) = (await room.ask("and sales?")).records
    assert isinstance(report, RunReport)


async def test_and_yesterday_asks_the_same_list_of_another_day() -> None:
    room = Room(["Stock"])
    await room.ask("which pipelines failed today")
    await room.ask("and yesterday?")
    assert room.calls[-1].arguments["status"] == ["Failed"]
    assert room.calls[-1].arguments["to"] == "2026-05-01T22:00:00+00:00"


async def test_no_error_before_is_said_with_the_newest_run() -> None:
    room = Room(["Stock"])
    room.has(wire_run(GOOD, "Stock", status="Succeeded"))
    answer = await room.ask("has stock failed like this before?")
    assert isinstance(answer.records[0], RunList)
    assert "no failed run" in (answer.note or "")


async def test_why_at_a_time_looks_into_that_time_only() -> None:
    room = Room(["Stock"])
    await room.ask("why did stock fail yesterday")
    assert all("from" in call.arguments for call in room.calls)


async def test_a_list_of_pipelines_may_be_of_some() -> None:
    room = Room(["Load_Stock_A", "Load_Stock_B", "Sales"])
    await room.ask("which pipelines are there with stock in the name")
    assert room.calls[0].arguments == {"match": "stock"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("is everything ok", {"latest_only": True}),
        ("are all critical pipelines green", {"latest_only": True, "critical": True}),
        ("which pipelines succeeded", {"status": ["Succeeded"]}),
        ("failed runs of stock", {"pipeline": "Stock", "status": ["Failed"]}),
        ("show runs of stock", {"pipeline": "Stock"}),
        ("trend of stock yesterday", None),
        ("what happened between 2 and 4", None),
    ],
)
async def test_lists_are_asked_for_as_they_are_meant(text: str, arguments: object) -> None:
    room = Room(["Stock"])
    await room.ask(text)
    assert room.called in (["adf_pipeline_runs"], ["adf_pipeline_runs", "adf_trigger_status"])
    assert arguments is None or dict(room.calls[0].arguments) == arguments


async def test_a_run_by_its_id_is_a_status_too() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    (report,) = (await room.ask(f"status of run {BAD}")).records
    assert isinstance(report, RunReport)


async def test_more_about_an_error_is_what_the_catalogue_has_with_its_page() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    error = {"errorCode": "2200", "message": "ErrorCode=UserErrorSourceBlobNotExist,Message=gone"}
    room.wire.activity_pages[BAD] = [[wire_activity("Load") | {"error": error}]]
    await room.ask("why did stock fail")
    (more,) = (await room.ask("tell me more about that error")).records
    assert isinstance(more, DocsAnswer)
    assert more.finding.startswith("Load of Stock (error 2200):")
    assert more.factory == "shop"
    assert more.question == "What the error of Stock means"
    assert more.built_in
    assert more.sources[0].url.startswith("https://learn.microsoft.com/")


async def test_more_about_an_error_nobody_knows_is_the_failure_itself() -> None:
    room = Room(["Stock"])
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load") | {"error": {"message": "zonk"}}]]
    await room.ask("why did stock fail")
    (report,) = (await room.ask("tell me more about that error")).records
    assert isinstance(report, RunReport)


async def test_why_a_pipeline_without_runs_failed_tells_how_its_caller_went() -> None:
    room = Room(["Stock", "Nightly", "Weekly"])
    room.pipelines = [
        replace(one, calls=("Stock",)) if one.name != "Stock" else one for one in room.pipelines
    ]
    room.has(wire_run(BAD, "Nightly"))
    answer = await room.ask("why did stock fail")
    assert answer.note is not None
    assert "Nightly, whose last run failed" in answer.note
    assert "Weekly, which did not run either" in answer.note


async def test_a_pasted_error_is_explained() -> None:
    room = Room(["Stock"])
    (record,) = (await room.ask("explain this: ORA-01017: invalid username/password")).records
    assert isinstance(record, ErrorExplanation)
    assert record.category == "auth"
    pasted = "Operation on target Copy failed: ErrorCode=SftpAuthenticationFailure,Message=denied"
    (record,) = (await room.ask(pasted)).records
    assert isinstance(record, ErrorExplanation)
    assert [call.name for call in room.calls] == ["adf_explain_error"] * 2


async def test_a_caller_that_goes_on_is_said_to_be_running() -> None:
    room = Room(["Stock", "Nightly"])
    room.pipelines = [
        replace(one, calls=("Stock",)) if one.name != "Stock" else one for one in room.pipelines
    ]
    room.has({**wire_run(GOOD, "Nightly", status="InProgress"), "runEnd": None})
    answer = await room.ask("why did stock fail")
    assert "Nightly, whose last run is running" in (answer.note or "")
