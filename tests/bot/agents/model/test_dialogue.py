"""The same talks on a Foundry agent and on a plain model, with the official SDKs on sockets."""

import pytest

from adf.records import RunList, RunReport
from bot.agents.model import FailureKind, TurnLimits
from bot.tools.usage import FORGOTTEN
from cards.records import Help, PageSource
from tests.bot.agents.answers.test_agent import BAD
from tests.bot.agents.model.room import BACKENDS, LEARN, room_with
from tests.doubles.foundry import (
    TROUBLES,
    Answering,
    Heard,
    Scripted,
    asks_mcp,
    calls,
    says,
    text_of,
    wants_approval,
)

RUNS = calls("adf_pipeline_runs", pipeline="Stock", latest_only=True)
INSIDE = calls("adf_pipeline_activity_runs", run_id=BAD)
backends = pytest.mark.parametrize("backend", BACKENDS)


@backends
async def test_a_question_is_answered_with_words_and_the_record_behind_them(backend: str) -> None:
    async with room_with(Scripted([RUNS], [says("Stock failed at 07:20.")]), backend) as room:
        told = await room.ask("how is stock?")
        (runs,) = told.answer.records
        assert isinstance(runs, RunList)
        assert told.answer.text == told.words == "Stock failed at 07:20."
        assert (told.answer.sure, told.answer.missing, told.answer.note) == (True, "", None)
        assert told.doing == ["Asking the language model", "Looking at runs"]
        assert room.calls[0].arguments == {"pipeline": "Stock", "latest_only": True}


@backends
async def test_drilling_down_and_following_up_stay_in_one_talk(backend: str) -> None:
    brain = Scripted(
        [RUNS], [says("It failed.")], [INSIDE], [says("Load broke.")], [says("As I said: Load.")]
    )
    async with room_with(brain, backend) as room:
        await room.ask("status of stock")
        (report,) = (await room.ask("why did it fail?")).answer.records
        assert isinstance(report, RunReport)
        assert (await room.ask("say that again")).answer.text == "As I said: Load."
        assert [one[0] for one in room.kept["log"]] == [
            "status of stock",
            "why did it fail?",
            "say that again",
        ]
        last = str(room.double.turns[-1])
        if backend == "foundry":
            assert len({turn["conversation"] for turn in room.double.turns}) == 1
            assert "status of stock" not in last
        elif backend == "previous":
            assert room.double.turns[-1]["previous_response_id"]
        else:
            assert "status of stock" in last


@backends
async def test_a_forgotten_talk_begins_anew(backend: str) -> None:
    async with room_with(Scripted([says("One.")], [says("Two.")]), backend) as room:
        await room.ask("first question")
        first = room.kept["conversation"]
        room.memory = {}
        await room.ask("second question")
        assert "first question" not in str(room.double.turns[-1])
        assert "previous_response_id" not in room.double.turns[-1]
        assert backend != "foundry" or room.kept["conversation"] != first
        assert FORGOTTEN.startswith("Cleared")


async def test_whatever_else_was_remembered_stays_beside_the_talk() -> None:
    async with room_with(Scripted([says("One.")])) as room:
        room.memory = {"pipeline": "Stock"}
        await room.ask("a question")
        assert room.memory["pipeline"] == "Stock"


@backends
async def test_shown_records_are_explained_and_no_card_is_added(backend: str) -> None:
    async with room_with(Scripted([INSIDE], [says("The Load step broke.")]), backend) as room:
        report = await room.toolbox(room.question("")).call(
            "adf_pipeline_activity_runs", run_id=BAD
        )
        told = await room.ask("why did stock fail", records=(report,))
        assert told.answer.records == ()
        assert told.answer.text == "The Load step broke."
        asked = str(room.double.turns[0]["input"])
        assert "Explain them in at most 90 words" in asked
        assert "Load is broken" in asked


async def test_an_explanation_that_grows_long_ends() -> None:
    async with room_with(Scripted([says(f"{'word ' * 400}end.")])) as room:
        text = (await room.ask("why?", records=("anything",))).answer.text or ""
        assert len(text.split()) == 130
        assert text.endswith("…")


async def test_the_facts_of_a_turn_are_input_and_never_instructions() -> None:
    async with room_with(Scripted([says("Hello.")])) as room:
        await room.ask("hello")
        (turn,) = room.double.turns
        assert turn.keys() == {"stream", "conversation", "input", "agent_reference"}
        facts = text_of(turn["input"][0])
        for told in ("Saturday 02 May 2026, 2026-05-02 08:00 CEST", "06:00 UTC", "Maya", "shop"):
            assert told in facts


async def test_a_plain_model_gets_instructions_tools_and_a_cache_key_each_time() -> None:
    async with room_with(Scripted([RUNS], [says("Fine.")]), "previous") as room:
        await room.ask("how is stock?")
        first, second = room.double.turns
        same = ("model", "instructions", "tools", "prompt_cache_key", "max_output_tokens")
        assert {key: first[key] for key in same} == {key: second[key] for key in same}
        assert "agent_reference" not in first


async def test_nothing_is_kept_at_the_service_where_the_talk_is_stateless() -> None:
    async with room_with(Scripted([RUNS], [says("Fine.")]), "stateless") as room:
        await room.ask("how is stock?")
        assert [turn["store"] for turn in room.double.turns] == [False, False]
        kinds = [one["type"] for one in room.double.turns[1]["input"]]
        assert kinds == ["message", "function_call", "function_call_output"]


