"""With single sign-on an act goes by the token of who approved it: Azure decides by it."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import app
from adf.simulator import ArmRequest, arm_requests, load_world, make_simulator, read_role
from bot.hosting import make_bot
from bot.hosting.settings import read_settings
from bot.teams import Endpoints
from tests.doubles.connector import running_connector
from tests.doubles.teams import TENANT, object_id
from tests.doubles.token_service import (
    SSO,
    TokenServiceDouble,
    person_token,
    running_token_service,
)
from tests.evals.rows import WORLD
from tests.flows.conftest import Clock, client_of, read
from tests.harness import Product, listening

Json = Mapping[str, Any]
ROOT = Path(__file__).parents[2]
LOGIN = "application/vnd.microsoft.activity.loginRequest"
CONSENT = "application/vnd.microsoft.error.preconditionFailed"
WRONG_CODE = "application/vnd.microsoft.error.incorrectAuthCode"
WORDS = "application/vnd.microsoft.activity.message"
CARD = "application/vnd.microsoft.card.adaptive"
READER = read_role(ROOT / "deploy" / "reader-role.json")
OPERATOR = read_role(ROOT / "deploy" / "operator-role.json")
MAYA = object_id("Maya")
FOREIGN = "99999999-9999-4999-8999-999999999999"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The product with single sign-on, its proposals, and what reached Data Factory."""

    product: Product
    service: TokenServiceDouble
    simulator: web.Application
    rights: dict[str, Collection[str]]

    async def proposed(self) -> Json:
        """The press that approves a rerun which Maya asked for."""
        card = await self.product.ask(client_of(self.product).personal("rerun CustomerDataETL"))
        button = next(one for one in read(card).buttons if one.verb == "approve")
        return client_of(self.product).click("approve", button.data or {})

    async def press(self, click: Json, **sent: object) -> Json:
        """Press it, with what a client of Teams adds to the value of the press."""
        return await self.invoke({**click, "value": {**click["value"], **sent}})

    async def invoke(self, activity: Json) -> Json:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.product.endpoint, json=activity) as answer,
        ):
            found: Json = await answer.json()
            return {"status": answer.status, **found}

    def acts(self) -> list[ArmRequest]:
        return [one for one in arm_requests(self.simulator) if one.path.endswith("createRun")]

    def give(self, token: str, *, operator: bool = True) -> None:
        """The rights of the person with this token."""
        self.rights[token] = OPERATOR if operator else READER


def sso(name: str = "Maya", exchange_id: str = "exchange-1") -> Json:
    return {"id": exchange_id, "connectionName": "theirs", "token": SSO.format(object_id(name))}


@asynccontextmanager
async def staged(declared: Path, clock: Clock, **more: object) -> AsyncGenerator[Stage]:
    """Nobody but people may act: the bot has no writer."""
    rights: dict[str, Collection[str]] = {"loopback": READER}
    simulator = make_simulator(load_world(WORLD, clock), roles=rights)
    async with (
        running_connector() as connector,
        running_token_service() as service,
        listening(simulator) as arm,
    ):
        settings = read_settings(
            _env_file=None,
            ADFOPS_FACTORIES=str(declared),
            ADFOPS_ARM_URL=arm,
            ADFOPS_STORE="memory:",
            ADFOPS_LOCAL=True,
            ADFOPS_SIGN_IN_CONNECTION="azure",
            **more,
        )
        setup = app.setup_of(settings)
        here = replace(setup.identity, endpoints=Endpoints(tokens=service.url))
        product = Product(connector)
        bot = make_bot(
            replace(setup, identity=here, writer=None), clock=clock, observe=product.observe
        )
        async with listening(bot) as base:
            product.endpoint = f"{base}/api/messages"
            await product.until_ready(base)
            yield Stage(product=product, service=service, simulator=simulator, rights=rights)


@pytest.fixture
async def stage(declared: Path, clock: Clock) -> AsyncGenerator[Stage]:
    async with staged(declared, clock) as opened:
        yield opened


async def approved(stage: Stage, **sent: object) -> Json:
    """What the press is answered that comes after a sign-in was asked for."""
    click = await stage.proposed()
    assert (await stage.press(click))["type"] == LOGIN
    return await stage.press(click, **sent)


async def test_a_press_is_not_taken_before_its_person_is_signed_in(stage: Stage) -> None:
    click = await stage.proposed()
    for _ in range(2):
        asked = await stage.press(click)
        assert (asked["statusCode"], asked["type"]) == (401, LOGIN)
        assert asked["value"]["connectionName"] == "azure"
        assert asked["value"]["tokenExchangeResource"]["uri"].startswith("api://botid-")
        assert asked["value"]["buttons"][0]["type"] == "signin"
    assert stage.acts() == []


