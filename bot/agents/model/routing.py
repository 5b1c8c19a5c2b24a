"""The first step where code is not sure what is asked: the model chooses a tool, code calls it.

One request that the service keeps nothing of, with every tool declared in short. What the call
finds is shown at once; words about it follow. A choice that the question does not bear out is none.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace

from adf.errors import BadArguments
from adf.records import BROKEN, RunList, RunStatus
from bot.agents.interface import Question
from bot.agents.model.arguments import read_arguments
from bot.agents.model.borne_out import is_borne_out
from bot.agents.model.errors import FailureKind, ModelFailure, sentence_of
from bot.agents.model.options import ModelOptions
from bot.agents.model.output import records_to_show
from bot.agents.model.prompt import routing_items
from bot.agents.model.retry import with_retries
from bot.agents.model.spoken import read_spoken
from bot.agents.model.tool_calls import CompletedCall, Seconds, ToolCalls
from bot.agents.model.tool_schemas import NO_TOOL, RUN
from bot.agents.model.types import NOWHERE, Item, ModelAnswer, ModelStep, RequestedCall, Traced

Choose = Callable[[Sequence[Item]], Awaitable[ModelStep]]
MOST_CALLS = 3
RUNS, INSIDE = "adf_pipeline_runs", "adf_pipeline_activity_runs"


class Router:
    """One question of which code is not sure, on its way to a tool."""

    def __init__(
        self,
        *,
        question: Question,
        calls: ToolCalls,
        options: ModelOptions,
        nonce: str,
        seconds: Seconds | None = None,
    ) -> None:
        """Borrow the calls of the turn."""
        self._question = question
        self._calls = calls
        self._options = options
        self._nonce = nonce
        self._seconds = seconds or asyncio.get_running_loop().time
        self._trace: list[Traced] = []

    async def route(self, choose: Choose) -> ModelAnswer:
        """What the chosen tools found; without records, why there are none."""
        begun, step = self._seconds(), ModelStep(place=NOWHERE)
        items = routing_items(self._question, await self._calls.listed(), self._nonce)
        failure: FailureKind | None = None
        try:
            async with asyncio.timeout(self._options.limits.route_seconds):
                step = await with_retries(lambda: choose(items), self._options.pause)
        except TimeoutError:
            failure = FailureKind.TIMEOUT
        except ModelFailure as error:
            failure = error.kind
        ended = str(failure or step.status)
        self._trace.append(
            Traced(
                what="choice",
                seconds=self._seconds() - begun,
                ended=ended,
                response=step.response_id,
                begun=begun,
            )
        )
        return await self._answer(step, failure)

    async def _answer(self, step: ModelStep, failure: FailureKind | None) -> ModelAnswer:
        requested = _calls_of(step, self._calls.names)
        chosen = await self._borne_out(requested)
        for one in chosen:
            await self._look_up(one)
        made = self._calls.made
        found = [one.record for one in made if one.record is not None]
        records = records_to_show(_with_something(found))
        return ModelAnswer(
            records=records,
            memory=self._question.memory,
            sure=False,
            missing=sentence_of(failure, explains=False) if failure else "",
            failure=failure,
            spent=replace(step.spent, steps=0 if failure else 1, calls=len(made)),
            trace=(*self._trace, *self._calls.trace),
            looked_up=bool(records),
            rejected=bool(requested) and not chosen,
        )

    async def _borne_out(self, requested: Sequence[RequestedCall]) -> Sequence[RequestedCall]:
        """The calls that the question bears out."""
        names = [one.name for one in await self._calls.listed()]
        return [
            one for one in requested if is_borne_out(self._question, names, one.name, _given(one))
        ]

    async def _look_up(self, call: RequestedCall) -> None:
        """Make a call; inside a run is looked by its pipeline, where no id is known."""
        given = _given(call)
        if call.name == RUNS and given.keys() <= {"pipeline", "factory"} and given:
            # Of one pipeline and no time, how it stands is meant.
            call = _call(RUNS, {**given, "latest_only": True})
        if call.name != INSIDE or given.get(RUN):
            await self._calls.answer([call])
            return
        run_id = await self._run_of(given)
        if run_id:
            await self._calls.answer([_call(INSIDE, {RUN: run_id})])

    async def _run_of(self, given: Mapping[str, object]) -> str:
        """The newest run of a pipeline if it broke, else its last that did; blank for none."""
        wanted = {key: given[key] for key in ("pipeline", "factory") if key in given}
        newest = await self._runs({**wanted, "latest_only": True}) if "pipeline" in given else None
        if newest and newest.runs and newest.runs[0].status in BROKEN:
            return newest.runs[0].run_id
        failed = await self._runs({**wanted, "status": [str(RunStatus.FAILED)]})
        return failed.runs[0].run_id if failed and failed.runs else ""

    async def _runs(self, given: Mapping[str, object]) -> RunList | None:
        before = len(self._calls.made)
        await self._calls.answer([_call(RUNS, given)])
        made: Sequence[CompletedCall] = self._calls.made[before:]
        record = made[0].record if made else None
        return record if isinstance(record, RunList) else None


def _with_something(records: Sequence[object]) -> Sequence[object]:
    """The records without empty lists of runs, where another one says more."""
    said = [one for one in records if not (isinstance(one, RunList) and not one.runs)]
    return said or records


def _calls_of(step: ModelStep, names: Collection[str]) -> Sequence[RequestedCall]:
    """The calls of a step, also those that stand in its text; the first few that choose a tool."""
    calls = step.calls or read_spoken(step.words, names).calls
    return [one for one in calls if one.name != NO_TOOL][:MOST_CALLS]


def _given(call: RequestedCall) -> Mapping[str, object]:
    """Its arguments; of what is no JSON none."""
    try:
        return read_arguments(call.name, call.arguments)
    except BadArguments:
        return {}


def _call(name: str, arguments: Mapping[str, object]) -> RequestedCall:
    return RequestedCall(call_id="", name=name, arguments=json.dumps(arguments))