async def test_cited_pages_come_as_sources() -> None:
    page = ("https://learn.microsoft.com/azure/data-factory", "Data Factory")
    async with room_with(Scripted([says("See the page.", page, page)])) as room:
        told = await room.ask("what is a data factory?")
        assert told.answer.sources == (PageSource(title=page[1], url=page[0]),)


async def test_a_talk_that_grew_long_goes_on_in_a_new_conversation() -> None:
    def answer(heard: Heard) -> str:
        return f"{len(heard.history)} before"

    async with room_with(Answering(answer)) as room:
        await room.ask("first question")
        first = room.kept["conversation"]
        room.memory = {"model": {**room.kept, "turns": 30}}
        await room.ask("second question")
        assert room.kept["conversation"] != first
        assert "first question" in str(room.double.turns[-1]["input"])


async def test_two_who_ask_in_one_thread_have_talks_of_their_own() -> None:
    async with room_with(Scripted([says("One.")], [says("Two.")])) as room:
        await room.ask("mine")
        mine = room.kept["conversation"]
        room.memory = {}
        await room.ask("theirs")
        assert room.kept["conversation"] != mine


async def test_help_is_a_card_that_the_model_may_ask_for() -> None:
    async with room_with(Scripted([calls("bot_help")], [says("Ask me.")])) as room:
        (record,) = (await room.ask("what can you do")).answer.records
        assert isinstance(record, Help)


def docs_brain() -> Scripted:
    return Scripted(
        [asks_mcp("mslearn", "microsoft_docs_fetch", url="https://learn.microsoft.com/x")],
        [says("The page says so.")],
    )


@pytest.mark.parametrize("backend", ["foundry", "previous"])
@pytest.mark.parametrize("yes", [True, False])
async def test_a_call_to_a_remote_server_waits_for_a_person(backend: str, yes: bool) -> None:
    async with room_with(docs_brain(), backend, remote=(LEARN,)) as room:
        told = await room.ask("what do the docs say?")
        (approval,) = told.approvals
        assert (approval.server, approval.tool) == ("mslearn", "microsoft_docs_fetch")
        assert approval.arguments == {"url": "https://learn.microsoft.com/x"}
        assert told.answer.text == (
            "May I ask mslearn (microsoft_docs_fetch)? Somebody has to allow it."
        )
        told = await room.ask("", decision="press-1", decided={approval.approval_id: yes})
        assert told.answer.text == "The page says so."
        (item,) = room.double.turns[-1]["input"]
        assert (item["type"], item["approve"]) == ("mcp_approval_response", yes)
        assert room.kept["waiting"] == []


async def test_a_yes_that_broke_at_the_service_is_not_sent_again() -> None:
    async with room_with(docs_brain(), remote=(LEARN,)) as room:
        (approval,) = (await room.ask("what do the docs say?")).approvals
        room.double.faults.add(TROUBLES["server_error"])
        yes = {approval.approval_id: True}
        told = await room.ask("", decision="press-1", decided=yes)
        assert told.answer.failure is FailureKind.SERVER
        await room.ask("", decision="press-1", decided=yes)
        sent = [one for turn in room.double.turns for one in turn["input"] if "approve" in one]
        assert [one["approve"] for one in sent] == [True, False]
        assert "not known whether it was made" in sent[-1]["reason"]


async def test_who_writes_on_instead_of_deciding_has_said_no() -> None:
    async with room_with(docs_brain(), remote=(LEARN,)) as room:
        await room.ask("what do the docs say?")
        await room.ask("never mind, how is stock?")
        items = room.double.turns[-1]["input"]
        assert [one["type"] for one in items] == ["mcp_approval_response", "message"]
        assert items[0]["approve"] is False


async def test_a_call_beside_a_waiting_one_is_made_and_told_with_the_decision() -> None:
    brain = Scripted(
        [RUNS, wants_approval("mslearn", "microsoft_docs_fetch")], [says("Both are told.")]
    )
    async with room_with(brain, remote=(LEARN,)) as room:
        told = await room.ask("how is stock, and the docs?")
        assert room.called == ["adf_pipeline_runs"]
        (approval,) = told.approvals
        told = await room.ask("", decision="press-1", decided={approval.approval_id: True})
        kinds = [one["type"] for one in room.double.turns[-1]["input"]]
        assert kinds == ["function_call_output", "mcp_approval_response"]


async def test_a_call_that_would_wait_when_the_turn_is_over_is_refused_by_the_next() -> None:
    wish = wants_approval("mslearn", "microsoft_docs_fetch")
    brain = Scripted([wish], [says("Hello.")])
    async with room_with(brain, remote=(LEARN,), limits=TurnLimits(tokens=10)) as room:
        assert (await room.ask("docs?")).approvals == []
        await room.ask("hello")
        assert room.double.turns[-1]["input"][0]["approve"] is False


async def test_arguments_of_a_waiting_call_that_are_no_json_are_shown_as_they_are() -> None:
    wish = {**wants_approval("mslearn", "fetch"), "arguments": "{nonsense"}
    async with room_with(Scripted([wish]), remote=(LEARN,)) as room:
        (approval,) = (await room.ask("docs?")).approvals
        assert approval.arguments == {"arguments": "{nonsense"}


async def test_a_free_tool_of_a_remote_server_is_called_by_the_service_and_traced() -> None:
    brain = Scripted(
        [asks_mcp("mslearn", "microsoft_docs_search", query="adf")], [says("Found it.")]
    )
    async with room_with(brain, remote=(LEARN,)) as room:
        told = await room.ask("what do the docs say?")
        assert told.approvals == []
        (remote,) = (one for one in told.answer.trace if one.what != "step")
        assert (remote.what, remote.ended) == ("mslearn: microsoft_docs_search", "failed")
