"""The official client on a real socket: records come back, and every failure has its kind."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from azure.identity.aio import ManagedIdentityCredential

from adf.client import AdfClient, Factories, sdk_wires
from adf.client.sdk import SdkWire
from adf.errors import (
    AdfError,
    Forbidden,
    NotFound,
    Rejected,
    Throttled,
    Unavailable,
)
from adf.records import Factory, RunStatus, TimeRange
from adf.simulator import arm_requests, load_world, make_simulator

WORLD = Path(__file__).parent.parent / "data" / "world.json"
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
PROD = Factory(alias="adf-prod", subscription="sub", resource_group="rg-data-prod", name="adf-prod")
LAST_DAYS = TimeRange(start=NOW - timedelta(hours=48), end=NOW)

Before = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


class Service:
    """A simulated service and a client of it; `before` may answer in its place."""

    def __init__(self) -> None:
        self.before: web.StreamResponse | Before | None = None
        state = load_world(WORLD)
        state.page_size = 5
        self.app = make_simulator(state, before=self._answer)
        self.url = ""
        self.waits: list[float] = []

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def _answer(self, request: web.Request) -> web.StreamResponse | None:
        if callable(self.before):
            return await self.before(request)
        return self.before

    def client(self, **more: object) -> AdfClient:
        given = {"sleep": self._wait, **more}
        self.wire = SdkWire("sub", self.url, **given)  # pyright: ignore[reportArgumentType]
        return AdfClient(PROD, self.wire)


@asynccontextmanager
async def serving() -> AsyncGenerator[Service]:
    service = Service()
    runner = web.AppRunner(service.app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await service.wire.close()
        await runner.cleanup()


@pytest.fixture
async def service() -> AsyncGenerator[Service]:
    async with serving() as opened:
        yield opened


def answer(
    status: int, body: str = "", kind: str = "application/json", **headers: str
) -> web.Response:
    return web.Response(status=status, text=body, content_type=kind, headers=headers)


def arm_error(status: int, code: str, said: str, **headers: str) -> web.Response:
    body = f'{{"error": {{"code": "{code}", "message": "{said}"}}}}'
    return answer(status, body, **headers)


async def test_all_pages_of_runs_become_records(service: Service) -> None:
    runs = await service.client().list_runs(LAST_DAYS)
    assert len(runs) > 20
    assert runs == tuple(
        sorted(runs, key=lambda run: run.start or run.last_updated or NOW, reverse=True)
    )
    queries = [one for one in arm_requests(service.app) if one.path.endswith("queryPipelineRuns")]
    assert len(queries) >= -(-len(runs) // 5)


async def test_runs_are_filtered_by_the_service(service: Service) -> None:
    runs = await service.client().list_runs(
        LAST_DAYS, pipeline="ProcessOrders", statuses=[RunStatus.QUEUED, RunStatus.IN_PROGRESS]
    )
    assert {run.status for run in runs} == {RunStatus.QUEUED, RunStatus.IN_PROGRESS}
    assert {run.pipeline for run in runs} == {"ProcessOrders"}


async def test_items_of_a_loop_come_with_their_names(service: Service) -> None:
    client = service.client()
    rows = await client.list_activity_runs("44444444-0000-4000-8000-000000000001", None, NOW)
    failed = {row.item for row in rows if row.status is RunStatus.FAILED and row.kind == "Copy"}
    assert failed == {"Account", "OpportunityLineItem"}
    definition = await client.get_definition("IngestSalesforce")
    assert [one.name for one in definition.activities[0].inner] == ["Copy_Object"]


async def test_the_inventory_is_read_with_what_owners_declared(service: Service) -> None:
    names = [one.name for one in await service.client().list_pipelines()]
    assert "CustomerDataETL" in names
    assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (arm_error(401, "ExpiredAuthenticationToken", "expired"), Forbidden),
        (arm_error(403, "AuthorizationFailed", "no permission"), Forbidden),
        (arm_error(404, "ResourceNotFound", "no factory"), NotFound),
        (arm_error(429, "TooManyPipelineRunQueryRequests", "slow"), Throttled),
        (arm_error(400, "BadRequest", "odd"), Rejected),
        (arm_error(409, "Conflict", "odd"), Rejected),
        (arm_error(500, "InternalServerError", "sorry"), Unavailable),
        (answer(500, "<html>sorry</html>", "text/html"), Unavailable),
        (answer(200, "<html>log in</html>", "text/html"), Unavailable),
        (answer(200, "[]"), Unavailable),
        (answer(501, '{"code": "Flat", "message": "flat shape"}'), Unavailable),
        (answer(500, '{"error": "words only"}'), Unavailable),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else f"{one.status}",
)
async def test_every_failure_has_its_kind(
    response: web.Response, kind: type[AdfError], service: Service
) -> None:
    async def fresh(_: web.Request) -> web.Response:
        return web.Response(
            status=response.status, body=response.body, content_type=response.content_type
        )

    service.before = fresh
    client = service.client()
    for asking in (client.list_runs(LAST_DAYS), client.list_pipelines(), client.get_run("x")):
        with pytest.raises(AdfError) as failed:
            await asking
        assert type(failed.value) is kind
    assert len(arm_requests(service.app)) == 3


async def test_the_words_of_the_service_come_redacted_and_with_their_code(service: Service) -> None:
    service.before = arm_error(403, "AuthorizationFailed", "client with Password=Hidden-9; may not")
    with pytest.raises(Forbidden) as failed:
        await service.client().list_runs(LAST_DAYS)
    assert failed.value.code == "AuthorizationFailed"
    assert "Hidden-9" not in str(failed.value)


async def test_the_wait_that_the_service_asks_for_is_known(service: Service) -> None:
    service.before = arm_error(429, "TooManyRequests", "slow", **{"Retry-After": "7"})
    with pytest.raises(Throttled) as failed:
        await service.client().list_runs(LAST_DAYS)
    assert failed.value.retry_after == 7


def failing(times: int, response: Callable[[], web.Response]) -> Before:
    """Answer that many requests with a failure, then let them through."""
    left = [times]

    async def before(_: web.Request) -> web.StreamResponse | None:
        left[0] -= 1
        return response() if left[0] >= 0 else None

    return before


async def test_a_short_wait_that_the_service_asks_for_is_waited(service: Service) -> None:
    header = {"Retry-After": "1"}
    service.before = failing(2, lambda: arm_error(429, "TooMany", "slow", **header))
    assert await service.client().list_pipelines()
    assert service.waits == [1, 1]


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_gateway_that_hiccups_is_asked_again(status: int, service: Service) -> None:
    service.before = failing(1, lambda: answer(status, "<html></html>", "text/html"))
    assert await service.client().list_pipelines()
    assert len(service.waits) == 1


async def test_asking_again_ends(service: Service) -> None:
    service.before = failing(99, lambda: answer(503, "busy", "text/plain"))
    with pytest.raises(Unavailable):
        await service.client().list_pipelines()
    assert len(arm_requests(service.app)) == 3


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "60"}, {"Retry-After": "soon"}], ids=str)
async def test_a_long_or_open_wait_is_told_instead_of_waited(
    headers: dict[str, str], service: Service
) -> None:
    service.before = failing(9, lambda: arm_error(429, "TooMany", "slow", **headers))
    with pytest.raises(Throttled):
        await service.client().list_pipelines()
    assert service.waits == []


async def test_an_answer_that_does_not_come_ends_in_time(service: Service) -> None:
    never = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    service.before = silent
    with pytest.raises(Unavailable, match="no answer within"):
        await service.client(call_limit=6).list_runs(LAST_DAYS)
    never.set()


async def test_nobody_listening_is_unavailable() -> None:
    wire = SdkWire("sub", "http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await AdfClient(PROD, wire).list_runs(LAST_DAYS)
    await wire.close()


async def test_a_next_page_on_another_host_is_not_followed(service: Service) -> None:
    service.before = answer(200, '{"value": [], "nextLink": "https://evil.example/x"}')
    with pytest.raises(Unavailable, match="another host"):
        await service.client().list_pipelines()


async def test_a_token_never_travels_in_clear_to_another_machine() -> None:
    wire = SdkWire("sub", "http://192.0.2.1")
    with pytest.raises(AdfError):
        await AdfClient(PROD, wire).list_runs(LAST_DAYS)
    await wire.close()


async def test_a_managed_identity_signs_in(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{service.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    client = service.client(credential=ManagedIdentityCredential())
    assert await client.list_runs(LAST_DAYS)


async def test_the_sdk_is_opened_once_for_each_subscription(service: Service) -> None:
    twin = Factory(alias="b", subscription="sub", resource_group="rg", name="b")
    opened: list[str] = []
    open_wire = sdk_wires(service.url)

    def counted(subscription: str) -> SdkWire:
        opened.append(subscription)
        service.wire = open_wire(subscription)  # pyright: ignore[reportAttributeAccessIssue]
        return service.wire

    factories = Factories([PROD, twin], "adf-prod", counted)
    await asyncio.gather(*(factories.client(alias) for alias in ("adf-prod", "b", None)))
    assert opened == ["sub"]
    await factories.close()
