"""What broke upstream of a green pipeline, over generated factories, names and times."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from adf.client import Factories
from adf.errors import Unavailable
from adf.records import Factory, PipelineNotes, RunList, RunStatus, UpstreamEffect
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from cards import card_for
from cards.text_rendering import read_card
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.simulator.git_folders import calling, pipeline, step
from tests.adf.test_lineage_questions import daily

NOW = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
ZONE = ZoneInfo("Pacific/Auckland")
WORDS = ("Billing", "load_stock", "EDI 850", "Kits.v2", "dwh-build", "KPI", "Påfyll", "x")
SEEDS = range(60)


class Link(StrEnum):
    """How the pipeline depends on the one that may have broken."""

    CALL = "call"
    DECLARED = "declared"
    DECLARED_WITH_OWN_TRIGGER = "declared, own trigger"


@dataclass(frozen=True, kw_only=True)
class Night:
    """A pipeline `below` that depends on one `above`: its newest run, and that of the other."""

    above: str
    below: str
    link: Link
    above_start: datetime
    above_status: RunStatus
    below_start: datetime | None

    @property
    def effect(self) -> UpstreamEffect | None:
        """What should be told of it, worked out from the times alone."""
        if self.above_status not in {RunStatus.FAILED, RunStatus.CANCELLED}:
            return None
        if self.link is Link.DECLARED_WITH_OWN_TRIGGER:
            if self.below_start is None:
                return None
            is_later = self.below_start >= self.above_start + timedelta(minutes=20)
            return UpstreamEffect.OLD_DATA if is_later else UpstreamEffect.NEXT_LACKS
        if self.below_start is None or self.below_start < self.above_start:
            return UpstreamEffect.NOT_STARTED
        return None if self.link is Link.CALL else UpstreamEffect.OLD_DATA


def night(seed: int) -> Night:
    chance = random.Random(seed)
    above, below = chance.sample(WORDS, 2)
    start = NOW - timedelta(minutes=chance.randint(30, 600))
    far = chance.choice([-1, 1]) * timedelta(minutes=chance.randint(21, 900))
    moved = min(start + far, NOW - timedelta(minutes=21))
    if abs(moved - start) < timedelta(minutes=21):
        moved = start - timedelta(hours=23)
    return Night(
        above=above,
        below=below,
        link=chance.choice(list(Link)),
        above_start=start,
        above_status=chance.choice(
            [RunStatus.FAILED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.SUCCEEDED]
        ),
        below_start=chance.choice([moved, moved, moved, None]),
    )


def run_of(name: str, start: datetime, status: RunStatus) -> Json:
    ended = start + timedelta(minutes=20)
    stamp = "%Y-%m-%dT%H:%M:%S.0000000Z"
    return {
        "runId": f"00000000-0000-0000-0000-{abs(hash(name)) % 10**12:012}",
        "pipelineName": name,
        "status": str(status),
        "message": "",
        "runStart": start.strftime(stamp),
        "runEnd": ended.strftime(stamp),
        "lastUpdated": ended.strftime(stamp),
    }


@dataclass
class Told:
    """What a person is told of the pipeline."""

    runs: RunList
    card: str
    wire: FakeWire = field(default_factory=FakeWire)


async def told_of(
    one: Night, wire: FakeWire | None = None, over: Mapping[str, object] | None = None
) -> Told:
    wire = wire or FakeWire()
    inside = [calling("Go", one.below, waitOnCompletion=True)] if one.link is Link.CALL else []
    known: Mapping[str, Json] = {
        one.above: pipeline(step("Copy"), *inside),
        one.below: pipeline(step("Copy")),
    }
    wire.pipelines = {name: {"name": name, "properties": it} for name, it in known.items()}
    if one.link is Link.DECLARED_WITH_OWN_TRIGGER:
        trigger = daily(one.below, 6)
        wire.triggers = {str(trigger["name"]): trigger}
    rows = [run_of(one.above, one.above_start, one.above_status)]
    if one.below_start:
        rows.append(run_of(one.below, one.below_start, RunStatus.SUCCEEDED))
    wire.run_pages = [rows]
    notes = {} if one.link is Link.CALL else {one.above: PipelineNotes(downstream=(one.below,))}
    factory = Factory(alias="f", subscription="s", resource_group="rg", name="f", notes=notes)
    factories = Factories([factory], "f", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    asked = {"pipeline": one.below, "latest_only": True, **(over or {})}
    found = await box.call("adf_pipeline_runs", **asked)
    assert isinstance(found, RunList)
    card = read_card(card_for(found, now=NOW, zone=ZONE).content, ZONE).text
    return Told(runs=found, card=card, wire=wire)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_green_pipeline_is_told_with_what_broke_above_it_and_only_with_that(
    seed: int,
) -> None:
    one = night(seed)
    told = await told_of(one)
    assert [(it.run.pipeline, it.effect) for it in told.runs.upstream] == (
        [(one.above, one.effect)] if one.effect else []
    )


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_card_is_green_only_where_nothing_above_it_broke(seed: int) -> None:
    one = night(seed)
    told = await told_of(one)
    title = told.card.splitlines()[0]
    is_green = one.effect in {None, UpstreamEffect.NEXT_LACKS} and one.below_start is not None
    assert (f"{one.below} succeeded" in title and "old data" not in title) is is_green
    word = "was cancelled" if one.above_status is RunStatus.CANCELLED else "failed"
    assert (f"{one.above} {word}" in told.card) is (one.effect is not None)


async def test_of_a_time_that_is_over_it_is_not_said_what_came_of_it_since() -> None:
    one = next(it for it in map(night, range(500)) if it.effect is UpstreamEffect.NOT_STARTED)
    start = NOW - timedelta(days=2)
    told = await told_of(one, over={"from": start, "to": NOW - timedelta(minutes=1)})
    assert told.runs.upstream == ()


@pytest.mark.parametrize("seed", SEEDS[:12])
async def test_of_the_last_run_in_a_state_it_is_not_said_what_came_of_it_since(seed: int) -> None:
    told = await told_of(night(seed), over={"status": [RunStatus.SUCCEEDED]})
    assert told.runs.upstream == ()


async def test_the_child_in_which_a_caller_broke_is_named_with_it() -> None:
    top = pipeline(
        calling("Run_Orders", "Orders", waitOnCompletion=True),
        calling("Run_Load", "Load", "Run_Orders", waitOnCompletion=True),
    )
    plain = pipeline(step("Copy"))
    wire = FakeWire()
    known: Mapping[str, Json] = {"Top": top, "Orders": plain, "Load": plain}
    wire.pipelines = {name: {"name": name, "properties": it} for name, it in known.items()}
    before, broke = NOW - timedelta(hours=24), NOW - timedelta(hours=1)
    caller = run_of("Top", broke, RunStatus.FAILED)
    by = {
        "pipelineRunId": caller["runId"],
        "pipelineName": "Top",
        "invokedByType": "PipelineActivity",
    }
    orders = {**run_of("Orders", broke, RunStatus.FAILED), "invokedBy": {**by, "name": "Top"}}
    wire.run_pages = [[caller, orders, run_of("Load", before, RunStatus.SUCCEEDED)]]
    factory = Factory(alias="f", subscription="s", resource_group="rg", name="f")
    factories = Factories([factory], "f", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    found = await box.call("adf_pipeline_runs", pipeline="Load", latest_only=True)
    assert isinstance(found, RunList)
    assert [(it.run.pipeline, it.inside) for it in found.upstream] == [("Top", "Orders")]


@pytest.mark.parametrize("seed", SEEDS)
async def test_in_a_list_of_all_a_pipeline_that_was_kept_from_running_is_not_green(
    seed: int,
) -> None:
    one = night(seed)
    told = await told_of(one, over={"pipeline": None})
    is_in_doubt = one.below_start is not None and one.effect in {
        UpstreamEffect.NOT_STARTED,
        UpstreamEffect.OLD_DATA,
    }
    assert [it.pipeline for it in told.runs.doubtful] == ([one.below] if is_in_doubt else [])
    if is_in_doubt:
        (row,) = [
            line for line in told.card.splitlines() if "has not started" in line or "old" in line
        ]
        assert one.above in row
        assert "▲" in told.card


class WithoutOthers(FakeWire):
    """Answers about one pipeline, and not about several at once."""

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        """The runs of what was asked for first."""
        if self.queries:
            raise Unavailable("no answer", asked="list runs")
        return await super().query_runs(factory, query)


async def test_that_it_could_not_be_read_is_said_and_takes_nothing_else_away() -> None:
    one = next(it for it in map(night, range(500)) if it.effect is UpstreamEffect.NOT_STARTED)
    told = await told_of(one, WithoutOthers())
    assert f"could not read what {one.below} depends on" in told.card
