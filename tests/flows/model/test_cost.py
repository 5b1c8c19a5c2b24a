"""What the model cost is told with what it used, where the settings know its price."""

import json
from pathlib import Path

from tests.doubles.foundry import EveryTurn, says
from tests.flows.model.stage import read, talking


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
