"""What the model cost is told with what it used, where the settings know its price."""

import asyncio
import json
from pathlib import Path

from tests.doubles.foundry import EveryTurn, calls, running_foundry, says
from tests.doubles.foundry.brains import Outputs
from tests.doubles.foundry.heard import Heard
from tests.flows.model.stage import read, talking


async def test_the_usage_card_tells_what_was_done_today_and_in_this_conversation(
    tmp_path: Path,
) -> None:
    look = calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)
    async with talking("foundry", EveryTurn([look], [says("They run.")]), tmp_path) as stage:
        await stage.ask("any vibes from orders")
        here = read(await stage.ask("how many tokens have we used today")).text
        assert "Steps  3, with 1 tool call" in here
        assert "This conversation: " in here
        maya = stage.client().personal("how many tokens have we used today")
        elsewhere = read(await stage.product.ask(maya)).text
        assert "Steps  3, with 1 tool call" in elsewhere
        assert "This conversation" not in elsewhere


async def test_the_usage_card_tells_the_cost_today_and_by_day(tmp_path: Path) -> None:
    prices = tmp_path / "prices.json"
    prices.write_text(json.dumps({"gpt-4o-mini": {"input": 1e6, "output": 1e6}}), encoding="utf-8")
    brain = EveryTurn([says("A row without a key came.")])
    async with talking("foundry", brain, tmp_path, ADFOPS_PRICES=str(prices)) as stage:
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
        text = read(await stage.ask("how many tokens have we used today")).text
        assert "Cost" in text
        assert "Cost by day: Fri 0.00 USD" in text
        assert "0.00 USD" not in text.partition("Cost by day")[0]


class Thinking:
    """A model that looks something up, and then thinks until it is let."""

    def __init__(self) -> None:
        self.thinks, self.let = asyncio.Event(), asyncio.Event()

    async def reply(self, heard: Heard) -> Outputs:
        if not heard.step:
            return [calls("adf_pipeline_runs", pipeline="CustomerDataETL", latest_only=True)]
        self.thinks.set()
        await self.let.wait()
        return [says("Too late.")]


async def test_a_stop_of_the_bot_loses_no_tokens_of_steps_that_were_made(tmp_path: Path) -> None:
    brain, kept = Thinking(), f"sqlite:///{tmp_path / 'store.db'}"
    async with running_foundry(brain) as double:
        async with talking("foundry", brain, tmp_path, double=double, ADFOPS_STORE=kept) as stage:
            await stage.ask("why did CustomerDataETL fail")
            await brain.thinks.wait()
        brain.let.set()
    async with talking("offline", brain, tmp_path, ADFOPS_STORE=kept) as stage:
        text = read(await stage.ask("how many tokens have we used today")).text
        assert "This conversation: " in text
        assert "Turns  1, " in text
        assert "Steps  1, with 1 tool call" in text