async def test_an_act_goes_by_the_token_of_who_approved_it(stage: Stage) -> None:
    stage.service.consented.add(MAYA)
    stage.give(person_token(MAYA))
    done = await approved(stage, authentication=sso())
    assert done["type"] == CARD
    (act,) = stage.acts()
    assert (act.status, act.identity) == (200, person_token(MAYA))
    assert stage.service.connections == {"azure"}
    # Signed in once, the next press of the same person needs nothing.
    again = await stage.press(await stage.proposed())
    assert again["type"] != LOGIN


async def test_azure_decides_by_the_persons_own_rights(stage: Stage) -> None:
    stage.service.consented.add(MAYA)
    stage.give(person_token(MAYA), operator=False)
    refused = await approved(stage, authentication=sso())
    assert "Azure refused Maya" in str(refused["value"])
    assert [one.status for one in stage.acts()] == [403]


async def test_consent_is_asked_for_and_the_code_of_the_window_is_taken(stage: Stage) -> None:
    click = await stage.proposed()
    assert (await stage.press(click))["type"] == LOGIN
    failed = await stage.press(click, authentication=sso())
    assert (failed["statusCode"], failed["type"]) == (412, CONSENT)
    wrong = await stage.press(click, state="000000")
    assert (wrong["statusCode"], wrong["type"]) == (401, WRONG_CODE)
    assert stage.acts() == []
    stage.give(person_token(MAYA))
    stage.service.codes["123456"] = MAYA
    assert (await stage.press(click, state="123456"))["type"] == CARD
    assert len(stage.acts()) == 1


@pytest.mark.parametrize(
    "changed",
    [{"tid": FOREIGN}, {"oid": FOREIGN}, {"aud": "https://graph.microsoft.com"}, {"exp": 1}],
    ids=["another tenant", "another person", "another service", "ended"],
)
async def test_a_token_that_is_not_this_persons_for_azure_does_nothing(
    changed: Json, declared: Path, clock: Clock
) -> None:
    async with staged(declared, clock, ADFOPS_TENANTS=TENANT) as stage:
        stage.service.consented.add(MAYA)
        stage.service.changed = changed
        stage.give(person_token(MAYA, **changed))
        refused = await approved(stage, authentication=sso())
        assert (refused["statusCode"], refused["type"]) == (200, WORDS)
        assert "another account" in refused["value"]
        assert stage.acts() == []


async def test_the_exchange_of_several_clients_is_one_and_each_is_answered(stage: Stage) -> None:
    stage.service.consented.add(MAYA)
    stage.give(person_token(MAYA))
    click = await stage.proposed()
    exchange = {**click, "name": "signin/tokenExchange", "value": sso()}
    answers = await asyncio.gather(
        *(stage.invoke({**exchange, "id": f"client-{one}"}) for one in range(5))
    )
    assert {one["status"] for one in answers} == {200}
    assert stage.service.calls["exchange"] == 1
    pressed = await asyncio.gather(*(stage.press(click, authentication=sso()) for _ in range(4)))
    assert {one["type"] for one in pressed} == {CARD}
    assert len(stage.acts()) == 1
    assert stage.service.calls["exchange"] == 1


async def test_an_exchange_that_fails_may_be_tried_again(stage: Stage) -> None:
    click = await stage.proposed()
    exchange = {**click, "name": "signin/tokenExchange", "value": sso()}
    failed = await stage.invoke(exchange)
    assert failed["status"] == 412
    assert failed["id"] == "exchange-1"
    verify = {**click, "name": "signin/verifyState", "value": {"state": "1"}}
    assert (await stage.invoke(verify))["status"] == 412
    stage.service.codes["1"] = MAYA
    assert (await stage.invoke(verify))["status"] == 200
    stage.service.consented.add(MAYA)
    assert (await stage.invoke(exchange))["status"] == 200


async def test_without_an_answer_of_the_service_nothing_is_done_and_it_may_be_pressed_again(
    stage: Stage,
) -> None:
    stage.service.consented.add(MAYA)
    stage.give(person_token(MAYA))
    click = await stage.proposed()
    stage.service.is_down = True
    said = await stage.press(click, authentication=sso())
    assert "gave no answer" in said["value"]
    assert stage.acts() == []
    stage.service.is_down = False
    assert (await stage.press(click, authentication=sso()))["type"] == CARD
    assert len(stage.acts()) == 1


async def test_one_persons_sign_in_is_nobody_elses(stage: Stage) -> None:
    stage.service.consented.add(MAYA)
    click = await stage.proposed()
    exchange = {**click, "name": "signin/tokenExchange", "value": sso()}
    assert (await stage.invoke(exchange))["status"] == 200
    theirs = client_of(stage.product, "Sam").click("approve", click["value"]["action"]["data"])
    assert (await stage.press(theirs))["type"] == LOGIN
    assert stage.acts() == []
