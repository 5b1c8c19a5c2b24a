"""From the audit alone it can be told who asked for what, who approved it, and what came of it."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.access.audit import AuditEntry
from bot.access.policy import Role
from cards.records import ProposalReport
from tests.bot.actions.stage import (
    CANCEL,
    FAILED,
    GOING,
    GUS,
    IVY,
    MAYA,
    RERUN,
    ROOM,
    TARGETS,
    TOM,
    Application,
    World,
    killed,
)

PEOPLE = (MAYA, IVY, TOM, GUS)
FATES = ("", "", "", "refused", "lost", "unsent", "killed after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """One act as the audit has it."""

    proposal: str
    action: str
    subject: str
    requested_by: str
    approved_by: str
    request_id: str


def rebuilt(lines: Sequence[str]) -> dict[str, Rebuilt]:
    """The approved acts by the id they were sent under, from exported lines and nothing else."""
    entries: list[Mapping[str, Any]] = [json.loads(one) for one in lines]
    proposed = {one["proposal"]: one for one in entries if one["kind"] == "proposed"}
    acts: dict[str, Rebuilt] = {}
    for one in entries:
        if one["kind"] != "approved":
            continue
        act = Rebuilt(
            proposal=one["proposal"],
            action=one["action"],
            subject=one["run_id"] or one["trigger"],
            requested_by=proposed[one["proposal"]]["person"],
            approved_by=one["person"],
            request_id=one["request_id"],
        )
        assert act.request_id not in acts, "approved twice"
        acts[act.request_id] = act
    return acts


def exported(entries: Sequence[AuditEntry]) -> list[str]:
    return [json.dumps(asdict(one), ensure_ascii=False) for one in entries]


async def night(seed: int) -> tuple[World, dict[str, Rebuilt], Sequence[AuditEntry]]:
    """An incident with some proposals and many presses; processes die in between."""
    chance, world = random.Random(seed), World()
    bot, made = world.application(), list[str]()
    world.second_person = chance.random() < 0.5
    for _ in range(24):
        step = chance.random()
        if step < 0.35 or not made:
            record = await bot.propose(chance.choice(TARGETS), chance.choice(PEOPLE), ROOM)
            made += [record.proposal_id] if isinstance(record, ProposalReport) else []
        elif step < 0.8:
            world.factory.fate = chance.choice(FATES)
            verb = chance.choice(("approve", "approve", "withdraw"))
            who, proposal_id = chance.choice(PEOPLE), chance.choice(made)
            await killed(partial(bot.press, proposal_id, who, verb=verb))
            world.factory.fate = ""
        elif step < 0.9:
            bot = await restarted(world)
        else:
            world.clock.now += timedelta(minutes=chance.choice((1, 6, 31)))
            world.factory.statuses |= dict.fromkeys((FAILED,), world.factory.statuses[FAILED])
            world.give(TOM, chance.choice([Role.OPERATOR, Role.READER]))
    world.clock.now += timedelta(minutes=10)
    await restarted(world)
    entries = await world.audited()
    return world, rebuilt(exported(entries)), entries


async def restarted(world: World) -> Application:
    """A new process, which takes up what is open."""
    bot = world.application()
    for _ in range(3):
        for proposal in await bot.proposals.open():
            await bot.follow_up.step(proposal)
    return bot


@pytest.mark.parametrize(
    "seeds", [range(40), pytest.param(range(40, 1_000), marks=pytest.mark.prove)]
)
async def test_the_audit_alone_tells_who_approved_what(seeds: range) -> None:
    calls = 0
    for seed in seeds:
        world, acts, entries = await night(seed)
        for call in world.factory.calls:
            act = acts[call.request_id]
            stored = await world.application().proposals.find(act.proposal)
            assert stored is not None
            assert stored.decided is not None
            assert act.action == call.target.kind
            assert act.subject == (call.target.run_id or call.target.trigger)
            assert act.approved_by == stored.decided.person_id
            assert act.requested_by == stored.requested.person_id
            ends = [one for one in entries if one.proposal == act.proposal]
            assert {one.kind for one in ends} & {"running", "done", "failed"}, seed
        calls += len(world.factory.calls)
    assert calls > len(seeds) / 2


async def test_what_was_refused_is_told_with_its_reason() -> None:
    world = World()
    bot = world.application()
    proposal_id = await bot.proposed(RERUN)
    await bot.press(proposal_id, TOM)
    await bot.press(proposal_id, GUS)
    await bot.proposed(CANCEL)
    refused = [one for one in await world.audited() if one.kind == "refusal"]
    assert {(one.person, one.why) for one in refused} == {
        (TOM.person_id, "reader"),
        (GUS.person_id, "guest"),
    }
    assert {one.proposal for one in refused} == {proposal_id}
    assert GOING not in str(refused)
