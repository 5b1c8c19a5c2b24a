"""The endpoint believes only whom it can check, takes each thing once, answers before it works."""

import gzip
import time
from typing import Any

import pytest

from bot.messages import Arrival, CardClick, Message
from tests.bot.teams.conftest import APP_ID, CONNECTOR, Door, Watch
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import CHANNEL, TENANT, Client

MAYA = Client(service_url=CONNECTOR)


async def test_a_signed_message_is_taken(door: Door, identity: IdentityDouble) -> None:
    assert (await door.post(MAYA.personal("hello"), identity.sign(CONNECTOR)))[0] == 202
    (message,) = door.taken.taken
    assert isinstance(message, Message)
    assert (message.text, message.speaker.name) == ("hello", "Maya")


async def test_keys_are_asked_for_once(door: Door, identity: IdentityDouble) -> None:
    for _ in range(5):
        await door.post(MAYA.personal("hello"), identity.sign(CONNECTOR))
    assert identity.calls == {"metadata": 1, "keys": 1}


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://login.example/"},
        {"iss": None},
        pytest.param({"exp": int(time.time()) - 3600}, id="exp an hour ago"),
        {"exp": None},
        {"serviceurl": "https://smba.trafficmanager.net/other/"},
        {"serviceurl": None},
        pytest.param({"nbf": int(time.time()) + 3600}, id="nbf in an hour"),
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(
    claims: dict[str, Any], door: Door, identity: IdentityDouble
) -> None:
    assert (await door.post(MAYA.personal("hi"), identity.sign(CONNECTOR, **claims)))[0] == 401
    assert door.taken.claimed == []


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "garbage",
        "a.b.c",
        "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ.eyJpc3MiOiJ4In0.",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJ4In0.AAAA",
        "eyJhbGciOiJSUzI1NiJ9.e30.AAAA",
    ],
)
async def test_something_that_is_no_token_is_refused(token: str | None, door: Door) -> None:
    assert (await door.post(MAYA.personal("hi"), token))[0] == 401
    assert door.taken.claimed == []


async def test_another_scheme_than_bearer_is_refused(door: Door) -> None:
    status, _ = await door.post(MAYA.personal("hi"), Authorization="Basic dXNlcjpwYXNz")
    assert status == 401


async def test_a_badly_signed_token_is_refused(door: Door, identity: IdentityDouble) -> None:
    head, body, _ = identity.sign(CONNECTOR).split(".")
    forged = identity.sign(CONNECTOR, aud="x").split(".")[2]
    assert (await door.post(MAYA.personal("hi"), f"{head}.{body}.{forged}"))[0] == 401


async def test_an_unpublished_key_is_refused(door: Door, identity: IdentityDouble) -> None:
    identity.roll_over(published=False)
    assert (await door.post(MAYA.personal("hi"), identity.sign(CONNECTOR)))[0] == 401


async def test_a_new_key_is_believed_after_the_roll_over(
    door: Door, identity: IdentityDouble, watch: Watch
) -> None:
    await door.post(MAYA.personal("hi"), identity.sign(CONNECTOR))
    identity.roll_over()
    token = identity.sign(CONNECTOR)
    assert (await door.post(MAYA.personal("hi"), token))[0] == 401
    watch.seconds += 301
    assert (await door.post(MAYA.personal("hi"), token))[0] == 202


async def test_without_keys_the_sender_is_asked_to_come_again(
    door: Door, identity: IdentityDouble
) -> None:
    identity.is_down = True
    assert (await door.post(MAYA.personal("hi"), identity.sign(CONNECTOR)))[0] == 503
    assert door.taken.claimed == []


async def test_a_remembered_token_ends_in_time(
    door: Door, identity: IdentityDouble, watch: Watch
) -> None:
    token = identity.sign(CONNECTOR)
    assert (await door.post(MAYA.personal("hi"), token))[0] == 202
    watch.seconds += 3600 + 301
    assert (await door.post(MAYA.personal("hi"), token))[0] == 401


async def test_a_token_of_an_emulator_or_a_skill_is_refused(
    door: Door, identity: IdentityDouble
) -> None:
    for issuer in (
        f"https://sts.windows.net/{TENANT}/",
        f"https://login.microsoftonline.com/{TENANT}/v2.0",
        "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/",
    ):
        token = identity.sign(CONNECTOR, iss=issuer, appid=APP_ID, ver="1.0")
        assert (await door.post(MAYA.personal("hi"), token))[0] == 401


