"""An approved proposal is done once; every other press does nothing and says why."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adf.records import PipelineRun, RunStatus
from bot.access.policy import Role
from bot.access.rate_limits import Limited, Rate, RateLimits
from bot.actions.proposal import LIFETIME
from cards.records import Denied, Problem, ProposalState
from tests.bot.actions.stage import (
    CANCEL,
    ELSEWHERE,
    FAILED,
    GOING,
    GUS,
    IVY,
    MAYA,
    NOW,
    RERUN,
    START,
    TARGETS,
    TOM,
    World,
    YieldingStore,
    killed,
    text_of,
)


@pytest.fixture
def world() -> World:
    return World()


async def test_a_proposal_does_nothing_by_itself(world: World) -> None:
    await world.application().proposed()
    assert world.factory.calls == []


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: str(one.kind))
async def test_a_press_of_an_operator_has_it_done_once(world: World, target: object) -> None:
    bot = world.application()
    wanted = next(one for one in TARGETS if one is target)
    proposal_id = await bot.proposed(wanted)
    await bot.press(proposal_id)
    assert [one.target for one in world.factory.calls] == [wanted]
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.request_id == world.factory.calls[0].request_id
    assert world.due == 1


async def test_the_card_of_a_rerun_follows_the_new_run_until_it_ends(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    result = await bot.press(proposal_id)
    assert result.card is not None
    assert result.card.kind == "run_card"
    assert "approved by **Maya**" in text_of(result)
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.state is ProposalState.RUNNING
    world.factory.statuses[stored.run_id] = RunStatus.SUCCEEDED
    ended = await bot.follow_up.step(stored)
    assert ended.state is ProposalState.DONE
    drawn = await bot.messages.draw(proposal_id, stored.address, is_new=False)
    assert drawn is not None
    assert drawn.is_final
    assert drawn.card.summary.startswith("Succeeded: Load")


async def test_a_second_press_is_told_who_was_first(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    await bot.press(proposal_id)
    result = await bot.press(proposal_id, IVY)
    assert len(world.factory.calls) == 1
    assert "Maya already approved it at 03:40" in text_of(result)


async def test_of_many_presses_in_two_processes_one_makes_the_call() -> None:
    world = World(YieldingStore())
    one, other = world.application(), world.application()
    proposal_id = await one.proposed()
    presses = [bot.press(proposal_id, who) for bot in (one, other) for who in (MAYA, IVY, MAYA)]
    results = await asyncio.gather(*presses)
    assert len(world.factory.calls) == 1
    assert (
        sum(result.card is not None and result.card.kind == "run_card" for result in results) == 1
    )


async def test_who_may_not_act_is_refused_alone_and_may_see_the_proposal_again(
    world: World,
) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    result = await bot.press(proposal_id, TOM)
    assert world.factory.calls == []
    assert world.due == 0
    assert "needs the role operator" in text_of(result)
    assert "Maya" in text_of(result)
    shown = await bot.press(proposal_id, TOM, verb="show_proposal")
    assert shown.card is not None
    assert shown.card.kind == "confirm_card"


async def test_who_lost_the_role_since_the_proposal_may_not_approve_it(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.give(MAYA, Role.READER)
    await bot.press(proposal_id)
    assert world.factory.calls == []


async def test_a_guest_learns_nothing_of_a_proposal(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    for verb in ("approve", "withdraw", "show_proposal"):
        told = text_of(await bot.press(proposal_id, GUS, verb=verb))
        assert "Load" not in told
        assert "prod" not in told
    assert world.factory.calls == []


async def test_a_card_has_no_power_in_another_conversation(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    result = await bot.press(proposal_id, where=ELSEWHERE)
    assert "another conversation" in text_of(result)
    assert world.factory.calls == []


async def test_after_half_an_hour_it_is_too_late_and_the_card_says_so_to_all(
    world: World,
) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.clock.now += LIFETIME
    result = await bot.press(proposal_id)
    assert "expired at 04:10" in text_of(result)
    assert world.factory.calls == []
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.state is ProposalState.EXPIRED
    assert world.due == 1


@pytest.mark.parametrize("known", ["", "nothing", "../inbox", "x" * 600])
async def test_an_id_that_is_none_does_nothing(world: World, known: str) -> None:
    bot = world.application()
    result = await bot.press(known)
    assert "don't know that proposal" in text_of(result)
    assert world.factory.calls == []


async def test_what_changed_since_it_was_shown_is_shown_anew_and_not_done(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.factory.version += 1
    result = await bot.press(proposal_id, IVY)
    assert world.factory.calls == []
    assert "Something changed" in text_of(result)
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.state is ProposalState.REPLACED
    newer = await bot.proposals.find(stored.replaced_by)
    assert newer is not None
    assert newer.requested.name == "Maya"
    await bot.press(stored.replaced_by, IVY)
    assert len(world.factory.calls) == 1


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.IN_PROGRESS])
async def test_what_somebody_started_in_studio_meanwhile_is_not_started_beside_it(
    world: World, status: RunStatus
) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.clock.now += timedelta(minutes=5)
    by_hand = PipelineRun(
        factory="adf-prod",
        run_id="77777777-0000-4000-8000-000000000001",
        pipeline="CustomerDataETL",
        status=status,
        start=world.clock.now - timedelta(minutes=2),
    )
    world.factory.version, world.factory.newer = 1, (by_hand,)
    result = await bot.press(proposal_id, IVY)
    assert world.factory.calls == []
    assert "was started again" in text_of(result)
    assert "nothing was done" in text_of(result)
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.state is ProposalState.WAITING


async def test_a_run_that_ended_meanwhile_is_not_cancelled(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed(CANCEL)
    world.factory.statuses[GOING] = RunStatus.SUCCEEDED
    result = await bot.press(proposal_id)
    assert "has ended already" in text_of(result)
    assert world.factory.calls == []


async def test_two_proposals_of_one_rerun_are_not_both_done(world: World) -> None:
    bot = world.application()
    first, second = await bot.proposed(), await bot.proposed()
    await bot.press(first)
    result = await bot.press(second, IVY)
    assert len(world.factory.calls) == 1
    assert "Something changed" in text_of(result)


async def test_two_proposals_of_one_rerun_pressed_at_once_are_not_both_done() -> None:
    world = World(YieldingStore())
    bots = (world.application(), world.application())
    made = [await bots[0].proposed() for _ in range(4)]
    await asyncio.gather(
        *(bots[place % 2].press(one, (MAYA, IVY)[place % 2]) for place, one in enumerate(made))
    )
    assert len(world.factory.calls) == 1


async def test_a_process_that_died_does_not_block_the_act_for_ever(world: World) -> None:
    bot = world.application()
    stuck, other = await bot.proposed(), await bot.proposed()
    found = await bot.proposals.find(stuck)
    assert found is not None
    assert await bot.proposals.reserve(found, NOW)
    assert "right now" in text_of(await bot.press(other))
    world.clock.now += timedelta(minutes=1)
    await bot.press(other)
    assert len(world.factory.calls) == 1


async def test_a_critical_cancel_needs_somebody_else_where_the_settings_ask_for_it(
    world: World,
) -> None:
    world.second_person = True
    bot = world.application()
    proposal_id = await bot.proposed(CANCEL)
    result = await bot.press(proposal_id)
    assert "second person" in text_of(result)
    assert world.factory.calls == []
    await bot.press(proposal_id, IVY)
    assert len(world.factory.calls) == 1


async def test_withdrawn_is_withdrawn(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    await bot.press(proposal_id, verb="withdraw")
    result = await bot.press(proposal_id, IVY)
    assert "withdrew it" in text_of(result)
    assert world.factory.calls == []


async def test_who_asked_may_withdraw_also_after_losing_the_role(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.give(MAYA, Role.READER)
    await bot.press(proposal_id, verb="withdraw")
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.state is ProposalState.WITHDRAWN


async def test_a_refusal_of_azure_is_shown_as_one_and_nothing_is_tried_again(
    world: World,
) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.factory.fate = "refused"
    result = await bot.press(proposal_id)
    assert result.card is not None
    assert result.card.kind == "error_card"
    told = text_of(result)
    assert "could not be done" in told
    assert "Maya approved it" in told
    assert "started" not in told
    await bot.press(proposal_id)
    assert world.factory.calls == []


@pytest.mark.parametrize("target", [RERUN, CANCEL, START], ids=lambda one: str(one.kind))
@pytest.mark.parametrize("fate", ["lost", "unsent", "killed before", "killed after"])
async def test_a_lost_answer_is_looked_up_and_never_sent_again(
    world: World, target: object, fate: str
) -> None:
    bot = world.application()
    wanted = next(one for one in TARGETS if one is target)
    proposal_id = await bot.proposed(wanted)
    world.factory.fate = fate
    await killed(lambda: bot.press(proposal_id))
    was_done = fate in {"lost", "killed after"}
    assert len(world.factory.calls) == was_done
    bot = world.application()
    for minutes in (0, 2, 6):
        world.clock.now = NOW + timedelta(minutes=minutes)
        for proposal in await bot.proposals.open():
            await bot.execution.settle(proposal)
    assert len(world.factory.calls) == was_done
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    settled = {ProposalState.RUNNING, ProposalState.DONE} if was_done else {ProposalState.FAILED}
    assert stored.state in settled
    if not was_done:
        drawn = await bot.messages.draw(proposal_id, stored.address, is_new=False)
        assert drawn is not None
        assert "will not send it again" in str(drawn.card.content)


async def test_nobody_else_settles_a_call_that_may_still_be_answered(world: World) -> None:
    bot, other = world.application(), world.application()
    proposal_id = await bot.proposed()
    world.factory.fate = "killed before"
    await killed(lambda: bot.press(proposal_id))
    world.clock.now += timedelta(seconds=30)
    (sent,) = await other.proposals.open()
    assert (await other.execution.settle(sent)).state is ProposalState.SENT


async def test_who_may_not_act_gets_no_proposal(world: World) -> None:
    record = await world.application().propose(who=TOM)
    assert isinstance(record, Denied)
    assert record.needs == "the role operator in prod"


async def test_an_act_that_does_not_fit_is_said_first(world: World) -> None:
    world.factory.is_trigger_on = True
    record = await world.application().propose(START)
    assert isinstance(record, Problem)
    assert record.happened == "trg_daily is started already."


async def test_the_pipeline_of_a_run_is_read_from_the_run(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed(replace(RERUN, pipeline=None))
    stored = await bot.proposals.find(proposal_id)
    assert stored is not None
    assert stored.target == RERUN
    assert stored.target.run_id == FAILED


async def test_the_audit_tells_who_asked_who_approved_and_what_came(world: World) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    for who in (TOM, IVY, MAYA):
        world.clock.now += timedelta(seconds=1)
        await bot.press(proposal_id, who)
    entries = await world.audited()
    told = sorted((one.at, one.kind, one.person) for one in entries)
    assert [(kind, person) for _, kind, person in told] == [
        ("proposed", MAYA.person_id),
        ("refusal", TOM.person_id),
        ("approved", IVY.person_id),
        ("running", IVY.person_id),
        ("refusal", MAYA.person_id),
    ]
    assert {one.proposal for one in entries} == {proposal_id}
    ran = next(one for one in entries if one.kind == "running")
    assert ran.after == ran.request_id == world.factory.calls[0].request_id


async def test_what_ended_days_ago_is_forgotten_and_the_audit_is_not(world: World) -> None:
    bot = world.application()
    done, waiting = await bot.proposed(START), await bot.proposed()
    await bot.press(done)
    await bot.proposals.purge(NOW + timedelta(days=8))
    assert await bot.proposals.find(done) is None
    assert await bot.proposals.find(waiting) is None
    assert await world.store.range("proposals") == []
    assert await world.audited()


async def test_who_approved_is_audited_once_though_the_process_died_before_it_was(
    world: World,
) -> None:
    bot = world.application()
    proposal_id = await bot.proposed()
    world.factory.fate = "killed after"
    await killed(lambda: bot.press(proposal_id))
    for partition in {f"audit-{NOW.date().isoformat()}"}:
        for entry in await world.store.range(partition):
            if entry.value.get("kind") == "approved":
                await world.store.delete(partition, entry.key)
    world.clock.now += timedelta(minutes=2)
    again = world.application()
    for _ in range(3):
        for proposal in await again.proposals.open():
            await again.follow_up.step(proposal)
    approved = [one for one in await world.audited() if one.kind == "approved"]
    assert [(one.name, one.proposal) for one in approved] == [("Maya", proposal_id)]
    assert len(world.factory.calls) == 1


async def test_what_needs_two_may_be_approved_alone_with_a_reason_where_that_is_allowed(
    world: World,
) -> None:
    world.second_person = world.break_glass = True
    bot = world.application()
    proposal_id = await bot.proposed(CANCEL)
    refused = await bot.press(proposal_id)
    assert "needs a second person" in text_of(refused)
    for short in ("", "now", "   x   "):
        refused = await bot.press(proposal_id, verb="break_glass", reason=short)
        assert "say why" in text_of(refused)
    assert world.factory.calls == []
    why = "payments are blocked, nobody answers; Password=Hunter2;"
    result = await bot.press(proposal_id, verb="break_glass", reason=why)
    assert len(world.factory.calls) == 1
    assert "payments are blocked" in text_of(result)
    (entry,) = [one for one in await world.audited() if one.kind == "approved"]
    assert entry.why.startswith("alone: payments are blocked")
    assert "Hunter2" not in text_of(result) + str(await world.audited())


async def test_nobody_approves_alone_where_that_is_not_allowed(world: World) -> None:
    world.second_person = True
    bot = world.application()
    proposal_id = await bot.proposed(CANCEL)
    await bot.press(proposal_id, verb="break_glass", reason="nobody else is awake tonight")
    assert world.factory.calls == []
    await bot.press(proposal_id, TOM, verb="break_glass", reason="nobody else is awake tonight")
    assert world.factory.calls == []
    await bot.press(proposal_id, IVY)
    assert len(world.factory.calls) == 1


async def test_many_acts_of_one_person_need_a_second_one(world: World) -> None:
    world.mass = 2
    bot = world.application()
    first, second, third = [await bot.proposed(one) for one in (RERUN, START, CANCEL)]
    for proposal_id in (first, second, third):
        await bot.press(proposal_id)
    assert len(world.factory.calls) == 2
    await bot.press(third, IVY)
    assert len(world.factory.calls) == 3
    world.clock.now += timedelta(minutes=11)
    later = await bot.proposed(START) if not world.factory.is_trigger_on else ""
    assert later == ""


async def test_a_bot_that_only_reads_proposes_nothing_and_no_old_card_has_power(
    world: World,
) -> None:
    proposal_id = await world.application().proposed()
    world.may_write = False
    bot = world.application()
    record = await bot.propose()
    assert isinstance(record, Problem)
    assert "read-only" in record.happened
    result = await bot.press(proposal_id)
    assert "read-only" in text_of(result)
    assert world.factory.calls == []
    await bot.press(proposal_id, verb="withdraw")


async def test_too_many_proposals_and_presses_are_refused_until_there_is_room(
    world: World,
) -> None:
    rate = Rate(person=2, room=3, within=timedelta(minutes=10))
    world.limits = RateLimits(world.clock, dict.fromkeys(Limited, rate))
    bot = world.application()
    await bot.proposed(RERUN)
    await bot.proposed(START)
    refused = await bot.propose(CANCEL)
    assert isinstance(refused, Problem)
    assert "Try again in 10 minutes" in refused.happened
    await bot.proposed(CANCEL, IVY)
    assert isinstance(await bot.propose(CANCEL, IVY), Problem)  # the room has had its share
    world.clock.now += timedelta(minutes=10)
    await bot.proposed(CANCEL)
    ids = [await bot.proposed(CANCEL, IVY)]
    for _ in range(4):
        await bot.press(ids[0], TOM)
    assert {one.why for one in await world.audited() if one.kind == "refusal"} >= {"rate"}
    assert len(world.factory.calls) == 0
