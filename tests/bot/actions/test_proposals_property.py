"""Whatever is pressed by whomever, in whatever order, two processes never do what nobody approved.

Never two calls for one approval, never one without the right, never one after the time was up,
never one of a proposal that would do something else by now.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from adf.records import ActionReceipt, ActionTarget, RunStatus
from bot.access.policy import Role
from bot.actions.proposal import LIFETIME, Proposal
from bot.messages import Address, Person
from bot.state.store import Store, open_store
from cards.records import ProposalReport, ProposalState
from tests.bot.actions.stage import (
    CANCEL,
    ELSEWHERE,
    FAILED,
    GOING,
    GUS,
    IVY,
    MAYA,
    ROOM,
    TARGETS,
    TOM,
    Application,
    Factory,
    Killed,
    World,
    YieldingStore,
)
from tests.doubles.azurite import Azurite

PEOPLE = (MAYA, IVY, TOM, GUS)
ROLES = (*Role, Role.OPERATOR, None)
VERBS = ("approve", "approve", "approve", "withdraw", "show_proposal")
FATES = ("", "", "", "refused", "lost", "unsent", "killed before", "killed after")
places = st.sampled_from([ROOM, ROOM, ROOM, ELSEWHERE])
people = st.sampled_from(PEOPLE)
processes = st.integers(0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed by somebody somewhere, at one of the processes."""

    process: int
    who: Person
    where: Address
    verb: str
    nth: int


presses = st.lists(
    st.builds(
        Press,
        process=processes,
        who=people,
        where=places,
        verb=st.sampled_from(VERBS),
        nth=st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)


CHANGES = ("edit", "end", "begin", "switch", "rerun")
APPROVERS = (MAYA, IVY)
# What may come next, and what each move takes; a press that may act is as likely as all others.
MOVES: Sequence[tuple[str, dict[str, st.SearchStrategy[Any]]]] = (
    *[
        (
            "approve",
            {"process": processes, "who": st.sampled_from(APPROVERS), "nth": st.integers(0, 2)},
        )
    ]
    * 4,
    ("press", {"pressed": presses, "fate": st.sampled_from(FATES)}),
    ("press", {"pressed": presses, "fate": st.sampled_from(FATES)}),
    ("press_what_stands_in_its_place", {"pressed": presses}),
    (
        "propose",
        {"process": processes, "who": people, "where": places, "act": st.sampled_from(TARGETS)},
    ),
    ("restart", {"process": processes}),
    ("wait", {"minutes": st.sampled_from([0, 1, 6, 29, 31])}),
    ("change_role", {"who": st.sampled_from([MAYA, IVY, TOM]), "role": st.sampled_from(ROLES)}),
    ("change_policy", {"is_on": st.booleans()}),
    ("change_factory", {"what": st.sampled_from(CHANGES)}),
)
moves = st.one_of([st.tuples(st.just(name), st.fixed_dictionaries(takes)) for name, takes in MOVES])


class WatchedFactory(Factory):
    """A factory that checks each call at the moment it comes in."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self._world = world
        self.sent: list[str] = []

    async def perform(self, target: ActionTarget, request_id: str) -> ActionReceipt:
        proposal = await self._proposal(request_id)
        decided = proposal.decided
        assert decided is not None
        assert proposal.state is ProposalState.SENT
        assert proposal.target == target
        assert proposal.proposal_id not in self.sent, "sent twice"
        assert self._world.may_act(decided.person_id), "without the right"
        assert self._clock() < proposal.expires_at, "too late"
        assert (await self.preview(target)).digest == proposal.digest, "another act by now"
        if proposal.second_person:
            assert decided.person_id != proposal.requested.person_id, "alone"
        self.sent.append(proposal.proposal_id)
        return await super().perform(target, request_id)

    async def _proposal(self, request_id: str) -> Proposal:
        listed = await self._world.application().proposals.open()
        (proposal,) = [one for one in listed if one.request_id == request_id]
        return proposal


class Presses(RuleBasedStateMachine):
    """Two processes over one store; presses cross, processes die, time and the factory move."""

    def __init__(self, open_one: Callable[[], Coroutine[Any, Any, Store]] | None = None) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world = World(self.run(open_one()) if open_one else YieldingStore())
        self.factory = WatchedFactory(self.world)
        self.world.factory = self.factory
        self.bots: list[Application] = [self.world.application(), self.world.application()]
        self.made: list[str] = []
        self.random = random.Random(0)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what the work gives
        """Finish some work; what goes on beside it ends with it."""
        return self.runner.run(_alone(work))

    def teardown(self) -> None:
        self.run(self.world.store.close())
        self.runner.close()

    @initialize(process=processes, acts=st.permutations(TARGETS))
    def begin(self, process: int, acts: list[ActionTarget]) -> None:
        """Something waits for a press in every sequence."""
        for act in acts:
            self.propose(process=process, who=MAYA, where=ROOM, act=act)

    # One rule for all: of several, a sequence leaves some out, and most would press nothing.
    @rule(move=moves)
    def move(self, move: tuple[str, dict[str, Any]]) -> None:
        name, taken = move
        getattr(self, name)(**taken)

    def propose(self, process: int, who: Person, where: Address, act: ActionTarget) -> None:
        may_act = who is not GUS and self.world.may_act(who.person_id)
        record = self.run(self.bots[process].propose(act, who, where))
        if isinstance(record, ProposalReport):
            assert may_act
            self.made.append(record.proposal_id)

    def press(self, pressed: list[Press], fate: str) -> None:
        if not self.made:
            return
        self.factory.fate = fate
        self.run(self._all(pressed))
        self.factory.fate = ""

    def approve(self, process: int, who: Person, nth: int) -> None:
        press = Press(process=process, who=who, where=ROOM, verb="approve", nth=nth)
        self.press(pressed=[press], fate="")

    def press_what_stands_in_its_place(self, pressed: list[Press]) -> None:
        newer = [one.replaced_by for one in self._stored() if one.replaced_by]
        self.made += [one for one in newer if one not in self.made]
        self.press(pressed, "")

    def restart(self, process: int) -> None:
        bot = self.bots[process] = self.world.application()

        async def taken_up() -> None:
            for proposal in await bot.proposals.open():
                await bot.follow_up.step(proposal)

        self.run(taken_up())

    def wait(self, minutes: int) -> None:
        self.world.clock.now += timedelta(minutes=minutes)

    def change_role(self, who: Person, role: Role | None) -> None:
        self.world.give(who, role)

    def change_policy(self, is_on: bool) -> None:
        self.world.second_person = is_on

    def change_factory(self, what: str) -> None:
        if what == "edit":
            self.factory.version += 1
        elif what == "switch":
            self.factory.is_trigger_on = not self.factory.is_trigger_on
        elif what == "rerun":
            self.factory.statuses[f"studio-{len(self.factory.statuses)}"] = RunStatus.IN_PROGRESS
        else:
            ended = RunStatus.SUCCEEDED if what == "end" else RunStatus.IN_PROGRESS
            self.factory.statuses[GOING] = ended
            self.factory.statuses[FAILED] = RunStatus.FAILED

    @invariant()
    def each_call_belongs_to_one_approval(self) -> None:
        by_id = {one.request_id: one for one in self._stored() if one.request_id}
        ids = [one.request_id for one in self.factory.calls]
        assert len(ids) == len({*ids})
        assert {*ids} <= by_id.keys()

    @invariant()
    def nothing_that_ended_was_left_open_by_a_refusal(self) -> None:
        for one in self._stored():
            assert (one.decided is None) == (
                one.state in {ProposalState.WAITING, ProposalState.EXPIRED, ProposalState.REPLACED}
            )
            assert one.expires_at == one.requested.at + LIFETIME

    async def _all(self, pressed: list[Press]) -> None:
        """All of them at once; a process that dies takes its other presses with it."""
        results = await asyncio.gather(*map(self._one, pressed), return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _one(self, press: Press) -> None:
        for _ in range(self.random.randrange(6)):
            await asyncio.sleep(0)
        proposal_id = self.made[press.nth % len(self.made) - 1]
        try:
            await self.bots[press.process].press(proposal_id, press.who, press.where, press.verb)
        except Killed:
            self.bots[press.process] = self.world.application()

    def _stored(self) -> list[Proposal]:
        proposals = self.bots[0].proposals
        found = [self.run(proposals.find(one)) for one in self.made]
        return [one for one in found if one is not None]


async def _alone(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what the work gives
    try:
        return await work
    finally:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class PressesOnMemory(Presses):
    """On a store that lets others in before each step."""

    def __init__(self) -> None:
        super().__init__()


def played(
    examples: int, machine: type[RuleBasedStateMachine] = PressesOnMemory, part: int = 0
) -> Callable[[], None]:
    """So many sequences, of a fixed seed; in half of them at least one approval reached Azure."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        database=None,
    )
    calls: list[int] = []

    class Counted(machine):
        def teardown(self) -> None:
            calls.append(len(cast("Presses", self).factory.calls))
            super().teardown()

    def play() -> None:
        run_state_machine_as_test(seed(part)(Counted), settings=chosen)
        acted = sum(map(bool, calls))
        print(f"{len(calls)} sequences, {sum(calls)} calls in {acted} of them")
        assert len(calls) >= examples
        assert acted >= len(calls) / 2

    return play


