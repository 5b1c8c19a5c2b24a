"""Plays a recorded question through the product and writes down what the person really got."""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from adf.simulator import Faults, load_world
from adf.tool import ToolCall
from cards.explanation import GENERATED
from cards.text_rendering import read_card
from tests.doubles.connector import Sent
from tests.doubles.learn import LearnDouble, running_learn
from tests.doubles.teams import Client
from tests.evals.faults import Arm, UnknownState, arm_of, pages_of
from tests.evals.model import OFFLINE, Voice
from tests.evals.rows import Row, Turn
from tests.evals.world import factories_file, guests
from tests.harness import Product, running_product

Result = Mapping[str, Any]
NOTHING: Result = {"calls": [], "card": None, "text": "", "quoted": "", "arm": [], "ms": 0}
# The kind of card that a model explains without being asked.
EXPLAINED = "failure_card"
# Questions that Resource Manager takes by POST.
READ_BY_POST = re.compile(r"(?i)/query|/getStatus$|/monitoringData$")


async def play(
    rows: Sequence[Row], world_file: Path, folder: Path, voice: Voice | None = None
) -> list[Result]:
    """The result of each row; a row whose state cannot be made counts as failed."""
    world = json.loads(await asyncio.to_thread(world_file.read_text, encoding="utf-8"))
    declared = factories_file(world, folder)
    async with running_learn() as learn:
        stage = _Stage(
            world=world,
            world_file=world_file,
            declared=declared,
            learn=learn,
            voice=voice or Voice(),
        )
        return [await stage.play(row) for row in rows]


class Clock:
    """The time of a row: that of the world, or earlier for what was answered before."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """What all rows share: the world they play in, its pages, and who answers."""

    world: Mapping[str, Any]
    world_file: Path
    declared: Path
    learn: LearnDouble
    voice: Voice

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.world["now_utc"])

    @property
    def zone(self) -> str:
        return self.world["channel_tz"]

    async def play(self, row: Row) -> Result:
        """One row; nothing but a reason when its state cannot be made."""
        try:
            arm = arm_of(row.setup, self.now, ZoneInfo(self.zone))
            self.learn.pages = pages_of(row.setup)
            if row.submit:
                raise UnknownState(f"a press on a card: {dict(row.submit)}")
        except UnknownState as unknown:
            reason = f"state not known to this runner: {unknown}"
            return {"id": row.row_id, **NOTHING, "text": reason, "failed": reason}
        async with self.voice.settings(row) as settings:
            return {"id": row.row_id, **await self._played(row, arm, settings)}

    async def _played(self, row: Row, arm: Arm, settings: Mapping[str, Any]) -> Result:
        clock, faults = Clock(arm.snapshot or self.now), Faults(arm.faults)
        begun, writes = asyncio.Event(), list[Result]()

        async def before(request: web.Request) -> web.StreamResponse | None:
            if is_write(request):
                writes.append({"op": request.path.rsplit("/", 1)[-1]})
            return await faults(request) if begun.is_set() else None

        async with running_product(
            load_world(self.world_file, clock),
            self.declared,
            clock,
            before=before,
            ADFOPS_ZONE=self.zone,
            MCP_SERVER_URL=self.learn.url,
            **settings,
        ) as product:
            product.connector.members |= guests(self.world)
            if arm.snapshot:
                await product.ask(_elsewhere(product, row.turn, self.zone))
                clock.now = self.now
            for said in row.history:
                await product.ask(_activity(product, said, self.zone))
            begun.set()
            patience = self.voice.patience if settings["ADFOPS_AGENT"] != OFFLINE else 0
            return {**await _answered(product, row.turn, self.zone, patience), "arm": writes}


def is_write(request: web.Request) -> bool:
    """Whether a request would change a factory."""
    return request.method != "GET" and not READ_BY_POST.search(request.path)


async def _answered(product: Product, turn: Turn, zone: str, patience: float) -> Result:
    """What the person read first; where a model adds words to it, what they read in the end."""
    before, began = len(product.calls), time.monotonic()
    sent = await product.ask(_activity(product, turn, zone))
    kind, ms = _kind(product, sent), round((sent.at - began) * 1000)
    if patience and kind == EXPLAINED and not _has_words(sent):
        sent = await _edited(product, sent, patience)
    calls = [_plain(call) for call in product.calls[before:]]
    return {**_read(sent, ZoneInfo(zone)), "card": kind, "ms": ms, "calls": calls}


def _kind(product: Product, sent: Sent) -> str:
    """What kind of card was sent; words that came late to an earlier card may be drawn after it."""
    drawn = (one.kind for one in reversed(product.cards) if _same(one.content, sent.card))
    return next(drawn) if sent.card else "none"


def _same(drawn: Mapping[str, Any], sent: object) -> bool:
    return json.loads(json.dumps(drawn)) == sent


async def _edited(product: Product, sent: Sent, patience: float) -> Sent:
    """The message with its words, or as it was when they do not come."""
    message = f"message-{product.connector.sent.index(sent) + 1}"

    def is_edit(one: Sent) -> bool:
        return one.method == "PUT" and one.activity_id == message

    with contextlib.suppress(TimeoutError):
        return (await product.connector.wait_for(1, is_edit, limit=patience))[-1]
    return sent


def _has_words(sent: Sent) -> bool:
    """Whether a model was asked already: its words are there, or a line on why not."""
    told = json.dumps(sent.card)
    return GENERATED in told or "language model" in told


def _elsewhere(product: Product, turn: Turn, zone: str) -> Mapping[str, Any]:
    """The same question in another thread, so that nobody in this one has talked about it."""
    client = Client(service_url=product.connector.url, name=turn.who.title(), zone=zone)
    return client.in_channel(turn.text, thread="1500000000000")


def _activity(product: Product, turn: Turn, zone: str) -> Mapping[str, Any]:
    client = Client(service_url=product.connector.url, name=turn.who.title(), zone=zone)
    if turn.where == "dm":
        return client.personal(turn.text)
    return client.in_channel(turn.text)


def _read(sent: Sent, zone: ZoneInfo) -> Result:
    """What a person reads of a message: the card's text, and its quoted error."""
    reading = read_card(sent.card, zone) if sent.card else None
    return {
        **NOTHING,
        "text": reading.text if reading else str(sent.activity.get("text", "")),
        "quoted": reading.quoted if reading else "",
    }


def _plain(call: ToolCall) -> Mapping[str, Any]:
    args: dict[str, Any] = json.loads(json.dumps(dict(call.arguments), default=str))
    return {"name": call.name, "args": args}
