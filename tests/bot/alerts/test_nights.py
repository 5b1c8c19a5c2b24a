"""Whatever happens in whatever order: no failure is lost, none is posted twice without need."""

import asyncio
import re
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from adf.records import Recovery
from bot.alerts.incidents import (
    ActionOutcome,
    EntryStage,
    Incident,
    IncidentService,
    OutboxEntry,
    partition_of,
)
from bot.messages import Address, Person
from bot.outbox.delivery import LONGEST_WAIT
from bot.state.store import MemoryStore
from cards.card import Card
from tests.bot.builders.nights import (
    MAYA,
    START,
    TOM,
    Clock,
    Died,
    Hearing,
    MortalStore,
    Night,
    Refused,
    ScriptedWatch,
    Silent,
    Teams,
    channel,
    chat,
    failure,
    good,
)

PIPELINES = ("A", "B", "C")
PLACES = (channel(), chat("maya"))
# What goes wrong with a call to Teams, and whether the message is there all the same.
FAULTS: tuple[tuple[type[BaseException], bool] | None, ...] = (
    None,
    (Refused, False),
    (Silent, False),
    (Silent, True),
    (Died, False),
    (Died, True),
)


class Nights(RuleBasedStateMachine):
    """One store and one Teams; lives of the bot come and go over them."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.base = MemoryStore()
        self.teams = Teams()
        self.clock = Clock()
        self.watch = ScriptedWatch(self.clock)
        self.listeners = Hearing(list(PLACES))
        self.number = 0
        self.begin()

    def teardown(self) -> None:
        self.settle()
        self.loop.run_until_complete(self.check())
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, Any]) -> object:
        """Do something that may be cut short by a kill."""
        try:
            return self.loop.run_until_complete(work)
        except Died:
            self.begin()
            return None

    def begin(self) -> None:
        """A new life after a kill, over what the former one left."""
        pending = asyncio.all_tasks(self.loop)
        for task in pending:
            task.cancel()
        if pending:
            self.loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self.store = MortalStore(self.base)
        self.night = Night(self.store, self.teams, self.clock, self.listeners, {"prod": self.watch})
        for signal in self.watch.signals:
            if not isinstance(signal, Recovery):
                self.night.reports.keep(signal.report)
        self.loop.run_until_complete(self.night.start())

    @rule(pipeline=st.sampled_from(PIPELINES), is_shared=st.booleans())
    def a_run_breaks(self, pipeline: str, is_shared: bool) -> None:
        self.number += 1
        group = "runtime:shir" if is_shared else None
        end = (self.clock.now - START).total_seconds() / 60
        self.watch.signals.append(failure(f"r{self.number}", pipeline, group=group, end=end))
        self.clock.now += timedelta(seconds=30)

    @rule(pipeline=st.sampled_from(PIPELINES))
    def a_run_is_well(self, pipeline: str) -> None:
        self.number += 1
        self.clock.now += timedelta(minutes=2)
        end = (self.clock.now - START).total_seconds() / 60
        self.watch.signals.append(good(f"g{self.number}", pipeline, end=end, lasted=1))

    @rule(
        faults=st.lists(st.sampled_from(FAULTS), max_size=3),
        dies_at=st.one_of(st.none(), st.integers(1, 8)),
        dies_after=st.booleans(),
    )
    def the_bot_works(
        self,
        faults: list[tuple[type[BaseException], bool] | None],
        dies_at: int | None,
        dies_after: bool,
    ) -> None:
        self.teams.faults = [(one[0](), one[1]) if one else None for one in faults]
        self.store.dies_at = self.store.writes + dies_at if dies_at else None
        self.store.dies_after = dies_after
        self.do(self.night.turn())
        self.teams.faults = []
        self.store.dies_at = None
        self.clock.now += timedelta(seconds=30)

    @rule(number=st.integers(1, 4), who=st.sampled_from([MAYA, TOM]))
    def somebody_acknowledges(self, number: int, who: Person) -> None:
        outcome = self.do(self.night.announcer.acknowledge(f"INC-{number}", who))
        assert outcome is None or isinstance(outcome, ActionOutcome)

    @rule()
    def an_hour_passes(self) -> None:
        self.clock.now += timedelta(hours=1)

    @invariant()
    def nothing_is_posted_more_than_twice(self) -> None:
        shown = Counter((place, incident_in(card)) for place, card in self.teams.posts)
        assert all(times <= 2 for times in shown.values()), shown

    def settle(self) -> None:
        """Let everything that is due come to its end, without further faults."""
        for _ in range(4):
            self.loop.run_until_complete(self.night.turn())
            self.clock.now += timedelta(seconds=LONGEST_WAIT)

    async def check(self) -> None:
        """Every failure is in one incident, and every place shows how each of them stands."""
        incidents = IncidentService(self.base, self.clock)
        broken = [one.run.run_id for one in self.watch.signals if not isinstance(one, Recovery)]
        assert sorted(run_id for run_id, _ in await incidents.seen("prod")) == sorted(broken)
        found = [await incidents.find(f"INC-{number}") for number in range(1, 100)]
        known = [one for one in found if one is not None]
        assert sum(one.count for one in known) == len(broken)
        for incident in known:
            for place in PLACES:
                await self.check_place(incident, place)

    async def check_place(self, incident: Incident, place: Address) -> None:
        recipe = OutboxEntry(kind="incident", source=incident.incident_id, address=place)
        entries = [
            await self.base.get(partition_of("prod"), key) for key in (recipe.key, recipe.filed_key)
        ]
        (entry,) = [one for one in entries if one is not None]
        recipe = OutboxEntry.from_json(entry.value)
        posts = [
            card
            for conversation, card in self.teams.posts
            if conversation == place.conversation and incident_in(card) == incident.incident_id
        ]
        assert len(posts) <= 1 + recipe.again
        if recipe.stage is EntryStage.OVER:
            assert recipe.in_words
            return
        assert recipe.stage is EntryStage.POSTED
        if recipe.in_words and recipe.message_id not in self.teams.rooms.get(
            place.conversation, {}
        ):
            assert recipe.shown == incident.revision
            return
        card = self.teams.rooms[place.conversation][recipe.message_id]
        assert recipe.shown == incident.revision
        assert card.summary.startswith("Resolved") == (incident.ending is not None)
        assert ("Acknowledged by" in str(card.content)) == (
            incident.acknowledged is not None and incident.ending is None
        )


def incident_in(card: Card) -> str:
    (found, *_) = re.findall(r"INC-\d+", str(card.content))
    return found


Nights.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=(HealthCheck.too_slow,),
)
test_no_failure_is_lost_and_none_told_without_need = Nights.TestCase


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_it_holds_through_many_nights() -> None:
    many = settings(
        max_examples=3000,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow,),
    )
    run_state_machine_as_test(Nights, settings=many)
