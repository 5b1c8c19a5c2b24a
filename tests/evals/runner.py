"""Plays a recorded question through the product and writes down what the person really got."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from adf.simulator import Faults, load_world
from adf.tool import ToolCall
from cards.plain import read_card
from tests.doubles.connector import Sent
from tests.doubles.learn import LearnDouble, running_learn
from tests.doubles.teams import Client
from tests.evals.faults import UnknownState, arm_of, pages_of
from tests.evals.rows import Row, Turn
from tests.evals.world import factories_file, guests
from tests.harness import Product, running_product

Result = Mapping[str, Any]
NOTHING: Result = {"calls": [], "card": None, "text": "", "quoted": "", "arm": [], "ms": 0}


async def play(rows: Sequence[Row], world_file: Path, folder: Path) -> list[Result]:
    """The result of each row; a row whose state cannot be made counts as failed."""
    world = json.loads(await asyncio.to_thread(world_file.read_text, encoding="utf-8"))
    declared = factories_file(world, folder)
    async with running_learn() as learn:
        return [await _play(row, world, world_file, declared, learn) for row in rows]


class Clock:
    """The time of a row: that of the world, or earlier for what was answered before."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def _play(
    row: Row, world: Mapping[str, Any], world_file: Path, declared: Path, learn: LearnDouble
) -> Result:
    now, zone = datetime.fromisoformat(world["now_utc"]), world["channel_tz"]
    try:
        arm = arm_of(row.setup, now, ZoneInfo(zone))
        learn.pages = pages_of(row.setup)
        if row.submit:
            raise UnknownState(f"a press on a card: {dict(row.submit)}")
    except UnknownState as unknown:
        reason = f"state not known to this runner: {unknown}"
        return {"id": row.row_id, **NOTHING, "text": reason, "failed": reason}
    clock, faults, begun = Clock(arm.snapshot or now), Faults(arm.faults), asyncio.Event()

    async def before(request: web.Request) -> web.StreamResponse | None:
        return await faults(request) if begun.is_set() else None

    async with running_product(
        load_world(world_file, clock),
        declared,
        clock,
        before=before,
        ADFOPS_ZONE=zone,
        MCP_SERVER_URL=learn.url,
    ) as product:
        product.connector.members |= guests(world)
        if arm.snapshot:
            await product.ask(_elsewhere(product, row.turn, zone))
            clock.now = now
        for said in row.history:
            await product.ask(_activity(product, said, zone))
        begun.set()
        return {"id": row.row_id, **await _answered(product, row.turn, zone)}


async def _answered(product: Product, turn: Turn, zone: str) -> Result:
    before, began = len(product.calls), time.monotonic()
    sent = await product.ask(_activity(product, turn, zone))
    calls = [_plain(call) for call in product.calls[before:]]
    return {**_result(product, sent, ZoneInfo(zone), began), "calls": calls}


def _elsewhere(product: Product, turn: Turn, zone: str) -> Mapping[str, Any]:
    """The same question in another thread, so that nobody in this one has talked about it."""
    client = Client(service_url=product.connector.url, name=turn.who.title(), zone=zone)
    return client.in_channel(turn.text, thread="1500000000000")


def _activity(product: Product, turn: Turn, zone: str) -> Mapping[str, Any]:
    client = Client(service_url=product.connector.url, name=turn.who.title(), zone=zone)
    if turn.where == "dm":
        return client.personal(turn.text)
    return client.in_channel(turn.text)


def _result(product: Product, sent: Sent, zone: ZoneInfo, begun: float) -> Result:
    """What a person reads of the message: the card's text, its quoted error, its name."""
    reading = read_card(sent.card, zone) if sent.card else None
    return {
        **NOTHING,
        "card": product.cards[-1].kind if sent.card else "none",
        "text": reading.text if reading else str(sent.activity.get("text", "")),
        "quoted": reading.quoted if reading else "",
        "ms": round((sent.at - begun) * 1000),
    }


def _plain(call: ToolCall) -> Mapping[str, Any]:
    args: dict[str, Any] = json.loads(json.dumps(dict(call.arguments), default=str))
    return {"name": call.name, "args": args}
