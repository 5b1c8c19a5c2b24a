"""The bot that somebody only tries: what owners would declare, and a failure when it is wished."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from adf.tool import ToolCall
from bot.hosting.application import make_bot
from bot.hosting.configure import DEMO_SUBSCRIPTION
from bot.hosting.process import log_step
from bot.hosting.setup import Clock, Setup
from cards.card import Card

_WISHES = frozenset({"ops_subscribe", "ops_bind"})
# What owners would declare: usual length and rows, who waits, by when (minutes from the opening).
_DECLARED: Mapping[str, Mapping[str, Any]] = {
    "CustomerDataETL": {
        "critical": True,
        "owner": "priya",
        "usual_minutes": 24,
        "usual_rows": 182_440,
        "due": 60,
        "downstream": ["ExportToPowerBI"],
    },
    "PL_Master_Nightly": {
        "critical": True,
        "owner": "maya",
        "usual_minutes": 46,
        "due": 105,
        "downstream": ["ExportToPowerBI", "FinanceGL_Load"],
    },
    "ProcessOrders": {
        "critical": True,
        "owner": "lee",
        "usual_minutes": 5,
        "usual_rows": 9_120,
        "downstream": ["StoreSales_Stream"],
    },
    "ExportToPowerBI": {"critical": True, "owner": "priya", "usual_minutes": 6, "due": 150},
    "FinanceGL_Load": {"critical": True, "owner": "ivy", "usual_minutes": 22},
    "InventorySnapshot": {
        "owner": "lee",
        "usual_minutes": 0.3,
        "usual_rows": 48_112,
        "downstream": ["LoyaltyPoints_Sync"],
    },
    "LoyaltyPoints_Sync": {"owner": "lee", "usual_minutes": 4},
    "StoreSales_Stream": {"owner": "lee", "usual_minutes": 1.5},
    "SupplierPrices_Load": {"owner": "ivy", "usual_minutes": 8, "usual_rows": 12_400},
    "TaxRates_Refresh": {"owner": "ivy", "usual_minutes": 3},
    "WarehouseStock_Import": {"owner": "lee", "usual_minutes": 11},
}


def declared_for_demo(
    group: str, factory: str, people: Mapping[str, tuple[str, str]], opened: datetime
) -> str:
    """The factories file of the demo as JSON; `people` are name and role by object id."""
    one = {"subscription": DEMO_SUBSCRIPTION, "resource_group": group, "name": factory}
    pipelines = {name: _facts(facts, opened) for name, facts in _DECLARED.items()}
    roles = {key: {"name": name, "roles": {factory: role}} for key, (name, role) in people.items()}
    whole = {"default": factory, "factories": {factory: {**one, "pipelines": pipelines}}}
    return json.dumps({**whole, "people": roles}, indent=1)


def _facts(facts: Mapping[str, Any], opened: datetime) -> Mapping[str, Any]:
    """The facts as the file takes them; a deadline falls on a quarter of an hour."""
    others = {key: value for key, value in facts.items() if key != "due"}
    if "due" not in facts:
        return others
    due = opened + timedelta(minutes=facts["due"])
    due -= timedelta(minutes=due.minute % 15)
    return {**others, "due_utc": f"{due:%H:%M}"}


def make_trial_bot(setup: Setup, clock: Clock, wished: Callable[[], None]) -> web.Application:
    """The bot of the demo: its cards link to Studio; `wished` is called on each wish for alerts."""

    def observe(step: ToolCall | Card) -> None:
        log_step(step)
        if isinstance(step, ToolCall) and step.name in _WISHES:
            wished()

    return make_bot(replace(setup, links_anyway=True), clock=clock, observe=observe)


@asynccontextmanager
async def temporary_file(words: str) -> AsyncGenerator[Path]:
    """A file with these words, as long as it is needed."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "factories.json"
        file.write_text(words, encoding="utf-8")
        yield file
