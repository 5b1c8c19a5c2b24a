"""Pushed alerts: proven callers alone, the right factory polled at once, and nothing else."""

import json
import random
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
import jwt
import pytest
from aiohttp import web

from adf.records import Factory
from bot.access.audit import AuditEntry, AuditLog
from bot.access.entra_tokens import EntraTokens
from bot.access.request_bodies import LARGEST_BODY
from bot.alerts.pushes import AlertsEndpoint, PushCallers
from bot.alerts.pushes.callers import ACTION_GROUPS, ROLE, SIGNATURE, signature_of
from bot.alerts.pushes.endpoint import ROUTE
from bot.state.store import MemoryStore
from tests.doubles.identity import IdentityDouble, running_identity
from tests.doubles.teams import TENANT
from tests.harness import listening

PAYLOADS = Path(__file__).parents[2] / "data" / "adf_payloads"
SECRET = "a secret of more than 32 characters"
APP_ID = "22222222-2222-2222-2222-222222222222"
FACTORY_APP = "33333333-3333-3333-3333-333333333333"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
PROD = Factory(alias="prod", subscription=SUBSCRIPTION, resource_group="rg-data", name="adf-prod")
UAT = Factory(alias="uat", subscription=SUBSCRIPTION, resource_group="rg-data", name="adf-uat")
SMALL = {"factory": "adf-prod", "pipeline": "pl_ingest", "run_id": "r-1", "status": "Failed"}
FUZZED = 5_000
SAMPLE = 150


@dataclass
class Door:
    """The endpoint on a socket: what it woke, and what it wrote down."""

    url: str
    session: aiohttp.ClientSession
    identity: IdentityDouble
    store: MemoryStore
    woken: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    now: datetime = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        given = {"Content-Type": "application/json", **headers}
        async with self.session.post(f"{self.url}{ROUTE}", data=body, headers=given) as answer:
            await answer.read()
            return answer.status

    async def signed(self, body: bytes, at: timedelta = timedelta()) -> int:
        moment = int((self.now + at).timestamp())
        return await self.post(body, {SIGNATURE: signature_of(SECRET.encode(), moment, body)})

    async def audited(self) -> Sequence[AuditEntry]:
        return await AuditLog(self.store, lambda: self.now).of_day(self.now.date())

    def token(self, **changed: object) -> str:
        claims = {
            "iss": f"{self.identity.url}{TENANT}/v2.0",
            "tid": TENANT,
            "aud": f"api://{APP_ID}",
            "azp": ACTION_GROUPS,
            "roles": [ROLE],
            "oid": "44444444-4444-4444-4444-444444444444",
        }
        return self.identity.sign("", **{**claims, **changed})


@asynccontextmanager
async def opened() -> AsyncGenerator[Door]:
    async with running_identity(APP_ID) as identity, aiohttp.ClientSession() as session:
        door = Door("", session, identity, MemoryStore())
        endpoint = AlertsEndpoint(
            callers=PushCallers(
                tokens=EntraTokens(
                    app_id=APP_ID,
                    tenants=(TENANT,),
                    session=session,
                    seconds=lambda: 0.0,
                    authority=identity.url,
                ),
                apps=(FACTORY_APP,),
                secret=SECRET,
            ),
            factories=(PROD, UAT),
            wake=lambda aliases: door.woken.append(tuple(aliases)),
            audit=AuditLog(door.store, lambda: door.now),
            clock=lambda: door.now,
        )
        application = web.Application()
        application.router.add_post(ROUTE, endpoint.receive)
        async with listening(application) as door.url:
            yield door


@pytest.fixture
async def door() -> AsyncGenerator[Door]:
    async with opened() as found:
        yield found


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def small(**changed: object) -> bytes:
    return json.dumps({**SMALL, **changed}).encode()


@pytest.mark.parametrize(
    ("name", "factories"),
    [
        ("alert_metric_pipeline_failed", ("prod",)),
        ("alert_metric_activity_failed", ("prod",)),
        ("alert_metric_resolved", ("prod",)),
        ("alert_log_v2", ("prod", "uat")),
    ],
)
async def test_an_alert_of_azure_monitor_has_its_factory_polled(
    name: str, factories: tuple[str, ...], door: Door
) -> None:
    bearer = {"Authorization": f"Bearer {door.token()}"}
    assert await door.post(payload(name), bearer) == 202
    assert door.woken == [factories]
    assert not await door.audited()


@pytest.mark.parametrize(
    "named",
    [
        "adf-prod",
        "PROD",
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/RG-data/providers/Microsoft.DataFactory/factories/adf-prod",
    ],
)
async def test_the_small_json_of_a_pipeline_names_its_factory(named: str, door: Door) -> None:
    bearer = {"Authorization": f"Bearer {door.token(azp=None, appid=FACTORY_APP)}"}
    assert await door.post(small(factory=named), bearer) == 202
    assert await door.signed(small(factory=named, status="Succeeded")) == 202
    assert door.woken == [("prod",), ("prod",)]


