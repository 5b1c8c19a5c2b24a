"""A token that is not right in all its parts is refused over MCP, without a crash."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest

from bot.mcp_server import McpHandler
from tests.bot.builders.tokens import CLAIMS, FORMS, ONLY_MCP
from tests.bot.mcp_server.conftest import serving, token
from tests.bot.teams.test_key_states import STATES
from tests.doubles.identity import IdentityDouble

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.fixture
async def mcp(desk: McpHandler, identity: IdentityDouble) -> AsyncGenerator[str]:
    async with serving(desk, identity) as url:
        yield url


async def status_of(url: str, signed: str, scheme: str = "Bearer") -> int:
    headers = {"Accept": "application/json, text/event-stream"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url, json=LIST, headers={**headers, "Authorization": f"{scheme} {signed}"}
        ) as answer,
    ):
        return answer.status


async def test_a_good_token_comes_in(mcp: str, identity: IdentityDouble) -> None:
    assert await status_of(mcp, token(identity, "Maya")) == 200


async def test_no_token_with_a_wrong_claim_comes_in_over_mcp(
    mcp: str,
    identity: IdentityDouble,
) -> None:
    cases = [*CLAIMS, *ONLY_MCP]
    found = [await status_of(mcp, token(identity, "Maya", **one)) for one in cases]
    assert len(cases) >= 30
    assert {str(one): got for one, got in zip(cases, found, strict=True) if got != 401} == {}


async def test_no_token_of_a_wrong_form_comes_in_over_mcp(
    mcp: str,
    identity: IdentityDouble,
) -> None:
    good = token(identity, "Maya")
    found = {name: await status_of(mcp, change(good)) for name, change in FORMS.items()}
    assert {name: got for name, got in found.items() if got != 401} == {}
    assert await status_of(mcp, good, "Basic") == 401
    assert await status_of(mcp, token(identity, "Nobody")) == 403


async def test_good_keys_serve_on_whatever_is_published_after_them(
    mcp: str, identity: IdentityDouble
) -> None:
    good = token(identity, "Maya")
    assert await status_of(mcp, good) == 200
    for name, raw in STATES.items():
        identity.raw_keys = raw
        assert [await status_of(mcp, one) for one in ("x" + good, good)] == [401, 200], name


async def test_without_good_keys_mcp_refuses_and_does_not_crash(
    desk: McpHandler, identity: IdentityDouble
) -> None:
    found: dict[str, int] = {}
    for name, raw in STATES.items():
        identity.raw_keys = raw
        async with serving(desk, identity) as url:
            found[name] = await status_of(url, token(identity, "Maya"))
    assert {name: status for name, status in found.items() if status not in {401, 503}} == {}
