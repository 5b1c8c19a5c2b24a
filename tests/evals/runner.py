"""Plays recorded questions, dialogues and presses, and writes down what the person really got."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from adf.simulator import Faults, load_world
from tests.doubles.connector import ConnectorDouble, running_connector
from tests.doubles.learn import LearnDouble, running_learn
from tests.evals import presses
from tests.evals.conversation import NOTHING, OTHER_THREAD, THREAD, Conversation, Result
from tests.evals.faults import Arm, UnknownState, arm_of, pages_of
from tests.evals.model import OFFLINE, Voice
from tests.evals.proposals import (
    Shown,
    before_of,
    can_be_pressed,
    end_of_run,
    pressed,
    shown_before,
    written,
)
from tests.evals.rows import Row, dialogues
from tests.evals.state import KeptState, taken_in
from tests.evals.world import factories_file, guests
from tests.harness import Before, running_product

# Questions that Resource Manager takes by POST.
READ_BY_POST = re.compile(r"(?i)/query|/getStatus$|/monitoringData$")


async def play(
    rows: Sequence[Row], world_file: Path, folder: Path, voice: Voice | None = None
) -> list[Result]:
    """The result of each row; a row whose state cannot be made counts as failed."""
    async with _staged(world_file, folder, voice or Voice()) as stage:
        played = [result for turns in dialogues(rows) for result in await stage.play(turns)]
    by_id = {result["id"]: result for result in played}
    return [by_id[row.row_id] for row in rows]


async def play_presses(
    rows: Sequence[Row],
    asked_back: Sequence[Row],
    world_file: Path,
    folder: Path,
    voice: Voice | None = None,
) -> dict[str, list[Result]]:
    """By the id of each row that was asked back, the answers to the choices that it offered."""
    ids = {row.row_id for row in asked_back}
    async with _staged(world_file, folder, voice or Voice()) as stage:
        return {
            row.row_id: await stage.press_each(turns[: place + 1])
            for turns in dialogues(rows)
            for place, row in enumerate(turns)
            if row.row_id in ids
        }


def is_write(request: web.Request) -> bool:
    """Whether a request would change a factory."""
    return request.method != "GET" and not READ_BY_POST.search(request.path)


class Clock:
    """The time of a row: that of the world, or earlier for what was answered before."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A conversation that was brought to its first question, and the writes seen since."""

    conversation: Conversation
    writes: list[Result]
    shown: Shown | None = None

    async def ask(self, row: Row) -> Result:
        before = len(self.writes)
        if row.submit:
            if presses.can_be_pressed(row):
                result = await presses.pressed(self.conversation, row)
            else:
                result = await pressed(self.conversation, row, self.shown)
        else:
            result, _ = await self.conversation.ask(row.turn)
        return {"id": row.row_id, **result, "arm": self.writes[before:]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """What all rows share: the world they play in, its pages, and who answers."""

    world: Mapping[str, Any]
    world_file: Path
    declared: Path
    strict: Path
    learn: LearnDouble
    voice: Voice

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.world["now_utc"])

    @property
    def zone(self) -> str:
        return self.world["channel_tz"]

    async def play(self, turns: Sequence[Row]) -> list[Result]:
        """The turns of a dialogue in one product; reasons when its state cannot be made."""
        try:
            async with self._opened(turns[0], self._arm(turns)) as opened:
                return [await opened.ask(row) for row in turns]
        except UnknownState as unknown:
            reason = f"state not known to this runner: {unknown}"
            failed = {**NOTHING, "text": reason, "failed": reason}
            return [{"id": row.row_id, **failed} for row in turns]

    async def press_each(self, turns: Sequence[Row]) -> list[Result]:
        """The answers to each choice that the last turn offers, in a fresh product for each."""
        count, first = await self._press(turns, 0)
        rest = [await self._press(turns, place) for place in range(1, count)]
        return [answer for _, answer in [(count, first), *rest] if answer]

    async def _press(self, turns: Sequence[Row], place: int) -> tuple[int, Result | None]:
        """How many choices the last turn offers, and the answer to the one at this place."""
        async with self._opened(turns[0], self._arm(turns)) as opened:
            for row in turns[:-1]:
                await opened.ask(row)
            conversation, writes, last = opened.conversation, opened.writes, turns[-1]
            _, sent = await conversation.ask(last.turn)
            choices, before = conversation.choices(sent), len(writes)
            if place >= len(choices):
                return len(choices), None
            result = await conversation.press(last.turn, sent, choices[place])
            return len(choices), {"id": last.row_id, **result, "arm": writes[before:]}

    def _arm(self, turns: Sequence[Row]) -> Arm:
        """The state that the first turn needs; later ones are asked in the same."""
        arm = arm_of(turns[0].setup, self.now, ZoneInfo(self.zone))
        self.learn.pages = pages_of(turns[0].setup)
        for row in turns:
            if row.submit and not (presses.can_be_pressed(row) or can_be_pressed(row)):
                raise UnknownState(f"a press on a card: {dict(row.submit)}")
            if row.setup and row is not turns[0]:
                raise UnknownState(f"another state in a later turn: {dict(row.setup)}")
        return arm

    @asynccontextmanager
    async def _opened(self, first: Row, arm: Arm) -> AsyncGenerator[_Opened]:
        """A fresh product in the state of a row, after what was said before the row."""
        clock, faults = Clock(arm.snapshot or self.now), Faults(arm.faults)
        begun, writes = asyncio.Event(), list[Result]()

        async def before(request: web.Request) -> web.StreamResponse | None:
            if is_write(request):
                writes.append(written(request.path, request.query))
            return await faults(request) if begun.is_set() else None

        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store.db"
            async with running_connector() as connector:
                await self._state_of(first, connector.url).write(store)
                async with self._conversation(
                    first, clock, before, connector, store
                ) as conversation:
                    yield await self._begun(first, arm, clock, begun, conversation, writes)

    def _state_of(self, first: Row, service_url: str) -> KeptState:
        """What the bot keeps when the row begins."""
        return KeptState(
            world=self.world,
            now=self.now,
            service_url=service_url,
            taken=taken_in(first.setup, self.now),
            thread=THREAD,
            about=first.about,
        )

    async def _begun(
        self,
        first: Row,
        arm: Arm,
        clock: Clock,
        begun: asyncio.Event,
        conversation: Conversation,
        writes: list[Result],
    ) -> _Opened:
        """The conversation after what was said before the row."""
        if arm.snapshot:
            # In another thread, so that nobody in this one has talked about it.
            await conversation.say(first.turn, thread=OTHER_THREAD)
            clock.now = self.now
        for past in first.history:
            await conversation.say(past)
        shown = await self._proposed(conversation, first, clock)
        begun.set()
        writes.clear()
        return _Opened(conversation=conversation, writes=writes, shown=shown)

    async def _proposed(self, conversation: Conversation, row: Row, clock: Clock) -> Shown | None:
        """The card of the proposal that a row presses on, and what happened to it before."""
        if "proposal" not in row.submit:
            return None
        ended = end_of_run(row.stored, self.world)
        before = before_of(row.setup, self.now, ZoneInfo(self.zone), ended)

        def set_clock(now: datetime) -> None:
            clock.now = now

        arm = conversation.product.arm
        shown = await shown_before(conversation, row, before, self.world, set_clock, arm)
        clock.now = before.pressed_at(self.now)
        return shown

    @asynccontextmanager
    async def _conversation(
        self, row: Row, clock: Clock, before: Before, connector: ConnectorDouble, store: Path
    ) -> AsyncGenerator[Conversation]:
        """A fresh product over the world, with the agent that answers the row."""
        world = load_world(self.world_file, clock)
        async with self.voice.settings(row) as chosen:
            settings: Mapping[str, Any] = {
                "ADFOPS_ZONE": self.zone,
                "MCP_SERVER_URL": self.learn.url,
                "ADFOPS_STORE": f"sqlite:///{store}",
                **chosen,
            }
            declared = self.strict if "policy" in row.setup else self.declared
            async with running_product(
                world,
                declared,
                clock,
                before=before,
                connector=connector,
                telemetry=self.voice.telemetry,
                **settings,
            ) as product:
                product.connector.members |= guests(self.world)
                product.patience = max(product.patience, self.voice.longest)
                patience = self.voice.patience if settings["ADFOPS_AGENT"] != OFFLINE else 0
                yield Conversation(product=product, zone=self.zone, patience=patience)


@asynccontextmanager
async def _staged(world_file: Path, folder: Path, voice: Voice) -> AsyncGenerator[_Stage]:
    world = json.loads(await asyncio.to_thread(world_file.read_text, encoding="utf-8"))
    declared = factories_file(world, folder)
    strict = factories_file(world, folder, second_person=True)
    async with running_learn() as learn:
        yield _Stage(
            world=world,
            world_file=world_file,
            declared=declared,
            strict=strict,
            learn=learn,
            voice=voice,
        )
