"""What 4.17.1 of the SDK does where bot/teams goes its own way: a fix there would be noticed."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import jwt
import pytest
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import (
    ConfigurationBotFrameworkAuthentication,
    ConfigurationServiceClientCredentialFactory,
)
from botbuilder.schema import Activity

from bot.messages import Message
from bot.teams.activities import read_activity
from tests.bot.teams.conftest import APP_ID, NOW
from tests.doubles.teams import TENANT, Client

MAYA = Client(service_url="https://smba.trafficmanager.net/emea/")


class Registered:
    """A configuration as the SDK's samples write it."""

    APP_ID = APP_ID
    APP_PASSWORD = "secret"
    APP_TYPE = "SingleTenant"
    APP_TENANTID = TENANT


def test_the_sdk_loses_the_tenant_of_the_conversation() -> None:
    wire = MAYA.personal("hi")
    wire["channelData"] = {}
    assert Activity().deserialize(wire).conversation.tenant_id is None
    read = read_activity(wire, NOW)
    assert isinstance(read, Message)
    assert read.address.tenant == TENANT


def test_the_sdk_takes_the_name_of_the_bot_out_of_the_sentence() -> None:
    wire = MAYA.in_channel("are the ADF Ops docs up to date?")
    spoiled = TurnContext.remove_recipient_mention(Activity().deserialize(wire))
    read = read_activity(wire, NOW)
    assert isinstance(read, Message)
    assert read.text == "are the ADF Ops docs up to date?"
    assert spoiled.split() == ["are", "the", "docs", "up", "to", "date?"]


async def test_the_sdk_takes_a_dict_for_an_anonymous_bot() -> None:
    settings = {"APP_ID": "an-id", "APP_PASSWORD": "a-secret", "APP_TYPE": "SingleTenant"}
    factory = ConfigurationServiceClientCredentialFactory(settings)
    assert await factory.is_authentication_disabled()


async def test_the_sdk_lets_a_garbled_token_crash_the_request() -> None:
    authentication = ConfigurationBotFrameworkAuthentication(Registered())
    with pytest.raises(jwt.PyJWTError):
        await authentication.authenticate_request(Activity(), "Bearer garbage")