@pytest.mark.parametrize("endorsements", [None, [], ["webchat"]])
async def test_a_key_that_is_not_endorsed_for_teams_is_refused(
    endorsements: list[str] | None, door: Door, identity: IdentityDouble
) -> None:
    identity.endorsements = endorsements
    assert (await door.post(MAYA.personal("hi"), identity.sign(CONNECTOR)))[0] == 401


async def test_a_remembered_token_is_still_held_to_its_service_url(
    door: Door, identity: IdentityDouble
) -> None:
    token = identity.sign(CONNECTOR)
    assert (await door.post(MAYA.personal("hi"), token))[0] == 202
    other = Client(service_url="https://smba.trafficmanager.net/amer/")
    assert (await door.post(other.personal("hi"), token))[0] == 401


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://user:pw@smba.trafficmanager.net/",
        "https://botframework.com.evil.example/",
        "http://127.0.0.1:1/",
        "",
    ],
)
async def test_a_service_url_that_is_no_connector_is_refused(
    url: str, door: Door, identity: IdentityDouble
) -> None:
    client = Client(service_url=url)
    assert (await door.post(client.personal("hi"), identity.sign(url)))[0] == 403
    assert door.taken.claimed == []


async def test_a_missing_service_url_is_refused(door: Door, identity: IdentityDouble) -> None:
    activity = MAYA.personal("hi")
    del activity["serviceUrl"]
    status, _ = await door.post(activity, identity.sign("", serviceurl=None))
    assert status in {401, 403}


async def test_a_foreign_tenant_is_refused(door: Door, identity: IdentityDouble) -> None:
    foreign = Client(service_url=CONNECTOR, tenant="99999999-9999-9999-9999-999999999999")
    assert (await door.post(foreign.personal("hi"), identity.sign(CONNECTOR)))[0] == 403


async def test_a_foreign_conversation_tenant_is_refused(
    door: Door, identity: IdentityDouble
) -> None:
    activity = MAYA.personal("hi")
    activity["conversation"]["tenantId"] = "99999999-9999-9999-9999-999999999999"
    assert (await door.post(activity, identity.sign(CONNECTOR)))[0] == 403


async def test_no_tenant_at_all_is_refused(door: Door, identity: IdentityDouble) -> None:
    activity = MAYA.personal("hi")
    del activity["conversation"]["tenantId"]
    activity["channelData"] = {}
    assert (await door.post(activity, identity.sign(CONNECTOR)))[0] == 403


async def test_a_guest_of_another_tenant_is_refused(door: Door, identity: IdentityDouble) -> None:
    activity = MAYA.in_channel("hi")
    activity["from"]["tenantId"] = "99999999-9999-9999-9999-999999999999"
    assert (await door.post(activity, identity.sign(CONNECTOR)))[0] == 403


@pytest.mark.parametrize("channel", ["webchat", "emulator", "", None, [], {"id": "msteams"}])
async def test_another_channel_is_refused(
    channel: object, door: Door, identity: IdentityDouble
) -> None:
    activity = MAYA.personal("hi") | {"channelId": channel}
    assert (await door.post(activity, identity.sign(CONNECTOR)))[0] == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("not json", "application/json", 400),
        ("[]", "application/json", 400),
        ("{}", "application/json", 400),
        ('{"type": 7}', "application/json", 400),
        ('{"type": "message", "x": NaN}', "application/json", 400),
        (b'{"type": "\xff"}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"type": "message", "x": ' + "[" * 70 + "]" * 70 + "}", "application/json", 400),
        ('{"type": "\\ud800"}', "application/json", 400),
        ('{"type": "message"}', "application/x-www-form-urlencoded", 415),
        ('{"type": "message"}', "text/plain", 415),
        ('{"type": "' + "x" * 300_000 + '"}', "application/json", 413),
    ],
    ids=[
        *("words", "list", "empty", "odd type", "nan", "bytes", "open", "deep", "surrogate"),
        *("form", "text/plain", "large"),
    ],
)
async def test_a_body_that_is_no_activity_is_refused(
    body: str | bytes, kind: str, status: int, door: Door
) -> None:
    assert (await door.post(body, **{"Content-Type": kind}))[0] == status
    assert door.taken.claimed == []


