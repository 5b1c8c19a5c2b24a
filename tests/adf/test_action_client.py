"""Acts on a real socket: sent once under the caller's id; a lost answer is looked up."""

import asyncio
import inspect
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.mgmt.datafactory.operations import (
    _operations as sdk,  # pyright: ignore[reportPrivateUsage]
)

from adf.client.action_clients import ActionClients, action_wires
from adf.client.action_sdk import SdkActionWire
from adf.client.actions import ActionClient
from adf.client.factories import UnknownFactory, Wires
from adf.client.simulator_transport import LoopbackCredential
from adf.client.write_operations import WRITE_OPERATIONS
from adf.errors import (
    AdfError,
    BadArguments,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from adf.records import ActionKind, ActionLookup, ActionTarget, Factory, OutcomeState, RerunMode
from tests.adf.fake_wire import FakeWire

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
LAB = Factory(alias="lab", subscription="sub", resource_group="rg lab", name="adf-lab")
OLD, NEW = "11111111-0000-4000-8000-000000000001", "99999999-0000-4000-8000-000000000009"
RERUN = ActionTarget(factory="lab", kind=ActionKind.RERUN, pipeline="Load", run_id=OLD)
RUN = ActionTarget(factory="lab", kind=ActionKind.RUN, pipeline="Load", parameters={"n": 5})
CANCEL = ActionTarget(factory="lab", kind=ActionKind.CANCEL, run_id=OLD)
START = ActionTarget(factory="lab", kind=ActionKind.START_TRIGGER, trigger="T 1")
STOP = replace(START, kind=ActionKind.STOP_TRIGGER)
EVERY_ACT = [RERUN, RUN, CANCEL, START, STOP]

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Posted:
    """One POST as it reached the service."""

    path: str
    query: dict[str, str]
    request_id: str
    body: Any
    content_type: str


@dataclass
class Service:
    """Takes acts, remembers them, and answers as a test says."""

    posted: list[Posted] = field(default_factory=list[Posted])
    answer: Answer | None = None
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        request_id = request.headers["x-ms-client-request-id"]
        self.posted.append(
            Posted(
                path=request.path,
                query=dict(request.query),
                request_id=request_id,
                body=json.loads(text) if text else None,
                content_type=request.headers.get("Content-Type", ""),
            )
        )
        if self.answer:
            return await self.answer(request)
        if request.path.endswith("createRun"):
            return web.json_response({"runId": request_id})
        return web.Response()


@dataclass
class Bench:
    """A client of acts on the service, and what it reads."""

    service: Service
    reads: FakeWire
    client: ActionClient


@asynccontextmanager
async def acting(
    limit: float = 20.0, credential: LoopbackCredential | None = None
) -> AsyncGenerator[Bench]:
    service = Service()
    app = web.Application()
    app.router.add_post("/{path:.*}", service.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    reads = FakeWire()
    reads.runs[OLD] = run_of(OLD, "Failed")
    reads.pipelines["Load"] = {"name": "Load", "properties": {"parameters": TYPES}}
    wire = SdkActionWire("sub", service.url, credential or LoopbackCredential("writer"), limit)
    try:
        yield Bench(service, reads, ActionClient(LAB, wire, reads))
    finally:
        await wire.close()
        await runner.cleanup()


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    async with acting() as opened:
        yield opened


TYPES = {
    "day": {"type": "String"},
    "n": {"type": "Int"},
    "full": {"type": "Bool"},
    "tables": {"type": "Array"},
    "secret": {"type": "SecureString"},
    "odd": {"type": "Int"},
}


def run_of(run_id: str, status: str, **more: object) -> dict[str, Any]:
    shown = {
        "day": "2026-03-12",
        "n": "5",
        "full": "True",
        "tables": '["a","b"]',
        "secret": "Password=Hidden-9;",
        "odd": "five",
    }
    return {
        "runId": run_id,
        "pipelineName": "Load",
        "status": status,
        "parameters": shown,
        "runGroupId": OLD,
        "runStart": "2026-03-12T02:40:05Z",
        "lastUpdated": "2026-03-12T02:40:05Z",
        **more,
    }


def refused(status: int, code: str, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        body = json.dumps({"error": {"code": code, "message": f"said {code}"}})
        kind = "application/json"
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    return answer


async def dropped(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def cut_in_the_body(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"runId"')
    assert request.transport is not None
    request.transport.close()
    return response


async def in_html(_: web.Request) -> web.Response:
    return web.Response(text="<html>sign in</html>", content_type="text/html")


async def test_a_rerun_is_one_post_in_the_group_of_the_old_run(bench: Bench) -> None:
    receipt = await bench.client.perform(RERUN, NEW)
    assert receipt.run_id == NEW
    (posted,) = bench.service.posted
    assert posted.path.endswith("/factories/adf-lab/pipelines/Load/createRun")
    recovery = {"referencePipelineRunId": OLD, "isRecovery": "true"}
    assert posted.query == {"api-version": "2018-06-01", **recovery}
    assert posted.request_id == NEW


async def test_a_rerun_sends_the_parameters_of_the_run_in_their_types(bench: Bench) -> None:
    await bench.client.perform(RERUN, NEW)
    assert bench.service.posted[0].body == {
        "day": "2026-03-12",
        "n": 5,
        "full": True,
        "tables": ["a", "b"],
        "secret": "Password=Hidden-9;",
        "odd": "five",
    }


async def test_a_secret_that_is_masked_is_not_sent_for_the_secret(bench: Bench) -> None:
    stars = {"day": "***", "secret": "********"}
    bench.reads.runs[OLD] = run_of(OLD, "Failed", parameters=stars)
    await bench.client.perform(RERUN, NEW)
    assert bench.service.posted[0].body == {"day": "***"}


async def test_a_pipeline_without_parameters_gets_an_empty_object(bench: Bench) -> None:
    bench.reads.runs[OLD] = run_of(OLD, "Failed", parameters={})
    await bench.client.perform(RERUN, NEW)
    assert bench.service.posted[0].body == {}
    assert bench.service.posted[0].content_type == "application/json"


@pytest.mark.parametrize(
    ("mode", "activity", "query"),
    [
        (RerunMode.FROM_FAILURE, None, {"startFromFailure": "true"}),
        (RerunMode.FROM_ACTIVITY, "Copy 1", {"startActivityName": "Copy 1"}),
    ],
)
async def test_a_rerun_says_where_it_begins(
    mode: RerunMode, activity: str | None, query: dict[str, str], bench: Bench
) -> None:
    await bench.client.perform(replace(RERUN, mode=mode, activity=activity), NEW)
    assert bench.service.posted[0].query.items() >= query.items()


async def test_a_run_now_sends_what_the_person_gave(bench: Bench) -> None:
    assert (await bench.client.perform(RUN, NEW)).run_id == NEW
    assert bench.service.posted[0].body == {"n": 5}
    assert bench.service.posted[0].query == {"api-version": "2018-06-01"}


@pytest.mark.parametrize("recursive", [True, False])
async def test_a_cancel_says_whether_children_go_too(recursive: bool, bench: Bench) -> None:
    receipt = await bench.client.perform(replace(CANCEL, recursive=recursive), NEW)
    assert receipt.run_id == OLD
    (posted,) = bench.service.posted
    assert posted.path.endswith(f"/pipelineruns/{OLD}/cancel")
    assert posted.query["isRecursive"] == str(recursive).lower()
    assert posted.body is None


@pytest.mark.parametrize(("target", "verb"), [(START, "start"), (STOP, "stop")])
async def test_a_trigger_is_started_or_stopped(
    target: ActionTarget, verb: str, bench: Bench
) -> None:
    await bench.client.perform(target, NEW)
    (posted,) = bench.service.posted
    assert posted.path.endswith(f"/triggers/T 1/{verb}")
    assert (posted.body, posted.request_id) == (None, NEW)


@pytest.mark.parametrize("target", EVERY_ACT, ids=lambda one: one.kind)
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "BadRequest", Rejected),
        (401, "ExpiredAuthenticationToken", Forbidden),
        (403, "AuthorizationFailed", Forbidden),
        (404, "ResourceNotFound", NotFound),
        (400, "ReferencedPipelineRunNotFound", NotFound),
        (409, "Conflict", Rejected),
        (429, "TooManyRequests", Throttled),
    ],
)
async def test_a_refusal_of_azure_has_its_kind_and_is_sent_once(
    status: int, code: str, kind: type[AdfError], target: ActionTarget, bench: Bench
) -> None:
    bench.service.answer = refused(status, code, **{"Retry-After": "0"})
    with pytest.raises(kind) as failed:
        await bench.client.perform(target, NEW)
    assert type(failed.value) is kind
    assert (failed.value.code, failed.value.resource) == (code, LAB.resource_id)
    assert len(bench.service.posted) == 1


LOST = {
    "dropped": dropped,
    "cut": cut_in_the_body,
    "html": in_html,
    **{str(status): refused(status, "Broken", **{"Retry-After": "0"}) for status in (408, 500)},
    **{str(status): refused(status, "Broken") for status in (502, 503, 504)},
}


@pytest.mark.parametrize("target", EVERY_ACT, ids=lambda one: one.kind)
@pytest.mark.parametrize("way", LOST)
async def test_a_lost_answer_leaves_the_outcome_open_and_nothing_is_sent_again(
    way: str, target: ActionTarget, bench: Bench
) -> None:
    bench.service.answer = LOST[way]
    with pytest.raises(OutcomeUnknown) as failed:
        await bench.client.perform(target, NEW)
    assert failed.value.request_id == NEW
    assert len(bench.service.posted) == 1


async def test_an_answer_that_does_not_come_leaves_the_outcome_open() -> None:
    never = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    async with acting(limit=5.0) as bench:
        bench.service.answer = silent
        with pytest.raises(OutcomeUnknown, match="no answer in time"):
            await bench.client.perform(CANCEL, NEW)
        assert len(bench.service.posted) == 1
        never.set()


async def test_a_run_without_an_id_in_the_answer_leaves_the_outcome_open(bench: Bench) -> None:
    async def nameless(_: web.Request) -> web.Response:
        return web.json_response({})

    bench.service.answer = nameless
    with pytest.raises(OutcomeUnknown, match="names no run"):
        await bench.client.perform(RUN, NEW)


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    wire = SdkActionWire("sub", "http://127.0.0.1:9", LoopbackCredential("writer"))
    with pytest.raises(Unavailable) as failed:
        await ActionClient(LAB, wire, FakeWire()).perform(CANCEL, NEW)
    assert type(failed.value) is Unavailable
    await wire.close()


class NoCredential(LoopbackCredential):
    """A credential that fails at the sign-in."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClientAuthenticationError("AADSTS7000215: invalid secret"), Forbidden),
        (ServiceRequestError("no way to the sign-in"), Unavailable),
    ],
    ids=["refused", "unreachable"],
)
async def test_without_a_sign_in_nothing_is_sent(error: Exception, kind: type[AdfError]) -> None:
    async with acting(credential=NoCredential(error)) as bench:
        with pytest.raises(kind) as failed:
            await bench.client.perform(CANCEL, NEW)
        assert type(failed.value) is kind
        assert bench.service.posted == []


async def test_a_redirect_is_not_followed(bench: Bench) -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(f"{bench.service.url}/elsewhere")

    bench.service.answer = elsewhere
    with pytest.raises(AdfError):
        await bench.client.perform(CANCEL, NEW)
    assert len(bench.service.posted) == 1


@pytest.mark.parametrize("name", [".", "..", "../triggers/T/stop?", "a\\b", "a%2Fb", "a#b"])
async def test_a_name_leads_nowhere_else(name: str, bench: Bench) -> None:
    with pytest.raises(BadArguments):
        await bench.client.perform(replace(RUN, pipeline=name), NEW)
    assert bench.service.posted == []


async def test_a_run_of_another_pipeline_is_not_rerun(bench: Bench) -> None:
    with pytest.raises(BadArguments, match="is of Load, not of Other"):
        await bench.client.perform(replace(RERUN, pipeline="Other"), NEW)
    assert bench.service.posted == []


async def test_a_run_that_is_gone_is_not_rerun(bench: Bench) -> None:
    bench.reads.runs.clear()
    with pytest.raises(NotFound):
        await bench.client.perform(RERUN, NEW)
    assert bench.service.posted == []


async def looked_up(bench: Bench, target: ActionTarget) -> ActionLookup:
    return await bench.client.look_up(target, NEW, NOW, NOW + timedelta(minutes=5))


@pytest.mark.parametrize("target", [RERUN, RUN], ids=lambda one: one.kind)
async def test_a_lost_run_is_looked_up_by_the_id_of_its_request(
    target: ActionTarget, bench: Bench
) -> None:
    bench.reads.runs[NEW] = run_of(NEW, "InProgress")
    outcome = await looked_up(bench, target)
    assert outcome.run
    assert (outcome.state, outcome.run.run_id) == (OutcomeState.DONE, NEW)
    assert bench.service.posted == []


async def test_runs_that_may_be_the_lost_one_are_said_as_no_more_than_that(bench: Bench) -> None:
    manual = {"invokedBy": {"name": "Manual", "invokedByType": "Manual"}}
    clock = {"invokedBy": {"name": "Daily", "invokedByType": "ScheduleTrigger"}}
    rows: list[Mapping[str, Any]] = [
        run_of("a", "InProgress", **manual),
        run_of("b", "InProgress", **clock),
    ]
    rows.append(run_of("c", "InProgress", runGroupId="other", **manual))
    rows.append(run_of("d", "InProgress", runStart="2026-03-12T01:00:00Z", **manual))
    bench.reads.run_pages = [rows]
    outcome = await looked_up(bench, RUN)
    assert outcome.state is OutcomeState.NOT_SEEN
    assert {run.run_id for run in outcome.candidates} == {"a", "c"}
    assert {run.run_id for run in (await looked_up(bench, RERUN)).candidates} == {"a", "b"}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Canceling", OutcomeState.DONE),
        ("Cancelled", OutcomeState.DONE),
        ("InProgress", OutcomeState.NOT_SEEN),
        ("Succeeded", OutcomeState.NOT_SEEN),
    ],
)
async def test_a_lost_cancel_is_looked_up_by_the_state_of_the_run(
    status: str, state: OutcomeState, bench: Bench
) -> None:
    bench.reads.runs[OLD] = run_of(OLD, status)
    outcome = await looked_up(bench, CANCEL)
    assert outcome.run
    assert (outcome.state, outcome.run.run_id) == (state, OLD)


@pytest.mark.parametrize(("target", "wanted"), [(START, "Started"), (STOP, "Stopped")])
@pytest.mark.parametrize("state", ["Started", "Stopped"])
async def test_a_lost_start_or_stop_is_looked_up_by_the_state_of_the_trigger(
    state: str, target: ActionTarget, wanted: str, bench: Bench
) -> None:
    properties = {"type": "ScheduleTrigger", "runtimeState": state}
    bench.reads.triggers["T 1"] = {"name": "T 1", "properties": properties}
    outcome = await looked_up(bench, target)
    assert (outcome.state is OutcomeState.DONE) is (state == wanted)
    assert outcome.trigger
    assert outcome.trigger.name == "T 1"


async def test_clients_of_acts_are_opened_once_with_the_writers_credential() -> None:
    opened: list[str] = []

    def credential() -> LoopbackCredential:
        opened.append("writer")
        return LoopbackCredential("writer")

    reads = Wires(lambda _: FakeWire())
    clients = ActionClients([LAB], reads, action_wires("http://127.0.0.1:9", credential))
    await asyncio.gather(*(clients.client(alias) for alias in ("lab", "LAB", "lab")))
    assert opened == ["writer"]
    with pytest.raises(UnknownFactory):
        await clients.client("other")
    await clients.close()


def test_the_paths_are_those_of_the_official_client() -> None:
    given = {"resource_group_name": "rg lab", "factory_name": "adf-lab", "subscription_id": "sub"}
    builders: dict[str, tuple[Callable[..., Any], str]] = {
        "create_run": (sdk.build_pipelines_create_run_request, "pipeline_name"),
        "cancel_run": (sdk.build_pipeline_runs_cancel_request, "run_id"),
        "start_trigger": (sdk.build_triggers_start_request, "trigger_name"),
        "stop_trigger": (sdk.build_triggers_stop_request, "trigger_name"),
    }
    assert builders.keys() == {one.name for one in WRITE_OPERATIONS}
    for one in WRITE_OPERATIONS:
        build, name = builders[one.name]
        assert name in inspect.signature(build).parameters
        wanted = build(**given, **{name: "Load it"})
        assert wanted.method == "POST"
        assert urlsplit(str(wanted.url)).path == one.path_for(LAB, "Load it")
