"""Each phrase that the product tells people to write is understood: in the demo and elsewhere."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.simulator import DataFactory, State, live_factory, load_world
from adf.simulator.arm.run_queries import RunQuery
from adf.simulator.runs import SimulatedRun
from bot.hosting.demo import declared_for_demo
from cards.text_rendering import read_card
from tests.advertised.phrases import Phrase, advertised
from tests.doubles.connector import Sent
from tests.doubles.teams import Client, object_id
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import Product, running_product

ROOT = Path(__file__).parents[2]
HOSPITAL = ROOT / "tests" / "data" / "evals" / "worlds" / "hospital_group" / "world.json"
UTC_ZONE = ZoneInfo("UTC")
OPENED = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
# What an answer says that did not take the words as they are meant.
REFUSED = re.compile(
    r"didn't understand|not sure what you|Which pipeline do you mean|Which of them"
    r"|outside what I can|not a valid run id|a lot in a short "
    r"time|don't know a "
    r"pipeline|I couldn't do that|I can't (?!message).{3,60} yet|No documentation server"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(
    r"\b(?:(?:PL_|DF_)?[A-Z][a-z]+(?:[A-Z]\w*|_\w+)+|PL_\w+)\b|custmer data"
    r"|pl_load_sales_\[daily\]_v2|\bcustomerdata\b|\bnightly\b|(?<!which )\borders\b"
)
_FACTORY = re.compile(r"(?<=channel is for )[\w-]+|(?<=channel to )(?!failures)[\w-]+")
_LEANS = re.compile(
    r"\bit\b|yesterday's run|this error|stuck run|\bme up\b|^compare|happened? before"
)
_HERE = re.compile(r"\bus\b|channel|here\b|summary")


# A person who asks all of it in a row is not stopped as one in too much of a hurry.
APART = timedelta(seconds=8)


class Clock:
    """The time of bot and factory, which goes on between two questions."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A factory to ask in: what is there under the names that phrases leave open."""

    product: Product
    clock: Clock
    who: str
    pipeline: str
    run_id: str
    trigger: str
    runtime: str
    factory: str

    def fill(self, phrase: str) -> str:
        """The phrase with the names of this world."""
        text = _UUID.sub(self.run_id, phrase)
        text = re.sub(r"(?<=trigger )\w+|<trigger>", self.trigger, text)
        text = re.sub(r"(?<=runtime )[\w-]+", self.runtime, text)
        for gap, filled in (
            ("<pipeline>", self.pipeline),
            ("<run id>", self.run_id[:8]),
            ("<factory>", self.factory),
            ("<name>", self.who),
            ("<error message>", "Login failed for user 'etl'."),
            ("<linked service, dataset, runtime, table, secret>", self.runtime),
        ):
            text = text.replace(gap, filled)
        text = _FACTORY.sub(self.factory, text)
        return text if text.startswith("what uses") else _NAME.sub(self.pipeline, text)

    def pass_time(self) -> None:
        """Let the time go by that lies between two questions of one person."""
        self.clock.now += APART

    async def answer(self, phrase: Phrase) -> tuple[str, str]:
        """What is asked, and the answer as it is read."""
        client = Client(service_url=self.product.connector.url, name=self.who, zone="UTC")
        text = self.fill(phrase.text)
        ask = client.in_channel if _HERE.search(text) else client.personal
        if _LEANS.search(text):
            await self.product.ask(ask(f"why did {self.pipeline} fail"))
        self.pass_time()
        return text, _read(await self._reply(ask(text)))

    async def _reply(self, activity: dict[str, Any]) -> Sent:
        """What answers a message, and not an alert that came between."""
        fits = partial(_answers, activity["id"])
        await self.product.post(activity)
        (sent, *_) = await self.product.connector.wait_for(1, fits)
        return sent


def _answers(message_id: str, sent: Sent) -> bool:
    return (
        sent.method == "POST"
        and sent.activity.get("replyToId") == message_id
        and bool(sent.card or sent.activity.get("text"))
    )


def _read(sent: Sent) -> str:
    words = str(sent.activity.get("text") or "")
    return f"{words}\n{read_card(sent.card, UTC_ZONE).text}" if sent.card else words


