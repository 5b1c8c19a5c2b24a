"""A token that is not right in all its parts makes no turn and no crash."""

from tests.bot.builders.tokens import CLAIMS, FORMS, ONLY_TEAMS
from tests.bot.teams.conftest import CONNECTOR, Door
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import Client


async def test_no_token_with_a_wrong_claim_makes_a_turn(
    door: Door,
    identity: IdentityDouble,
) -> None:
    body = Client(service_url=CONNECTOR).personal("hello")
    cases = [*CLAIMS, *ONLY_TEAMS]
    found = [(await door.post(body, identity.sign(CONNECTOR, **one)))[0] for one in cases]
    wrong = {str(one): got for one, got in zip(cases, found, strict=True) if got not in {401, 403}}
    assert wrong == {}
    assert door.taken.taken == []


async def test_no_token_of_a_wrong_form_makes_a_turn(
    door: Door,
    identity: IdentityDouble,
) -> None:
    body = Client(service_url=CONNECTOR).personal("hello")
    good = identity.sign(CONNECTOR)
    found = {name: (await door.post(body, change(good)))[0] for name, change in FORMS.items()}
    assert {name: got for name, got in found.items() if got != 401} == {}
    assert door.taken.taken == []
