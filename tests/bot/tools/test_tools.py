"""What the bot itself can be asked: for whom it works, what it changes, what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from adf.errors import BadArguments, Unavailable
from adf.history.backtest import Backtest, LastDue
from adf.records import Pipeline, TriggerStatus
from adf.tool import Toolbox
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy
from bot.messages import Address, Person
from bot.state.boards import Boards
from bot.state.conversations import ConversationStates
from bot.state.erasure import ErasableStore, erase_person
from bot.state.mutes import Mutes
from bot.state.rooms import Rooms
from bot.state.store import Store
from bot.state.subscriptions import EventKind, Subscriptions
from bot.state.summaries import Summaries
from bot.state.usage import AnswerCounter, ModelUsage
from bot.tools import HERE_TOOLS, BotState, ToolContext
from bot.tools.context import ActionProposals, AuditReader
from cards.records import Denied, HandoverEntry, Help, Notice, Picker, SubscriptionList, Usage, Used
from tests.bot.builders.incidents import commands_over
from tests.bot.builders.people import BOSS, BOUND, CHAT, LOOSE, NOEL, NOW, OPAL, RUTH, STAN

BERLIN = ZoneInfo("Europe/Berlin")
PIPELINES = [
    Pipeline(factory="prod", name="Orders"),
    Pipeline(factory="prod", name="Payroll"),
    Pipeline(factory="uat", name="Orders"),
    Pipeline(factory="uat", name="Trial"),
]


@dataclass
class House:
    """Everything the tools work on."""

    keeping: BotState
    asked_for: list[tuple[str, ...]]

    def tools(self, person: Person, address: Address) -> Toolbox:
        here = ToolContext(
            person=person,
            address=address,
            asked="words",
            now=NOW,
            zone=BERLIN,
            state=self.keeping,
        )
        return Toolbox(HERE_TOOLS, [here])

    async def subscribed(self, person: Person, address: Address, **wish: str) -> str:
        answer = await self.tools(person, address).call("ops_subscribe", **wish)
        assert isinstance(answer, SubscriptionList)
        return answer.said

    async def heard(self, factory: str, pipeline: str) -> list[str]:
        told = await self.keeping.subscriptions.hearing(factory, [pipeline], False)
        return sorted(one.conversation for one in told)


async def nothing_missed(alias: str) -> Sequence[TriggerStatus]:
    return ()


async def nothing_waits(factories: Sequence[str]) -> Sequence[HandoverEntry]:
    return ()


@pytest.fixture
def house(store: Store, people: AccessPolicy, rooms: Rooms) -> House:
    asked_for: list[tuple[str, ...]] = []

    async def pipelines(aliases: Sequence[str]) -> Sequence[Pipeline]:
        asked_for.append(tuple(aliases))
        return [one for one in PIPELINES if one.factory in aliases]

    keeping = BotState(
        name="ADF Ops",
        people=people,
        refusals=Denials(people, AuditLog(store, lambda: NOW)),
        rooms=rooms,
        subscriptions=Subscriptions(store, rooms, lambda: NOW, people.reads),
        incidents=commands_over(store, lambda: NOW),
        mutes=Mutes(store, lambda: NOW),
        missed=nothing_missed,
        summaries=Summaries(store, rooms, lambda: NOW),
        boards=Boards(store, rooms, lambda: NOW),
        proposals=nothing_waits,
        memories=ConversationStates(store, lambda: NOW),
        answered=AnswerCounter(store, lambda: NOW),
        spending=ModelUsage(store, lambda: NOW),
        model="",
        pipelines=pipelines,
        erase=lambda person: erase_person(cast("ErasableStore", store), person),
        actions=cast("ActionProposals", None),
        audit=cast("AuditReader", None),
    )
    return House(keeping, asked_for)


async def test_an_operator_has_a_room_told(house: House) -> None:
    said = await house.subscribed(OPAL, BOUND, target="orders")
    assert said == "I'll post here when Orders fails. To stop: “stop alerts for Orders here”."
    assert await house.heard("prod", "Orders") == ["19:bound"]
    assert await house.heard("prod", "Payroll") == []
    assert "already" in await house.subscribed(OPAL, BOUND, target="Orders")


@pytest.mark.parametrize(
    ("target", "told", "said"),
    [("everything", True, "anything in prod fails"), ("Critical", False, "a critical pipeline")],
)
async def test_everything_and_critical_are_targets(
    target: str, told: bool, said: str, house: House
) -> None:
    assert said in await house.subscribed(OPAL, BOUND, target=target)
    assert bool(await house.heard("prod", "Payroll")) is told


@pytest.mark.parametrize("who", [RUTH, STAN, NOEL])
async def test_only_an_operator_has_a_room_told(who: Person, house: House) -> None:
    denied = await house.tools(who, BOUND).call("ops_subscribe", target="Orders")
    assert isinstance(denied, Denied)
    assert denied.who == ("Opal",)
    assert await house.heard("prod", "Orders") == []


async def test_one_is_told_in_ones_own_chat_once_the_bot_knows_it(house: House) -> None:
    said = await house.subscribed(OPAL, BOUND, target="Orders", where="me")
    assert "I'll message you directly when Orders fails. I can't message you yet" in said
    assert await house.heard("prod", "Orders") == []
    await house.keeping.rooms.seen(CHAT, OPAL)
    assert await house.heard("prod", "Orders") == ["a:chat"]
    said = await house.subscribed(OPAL, BOUND, target="Orders", where="me")
    assert "I already message you directly when Orders fails" in said
    assert "can't message" not in said


async def test_the_end_of_a_run_is_told_once(house: House) -> None:
    said = await house.subscribed(OPAL, CHAT, target="Orders", events="finish", where="me")
    assert "I'll message you once when Orders finishes" in said
    told = await house.keeping.subscriptions.hearing_end("prod", "Orders", NOW)
    assert [one.conversation for one in told] == ["a:chat"]


@pytest.mark.parametrize(
    ("who", "where", "denied"),
    [(RUTH, BOUND, True), (NOEL, BOUND, True), (STAN, BOUND, True), (OPAL, BOUND, False)],
)
async def test_ones_own_chat_needs_ones_own_role(
    who: Person, where: Address, denied: bool, house: House
) -> None:
    await house.keeping.rooms.seen(CHAT, who)
    answer = await house.tools(who, where).call("ops_subscribe", target="Payroll", where="me")
    assert isinstance(answer, Denied) is denied
    assert (await house.heard("prod", "Payroll") == []) is denied


async def test_a_stranger_and_who_has_no_role_are_refused(house: House) -> None:
    for who, where in ((NOEL, CHAT), (NOEL, LOOSE), (replace(OPAL, tenant="x"), BOUND)):
        for name, wish in (
            ("ops_subscribe", {"target": "Orders"}),
            ("ops_list_subscriptions", {}),
            ("bot_usage", {}),
            ("ops_bind", {"factory": "prod"}),
            ("ops_unsubscribe", {"target": "Orders"}),
        ):
            if name in {"ops_bind", "ops_unsubscribe"} and where is CHAT:
                continue
            assert isinstance(await house.tools(who, where).call(name, **wish), Denied), name


async def test_an_unknown_pipeline_is_asked_back_among_ones_own(house: House) -> None:
    asked = await house.tools(OPAL, BOUND).call("ops_subscribe", target="Paroll")
    assert isinstance(asked, Picker)
    assert asked.choices[0].question == "tell me when Payroll fails"
    assert "Trial" not in [one.title for one in asked.choices]
    assert house.asked_for == [("prod",)]


async def test_a_pipeline_of_another_factory_is_found_where_one_may_look(house: House) -> None:
    await house.keeping.rooms.seen(CHAT, BOSS)
    await house.subscribed(BOSS, BOUND, target="Trial", where="me")
    assert await house.heard("uat", "Trial") == ["a:chat"]
    await house.subscribed(BOSS, BOUND, target="Orders", where="me", factory="UAT")
    assert await house.heard("uat", "Orders") == ["a:chat"]
    with pytest.raises(BadArguments, match="there is no factory called uat"):
        await house.subscribed(OPAL, BOUND, target="Orders", factory="uat")


async def test_a_room_is_told_only_of_what_it_is_bound_to(house: House) -> None:
    with pytest.raises(BadArguments, match="linked to prod"):
        await house.subscribed(BOSS, BOUND, target="Trial")
    assert await house.heard("uat", "Trial") == []


async def test_what_was_asked_for_can_be_stopped(house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="Orders")
    await house.subscribed(OPAL, BOUND, target="Payroll")
    stopped = await house.tools(OPAL, BOUND).call("ops_unsubscribe", target="orders")
    assert isinstance(stopped, SubscriptionList)
    assert stopped.said == "Stopped. I won't post here about Orders."
    assert [one.target for one in stopped.subscriptions] == ["Payroll"]
    assert await house.heard("prod", "Orders") == []


async def test_a_part_of_a_name_will_do_and_a_whole_name_means_itself(house: House) -> None:
    for target in ("Orders", "Payroll"):
        await house.subscribed(OPAL, BOUND, target=target)
    await house.keeping.subscriptions.add("prod", "OldOrders", EventKind.FAILURES, BOUND)
    tools = house.tools(OPAL, BOUND)
    await tools.call("ops_unsubscribe", target="Orders")
    assert await house.heard("prod", "OldOrders") == ["19:bound"]
    await tools.call("ops_unsubscribe", target=" pay ")
    await tools.call("ops_unsubscribe", target=" ")
    assert await house.heard("prod", "Payroll") == []
    assert await house.heard("prod", "OldOrders") == ["19:bound"]


async def test_everything_ends_everything_that_is_told_there(house: House) -> None:
    for target in ("Orders", "critical", "everything"):
        await house.subscribed(OPAL, BOUND, target=target)
    await house.subscribed(OPAL, CHAT, target="Orders")
    stopped = await house.tools(OPAL, BOUND).call("ops_unsubscribe", target="everything")
    assert isinstance(stopped, SubscriptionList)
    assert await house.heard("prod", "Orders") == ["a:chat"]


@pytest.mark.parametrize("who", [RUTH, NOEL])
async def test_only_an_operator_stops_what_a_room_is_told(who: Person, house: House) -> None:
    await house.subscribed(OPAL, BOUND, target="Orders")
    denied = await house.tools(who, BOUND).call("ops_unsubscribe", target="Orders")
    assert isinstance(denied, Denied)
    assert await house.heard("prod", "Orders") == ["19:bound"]


async def test_nothing_to_stop_is_said(house: House) -> None:
    tools = house.tools(OPAL, BOUND)
    nothing = await tools.call("ops_unsubscribe", target="Orders", where="me")
    assert isinstance(nothing, SubscriptionList)
    assert "You had no alerts for Orders" in nothing.said
    await house.subscribed(OPAL, BOUND, target="everything")
    wider = await tools.call("ops_unsubscribe", target="Orders")
    assert isinstance(wider, SubscriptionList)
    assert "which includes Orders" in wider.said
    assert await house.heard("prod", "Orders") == ["19:bound"]


async def test_ones_own_are_listed_beside_the_rooms_and_others_are_not(house: House) -> None:
    await house.keeping.rooms.seen(CHAT, OPAL)
    await house.subscribed(OPAL, BOUND, target="Orders", where="me")
    await house.subscribed(OPAL, BOUND, target="everything")
    mine = await house.tools(OPAL, BOUND).call("ops_list_subscriptions")
    assert isinstance(mine, SubscriptionList)
    assert [(one.target, one.where) for one in mine.subscriptions] == [
        ("anything in prod", "this channel"),
        ("Orders", "direct message"),
    ]
    assert mine.subscriptions[1].stop == "stop my alerts for Orders"
    hers = await house.tools(RUTH, BOUND).call("ops_list_subscriptions")
    assert isinstance(hers, SubscriptionList)
    assert [one.target for one in hers.subscriptions] == ["anything in prod"]
    alone = await house.tools(OPAL, CHAT).call("ops_list_subscriptions")
    assert isinstance(alone, SubscriptionList)
    assert [one.target for one in alone.subscriptions] == ["Orders"]


async def test_binding_opens_a_room_and_tells_its_failures_there(house: House) -> None:
    tools = house.tools(OPAL, LOOSE)
    bound = await tools.call("ops_bind", factory="PROD", zone="Europe/Berlin")
    assert isinstance(bound, SubscriptionList)
    assert "Everyone here can see it" in bound.said
    assert "stop all alerts here" in bound.said
    binding = await house.keeping.rooms.binding(LOOSE)
    assert binding is not None
    assert (binding.factory, binding.zone, binding.by) == ("prod", "Europe/Berlin", OPAL.person_id)
    assert await house.heard("prod", "Orders") == ["19:loose"]
    assert (await house.keeping.people.grant(NOEL, LOOSE)).lack is None


async def test_binding_anew_ends_what_was_told_of_the_former_factory(house: House) -> None:
    tools = house.tools(BOSS, LOOSE)
    await tools.call("ops_bind", factory="prod")
    await tools.call("ops_bind", factory="uat")
    assert await house.heard("prod", "Orders") == []
    assert await house.heard("uat", "Trial") == ["19:loose"]


@pytest.mark.parametrize(
    ("who", "where", "factory"),
    [
        (OPAL, LOOSE, "uat"),
        (RUTH, LOOSE, "uat"),
        (NOEL, BOUND, "prod"),
        (STAN, BOUND, "prod"),
        (NOEL, LOOSE, "nowhere"),
    ],
)
async def test_only_an_operator_of_that_factory_binds_a_room(
    who: Person, where: Address, factory: str, house: House
) -> None:
    before = await house.keeping.rooms.binding(where)
    denied = await house.tools(who, where).call("ops_bind", factory=factory)
    assert isinstance(denied, Denied)
    assert await house.keeping.rooms.binding(where) == before


async def test_an_unknown_factory_is_asked_back(house: House) -> None:
    asked = await house.tools(OPAL, LOOSE).call("ops_bind", factory="nowhere")
    assert isinstance(asked, Picker)
    assert [one.question for one in asked.choices] == ["link this channel to prod"]


async def test_a_chat_of_ones_own_and_a_strange_zone_are_not_bound(house: House) -> None:
    with pytest.raises(BadArguments, match="only a channel or a group chat"):
        await house.tools(OPAL, CHAT).call("ops_bind", factory="prod")
    with pytest.raises(BadArguments, match="IANA"):
        await house.tools(OPAL, LOOSE).call("ops_bind", factory="prod", zone="Mars/One")
    assert await house.keeping.rooms.binding(LOOSE) is None


async def test_starting_over_forgets_this_talk_and_no_other(house: House) -> None:
    memories = house.keeping.memories
    for thread, who in ((BOUND, OPAL), (BOUND, RUTH), (LOOSE, OPAL)):
        await memories.remember(thread.conversation, who.person_id, {"pipeline": "Orders"})
    said = await house.tools(OPAL, BOUND).call("bot_reset")
    assert isinstance(said, Notice)
    assert "Cleared" in said.said
    assert await memories.recall(BOUND.conversation, OPAL.person_id) == {}
    assert await memories.recall(BOUND.conversation, RUTH.person_id) != {}
    assert await memories.recall(LOOSE.conversation, OPAL.person_id) != {}


async def test_forgetting_a_person_leaves_what_others_said(house: House) -> None:
    memories = house.keeping.memories
    for who in (OPAL, RUTH):
        await memories.remember(BOUND.conversation, who.person_id, {"pipeline": "Orders"})
    said = await house.tools(OPAL, BOUND).call("bot_forget_me")
    assert isinstance(said, Notice)
    assert "1 entry deleted" in said.said
    assert await memories.recall(BOUND.conversation, OPAL.person_id) == {}
    assert await memories.recall(BOUND.conversation, RUTH.person_id) != {}


async def test_without_a_model_no_token_is_used_and_answers_are_counted(house: House) -> None:
    await house.keeping.answered.count()
    await house.keeping.answered.count()
    usage = await house.tools(RUTH, BOUND).call("bot_usage")
    assert isinstance(usage, Usage)
    assert (usage.tokens, usage.cap, usage.answers) == (0, None, 2)
    assert usage.model.startswith("No language model is configured")
    assert usage.answered[-2:] == (("Wed", 0), ("Thu", 2))


async def test_usage_tells_today_and_the_conversation_that_asks(house: House) -> None:
    here, elsewhere = BOUND.conversation, LOOSE.conversation
    turn = Used(input=100, cached=40, output=10, turns=1, steps=3, calls=2, seconds=1.5)
    await house.keeping.spending.add(turn, here)
    await house.keeping.spending.add(turn, elsewhere)
    usage = await house.tools(RUTH, BOUND).call("bot_usage")
    assert isinstance(usage, Usage)
    assert (usage.tokens, usage.today.steps, usage.here) == (220, 6, turn)
    assert usage.here_cost == ""


@pytest.mark.parametrize(
    ("who", "where", "has", "lacks"),
    [
        (OPAL, BOUND, ["link this channel", "tell us when", "operator of prod", "mention me"], []),
        (OPAL, CHAT, ["tell me when", "operator of prod"], ["link this channel", "mention me"]),
        (NOEL, BOUND, ["reader of prod", "Status:"], ["tell us", "bind this", "tell me when"]),
        (
            STAN,
            CHAT,
            ["whether data has arrived", "stakeholder of prod"],
            ["Cause:", "tell me when"],
        ),
        (NOEL, LOOSE, ["linked to a data factory", "Opal"], ["Status:"]),
        (NOEL, CHAT, ["have a role", "Opal"], ["Status:", "prod"]),
    ],
)
async def test_help_says_what_this_person_may_do_here(
    who: Person, where: Address, has: list[str], lacks: list[str], house: House
) -> None:
    told = await house.tools(who, where).call("bot_help")
    assert isinstance(told, Help)
    words = "\n".join(told.notes)
    assert [one for one in has if one not in words] == []
    assert [one for one in lacks if one in words] == []


async def test_a_stranger_is_helped_to_nothing(house: House) -> None:
    denied = await house.tools(replace(NOEL, tenant="x"), BOUND).call("bot_help")
    assert isinstance(denied, Denied)
    assert "prod" not in str(denied)


@dataclass
class Past:
    """A factory with such a past."""

    found: Backtest | None = None
    fault: Exception | None = None
    asked: list[str] = field(default_factory=list[str])

    async def failures(
        self, factory: str, name: str | None, covers: Callable[[str], bool], wait: timedelta
    ) -> Backtest | None:
        self.asked.append(f"{name} {covers('Orders')} {wait}")
        if self.fault:
            raise self.fault
        return self.found

    async def overlong(self, factory: str, name: str, longest: timedelta) -> Backtest | None:
        return self.found

    async def late(self, factory: str, name: str, due: LastDue) -> Backtest | None:
        return self.found

    async def runtimes(self, factory: str) -> Sequence[str]:
        return ["shir-prod-01"]


def with_past(house: House, past: Past) -> House:
    return House(replace(house.keeping, past=past), house.asked_for)


async def listed(house: House, **wish: str) -> SubscriptionList:
    answer = await house.tools(OPAL, BOUND).call("ops_subscribe", **wish)
    assert isinstance(answer, SubscriptionList)
    return answer


async def test_what_it_would_have_posted_is_said_with_what_a_wait_would_spare(house: House) -> None:
    past = Past(found=Backtest(days=45, posts=14, quick=11, wait=timedelta(minutes=20)))
    answer = await listed(with_past(house, past), target="Orders")
    assert answer.past == (
        "In the last 45 days, this would have posted 14 times; 11 recovered within 20 min. "
        "With a wait of 20 min: 3 times."
    )
    assert answer.offers == (
        ("Wait 20 min first", "tell us when Orders fails, only if it stays red for 20 minutes"),
    )
    again = await listed(with_past(house, past), target="Orders", events="failures; wait 20 min")
    assert "would have posted 3 times: 11 failures recovered within 20 min" in again.past
    assert again.offers == ()
    assert past.asked == ["Orders True 0:20:00", "Orders True 0:20:00"]


@pytest.mark.parametrize(
    ("found", "events", "past"),
    [
        (Backtest(days=3, posts=0), "failures", "3 days (there are no older runs)"),
        (Backtest(days=45, posts=0), "failures", "would have posted nothing"),
        (Backtest(days=45, posts=2), "overlong 120 min", "2 runs took longer than that"),
        (Backtest(days=45, posts=1), "deadline 06:00", "1 day on which it ran and was not done"),
        (None, "failures", "Orders has no run in the last 45 days"),
        (None, "queue", "I can't tell from past runs"),
    ],
)
async def test_a_short_past_or_none_is_said_as_it_is(
    found: Backtest | None, events: str, past: str, house: House
) -> None:
    answer = await listed(with_past(house, Past(found=found)), target="Orders", events=events)
    assert past in answer.past


async def test_it_is_set_all_the_same_where_the_past_cannot_be_read(house: House) -> None:
    answer = await listed(with_past(house, Past(fault=Unavailable("no answer"))), target="Orders")
    assert "couldn't read enough history" in answer.past
    assert await house.heard("prod", "Orders") == ["19:bound"]


@pytest.mark.parametrize(
    ("target", "events", "said"),
    [
        ("Orders", "overlong 120 min", "when Orders runs longer than 2 h."),
        ("Orders", "deadline 6:00", "is not done by 06:00 (Europe/Berlin), each day."),
        ("Or*", "failures", "when any pipeline named Or* fails."),
        ("SHIR-prod-01", "runtime", "when shir-prod-01 goes offline."),
        ("Orders", "failures; wait 5 min", "when Orders fails and stays so for 5 min."),
        (
            "Orders",
            "missed; quiet 22:00-06:00",
            "does not start when it should, but not between 22:00 and 06:00 (Europe/Berlin).",
        ),
    ],
)
async def test_every_event_is_set_with_its_limit_and_said_in_words(
    target: str, events: str, said: str, house: House
) -> None:
    assert said in (await listed(with_past(house, Past()), target=target, events=events)).said


@pytest.mark.parametrize(
    ("target", "events", "why"),
    [
        ("Orders", "deadline", "no deadline is declared for Orders"),
        ("everything", "deadline 06:00", "a time of day is for one pipeline"),
        ("Orders", "explosions", "there is no event"),
        ("Orders", "overlong soon", "is no limit for overlong"),
        ("Orders", "overlong 99999 min", "is not between 1 and"),
        ("Orders", "failures; wait 0 min", "is not between 1 and"),
        ("Orders", "failures; whenever", "is neither"),
        ("Orders", "deadline 06:00 Mars/Base", "is no time zone"),
        ("Orders", "failures; quiet 06:00-06:00", "has no end"),
    ],
)
async def test_what_is_no_event_is_refused_by_name(
    target: str, events: str, why: str, house: House
) -> None:
    with pytest.raises(BadArguments, match=why):
        await house.tools(OPAL, BOUND).call("ops_subscribe", target=target, events=events)


async def test_a_pattern_or_a_runtime_that_fits_nothing_is_asked_back(house: House) -> None:
    tools = with_past(house, Past()).tools(OPAL, BOUND)
    assert isinstance(await tools.call("ops_subscribe", target="Nope*"), Picker)
    asked = await tools.call("ops_subscribe", target="shir-x", events="runtime")
    assert isinstance(asked, Picker)
    assert "shir-prod-01" in asked.choices[0].question


async def test_the_same_with_another_limit_takes_the_place_of_the_former(house: House) -> None:
    await listed(house, target="Orders", events="overlong 60 min")
    answer = await listed(house, target="Orders", events="overlong 90 min")
    assert "already" not in answer.said
    assert [one.events for one in answer.subscriptions] == ["when it runs longer than 1 h 30 min"]
    assert "already" in (await listed(house, target="Orders", events="overlong 90 min")).said


async def test_who_asks_who_they_are_hears_name_role_and_rights(house: House) -> None:
    about = await house.tools(RUTH, BOUND).call("bot_help", about="me")
    assert isinstance(about, Help)
    assert about.title == "Who you are here"
    assert about.notes[0] == "You are Ruth: reader of uat, reader of prod."
    assert "see runs" in about.notes[1]
    assert "act on runs" not in str(about.notes)
    assert "Opal" in about.notes[-1]


@pytest.mark.parametrize("simulated", [True, False])
async def test_data_is_said_to_be_simulated_or_real_and_how_to_connect_ones_own(
    simulated: bool, house: House
) -> None:
    house.keeping = replace(house.keeping, is_simulated=simulated)
    about = await house.tools(OPAL, CHAT).call("bot_help", about="data")
    assert isinstance(about, Help)
    assert about.notes[0].startswith("No: this is a simulated" if simulated else "Yes: I read prod")
    assert any("doctor" in one for one in about.notes)


async def test_a_stranger_is_told_nothing_about_themselves_or_the_data(house: House) -> None:
    for about in ("me", "data"):
        stranger = replace(OPAL, tenant="elsewhere")
        assert isinstance(await house.tools(stranger, CHAT).call("bot_help", about=about), Denied)