async def test_the_same_alert_again_is_answered_alike_and_wakes_nobody(door: Door) -> None:
    body = payload("alert_metric_pipeline_failed")
    assert [await door.signed(body) for _ in range(3)] == [202] * 3
    assert len(door.woken) == 1
    assert await door.signed(payload("alert_metric_resolved")) == 202
    assert len(door.woken) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "api://another"},
        {"iss": "https://api.botframework.com"},
        {"tid": "99999999-9999-9999-9999-999999999999"},
        {"azp": "99999999-9999-9999-9999-999999999999"},
        {"azp": None},
        {"roles": None},
        {"roles": ["Reader"]},
        {"roles": ROLE},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
async def test_one_flaw_of_a_token_is_enough(changed: dict[str, Any], door: Door) -> None:
    bearer = {"Authorization": f"Bearer {door.token(**changed)}"}
    assert await door.post(payload("alert_metric_pipeline_failed"), bearer) == 401
    assert not door.woken
    (entry,) = await door.audited()
    assert (entry.right, entry.person) == ("alert", "")


def _unsigned(door: Door, body: bytes) -> dict[str, str]:
    return {}


def _of_another(door: Door, body: bytes) -> dict[str, str]:
    return {SIGNATURE: signature_of(b"x" * 40, int(door.now.timestamp()), body)}


def _of_another_body(door: Door, body: bytes) -> dict[str, str]:
    return {SIGNATURE: signature_of(SECRET.encode(), int(door.now.timestamp()), body + b" ")}


def _too_old(door: Door, body: bytes) -> dict[str, str]:
    return {SIGNATURE: signature_of(SECRET.encode(), int(door.now.timestamp()) - 301, body)}


def _of_the_future(door: Door, body: bytes) -> dict[str, str]:
    return {SIGNATURE: signature_of(SECRET.encode(), int(door.now.timestamp()) + 301, body)}


def _of_no_form(door: Door, body: bytes) -> dict[str, str]:
    return {SIGNATURE: "t=1,v1=zz"}


def _none_algorithm(door: Door, body: bytes) -> dict[str, str]:
    return {"Authorization": f"Bearer {jwt.encode({'tid': TENANT}, key='', algorithm='none')}"}


def _basic(door: Door, body: bytes) -> dict[str, str]:
    return {"Authorization": "Basic YTpi"}


def _two_proofs(door: Door, body: bytes) -> dict[str, str]:
    moment = int(door.now.timestamp())
    return {
        SIGNATURE: signature_of(SECRET.encode(), moment, body),
        "Authorization": f"Bearer {door.token()}",
    }


@pytest.mark.parametrize(
    "proof",
    [
        *(_unsigned, _of_another, _of_another_body, _too_old, _of_the_future, _of_no_form),
        *(_none_algorithm, _basic, _two_proofs),
    ],
)
async def test_who_is_not_proven_has_no_effect(
    proof: Callable[[Door, bytes], dict[str, str]], door: Door
) -> None:
    body = payload("alert_metric_pipeline_failed")
    assert await door.post(body, proof(door, body)) == 401
    assert not door.woken
    assert len(await door.audited()) == 1


async def test_without_tokens_and_secret_nobody_is_a_caller() -> None:
    callers = PushCallers(tokens=None)
    with pytest.raises(Exception, match="no signature that can be checked"):
        await callers.prove({SIGNATURE: signature_of(b"", 0, b"")}, b"", datetime.now(UTC))


async def test_while_the_keys_cannot_be_read_azure_is_asked_to_come_again(door: Door) -> None:
    door.identity.is_down = True
    bearer = {"Authorization": f"Bearer {door.token()}"}
    assert await door.post(payload("alert_metric_pipeline_failed"), bearer) == 503
    assert not door.woken


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 400),
        (b"{}", 422),
        (small(factory="another"), 422),
        (small(run_id=7), 422),
        (small(pipeline=""), 422),
        (b'{"schemaId": "AzureMonitorMetricAlert"}', 422),
        (payload("alert_metric_resolved").replace(b"Resolved", b"Snoozed"), 422),
        (payload("alert_metric_resolved").replace(b"factories/adf-prod", b"factories/else"), 422),
        (payload("alert_metric_resolved").replace(b"microsoft.datafactory", b"microsoft.sql"), 422),
    ],
)
async def test_what_is_no_alert_of_ours_is_refused_with_an_audit_line(
    body: bytes, status: int, door: Door
) -> None:
    assert await door.signed(body) == status
    assert not door.woken
    (entry,) = await door.audited()
    assert entry.person == "secret"


