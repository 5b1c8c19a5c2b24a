"""A press on an incident is checked against whoever presses, and done once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.access.audit import Audit
from bot.access.denial import Refusals
from bot.access.policy import Declared, Everybody, People, Role
from bot.alerts.incident_actions import UNKNOWN, Presses
from bot.alerts.incidents import Broken, Deed, Incident, Outcome, Verdict
from bot.messages import Address, CardClick, Person, Pressed, Scope
from bot.state.rooms import Rooms
from bot.state.store import StubStore
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
    broken=(Broken(pipeline="Orders", run_id="r", root_run_id="r", at=NOW),),
    roots=("r",),
)


class Desk:
    """Keeps one incident, and says what came of a press as it was told to."""

    def __init__(self) -> None:
        self.outcome = Outcome(verdict=Verdict.DONE, incident=OPEN)
        self.done: list[tuple[str, str, str]] = []
        self.said: list[str] = []

    async def find(self, incident_id: str) -> Incident | None:
        return OPEN if incident_id == "INC-7" else None

    async def acknowledge(self, incident_id: str, person: Person) -> Outcome:
        self.done.append(("ack", incident_id, person.name))
        return self.outcome

    async def resolve(self, incident_id: str, person: Person) -> Outcome:
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
def store() -> StubStore:
    return StubStore()


@pytest.fixture
def presses(desk: Desk, store: StubStore) -> Presses:
    everybody = Everybody(
        factories=("prod",),
        default="prod",
        people={
            OPERATOR.person_id: Declared(name="Opal", roles={"prod": Role.OPERATOR}),
            READER.person_id: Declared(name="Rhea", roles={"prod": Role.READER}),
        },
    )
    people = People(everybody, Rooms(store, lambda: NOW), Members(), lambda tenant: tenant == "t")
    return Presses(
        people=people,
        refusals=Refusals(people, Audit(store, lambda: NOW, lambda: "1")),
        find=desk.find,
        caretaker=desk,
        draw=desk.draw,
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
    verb: str, presses: Presses, desk: Desk
) -> None:
    pressed = await presses.press(click(OPERATOR, verb))
    assert pressed is not None
    assert pressed.card is not None
    assert desk.done == [(verb, "INC-7", "Opal")]
    assert desk.said == [""]


async def test_a_reader_is_told_alone_what_it_needs_and_who_can(
    presses: Presses, desk: Desk
) -> None:
    pressed = await presses.press(click(READER))
    assert pressed is not None
    assert pressed.card is None
    assert pressed.words is not None
    assert "operator" in pressed.words
    assert "Opal" in pressed.words
    assert desk.done == []


async def test_a_stranger_learns_nothing_not_even_names(presses: Presses, desk: Desk) -> None:
    pressed = await presses.press(click(STRANGER))
    assert pressed is not None
    assert pressed.words is not None
    assert not {"Opal", "prod", "Orders"} & set(pressed.words.replace(".", " ").split())
    assert desk.done == []


async def test_a_refused_press_is_kept_in_the_audit(presses: Presses, store: StubStore) -> None:
    await presses.press(click(READER))
    (entry,) = await store.range("audit-2026-03-12")
    assert READER.person_id in str(entry.value)
    assert "Rhea" not in str(entry.value)


async def test_the_second_who_acknowledges_hears_who_was_first(
    presses: Presses, desk: Desk
) -> None:
    taken = replace(OPEN, acknowledged=Deed(person_id="lee", name="Lee", at=NOW))
    desk.outcome = Outcome(verdict=Verdict.ALREADY, incident=taken)
    await presses.press(click(OPERATOR))
    assert desk.said == ["Lee has acknowledged it already."]


async def test_what_is_over_is_said_to_be_over(presses: Presses, desk: Desk) -> None:
    desk.outcome = Outcome(verdict=Verdict.OVER, incident=OPEN)
    await presses.press(click(OPERATOR))
    assert desk.said == ["It is over already."]


@pytest.mark.parametrize("incident", ["INC-999", "", 7, None, {"$ne": 1}])
async def test_a_card_that_names_nothing_known_does_nothing(
    incident: object, presses: Presses, desk: Desk
) -> None:
    assert await presses.press(click(OPERATOR, incident=incident)) == Pressed(words=UNKNOWN)
    assert desk.done == []


async def test_an_incident_that_went_while_it_was_pressed_is_told(
    presses: Presses, desk: Desk
) -> None:
    desk.outcome = Outcome(verdict=Verdict.UNKNOWN)
    assert await presses.press(click(OPERATOR)) == Pressed(words=UNKNOWN)


async def test_a_button_of_somebody_elses_is_not_ours(presses: Presses) -> None:
    assert await presses.press(click(OPERATOR, verb="approve")) is None
