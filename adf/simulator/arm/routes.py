"""The REST operations of Data Factory that the simulator answers, one function each."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from adf.simulator.arm.page_shapes import PageShape, shaped
from adf.simulator.arm.protocol import API_VERSION, ArmError, json_answer
from adf.simulator.arm.query_parser import read_query
from adf.simulator.arm.run_queries import (
    ACTIVITY_OPERANDS,
    ACTIVITY_ORDERS,
    RUN_OPERANDS,
    RUN_ORDERS,
)
from adf.simulator.arm.serializers import (
    activity_run_body,
    factory_body,
    factory_id,
    pipeline_run_body,
    resource_body,
)
from adf.simulator.runs import Json
from adf.simulator.state import DataFactory, State, named
from adf.simulator.trigger_runs import (
    TRIGGER_RUN_OPERANDS,
    TRIGGER_RUN_ORDERS,
    trigger_run_body,
)

STATE = web.AppKey("state", State)
SHAPE = web.RequestKey("shape", PageShape)
FACTORY = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.DataFactory/factories/{factory}"
)
LIST_SIZE = 50

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Things = Callable[[DataFactory], Mapping[str, Json]]


def arm_routes() -> list[web.RouteDef]:
    """Every ARM route there is."""
    return [
        web.get(FACTORY, _get_factory),
        web.get(f"{FACTORY}/pipelines", _lister("pipelines", _pipelines)),
        web.get(f"{FACTORY}/pipelines/{{name}}", _getter("pipeline", "pipelines", _pipelines)),
        web.get(f"{FACTORY}/triggers", _lister("triggers", _triggers)),
        web.get(f"{FACTORY}/triggers/{{name}}", _getter("trigger", "triggers", _triggers)),
        web.post(f"{FACTORY}/queryTriggerRuns", _query_trigger_runs),
        web.get(f"{FACTORY}/integrationRuntimes", _lister("integrationRuntimes", _runtimes)),
        web.get(
            f"{FACTORY}/integrationRuntimes/{{name}}",
            _getter("runtime", "integrationRuntimes", _runtimes),
        ),
        web.post(f"{FACTORY}/integrationRuntimes/{{name}}/getStatus", _get_runtime_status),
        web.post(f"{FACTORY}/integrationRuntimes/{{name}}/monitoringData", _get_runtime_load),
        web.get(f"{FACTORY}/datasets", _lister("datasets", _datasets)),
        web.get(f"{FACTORY}/dataflows", _lister("dataflows", _data_flows)),
        web.get(f"{FACTORY}/linkedservices", _lister("linkedservices", _linked_services)),
        web.get(f"{FACTORY}/adfcdcs", _lister("adfcdcs", _captures)),
        web.post(f"{FACTORY}/queryPipelineRuns", _query_pipeline_runs),
        web.get(f"{FACTORY}/pipelineruns/{{run}}", _get_pipeline_run),
        web.post(f"{FACTORY}/pipelineruns/{{run}}/queryActivityruns", _query_activity_runs),
    ]


def counter_of(request: web.Request) -> str:
    """Which allowance a request is counted against: queries read, as the newest recording says."""
    return "reads" if request.method == "GET" or "/query" in request.path else "writes"


async def _get_factory(request: web.Request) -> web.Response:
    return json_answer(factory_body(_subscription(request), factory_of(request)))


async def _query_pipeline_runs(request: web.Request) -> web.Response:
    state, factory = request.app[STATE], factory_of(request)
    query = read_query(await request.read(), RUN_OPERANDS, RUN_ORDERS)
    now = state.clock()
    page = shaped(
        request.get(SHAPE),
        query,
        lambda query, size: factory.query_runs(query, now, size),
        state.page_size,
    )
    parent = factory_id(_subscription(request), factory)
    return _page([pipeline_run_body(parent, run) for run in page.rows], page.token)


async def _get_pipeline_run(request: web.Request) -> web.Response:
    factory = factory_of(request)
    run = factory.get_run(request.match_info["run"], request.app[STATE].clock())
    return json_answer(pipeline_run_body(factory_id(_subscription(request), factory), run))


async def _query_activity_runs(request: web.Request) -> web.Response:
    state, factory = request.app[STATE], factory_of(request)
    query = read_query(await request.read(), ACTIVITY_OPERANDS, ACTIVITY_ORDERS)
    run_id, now = request.match_info["run"], state.clock()
    page = shaped(
        request.get(SHAPE),
        query,
        lambda query, size: factory.query_activity_runs(run_id, query, now, size),
        state.page_size,
    )
    parent = factory_id(_subscription(request), factory)
    return _page([activity_run_body(parent, one) for one in page.rows], page.token)


async def _query_trigger_runs(request: web.Request) -> web.Response:
    state, factory = request.app[STATE], factory_of(request)
    query = read_query(await request.read(), TRIGGER_RUN_OPERANDS, TRIGGER_RUN_ORDERS)
    now = state.clock()
    page = shaped(
        request.get(SHAPE),
        query,
        lambda query, size: factory.query_trigger_runs(query, now, size),
        state.page_size,
    )
    return _page([trigger_run_body(one) for one in page.rows], page.token)


async def _get_runtime_status(request: web.Request) -> web.Response:
    runtimes = factory_of(request).runtimes
    name = named(runtimes, "runtime", request.match_info["name"])
    return json_answer({"name": name, "properties": runtimes[name].status})


async def _get_runtime_load(request: web.Request) -> web.Response:
    """The load of nodes; without a machine there is none, as recorded."""
    runtimes = factory_of(request).runtimes
    name = named(runtimes, "runtime", request.match_info["name"])
    return json_answer({"name": name, **runtimes[name].load})


def _page(rows: list[Json], token: str | None) -> web.Response:
    return json_answer({"value": rows, **({"continuationToken": token} if token else {})})


def _lister(kind: str, things: Things) -> Handler:
    async def list_things(request: web.Request) -> web.Response:
        factory = factory_of(request)
        parent = factory_id(_subscription(request), factory)
        found = sorted(things(factory).items())
        begin = _skipped(request)
        rows = [
            resource_body(parent, kind, name, properties)
            for name, properties in found[begin : begin + LIST_SIZE]
        ]
        more = begin + LIST_SIZE < len(found)
        link = {"nextLink": _next_link(request, begin + LIST_SIZE)} if more else {}
        return json_answer({"value": rows, **link})

    return list_things


def _getter(what: str, kind: str, things: Things) -> Handler:
    async def get_thing(request: web.Request) -> web.Response:
        factory = factory_of(request)
        found = things(factory)
        name = named(found, what, request.match_info["name"])
        parent = factory_id(_subscription(request), factory)
        body = resource_body(parent, kind, name, found[name])
        if request.headers.get("If-None-Match", "").strip('"') == body["etag"]:
            return web.Response(status=304)
        return json_answer(body)

    return get_thing


def _pipelines(factory: DataFactory) -> Mapping[str, Json]:
    return factory.pipelines


def _triggers(factory: DataFactory) -> Mapping[str, Json]:
    return factory.triggers


def _runtimes(factory: DataFactory) -> Mapping[str, Json]:
    return {name: runtime.definition for name, runtime in factory.runtimes.items()}


def _datasets(factory: DataFactory) -> Mapping[str, Json]:
    return factory.datasets


def _data_flows(factory: DataFactory) -> Mapping[str, Json]:
    return factory.data_flows


def _linked_services(factory: DataFactory) -> Mapping[str, Json]:
    return factory.linked_services


def _captures(factory: DataFactory) -> Mapping[str, Json]:
    return factory.captures


def factory_of(request: web.Request) -> DataFactory:
    """The factory that a request is about."""
    info = request.match_info
    return request.app[STATE].get_factory(info["group"], info["factory"])


def _subscription(request: web.Request) -> str:
    return request.match_info["subscription"]


def _skipped(request: web.Request) -> int:
    told = request.query.get("$skiptoken", "0")
    if not told.isdecimal():
        raise ArmError(400, "InvalidSkipToken", f"The skip token '{told}' is not valid.")
    return int(told)


def _next_link(request: web.Request, begin: int) -> str:
    path = quote(request.path)
    return f"{request.url.origin()}{path}?api-version={API_VERSION}&%24skiptoken={begin}"
