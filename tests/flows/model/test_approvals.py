"""A call to another server waits for whoever asked; what they decide goes on with the talk."""

from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.turns.approvals import GONE
from tests.doubles.connector import Sent
from tests.doubles.foundry import (
    TROUBLES,
    EveryTurn,
    FoundryDouble,
    OverTheWire,
    Scripted,
    asks_mcp,
    calls,
    running_foundry,
    says,
)
from tests.doubles.learn import LearnDouble, running_learn
from tests.doubles.teams import object_id
from tests.flows.model.stage import BACKENDS, Clock, Stage, read, talking

ASK = "send them a note that page 7 is wrong"
PUBLIC = "https://learn.example/mcp"
TOLD = "The authors have been told."


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


def buttons(sent: Sent) -> dict[str, dict[str, Any]]:
    return {one.verb: dict(one.data or {}) for one in read(sent).buttons if one.verb}


async def sent(stage: Stage, click: Mapping[str, Any]) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.post(stage.product.endpoint, json=click) as response,
    ):
        assert response.status == 200
        return str(await response.json())


async def press(stage: Stage, asked: Sent, verb: str, name: str = "Maya") -> str:
    """Press a button of the card; what whoever pressed is told alone, or sees."""
    number = stage.product.connector.sent.index(asked) + 1
    click = stage.client(name).click(
        verb, buttons(asked)[verb], on_message=f"message-{number}", thread="1700000000000"
    )
    return await sent(stage, click)


async def answered(stage: Stage, count: int) -> Sent:
    return (await stage.product.connector.wait_for(count))[-1]


def ours(learn: LearnDouble) -> dict[str, Any]:
    return {"MCP_SERVER_URL": learn.url}


