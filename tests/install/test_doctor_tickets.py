"""Doctor signs in to the ticket system by a search, opens nothing, and shows no secret."""

from dataclasses import replace

import pytest

from bot.doctor import CheckResult, Finding, Fixer, in_json, is_well
from bot.tickets.setup import TicketKind, TicketSetup
from tests.bot.tickets.stage import KINDS, double_of, setup_of
from tests.doubles.tickets.base import TicketDouble
from tests.install.conftest import Ward, utc_now

SECRET = "planted-ticket-secret"


async def the_tickets(ward: Ward, setup: TicketSetup | None) -> Finding:
    findings = await ward.examine(tickets=setup)
    assert is_well(findings)
    assert SECRET not in in_json(findings)
    (found,) = [one for one in findings if one.what.startswith("tickets")]
    return found


def double(kind: TicketKind) -> TicketDouble:
    return double_of(kind, utc_now)


async def test_without_a_system_none_are_opened(ward: Ward) -> None:
    found = await the_tickets(ward, None)
    assert found.verdict is CheckResult.OK
    assert found.said.startswith("off")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_sign_in_that_is_taken_is_well_and_opens_nothing(
    kind: TicketKind, ward: Ward
) -> None:
    async with double(kind).running() as there:
        found = await the_tickets(ward, setup_of(kind, there.url))
        assert (found.verdict, found.said) == (CheckResult.OK, "reached, and the sign-in is taken")
        assert len(there.calls) == 1
        assert there.tickets == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_sign_in_that_is_refused_names_its_settings(kind: TicketKind, ward: Ward) -> None:
    async with double(kind).running() as there:
        setup = replace(setup_of(kind, there.url), secret=SECRET)
        found = await the_tickets(ward, setup)
        assert found.verdict is CheckResult.WARN
        assert found.said == "answered 401"
        assert "ADFOPS_TICKETS_SECRET" in found.fix


async def test_a_system_that_is_not_there_is_a_matter_of_the_network(ward: Ward) -> None:
    setup = setup_of(TicketKind.SERVICENOW, "http://127.0.0.1:9")
    found = await the_tickets(ward, setup)
    assert (found.said, found.who) == ("unreachable", Fixer.NETWORK)
