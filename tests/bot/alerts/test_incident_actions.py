"""A press on an incident is checked against whoever actions, and done once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, DeclaredRoles, Role, TenantAccess
from bot.alerts.incident_actions import UNKNOWN, IncidentActions
from bot.alerts.incidents import ActionOutcome, ActionResult, BrokenRun, Incident, IncidentEvent
from bot.messages import Address, CardClick, Person, PressResult, Scope
from bot.state.rooms import Rooms
from bot.state.store import MemoryStore
from cards.card import Card

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
OPERATOR = Person(person_id="00000000-0000-0000-0000-00000000000a", name="Opal", tenant="t")
READER = Person(person_id="00000000-0000-0000-0000-00000000000b", name="Rhea", tenant="t")
STRANGER = Person(person_id="00000000-0000-0000-0000-00000000000c", name="Sly", tenant="elsewhere")
ROOM = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
OPEN = Incident(
    incident_id="INC-7",
    factory="prod",
    group="g",
    signature="s",
    since=NOW,
    last_seen=NOW,
    broken=(BrokenRun(pipeline="Orders", run_id="r", root_run_id="r", at=NOW),),
    roots=("r",),
)


class Desk:
    """Keeps one incident, and says what came of a press as it was told to."""

    def __init__(self) -> None:
        self.outcome = ActionOutcome(verdict=ActionResult.DONE, incident=OPEN)
        self.done: list[tuple[str, str, str]] = []
        self.said: list[str] = []

    async def find(self, incident_id: str) -> Incident | None:
        return OPEN if incident_id == "INC-7" else None

    async def acknowledge(self, incident_id: str, person: Person) -> ActionOutcome:
        self.done.append(("ack", incident_id, person.name))
        return self.outcome

    async def resolve(self, incident_id: str, person: Person) -> ActionOutcome:
        self.done.append(("resolve", incident_id, person.name))
        return self.outcome

    async def draw(self, incident: Incident, address: Address, said: str) -> Card:
        self.said.append(said)
        return Card(kind="incident_card", content={"said": said}, summary="")


class Members:
    """Everybody in the room is one of ours."""

    async def is_guest(self, address: Address, person: Person) -> bool:
        return False


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def actions(desk: Desk, store: MemoryStore) -> IncidentActions:
    everybody = TenantAccess(
        factories=("prod",),
        default="prod",
        people={
            OPERATOR.person_id: DeclaredRoles(name="Opal", roles={"prod": Role.OPERATOR}),
            READER.person_id: DeclaredRoles(name="Rhea", roles={"prod": Role.READER}),
        },
    )
    people = AccessPolicy(
        everybody, Rooms(store, lambda: NOW), Members(), lambda tenant: tenant == "t"
    )
    return IncidentActions(
        policy=people,
        denials=Denials(people, AuditLog(store, lambda: NOW, lambda: "1")),
        find=desk.find,
        acknowledge=desk.acknowledge,
        resolve=desk.resolve,
        render=desk.draw,
    )


def click(person: Person, verb: str = "ack", incident: object = "INC-7") -> CardClick:
    return CardClick(
        click_id="c",
        verb=verb,
        data={"incident": incident, "rev": 1},
        speaker=person,
        address=ROOM,
        at=NOW,
    )


@pytest.mark.parametrize("verb", ["ack", "resolve"])
async def test_an_operator_gets_the_card_as_it_is_now(
    verb: str, actions: IncidentActions, desk: Desk
) -> None:
    handler = {"ack": actions.acknowledge, "resolve": actions.resolve}[verb]
    pressed = await handler(click(OPERATOR, verb))
    assert pressed.card is not None
    assert desk.done == [(verb, "INC-7", "Opal")]
    assert desk.said == [""]


async def test_a_reader_is_told_alone_what_it_needs_and_who_can(
    actions: IncidentActions, desk: Desk
) -> None:
    pressed = await actions.acknowledge(click(READER))
    assert pressed.card is None
    assert pressed.words is not None
    assert "operator" in pressed.words
    assert "Opal" in pressed.words
    assert desk.done == []


async def test_a_stranger_learns_nothing_not_even_names(
    actions: IncidentActions, desk: Desk
) -> None:
    pressed = await actions.acknowledge(click(STRANGER))
    assert pressed.words is not None
    assert not {"Opal", "prod", "Orders"} & set(pressed.words.replace(".", " ").split())
    assert desk.done == []


async def test_a_refused_press_is_kept_in_the_audit(
    actions: IncidentActions, store: MemoryStore
) -> None:
    await actions.acknowledge(click(READER))
    (entry,) = await store.range("audit-2026-03-12")
    assert READER.person_id in str(entry.value)
    assert "Rhea" not in str(entry.value)


async def test_the_second_who_acknowledges_hears_who_was_first(
    actions: IncidentActions, desk: Desk
) -> None:
    taken = replace(OPEN, acknowledged=IncidentEvent(person_id="lee", name="Lee", at=NOW))
    desk.outcome = ActionOutcome(verdict=ActionResult.ALREADY, incident=taken)
    await actions.acknowledge(click(OPERATOR))
    assert desk.said == ["Lee has acknowledged it already."]


async def test_what_is_over_is_said_to_be_over(actions: IncidentActions, desk: Desk) -> None:
    desk.outcome = ActionOutcome(verdict=ActionResult.OVER, incident=OPEN)
    await actions.acknowledge(click(OPERATOR))
    assert desk.said == ["It's already closed."]


@pytest.mark.parametrize("incident", ["INC-999", "", 7, None, {"$ne": 1}])
async def test_a_card_that_names_nothing_known_does_nothing(
    incident: object, actions: IncidentActions, desk: Desk
) -> None:
    assert await actions.acknowledge(click(OPERATOR, incident=incident)) == PressResult(
        words=UNKNOWN
    )
    assert desk.done == []


async def test_an_incident_that_went_while_it_was_pressed_is_told(
    actions: IncidentActions, desk: Desk
) -> None:
    desk.outcome = ActionOutcome(verdict=ActionResult.UNKNOWN)
    assert await actions.acknowledge(click(OPERATOR)) == PressResult(words=UNKNOWN)
