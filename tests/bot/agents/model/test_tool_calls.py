"""What a model may look up, how its arguments are checked, and what it is told."""

import asyncio
import json
from typing import Any

from adf.errors import Forbidden, Unavailable
from adf.records import PipelineList, RunList, RunReport
from bot.agents.model import TurnLimits
from bot.agents.model.output import records_to_show
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import BAD, GOOD
from tests.bot.agents.model.room import Room, room_with
from tests.doubles.foundry import Item, Scripted, calls, calls_raw, says


def told_in(room: Room) -> list[Any]:
    """The results that the model was sent last, read out of their marks."""
    outputs = [one["output"] for one in room.double.turns[-1]["input"]]
    return [json.loads(one.split(">", 1)[1].rsplit("<", 1)[0] or one) for one in outputs]


async def looked_up(*asked: Item) -> list[Any]:
    """What the model is told of the calls it makes in one step."""
    async with room_with(Scripted(list(asked), [says("So it is.")])) as made:
        await made.ask("how is stock?")
        return told_in(made)


async def test_tools_asked_for_together_run_together() -> None:
    async with room_with(
        Scripted([calls("adf_pipeline_runs"), calls("adf_list_pipelines")], [says("Ask Ann.")])
    ) as room:
        both = asyncio.Barrier(2)

        async def together(*_: object) -> dict[str, object]:
            await both.wait()
            return {"value": []}

        room.wire.query_runs = room.wire.list_pipelines = together  # type: ignore[method-assign]
        assert (await room.ask("how is it?")).answer.text == "Ask Ann."


async def test_one_tool_that_fails_does_not_hold_up_the_others() -> None:
    async with room_with(
        Scripted(
            [calls("adf_pipeline_runs"), calls("adf_pipeline_activity_runs", run_id=BAD)],
            [says("Half of it.")],
        )
    ) as room:
        room.has(wire_run(GOOD, "Customers"))
        room.wire.runs[BAD] = Forbidden("no right", asked="read a run", code="AuthorizationFailed")
        answer = (await room.ask("why?")).answer
        good, bad = told_in(room)
        assert good["record"] == "runs"
        assert bad == {
            "source": 2,
            "error": "Forbidden",
            "asked": "read a run",
            "said": "no right",
            "code": "AuthorizationFailed",
        }
        assert [one.ended for one in answer.trace if one.what != "step"] == ["ok", "Forbidden"]
        assert [type(one) for one in answer.records] == [RunList]


async def test_a_tool_that_breaks_is_told_without_details() -> None:
    async with room_with(
        Scripted([calls("adf_pipeline_runs")], [says("Ask an operator.")])
    ) as room:

        async def break_down(*_: object) -> object:
            raise ZeroDivisionError("secret detail")

        room.wire.query_runs = break_down  # type: ignore[method-assign,assignment]
        answer = (await room.ask("how is it?")).answer
        assert answer.text == "Ask an operator."
        (output,) = (one["output"] for one in room.double.turns[-1]["input"])
        assert output == '{"error":"internal","said":"the tool broke"}'


async def test_a_tool_that_takes_too_long_is_told_as_that() -> None:
    async with room_with(
        Scripted([calls("adf_pipeline_runs")], [says("Too slow.")]),
        limits=TurnLimits(tool_seconds=8),
    ) as room:
        room.wire.query_runs = lambda *_: asyncio.Event().wait()  # type: ignore[method-assign,assignment]
        await room.ask("how is it?")
        (told,) = told_in(room)
        assert (told["error"], told["said"]) == ("Unavailable", "no answer within 8 s")


async def test_the_same_call_again_is_answered_from_the_first() -> None:
    twice = [
        calls_raw("adf_pipeline_runs", '{"hours": 5, "pipeline": "Stock"}'),
        calls_raw("adf_pipeline_runs", '{"pipeline":"Stock","hours":5}'),
    ]
    async with room_with(Scripted(twice, twice, [says("Fine.")])) as room:
        answer = (await room.ask("how is stock?")).answer
        assert (len(room.calls), len(answer.records)) == (1, 1)
        first, second = told_in(room)
        assert first == second


async def test_a_name_is_read_whatever_its_case() -> None:
    async with room_with(
        Scripted([calls("adf_pipeline_runs", pipeline="sToCk")], [says("Fine.")])
    ) as room:
        await room.ask("how is stock?")
        assert room.calls[0].arguments == {"pipeline": "Stock"}


async def test_a_pipeline_that_does_not_exist_is_never_asked_of_azure() -> None:
    (told,) = await looked_up(calls("adf_pipeline_runs", pipeline="Stok"))
    assert told["error"] == "BadArguments"
    assert told["choices"][0] == "Stock"
    assert told["said"] == "there is no pipeline Stok"


async def test_a_factory_that_is_not_open_here_is_refused_with_those_that_are() -> None:
    (told,) = await looked_up(calls("adf_pipeline_runs", factory="secret"))
    assert (told["error"], told["choices"]) == ("BadArguments", ["shop"])


async def test_a_factory_is_known_whatever_its_case() -> None:
    (told,) = await looked_up(calls("adf_pipeline_runs", factory="SHOP", pipeline="Stock"))
    assert told["factory"] == "shop"


async def test_a_piece_of_a_run_id_is_refused() -> None:
    (told,) = await looked_up(calls("adf_pipeline_activity_runs", run_id="00000001"))
    assert "not a valid run id" in told["said"]


async def test_arguments_that_say_nothing_count_as_left_out() -> None:
    async with room_with(
        Scripted(
            [calls("adf_pipeline_runs", pipeline="", status=[], hours=None, critical=False)],
            [says("Fine.")],
        )
    ) as room:
        await room.ask("how is it?")
        assert room.calls[0].arguments == {"critical": False}


