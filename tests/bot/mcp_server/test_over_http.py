"""Over HTTP on a real socket: nobody gets in without a token, and people see what is theirs."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx2
import orjson
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from bot.mcp_server import CannotServe, HttpOptions, McpHandler
from bot.mcp_server.http import LARGEST_BODY
from tests.bot.mcp_server.conftest import APP_ID, serving, token
from tests.doubles.identity import IdentityDouble

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
async def url(desk: McpHandler, identity: IdentityDouble) -> AsyncGenerator[str]:
    async with serving(desk, identity) as address:
        yield address


async def post(
    url: str, headers: Mapping[str, str], body: object = LIST
) -> tuple[int, Mapping[str, str], str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=body, headers={**ACCEPT, **headers}) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


def bearing(signed: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {signed}"}


@asynccontextmanager
async def client_of(url: str, signed: str, mode: str = "auto") -> AsyncGenerator[Client]:
    async with (
        httpx2.AsyncClient(headers=dict(bearing(signed)), timeout=10) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


async def told(client: Client, name: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    answer = orjson.loads(getattr(content, "text", ""))
    assert bool(result.is_error) == ("error" in answer)
    return answer


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_official_client_lists_and_calls(
    mode: str, url: str, identity: IdentityDouble
) -> None:
    async with client_of(url, token(identity, "Maya"), mode) as client:
        listed = (await client.list_tools()).tools
        assert {"adf_pipeline_runs", "adf_list_pipelines"} <= {one.name for one in listed}
        assert all(one.annotations and one.annotations.read_only_hint for one in listed)
        assert all(one.input_schema["additionalProperties"] is False for one in listed)
        answer = await told(client, "adf_pipeline_runs", pipeline="CustomerDataETL")
        assert answer["runs"][0]["pipeline"] == "CustomerDataETL"
        assert (await told(client, "ops_bind", factory="adf-uat"))["error"] == "BadArguments"


async def test_each_person_sees_their_own_factories(url: str, identity: IdentityDouble) -> None:
    async with client_of(url, token(identity, "Tom")) as tom:
        assert "pipelines" in await told(tom, "adf_list_pipelines")
        assert (await told(tom, "adf_list_pipelines", factory="adf-uat"))["error"] == "Denied"
    async with client_of(url, token(identity, "Maya")) as maya:
        assert "pipelines" in await told(maya, "adf_list_pipelines", factory="adf-uat")


async def test_people_who_call_at_once_are_not_taken_for_each_other(
    url: str, identity: IdentityDouble
) -> None:
    async def denied(who: str) -> bool:
        async with client_of(url, token(identity, who)) as client:
            return "error" in await told(client, "adf_list_pipelines", factory="adf-uat")

    names = ["Maya", "Tom"] * 6
    assert await asyncio.gather(*map(denied, names)) == [name == "Tom" for name in names]


async def test_without_a_token_nothing_is_told(url: str) -> None:
    status, headers, body = await post(url, {})
    assert status == 401
    assert headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    assert "adf_" not in body


@pytest.mark.parametrize(
    "flaw",
    [
        {"tid": "99999999-9999-9999-9999-999999999999"},
        {"aud": "api://another"},
        {"exp": 1_700_000_000},
        {"iss": "https://elsewhere.example/"},
    ],
    ids=str,
)
async def test_a_token_for_others_is_no_token(
    flaw: Mapping[str, object], url: str, identity: IdentityDouble
) -> None:
    status, _, body = await post(url, bearing(token(identity, "Maya", **flaw)))
    assert status == 401
    assert "adf_" not in body


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic abc", "Bearer a.b.c"])
async def test_a_header_without_a_token_is_refused(header: str, url: str) -> None:
    status, headers, body = await post(url, {"Authorization": header})
    assert status == 401
    assert headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    assert "adf_" not in body


async def test_two_tokens_are_none(url: str, identity: IdentityDouble) -> None:
    good = token(identity, "Maya")
    headers = [("Authorization", f"Bearer {good}"), ("Authorization", "Bearer x")]
    async with httpx2.AsyncClient() as http:
        answer = await http.post(url, json=LIST, headers=[*headers, *ACCEPT.items()])
    assert answer.status_code == 401


async def test_somebody_without_a_role_is_forbidden(url: str, identity: IdentityDouble) -> None:
    status, _, body = await post(url, bearing(token(identity, "Gus")))
    assert status == 403
    assert "ask the person who runs the bot" in body


async def test_while_keys_cannot_be_read_it_says_so(url: str, identity: IdentityDouble) -> None:
    identity.is_down = True
    status, _, _ = await post(url, bearing(token(identity, "Maya")))
    assert status == 503


async def test_another_host_name_is_refused(url: str, identity: IdentityDouble) -> None:
    headers = {**bearing(token(identity, "Maya")), "Host": "evil.example"}
    assert (await post(url, headers))[0] == 421
    headers = {**bearing(token(identity, "Maya")), "Origin": "https://evil.example"}
    assert (await post(url, headers))[0] == 403


async def test_a_body_that_no_question_needs_is_refused(url: str, identity: IdentityDouble) -> None:
    status, _, _ = await post(url, bearing(token(identity, "Maya")), "x" * (LARGEST_BODY + 1))
    assert status == 413


@pytest.mark.parametrize("body", [[], {}, 7, {"jsonrpc": "2.0", "id": 1, "method": "nothing"}])
async def test_nonsense_is_answered_with_an_error_of_the_protocol(
    body: object, url: str, identity: IdentityDouble
) -> None:
    status, _, text = await post(url, bearing(token(identity, "Maya")), body)
    assert status in {200, 400, 404}
    assert "error" in orjson.loads(text)


async def test_a_client_learns_where_to_sign_in(desk: McpHandler, identity: IdentityDouble) -> None:
    door = HttpOptions(
        names=("ops.example",), sign_in="https://login.example/t/v2.0", scope=f"api://{APP_ID}/ask"
    )
    async with serving(desk, identity, door) as address:
        where = address.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")
        _, headers, _ = await post(address, {"Host": "ops.example"})
        async with aiohttp.ClientSession() as session, session.get(where) as answer:
            described = await answer.json()
        good = {**bearing(token(identity, "Maya")), "Host": "ops.example"}
        assert (await post(address, good))[0] == 200
    assert (
        'resource_metadata="https://ops.example/.well-known/oauth-protected-resource/mcp"'
        in headers["WWW-Authenticate"]
    )
    assert described["resource"] == "https://ops.example/mcp"
    assert described["authorization_servers"] == ["https://login.example/t/v2.0"]
    assert described["scopes_supported"] == [f"api://{APP_ID}/ask"]


async def test_open_to_the_network_needs_a_name_and_a_sign_in(desk: McpHandler) -> None:
    with pytest.raises(CannotServe, match="open to the network"):
        HttpOptions(host="0.0.0.0")
    with pytest.raises(CannotServe, match="MicrosoftAppId"):
        async with serving(desk, None, HttpOptions(names=("ops.example",))):
            pass


async def test_a_port_in_use_stops_the_start(
    desk: McpHandler, identity: IdentityDouble, url: str
) -> None:
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(OSError, match="in use"):
        async with serving(desk, identity, HttpOptions(port=port)):
            pass


async def test_on_a_developers_machine_nobody_has_to_be_anybody(local: McpHandler) -> None:
    async with (
        serving(local, None, HttpOptions(host="localhost")) as address,
        Client(address) as client,
    ):
        assert "pipelines" in await told(client, "adf_list_pipelines")


async def test_it_listens_where_it_is_told(desk: McpHandler, identity: IdentityDouble) -> None:
    async with serving(desk, identity, HttpOptions(host="::1")) as address:
        status, _, _ = await post(address.replace("127.0.0.1", "[::1]"), {})
    assert status == 401