async def test_the_same_activity_twice_is_worked_on_once(local_door: Door) -> None:
    activity = Client(service_url="http://127.0.0.1:9/").personal("hello")
    assert (await local_door.post(activity))[0] == 202
    assert (await local_door.post(activity))[0] == 202
    assert len(local_door.taken.taken) == 1


async def test_a_click_is_answered_at_once_and_worked_on_once(local_door: Door) -> None:
    press = Client(service_url="http://127.0.0.1:9/").click("ask", {"question": "why"})
    first = await local_door.post(press)
    again = await local_door.post(press | {"id": "another-id", "timestamp": "2026-03-12T02:41:00Z"})
    assert first == again
    assert first[0] == 200
    assert first[1]["type"] == "application/vnd.microsoft.activity.message"
    (click,) = local_door.taken.taken
    assert isinstance(click, CardClick)
    assert (click.verb, click.data) == ("ask", {"question": "why"})


@pytest.mark.parametrize("value", [None, {}, {"action": "x"}, {"action": {"verb": 7}}, "x", []])
async def test_a_click_that_cannot_be_read_is_answered_as_an_error(
    value: object, local_door: Door
) -> None:
    press = Client(service_url="http://127.0.0.1:9/").click("ask", {}) | {"value": value}
    status, body = await local_door.post(press)
    assert (status, body["statusCode"]) == (200, 400)
    assert local_door.taken.taken == []


async def test_another_press_is_another_click(local_door: Door) -> None:
    maya, lee = (Client(service_url="http://127.0.0.1:9/", name=name) for name in ("Maya", "Lee"))
    for press in (
        maya.click("ask", {"question": "why"}),
        lee.click("ask", {"question": "why"}),
        maya.click("ask", {"question": "when"}),
        maya.click("mute", {"question": "why"}),
        maya.click("ask", {"question": "why"}, on_message="message-2"),
        maya.click("ask", {"question": "why"}, thread="1700000000000"),
    ):
        await local_door.post(press)
    assert len(local_door.taken.taken) == 6


async def test_data_too_large_to_keep_is_no_click(local_door: Door) -> None:
    press = Client(service_url="http://127.0.0.1:9/").click("ask", {"question": "x" * 9000})
    status, body = await local_door.post(press)
    assert (status, body["statusCode"]) == (200, 400)


async def test_a_compressed_body_cannot_grow_over_the_limit(local_door: Door) -> None:
    bomb = gzip.compress(b'{"type": "' + b"x" * 50_000_000 + b'"}')
    assert len(bomb) < 100_000
    assert (await local_door.post(bomb, **{"Content-Encoding": "gzip"}))[0] == 413


async def test_a_refusal_is_logged_without_what_the_stranger_wrote(
    door: Door, identity: IdentityDouble, caplog: pytest.LogCaptureFixture
) -> None:
    token = identity.sign(CONNECTOR, aud="somebody-else")
    await door.post(MAYA.in_channel("my-secret-words"), token)
    assert "refused with 401" in caplog.text
    for private in (token, "my-secret-words", CHANNEL, "Maya"):
        assert private not in caplog.text


async def test_feedback_is_answered_with_an_empty_body(local_door: Door) -> None:
    press = Client(service_url="http://127.0.0.1:9/").click("x", {})
    assert await local_door.post(press | {"name": "message/submitAction"}) == (200, {})


async def test_an_unknown_invoke_is_answered_as_not_supported(local_door: Door) -> None:
    press = Client(service_url="http://127.0.0.1:9/").click("x", {})
    assert (await local_door.post(press | {"name": "task/fetch"}))[0] == 501


async def test_an_installation_is_an_arrival(local_door: Door) -> None:
    await local_door.post(Client(service_url="http://127.0.0.1:9/").installed())
    (arrival,) = local_door.taken.taken
    assert isinstance(arrival, Arrival)


async def test_channel_talk_without_a_mention_is_not_for_us(local_door: Door) -> None:
    client = Client(service_url="http://127.0.0.1:9/")
    assert (await local_door.post(client.unmentioned("lunch?")))[0] == 202
    assert local_door.taken.claimed == []
