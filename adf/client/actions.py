"""Acts on one factory: sent once, under an id the caller chose, and looked up where it was lost.

No read tool, agent or server imports this (a contract in pyproject.toml): a model can not reach it.
What an act needs to know, and what became of it, is read under the reader's identity.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adf.client.action_transport import ActionWire
from adf.client.client import AdfClient
from adf.client.operations import GET_PIPELINE, GET_RUN
from adf.client.run_parameters import declared_types, parameters_to_send
from adf.client.transport import Json, Wire
from adf.client.wire_values import object_of, text_of
from adf.client.write_operations import (
    CANCEL_RUN,
    CREATE_RUN,
    START_TRIGGER,
    STOP_TRIGGER,
    WriteOperation,
)
from adf.errors import BadArguments, NotFound, OutcomeUnknown, Reach
from adf.records import (
    ActionKind,
    ActionLookup,
    ActionReceipt,
    ActionTarget,
    Factory,
    OutcomeState,
    PipelineRun,
    RerunMode,
    RunStatus,
    TimeRange,
)

# Clocks of two machines differ, and a run is listed a moment after it was made.
_EARLY = timedelta(minutes=1)
_STOPPING = frozenset({RunStatus.CANCELING, RunStatus.CANCELLED})


class ActionClient:
    """What can be done to one factory; every method may raise an AdfError."""

    def __init__(self, factory: Factory, actions: ActionWire, reads: Wire) -> None:
        """Borrow the writer's wire of the factory's subscription, and the reader's."""
        self.factory = factory
        self._actions = actions
        self._reads = reads
        # With a cache of its own: what is looked up is as it is now.
        self._reader = AdfClient(factory, reads)

    async def perform(self, target: ActionTarget, request_id: str) -> ActionReceipt:
        """Do it, once. OutcomeUnknown: `look_up` says more, and it is never performed again."""
        match target.kind:
            case ActionKind.RUN:
                run_id = await self._create_run(
                    target.pipeline or "", target.parameters, {}, request_id
                )
            case ActionKind.RERUN:
                run_id = await self._rerun(target, request_id)
            case ActionKind.CANCEL:
                run_id = target.run_id or ""
                query = {"isRecursive": str(target.recursive).lower()}
                await self._post(CANCEL_RUN, run_id, request_id, query=query)
            case ActionKind.START_TRIGGER | ActionKind.STOP_TRIGGER:
                starts = target.kind is ActionKind.START_TRIGGER
                operation = START_TRIGGER if starts else STOP_TRIGGER
                run_id = None
                await self._post(operation, target.trigger or "", request_id)
        return ActionReceipt(target=target, request_id=request_id, run_id=run_id)

    async def look_up(
        self, target: ActionTarget, request_id: str, since: datetime, now: datetime
    ) -> ActionLookup:
        """What the factory shows of an act, sent after `since`, whose answer was lost."""
        if target.kind in {ActionKind.RUN, ActionKind.RERUN}:
            return await self._look_up_run(target, request_id, since, now)
        if target.kind is ActionKind.CANCEL:
            run = await self._reader.get_run(target.run_id or "")
            is_done = run.status in _STOPPING
            return ActionLookup(target=target, state=_state(is_done=is_done), run=run)
        trigger = await self._reader.get_trigger(target.trigger or "")
        is_done = trigger.is_started is (target.kind is ActionKind.START_TRIGGER)
        return ActionLookup(target=target, state=_state(is_done=is_done), trigger=trigger)

    async def get_run(self, run_id: str) -> PipelineRun:
        """A run as it is now, past every cache: NotFound for an unknown one."""
        return await self._reader.get_run(run_id)

    async def _look_up_run(
        self, target: ActionTarget, request_id: str, since: datetime, now: datetime
    ) -> ActionLookup:
        """By the id of the request, which is that of the new run; else what may be its doing."""
        try:
            run = await self._reader.get_run(request_id)
        except NotFound:
            found = await self._candidates(target, since - _EARLY, now + _EARLY)
            return ActionLookup(target=target, state=OutcomeState.NOT_SEEN, candidates=found)
        return ActionLookup(target=target, state=OutcomeState.DONE, run=run)

    async def _candidates(
        self, target: ActionTarget, since: datetime, until: datetime
    ) -> tuple[PipelineRun, ...]:
        """Runs of the pipeline that nobody but a person or a program began since then."""
        pipeline, group = target.pipeline, None
        if target.run_id:
            repeated = await self._reader.get_run(target.run_id)
            pipeline, group = repeated.pipeline, repeated.group_id
        listed = await self._reader.list_runs(TimeRange(start=since, end=until), pipeline=pipeline)
        begun = (run for run in listed if run.start and run.start >= since)
        return tuple(run for run in begun if _may_be(run, group))

    async def _rerun(self, target: ActionTarget, request_id: str) -> str:
        """A new run in the group of the old one, with that one's parameters sent again.

        A rerun without them was recorded to fail, although the new run shows them.
        """
        run_id = target.run_id or ""
        run = await self._reads.call(GET_RUN, self.factory, run_id)
        pipeline = text_of(run.get("pipelineName"))
        if target.pipeline and target.pipeline.lower() != pipeline.lower():
            said = f"run {run_id} is of {pipeline}, not of {target.pipeline}"
            raise BadArguments(said, asked=CREATE_RUN.describe(target.pipeline))
        definition = await self._reads.call(GET_PIPELINE, self.factory, pipeline)
        texts = object_of(run.get("parameters"))
        parameters = parameters_to_send(texts, declared_types(definition))
        return await self._create_run(pipeline, parameters, _recovery(target), request_id)

    async def _create_run(
        self,
        pipeline: str,
        parameters: Mapping[str, Any],
        query: Mapping[str, str],
        request_id: str,
    ) -> str:
        answer = await self._post(
            CREATE_RUN, pipeline, request_id, query=query, body=dict(parameters)
        )
        run_id = text_of(answer.get("runId"))
        if run_id:
            return run_id
        request = CREATE_RUN.describe(pipeline)
        said = "the answer names no run"
        raise OutcomeUnknown(said, request=request, reach=Reach.NONSENSE, request_id=request_id)

    async def _post(
        self,
        operation: WriteOperation,
        name: str,
        request_id: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Json:
        return await self._actions.post(
            operation, self.factory, name, request_id=request_id, query=query or {}, body=body
        )


def _recovery(target: ActionTarget) -> dict[str, str]:
    """How createRun is told which run is repeated, and from where."""
    query = {"referencePipelineRunId": target.run_id or "", "isRecovery": "true"}
    if target.mode is RerunMode.FROM_FAILURE:
        query["startFromFailure"] = "true"
    if target.mode is RerunMode.FROM_ACTIVITY:
        query["startActivityName"] = target.activity or ""
    return query


def _may_be(run: PipelineRun, group: str | None) -> bool:
    if group is not None:
        return run.group_id == group
    return run.invoked_by is None or run.invoked_by.kind.lower() == "manual"


def _state(*, is_done: bool) -> OutcomeState:
    return OutcomeState.DONE if is_done else OutcomeState.NOT_SEEN
