"""The offline agent calls the tools a question needs, remembers its subject, and asks back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.client import Factories
from adf.records import ActivityTable, Comparison, Factory, Pipeline, RunList, RunReport, RunStatus
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agent.interface import Answer, Question
from bot.agent.offline import OfflineAgent
from bot.messages import Address, Person, Scope
from bot.tools import BOT_TOOLS, BotFacts
from cards.records import Help, Picker, Trouble
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run

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


class Room:
    """One person asking the offline agent, over a fake wire, with every tool call kept."""

    def __init__(self, names: Sequence[str]) -> None:
        self.wire = FakeWire()
        self.calls: list[ToolCall] = []
        factories = Factories([FACTORY], "shop", lambda _: self.wire)
        adf = Adf(factories=factories, clock=lambda: NOW)
        bot = BotFacts(name="ADF Ops", factories=factories.aliases)
        toolbox = Toolbox([*ADF_TOOLS, *BOT_TOOLS], [adf, bot], self.calls.append)
        self.agent = OfflineAgent(lambda _: toolbox, lambda _: self._inventory(names))
        self.memory: Any = {}

    async def _inventory(self, names: Sequence[str]) -> list[Pipeline]:
        return [Pipeline(factory="shop", name=name) for name in names]

    def has(self, *runs: Json) -> None:
        self.wire.run_pages = [list(runs)]
        self.wire.runs = {run["runId"]: run for run in runs}

    async def ask(self, text: str) -> Answer:
        zone = ZoneInfo("Europe/Berlin")
        question = Question(
            text=text, speaker=MAYA, address=HERE, now=NOW, zone=zone, memory=self.memory
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
    assert room.called == []


async def test_running_asks_for_active_states_only() -> None:
    room = Room(["Stock"])
    await room.ask("what is running")
    assert room.calls[0].arguments == {"status": ["InProgress", "Queued"]}


async def test_an_unknown_name_gets_the_nearest_ones_and_no_call() -> None:
    room = Room(["Stock", "Sales"])
    (trouble,) = (await room.ask("status of Stroganoff")).records
    assert isinstance(trouble, Trouble)
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
    assert (await room.ask("status stcklevels")).note == "Read as StockLevels."


async def test_a_piece_of_a_run_id_never_becomes_another_run() -> None:
    room = Room(["Stock"])
    (trouble,) = (await room.ask("Show me the error details for pipeline run abc123")).records
    assert isinstance(trouble, Trouble)
    assert "abc123" in trouble.happened
    assert room.called == []


async def test_an_order_changes_nothing_and_says_so() -> None:
    room = Room(["Stock"])
    answer = await room.ask("rerun Stock")
    assert room.called == []
    assert "no run was started" in (answer.text or "")


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
    ["has this error occurred before?", "same thing again? (stock)", "is it the first time?"],
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
    assert isinstance(trouble, Trouble)
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
