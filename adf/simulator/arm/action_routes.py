"""The operations that change a factory: createRun, cancel, and the start and stop of a trigger."""

import uuid
from typing import Any, cast

import orjson
from aiohttp import web

from adf.simulator.actions.cancellation import RunHasEnded, cancel_run
from adf.simulator.actions.new_runs import RunRequest, UnknownActivity, start_run
from adf.simulator.arm.protocol import ArmError, json_answer
from adf.simulator.arm.routes import FACTORY, STATE, Handler, factory_of
from adf.simulator.state import UnknownResource, named
from adf.simulator.trigger_states import STARTED, STOPPED

REQUEST_ID = "x-ms-client-request-id"
_RUN_IS_MISSING = "Referenced pipeline run id {} does not exist."


def action_routes() -> list[web.RouteDef]:
    """Every route that changes something."""
    return [
        web.post(f"{FACTORY}/pipelines/{{name}}/createRun", _create_run),
        web.post(f"{FACTORY}/pipelineruns/{{run}}/cancel", _cancel_run),
        web.post(f"{FACTORY}/triggers/{{name}}/start", _trigger_setter(STARTED)),
        web.post(f"{FACTORY}/triggers/{{name}}/stop", _trigger_setter(STOPPED)),
    ]


async def _create_run(request: web.Request) -> web.Response:
    query = request.query
    wanted = RunRequest(
        pipeline=request.match_info["name"],
        run_id=_run_id(request),
        parameters=_parameters(await request.read()),
        reference=query.get("referencePipelineRunId"),
        recovers=_is_true(query.get("isRecovery")),
        start_activity=query.get("startActivityName"),
        from_failure=_is_true(query.get("startFromFailure")),
    )
    try:
        run_id = start_run(factory_of(request), wanted, request.app[STATE].clock())
    except UnknownResource as error:
        raise _missing_run(error) from error
    except UnknownActivity as error:
        text = f"The activity '{error}' does not exist in the pipeline '{wanted.pipeline}'."
        raise ArmError(400, "BadRequest", text) from error
    return json_answer({"runId": run_id})


async def _cancel_run(request: web.Request) -> web.Response:
    run_id = request.match_info["run"]
    recursive = _is_true(request.query.get("isRecursive"))
    try:
        cancel_run(factory_of(request), run_id, request.app[STATE].clock(), recursive=recursive)
    except UnknownResource as error:
        raise _missing_run(error) from error
    except RunHasEnded as error:
        # Not recorded: a refusal of the kind that Data Factory gives elsewhere.
        text = f"The pipeline run '{run_id}' has ended and cannot be cancelled."
        raise ArmError(400, "BadRequest", text, "pipelinerun") from error
    return web.Response()


def _trigger_setter(state: str) -> Handler:
    async def set_trigger(request: web.Request) -> web.Response:
        factory = factory_of(request)
        name = named(factory.triggers, "trigger", request.match_info["name"])
        factory.set_trigger_state(name, state, request.app[STATE].clock())
        return web.Response()

    return set_trigger


def _run_id(request: web.Request) -> str:
    """The caller's id of the request, as recorded; a new one where it is no GUID."""
    try:
        return str(uuid.UUID(request.headers.get(REQUEST_ID, "")))
    except ValueError:
        return str(uuid.uuid4())


def _parameters(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        given: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ArmError(400, "BadRequest", "The request body is not JSON.") from error
    if not isinstance(given, dict):
        raise ArmError(400, "BadRequest", "The request body is not a JSON object.")
    return cast("dict[str, Any]", given)


def _is_true(word: str | None) -> bool:
    return (word or "").lower() == "true"


def _missing_run(error: UnknownResource) -> Exception:
    """As recorded of cancel: a run that is not there is 400; anything else is not found."""
    if error.kind != "pipeline run":
        return error
    text = _RUN_IS_MISSING.format(error.name)
    return ArmError(400, "ReferencedPipelineRunNotFound", text, "pipelinerun")