async def test_what_is_too_large_or_of_another_kind_is_not_even_read(door: Door) -> None:
    assert await door.signed(b" " * (LARGEST_BODY + 1)) == 413
    assert await door.post(b"a=1", {"Content-Type": "text/plain"}) == 415
    assert not door.woken
    assert len(await door.audited()) == 2


async def test_a_stranger_who_tries_on_and_on_does_not_fill_the_store(door: Door) -> None:
    for number in range(50):
        assert await door.post(small(run_id=str(number)), {}) == 401
    assert len(await door.audited()) == 1
    door.now += timedelta(minutes=2)
    await door.post(small(), {})
    assert len(await door.audited()) == 2


async def test_what_an_alert_says_is_neither_stored_nor_logged(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="adfops")
    body = small(pipeline="@everyone Hunter2", note="Hunter2")
    assert await door.signed(body) == 202
    assert await door.signed(small(factory="Hunter2")) == 422
    stored = [await door.store.range(one) for one in await door.store.partitions()]
    assert "Hunter2" not in f"{stored} {caplog.text}"


def _broken(value: Any, dice: random.Random) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same JSON with some of it changed, left out, doubled or of another kind."""
    if dice.random() < 0.06:
        return dice.choice(
            [
                *(None, 0, -1, 1e308, True, "", "x", [], {}, "\x00", "\ud800", "A" * 500),
                *("Resolved", "Fired", [1, [2]], {"a": {"b": 1}}, "Log", "Metric"),
            ]
        )
    if isinstance(value, dict):
        return {
            (dice.choice(["x", key.lower()]) if dice.random() < 0.02 else key): _broken(one, dice)
            for key, one in cast("dict[str, Any]", value).items()
            if dice.random() > 0.02
        }
    if isinstance(value, list):
        listed = cast("list[Any]", value)
        return [_broken(one, dice) for one in listed for _ in range(1 + (dice.random() < 0.05))]
    return value


def _fuzzed(dice: random.Random, number: int) -> bytes:
    """An alert of its own, or sometimes one that was sent before, with flaws."""
    names = [one.stem for one in sorted(PAYLOADS.glob("alert_*.json"))]
    base: Any = dice.choice([*(json.loads(payload(one)) for one in names), SMALL])
    if dice.random() < 0.8:
        text = json.dumps(base).replace(SMALL["run_id"], f"r-{number}")
        base = json.loads(re.sub(r'("alertId": ")[^"]*', rf"\g<1>alert-{number}", text))
    body = bytearray(json.dumps(_broken(base, dice)).encode("utf-8", "surrogatepass"))
    if dice.random() < 0.15:
        for _ in range(dice.randint(1, 5)):
            body[dice.randrange(len(body))] = dice.randrange(256)
    if dice.random() < 0.05:
        del body[dice.randrange(len(body)) :]
    return bytes(body)


def _identity(body: bytes) -> tuple[str, ...]:
    """What makes an alert that was taken the same as another, read without our own code."""
    wire = json.loads(body)
    if "schemaId" not in wire:
        return wire["run_id"], wire.get("status", "Failed")
    essentials = wire["data"]["essentials"]
    condition = essentials["monitorCondition"]
    return essentials["alertId"], condition, essentials[f"{condition.lower()}DateTime"]


def _wanted(body: bytes) -> set[str]:
    """The factories that an alert which was taken is about, read without our own code."""
    wire = json.loads(body)
    if "schemaId" not in wire:
        return {"prod"}
    essentials = wire["data"]["essentials"]
    if any("/factories/adf-prod" in one for one in essentials["alertTargetIDs"]):
        return {"prod"}
    return {"prod", "uat"} if essentials["signalType"] == "Log" else set()


@pytest.mark.parametrize(
    "count", [SAMPLE, pytest.param(FUZZED, marks=[pytest.mark.prove, pytest.mark.timeout(900)])]
)
async def test_whatever_is_sent_is_the_right_signal_or_a_refusal_with_a_line(count: int) -> None:
    dice = random.Random(18)
    async with opened() as door:
        seen: set[tuple[str, ...]] = set()
        refused: set[bytes] = set()
        taken = again = 0
        for number in range(count):
            body, woken = _fuzzed(dice, number), len(door.woken)
            assert await door.post(body, {}) == 401
            assert len(door.woken) == woken
            status = await door.signed(body)
            fresh = [set(one) for one in door.woken[woken:]]
            if status == 202:
                identity = _identity(body)
                assert fresh == ([] if identity in seen else [_wanted(body)]), body
                again += identity in seen
                seen.add(identity)
                taken += 1
            else:
                assert status in {400, 422}, (status, body)
                assert fresh == []
                refused.add(body)
        written = [one for one in await door.audited() if one.person == "secret"]
        assert len(refused) <= len(written) <= count - taken
        assert min(len(seen), again, len(refused)) > count / 50
        print(f"{count} alerts: {len(seen)} taken, {again} again, {len(refused)} refused")
