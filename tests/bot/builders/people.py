"""People and places for tests: who is declared, who is a guest, which room is bound."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.access.policy import AccessPolicy, DeclaredRoles, Role, RosterUnreadable, TenantAccess
from bot.messages import Address, Person, Scope
from bot.state.rooms import Rooms

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
OURS = "11111111-1111-1111-1111-111111111111"


def object_id(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


def person(number: int, name: str, tenant: str = OURS) -> Person:
    return Person(person_id=object_id(number), name=name, tenant=tenant)


OPAL, RUTH, STAN, NOEL, BOSS = (
    person(number, name) for number, name in enumerate(("Opal", "Ruth", "Stan", "Noel", "Boss"))
)
EVERYBODY = TenantAccess(
    factories=("prod", "uat"),
    default="prod",
    people={
        OPAL.person_id.upper(): DeclaredRoles(name="Opal", roles={"prod": Role.OPERATOR}),
        RUTH.person_id: DeclaredRoles(name="Ruth", roles={"uat": Role.READER}),
        STAN.person_id: DeclaredRoles(name="Stan", roles={"prod": Role.STAKEHOLDER}),
    },
    operators=(BOSS.person_id,),
)
CHAT = Address(
    scope=Scope.PERSONAL,
    tenant=OURS,
    service_url="https://x/",
    conversation="a:chat",
    bot_id="28:b",
    bot_name="ADF Ops",
)
BOUND = replace(CHAT, scope=Scope.CHANNEL, conversation="19:bound;messageid=7")
LOOSE = replace(CHAT, scope=Scope.GROUP, conversation="19:loose")
PLACES = {"chat": CHAT, "bound": BOUND, "loose": LOOSE}


class Members:
    """Who is a guest; unreadable when told so."""

    def __init__(self) -> None:
        self.guests: set[str] = set()
        self.unreadable = False
        self.asked: list[str] = []

    async def is_guest(self, address: Address, person: Person) -> bool:
        self.asked.append(person.name)
        if self.unreadable:
            raise RosterUnreadable
        return person.person_id in self.guests


def people_with(
    rooms: Rooms, members: Members, everybody: TenantAccess = EVERYBODY
) -> AccessPolicy:
    return AccessPolicy(everybody, rooms, members, lambda tenant: tenant == OURS)
