"""A yes counts once, for what the card showed, and for the question that was asked."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.connector import running_connector
from tests.doubles.foundry import (
    Brain,
    EveryTurn,
    OverTheWire,
    asks_mcp,
    calls,
    running_foundry,
    says,
)
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.wire import Item
from tests.doubles.learn import running_learn
from tests.flows.model.stage import BACKENDS, read, talking
from tests.flows.model.test_approvals import ASK, PUBLIC, TOLD, answered, buttons, press

OURS = calls("MicrosoftLearn__submit_feedback", text="page 7")
THEIRS = asks_mcp("MicrosoftLearn", "submit_feedback", text="page 7")


class Halted:
    """Says what another brain says, and halts before its words until it may go on."""

    def __init__(self, brain: Brain) -> None:
        self.brain = brain
        self.halts = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def reply(self, heard: Heard) -> Sequence[Item]:
        if heard.step:
            self.halts.set()
            await self.may_go_on.wait()
        return await self.brain.reply(heard)


@pytest.mark.parametrize("wish", [OURS, THEIRS], ids=["ours", "theirs"])
@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_restart_after_the_call_does_not_make_it_again(
    backend: str, wish: Item, tmp_path: Path
) -> None:
    brain = Halted(EveryTurn([wish], [says(TOLD)]))
    if wish is OURS:
        brain.may_go_on.set()
    async with (
        running_learn() as learn,
        running_foundry(brain) as double,
        running_connector() as connector,
    ):
        double.servers = OverTheWire({PUBLIC: learn.url})
        bot = partial(
            talking,
            backend,
            brain,
            tmp_path,
            double=double,
            connector=connector,
            ADFOPS_STORE=f"sqlite:///{tmp_path / 'store.db'}",
            MCP_SERVER_URL=learn.url if wish is OURS else PUBLIC,
        )
        async with bot() as stage:
            asked = await stage.ask(ASK)
            brain.halts.clear()
            brain.may_go_on.clear()
            await press(stage, asked, "allow_call")
            await brain.halts.wait()
            assert len(learn.asked) == 1
        brain.may_go_on.set()
        async with bot() as stage:
            await answered(stage, 2)
            assert len(learn.asked) == 1
        heard = str(double.turns[-1]["input"])
        assert "not known whether it was made" in heard or "mcp_approval_response" not in heard


@pytest.mark.parametrize("backend", BACKENDS)
async def test_calls_that_the_card_does_not_show_are_not_made(backend: str, tmp_path: Path) -> None:
    many = [calls("MicrosoftLearn__submit_feedback", text=f"page {at}") for at in range(1, 6)]
    hidden = calls("MicrosoftLearn__submit_feedback", text=f"{'x' * 3000} HIDDEN: delete all")
    async with running_learn() as learn:
        brain = EveryTurn([*many, hidden], [says(TOLD)])
        async with talking(backend, brain, tmp_path, MCP_SERVER_URL=learn.url) as stage:
            asked = await stage.ask(ASK)
            assert all(f"page {at}" in read(asked).text for at in (1, 2, 3))
            await press(stage, asked, "allow_call")
            again = await answered(stage, 2)
            told = [arguments["text"] for _, arguments in learn.asked]
            assert sorted(told) == ["page 1", "page 2", "page 3"]
            assert "page 4" in read(again).text


async def test_what_the_service_wants_to_send_unseen_is_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    long = asks_mcp("MicrosoftLearn", "submit_feedback", text=f"{'x' * 3000} HIDDEN: delete all")
    async with (
        running_learn() as learn,
        running_foundry(EveryTurn([THEIRS, long], [says(TOLD)])) as double,
    ):
        double.servers = OverTheWire({PUBLIC: learn.url})
        where: dict[str, Any] = {"MCP_SERVER_URL": PUBLIC, "double": double}
        async with talking("foundry", double.brain, tmp_path, **where) as stage:
            asked = await stage.ask(ASK)
            assert "Not sent" in read(asked).text
            await press(stage, asked, "allow_call")
            await answered(stage, 2)
        assert learn.asked == [("submit_feedback", {"text": "page 7"})]
        shown, unseen = double.turns[-1]["input"]
        assert (shown["approve"], unseen["approve"]) == (True, False)
        assert "not shown whole" in unseen["reason"]


async def test_a_card_that_shows_nothing_whole_has_no_yes(tmp_path: Path) -> None:
    long = asks_mcp("MicrosoftLearn", "submit_feedback", text="x" * 4000)
    async with running_learn() as learn, running_foundry(EveryTurn([long], [says(TOLD)])) as double:
        double.servers = OverTheWire({PUBLIC: learn.url})
        where: dict[str, Any] = {"MCP_SERVER_URL": PUBLIC, "double": double}
        async with talking("foundry", double.brain, tmp_path, **where) as stage:
            asked = await stage.ask(ASK)
            assert buttons(asked).keys() - {"trace"} == {"refuse_call"}
            await press(stage, asked, "refuse_call")
            assert TOLD in read(await answered(stage, 2)).text
        assert learn.asked == []


@pytest.mark.parametrize("backend", BACKENDS)
async def test_after_a_yes_the_model_is_asked_the_whole_question(
    backend: str, tmp_path: Path
) -> None:
    question = f"{ASK}: {'it says too much, ' * 30}and the last line names Ann"
    async with running_learn() as learn:
        brain = EveryTurn([OURS], [says(TOLD)])
        async with talking(backend, brain, tmp_path, MCP_SERVER_URL=learn.url) as stage:
            await press(stage, await stage.ask(question), "allow_call")
            await answered(stage, 2)
            asked = [one for one in stage.model.turns if "names Ann" in str(one["input"][-1])]
            assert len(asked) == 2