WRITES = calls("MicrosoftLearn__submit_feedback", text="page 7")


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_call_that_we_make_waits_and_goes_through_after_a_yes(
    backend: str, learn: LearnDouble, tmp_path: Path
) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking(backend, brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        told = read(asked).text
        assert "May I ask MicrosoftLearn?" in told
        assert "submit_feedback" in told
        assert "page 7" in told
        assert ASK[:40] in told
        assert learn.asked == []
        shown = await press(stage, asked, "allow_call")
        assert "Allowed once" in shown
        answer = await answered(stage, 2)
        assert TOLD in read(answer).text
        assert learn.asked == [("submit_feedback", {"text": "page 7"})]
        (edit,) = await stage.edits()
        assert "Allowed once" in read(edit).text
        assert buttons(edit) == {}


@pytest.mark.parametrize("backend", BACKENDS)
async def test_after_a_no_nothing_is_called(
    backend: str, learn: LearnDouble, tmp_path: Path
) -> None:
    brain = EveryTurn([WRITES], [says("Then I will not.")])
    async with talking(backend, brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        assert "Not allowed" in await press(stage, asked, "refuse_call")
        assert "Then I will not." in read(await answered(stage, 2)).text
        assert learn.asked == []


async def serverside(learn: LearnDouble) -> AsyncGenerator[FoundryDouble]:
    brain = Scripted(
        [asks_mcp("MicrosoftLearn", "submit_feedback", text="page 7")], [says(TOLD)], [says("Fine")]
    )
    async with running_foundry(brain) as double:
        double.servers = OverTheWire({PUBLIC: learn.url})
        yield double


@pytest.fixture
async def service(learn: LearnDouble) -> AsyncGenerator[FoundryDouble]:
    async for double in serverside(learn):
        yield double


@pytest.mark.parametrize(("verb", "yes"), [("allow_call", True), ("refuse_call", False)])
@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_call_that_the_service_makes_waits_alike(
    backend: str, verb: str, yes: bool, learn: LearnDouble, service: FoundryDouble, tmp_path: Path
) -> None:
    where: dict[str, Any] = {"MCP_SERVER_URL": PUBLIC}
    async with talking(backend, service.brain, tmp_path, double=service, **where) as stage:
        asked = await stage.ask(ASK)
        assert "submit_feedback" in read(asked).text
        await press(stage, asked, verb)
        assert TOLD in read(await answered(stage, 2)).text
        (said,) = (
            one for one in service.turns[-1]["input"] if one.get("type") == "mcp_approval_response"
        )
        assert said["approve"] is yes
        assert learn.asked == ([("submit_feedback", {"text": "page 7"})] if yes else [])


async def test_only_the_asker_decides_and_once(learn: LearnDouble, tmp_path: Path) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        assert "Only Maya can decide that" in await press(stage, asked, "allow_call", "Lee")
        assert learn.asked == []
        await press(stage, asked, "allow_call")
        assert GONE in await press(stage, asked, "refuse_call")
        await answered(stage, 2)
        assert len(learn.asked) == 1


async def test_after_ten_minutes_nobody_can_allow_it(learn: LearnDouble, tmp_path: Path) -> None:
    clock = Clock()
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, clock=clock, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        clock.now += timedelta(minutes=10)
        assert GONE in await press(stage, asked, "allow_call")
        assert learn.asked == []


async def test_who_writes_on_has_said_no(learn: LearnDouble, tmp_path: Path) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        await stage.ask("status of CustomerDataETL")
        assert GONE in await press(stage, asked, "allow_call")
        assert learn.asked == []


@pytest.mark.parametrize("backend", BACKENDS)
async def test_what_is_explained_on_a_press_takes_nothing_away(
    backend: str, learn: LearnDouble, tmp_path: Path
) -> None:
    brain = Scripted(
        [asks_mcp("MicrosoftLearn", "submit_feedback", text="page 7")],
        [says("ProcessOrders is running since 02:05 [1].")],
        [says(TOLD)],
    )
    where: dict[str, Any] = {"MCP_SERVER_URL": PUBLIC}
    async with running_foundry(brain) as service:
        service.servers = OverTheWire({PUBLIC: learn.url})
        async with talking(backend, brain, tmp_path, double=service, **where) as stage:
            card = await stage.ask("status of ProcessOrders")
            asked = await stage.ask(ASK)
            assert "language model" in await press(stage, card, "explain")
            (edit,) = await stage.edits()
            assert "is running since 02:05" in read(edit).text
            assert "Allowed once" in await press(stage, asked, "allow_call")
            assert TOLD in read(await answered(stage, 3)).text
            assert learn.asked == [("submit_feedback", {"text": "page 7"})]


async def test_what_others_write_takes_nothing_away(learn: LearnDouble, tmp_path: Path) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        await stage.ask("status of CustomerDataETL", "Lee")
        await press(stage, asked, "allow_call")
        await answered(stage, 3)
        assert len(learn.asked) == 1


async def test_an_id_that_nobody_gave_decides_nothing(learn: LearnDouble, tmp_path: Path) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        await stage.ask(ASK)
        for data in ({}, {"approval": "x"}, {"approval": ["x"]}, {"approval": object_id("x")}):
            click = stage.client().click("allow_call", data, thread="1700000000000")
            assert GONE in await sent(stage, click)
        assert learn.asked == []


async def test_in_a_personal_chat_the_card_ends_the_stream(
    learn: LearnDouble, tmp_path: Path
) -> None:
    brain = EveryTurn([WRITES], [says("I would tell them.")])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        end = await stage.product.ask(stage.client().personal(ASK))
        assert end.activity["text"] == "I would tell them."
        assert {"allow_call", "refuse_call"} <= buttons(end).keys()
        assert stage.product.connector.streams.broken == []


async def test_a_call_for_an_explanation_is_asked_for_below_the_explained_card(
    learn: LearnDouble, tmp_path: Path
) -> None:
    brain = EveryTurn([WRITES], [says("I would tell them.")])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        await stage.ask("why did CustomerDataETL fail")
        asked = await answered(stage, 2)
        assert "May I ask MicrosoftLearn?" in read(asked).text
        await press(stage, asked, "allow_call")
        assert "I would tell them." in read(await answered(stage, 3)).text
        assert learn.asked == [("submit_feedback", {"text": "page 7"})]


async def test_with_the_model_in_trouble_after_a_yes_one_line_says_so(
    learn: LearnDouble, tmp_path: Path
) -> None:
    brain = EveryTurn([WRITES], [says(TOLD)])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        asked = await stage.ask(ASK)
        for _ in range(6):
            stage.model.faults.add(TROUBLES["no_rights"])
        await press(stage, asked, "allow_call")
        sent = await answered(stage, 2)
        assert "language model" in str(sent.activity)


async def test_what_was_looked_up_stands_above_the_card_that_asks(
    learn: LearnDouble, tmp_path: Path
) -> None:
    looks = calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)
    brain = EveryTurn([looks, WRITES], [says("I would tell them.")])
    async with talking("foundry", brain, tmp_path, **ours(learn)) as stage:
        await stage.ask(f"{ASK} about ProcessOrders")
        first, asks = await stage.product.connector.wait_for(2)
        assert "ProcessOrders" in read(first).text
        assert "I would tell them." in read(first).text
        assert "May I ask" in read(asks).text
