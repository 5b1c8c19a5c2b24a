"""What the model cost is told with what it used, where the settings know its price."""

import json
from pathlib import Path

from tests.doubles.foundry import EveryTurn, calls, says
from tests.flows.model.stage import read, talking


async def test_the_usage_card_tells_what_was_done_today_and_in_this_conversation(
    tmp_path: Path,
) -> None:
    look = calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)
    async with talking("foundry", EveryTurn([look], [says("They run.")]), tmp_path) as stage:
        await stage.ask("pls summarize for my boss what orders is up to these days")
        here = read(await stage.ask("how many tokens have we used today")).text
        assert "Steps  2, with 1 tool call" in here
        assert "This conversation: " in here
        maya = stage.client().personal("how many tokens have we used today")
        elsewhere = read(await stage.product.ask(maya)).text
        assert "Steps  2, with 1 tool call" in elsewhere
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
