"""What a read goes through on its way: proxies of the environment, and no more than is needed."""

import asyncio
import base64

import aiohttp
import pytest

from adf.client.operations import GET_RUN
from adf.client.sdk import SdkWire
from adf.client.sdk_pipeline import proxies_for
from adf.client.simulator_transport import LoopbackCredential
from adf.errors import Unavailable
from adf.records import Factory

ARM = "https://management.azure.com"
PROD = Factory(alias="adf-prod", subscription="sub", resource_group="rg", name="adf-prod")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without proxies of its own."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_a_proxy_azure_is_asked_directly() -> None:
    assert proxies_for(ARM) == {}


def test_the_proxy_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.contoso.com:8080")
    assert proxies_for(ARM) == {"https": "http://proxy.contoso.com:8080"}


def test_an_exception_of_the_environment_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.contoso.com:8080")
    monkeypatch.setenv("NO_PROXY", "azure.com")
    assert proxies_for(ARM) == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_never_asked_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.contoso.com:8080")
    assert proxies_for(f"http://{host}:8700") == {}


async def test_a_read_goes_through_the_proxy_with_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    came: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://ops:pass@127.0.0.1:{port}")
    wire = SdkWire("sub", ARM, LoopbackCredential())
    try:
        with pytest.raises(Unavailable):
            await wire.call(GET_RUN, PROD, "run-1")
    finally:
        await wire.close()
        proxy.close()
    assert came[0].startswith(b"CONNECT management.azure.com:443 ")
    password = base64.b64encode(b"ops:pass")
    assert b"Proxy-Authorization: Basic " + password in came[0]


async def test_a_netrc_of_the_machine_changes_no_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def reads_netrc(*_: object) -> None:
        raise AssertionError("a .netrc was looked for")

    monkeypatch.setattr(aiohttp.ClientSession, "_get_netrc_auth", reads_netrc)
    wire = SdkWire("sub", "http://127.0.0.1:9", LoopbackCredential())
    try:
        with pytest.raises(Unavailable):
            await wire.call(GET_RUN, PROD, "run-1")
    finally:
        await wire.close()