async def test_arguments_that_are_no_json_object_are_refused() -> None:
    deep = "[" * 3000
    wrong = ("{broken", "[1]", '{"hours": NaN}', deep, '{"match": "' + "x" * 5000 + '"}')
    for told in await looked_up(*(calls_raw("adf_list_pipelines", one) for one in wrong)):
        assert told["error"] == "BadArguments"
        assert "arguments" in told["said"]


async def test_an_argument_that_no_tool_has_is_left_out_of_a_lookup() -> None:
    async with room_with(
        Scripted([calls("adf_list_pipelines", delete=True)], [says("Ask Ann.")])
    ) as room:
        await room.ask("which are there?")
        assert [(one.name, dict(one.arguments)) for one in room.calls] == [
            ("adf_list_pipelines", {})
        ]


async def test_a_number_beyond_reason_breaks_nothing() -> None:
    longest, backwards = await looked_up(
        calls("adf_pipeline_runs", hours=1e300), calls("adf_pipeline_runs", hours=-1e300)
    )
    assert "error" not in longest
    assert "no length of time" in backwards["said"]


async def test_a_tool_that_acts_or_does_not_exist_is_not_there() -> None:
    names = ("ops_subscribe", "adf_delete_factory", "bot_reset")
    for told in await looked_up(*(calls(one) for one in names)):
        assert told["said"] == "there is no such tool"
        assert "adf_pipeline_runs" in told["choices"]


async def test_names_are_not_checked_when_the_list_of_pipelines_cannot_be_read() -> None:
    async with room_with(
        Scripted([calls("adf_pipeline_runs", pipeline="Stock")], [says("Fine.")])
    ) as room:
        room.names = Unavailable("down")
        assert len((await room.ask("how is stock?")).answer.records) == 1


async def test_a_step_on_the_way_is_not_shown_beside_what_it_led_to() -> None:
    brain = Scripted(
        [calls("adf_list_pipelines", match="sto")],
        [calls("adf_pipeline_runs", pipeline="Stock")],
        [calls("adf_pipeline_activity_runs", run_id=BAD)],
        [says("Load broke.")],
    )
    async with room_with(brain) as room:
        answer = (await room.ask("why did stock fail?")).answer
        assert [type(one) for one in answer.records] == [RunReport]


async def test_at_most_three_cards_are_shown_the_last_ones() -> None:
    brain = Scripted(
        [calls("adf_pipeline_runs", hours=hours) for hours in (1, 2, 3, 4, 5)], [says("Fine.")]
    )
    async with room_with(brain) as room:
        records = (await room.ask("how was it?")).answer.records
        ranges = [one.time_range for one in records if isinstance(one, RunList)]
        assert [(one.end - one.start).total_seconds() / 3600 for one in ranges] == [3, 4, 5]


async def test_a_run_that_was_opened_twice_is_one_card() -> None:
    brain = Scripted(
        [calls("adf_pipeline_activity_runs", run_id=BAD)],
        [calls("adf_pipeline_activity_runs", run_id=BAD, expand_children=False)],
        [says("Load broke.")],
    )
    async with room_with(brain) as room:
        assert len((await room.ask("why?")).answer.records) == 1


async def test_a_list_of_pipelines_alone_is_shown() -> None:
    async with room_with(Scripted([calls("adf_list_pipelines")], [says("These.")])) as room:
        (record,) = (await room.ask("which are there?")).answer.records
        assert isinstance(record, PipelineList)
        assert records_to_show([record, record]) == (record,)


async def test_without_error_text_the_model_is_told_of_a_failed_lookup_by_its_kind() -> None:
    brain = Scripted(
        [
            calls("adf_pipeline_activity_runs", run_id=BAD),
            calls("adf_pipeline_runs", pipeline="Nowhere"),
        ],
        [says("I may not read it.")],
    )
    async with room_with(brain, error_text=False) as room:
        room.wire.runs[BAD] = Forbidden("planted words", asked="read a run", code="Denied")
        await room.ask("why?")
        assert "planted words" not in json.dumps(room.double.turns)
        first, second = told_in(room)
        asked = {"error": "Forbidden", "asked": "read a run", "code": "Denied"}
        assert first == {**asked, "source": first["source"]}
        assert second["said"]


async def test_without_error_text_the_model_is_told_code_and_meaning() -> None:
    inside = calls("adf_pipeline_activity_runs", run_id=BAD)
    brain = Scripted([inside, calls("adf_pipeline_runs")], [says("It broke.")])
    async with room_with(brain, error_text=False) as room:
        room.has(wire_run(BAD, "Stock", "planted words of the run"), wire_run(GOOD, "Customers"))
        broken = wire_activity("Load")
        broken["error"]["message"] = "planted words, ErrorCode=SqlFailedToConnect"
        room.wire.activity_pages[BAD] = [[broken]]
        report = await room.toolbox(room.question("")).call(
            "adf_pipeline_activity_runs", run_id=BAD
        )
        await room.ask("why?", records=(report,))
        sent = json.dumps(room.double.turns)
        assert "planted" not in sent
        cause = told_in(room)[0]["cause"]["error"]
        assert cause["code"] == "2200"
        assert told_in(room)[0]["meaning"]["cause"]


async def test_what_is_looked_up_of_another_pipeline_than_was_meant_is_not_shown() -> None:
    other = calls("adf_pipeline_runs", pipeline="Customers")
    async with room_with(Scripted([other], [says("Fine.")])) as room:
        answer = (await room.ask("how is stock?")).answer
        assert room.called == ["adf_pipeline_runs"]
        assert (answer.records, answer.looked_up) == ((), False)
