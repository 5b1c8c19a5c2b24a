"""Every no says what is missing and who can help, is written down, and tells a stranger nothing."""

import json
import logging
from dataclasses import replace

import pytest

from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant, Lack, Right, Role
from bot.messages import Address, Person
from bot.state.store import Store
from tests.bot.builders.people import BOUND, CHAT, LOOSE, NOEL, NOW, OPAL, RUTH, STAN
from tests.bot.builders.refusals import refusals_of_day

ASKED = "why did Payroll fail"


@pytest.fixture
def audit(store: Store) -> AuditLog:
    numbers = iter("abcdefghijklmnop")
    return AuditLog(store, lambda: NOW, lambda: next(numbers))


@pytest.fixture
def refusals(people: AccessPolicy, audit: AuditLog) -> Denials:
    return Denials(people, audit)


@pytest.mark.parametrize(
    ("who", "where", "right", "factory", "happened", "needs", "can_help"),
    [
        (
            RUTH,
            BOUND,
            Right.ACT,
            "prod",
            "Ruth has the role reader",
            "role operator in prod",
            "Opal",
        ),
        (RUTH, BOUND, Right.ACT, None, "needs the role operator in prod", "operator", "Opal"),
        (STAN, CHAT, Right.READ, "prod", "Stan has the role stakeholder", "role reader", "Opal"),
        (OPAL, CHAT, Right.READ, "uat", "You have no role in uat", "role reader in uat", "Ruth"),
        (NOEL, CHAT, Right.READ, None, "personal chat, only your own role", "ADFOPS_", "Opal"),
        (NOEL, LOOSE, Right.READ, None, "linked to a data factory", "link this channel", "Opal"),
    ],
)
async def test_a_no_says_what_is_missing_and_who_can_help(
    who: Person,
    where: Address,
    right: Right,
    factory: str | None,
    happened: str,
    needs: str,
    can_help: str,
    people: AccessPolicy,
    refusals: Denials,
) -> None:
    grant = await people.grant(who, where)
    denied = await refusals.refuse(who, where, grant, asked=ASKED, right=right, factory=factory)
    assert happened in denied.happened
    assert needs in denied.needs
    assert can_help in denied.who
    assert denied.asked == ASKED


@pytest.mark.parametrize(
    ("lack", "told"),
    [
        (Lack.FOREIGN, "organization"),
        (Lack.GUEST, "guest"),
        (Lack.NAMELESS, "account"),
        (Lack.UNCHECKED, "Try again"),
    ],
)
async def test_a_stranger_learns_no_name(lack: Lack, told: str, refusals: Denials) -> None:
    for right in Right:
        denied = await refusals.refuse(
            NOEL, BOUND, Grant(lack=lack), asked="hello", right=right, factory="prod"
        )
        said = f"{denied.happened} {denied.needs} {denied.who}"
        assert told in said
        assert not any(name in said for name in ("prod", "uat", "Opal", "Ruth", "Payroll", "19:"))


async def test_a_no_is_written_down_with_ids_and_no_words(
    people: AccessPolicy,
    refusals: Denials,
    store: Store,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "adfops")
    for who in (RUTH, replace(RUTH, tenant="elsewhere")):
        grant = await people.grant(who, BOUND)
        await refusals.refuse(who, BOUND, grant, asked=ASKED, right=Right.ACT)
    first, second = await refusals_of_day(store, NOW.date())
    assert (first.person, first.right, first.factory, first.why) == (
        RUTH.person_id,
        "act",
        "prod",
        "reader",
    )
    assert (first.conversation, first.at) == (BOUND.conversation, NOW.isoformat())
    assert (second.tenant, second.why, second.factory) == ("elsewhere", "foreign", "")
    kept = json.dumps([str(first), str(second), caplog.text])
    assert "Payroll" not in kept
    assert RUTH.person_id in caplog.text


async def test_a_person_without_a_name_is_refused_in_good_words(refusals: Denials) -> None:
    grant = Grant(roles={"prod": Role.READER}, meant="prod")
    denied = await refusals.refuse(
        replace(NOEL, name=""), BOUND, grant, asked=ASKED, right=Right.BIND
    )
    assert "you have the role reader" in denied.happened