@asynccontextmanager
async def demo(folder: Path) -> AsyncGenerator[World]:
    clock = Clock(OPENED)
    state = live_factory(clock)
    people = {object_id("Maya"): ("maya", "operator")}
    file = folder / "factories.json"
    file.write_text(declared_for_demo("rg-demo", "adf-demo", people, OPENED), encoding="utf-8")
    async with running_product(state, file, clock, **_open()) as product:
        yield _world(product, state, "Maya", "adf-demo", clock)


@asynccontextmanager
async def written(path: Path, folder: Path) -> AsyncGenerator[World]:
    read = json.loads(await asyncio.to_thread(path.read_text, encoding="utf-8"))
    now = datetime.fromisoformat(read["now_utc"])
    who = next(name for name, one in read["people"].items() if one["role"] == "operator").title()
    clock = Clock(now)
    state = load_world(path, clock)
    file = factories_file(read, folder)
    async with running_product(state, file, clock, **_open()) as product:
        yield _world(product, state, who, read["default_factory"], clock)


def _open() -> Mapping[str, Any]:
    return {"ADFOPS_ZONE": "UTC"}


def _world(product: Product, state: State, who: str, alias: str, clock: Clock) -> World:
    factory = next(one for one in state.factories if one.name == alias)
    broken = _newest_failed(factory, clock.now)
    return World(
        product=product,
        clock=clock,
        who=who,
        pipeline=broken.pipeline,
        run_id=broken.run_id,
        trigger=next(iter(factory.triggers)),
        runtime=next(iter(factory.runtimes)),
        factory=alias,
    )


def _newest_failed(factory: DataFactory, now: datetime) -> SimulatedRun:
    query = RunQuery(after=now - timedelta(days=3), before=now)
    rows = factory.query_runs(query, now, 10_000).rows
    failed = [run for run in rows if run.status == "Failed" and not run.invoked_by.run_id]
    return max(failed, key=lambda run: run.end or now)


async def _misunderstood(world: World, phrases: list[Phrase]) -> list[str]:
    missed: list[str] = []
    for phrase in phrases:
        text, answer = await world.answer(phrase)
        if REFUSED.search(answer):
            missed.append(f"{phrase.place}: {text} -> {answer[:160]!r}")
    return missed


def test_what_is_advertised_is_found_on_every_page() -> None:
    places = {one.place for one in advertised()}
    assert places == {"README.md", "deploy/README.md", "help card", "manifest", "demo", "button"}
    assert len(advertised()) > 120


async def test_a_sample_of_the_advertised_phrases_works_in_the_demo(tmp_path: Path) -> None:
    async with demo(tmp_path) as world:
        assert await _misunderstood(world, advertised()[::6]) == []


async def test_what_was_shown_before_narrows_no_wish_for_everything(tmp_path: Path) -> None:
    async with demo(tmp_path) as world:
        for before in ("why did <pipeline> fail", "which pipelines failed", "how are things"):
            await world.answer(Phrase(text=before, place="demo"))
            for wish in ("tell me when anything fails", "ping me if something breaks"):
                _, answer = await world.answer(Phrase(text=wish, place="demo"))
                assert f"message you when anything in {world.factory} fails" in answer


async def test_a_run_is_known_by_the_eight_characters_that_its_card_shows(tmp_path: Path) -> None:
    async with demo(tmp_path) as world:
        for asked in ("why did run <run id> fail", "status of run <run id>"):
            _, answer = await world.answer(Phrase(text=asked, place="demo"))
            assert answer.strip().startswith(f"{world.pipeline} failed")
        _, answer = await world.answer(Phrase(text="why did run 0badf00d fail", place="demo"))
        assert "No run of the last 45 days begins with 0badf00d." in answer


@pytest.mark.prove
async def test_every_advertised_phrase_works_in_the_demo(tmp_path: Path) -> None:
    async with demo(tmp_path) as world:
        missed = await _misunderstood(world, advertised())
        assert not missed, "\n".join(missed)


@pytest.mark.prove
@pytest.mark.parametrize("path", [WORLD, HOSPITAL], ids=["adf-prod", "hospital"])
async def test_every_advertised_phrase_works_elsewhere(path: Path, tmp_path: Path) -> None:
    async with written(path, tmp_path) as world:
        missed = await _misunderstood(world, advertised())
        assert not missed, "\n".join(missed)