def test_no_press_does_what_nobody_approved() -> None:
    played(50)()


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_no_press_of_two_thousand_sequences_does_what_nobody_approved() -> None:
    played(2_000)()


def on_tables(azurite: Azurite) -> type[RuleBasedStateMachine]:
    """The same on Azure Tables, a table for each sequence."""

    class PressesOnTables(Presses):
        def __init__(self) -> None:
            super().__init__(lambda: open_store(azurite.new_table()))

    return PressesOnTables


@pytest.mark.real_time
def test_no_press_does_what_nobody_approved_on_tables(azurite: Azurite) -> None:
    played(2, on_tables(azurite))()


@pytest.mark.prove
@pytest.mark.real_time
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(4))
def test_no_press_of_two_thousand_sequences_does_what_nobody_approved_on_tables(
    part: int, azurite: Azurite
) -> None:
    """In four parts, each with sequences of its own."""
    played(500, on_tables(azurite), part)()


def test_the_machine_reaches_calls_and_refusals() -> None:
    """That the sequences above are not empty: one of them by hand, through all that it can do."""
    machine = Presses()
    machine.propose(process=0, who=MAYA, where=ROOM, act=CANCEL)
    every = [
        Press(process=place % 2, who=who, where=ROOM, verb="approve", nth=1)
        for place, who in enumerate(PEOPLE)
    ]
    machine.press(pressed=every, fate="")
    machine.each_call_belongs_to_one_approval()
    machine.teardown()
    assert len(machine.factory.calls) == 1
