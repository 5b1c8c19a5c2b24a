"""Measures each tool call and each call to Azure Resource Manager."""

from collections.abc import Callable, Iterable

from adf.cache import AnswerCache
from adf.client.factories import OpenWire
from adf.client.transport import Json, Wire
from adf.records import Factory
from adf.tool import Tool, Toolbox, ToolCall
from bot.hosting.telemetry import Telemetry


class MeasuredToolbox(Toolbox):
    """A toolbox that measures each call; the name of a tool that does not exist is left out."""

    def __init__(
        self,
        tools: Iterable[Tool],
        works_on: Iterable[object],
        observe: Callable[[ToolCall], None],
        answers: AnswerCache,
        telemetry: Telemetry,
    ) -> None:
        """Borrow the telemetry; the rest is as for any toolbox."""
        super().__init__(tools, works_on, observe, answers)
        self._telemetry = telemetry

    async def call(self, name: str, /, **arguments: object) -> object:
        """Run a tool and return its record."""
        with self._telemetry.tool_call(name if self.has(name) else "unknown"):
            return await super().call(name, **arguments)


class MeasuredWire:
    """Operations of Data Factory, each told with the factory that was asked."""

    def __init__(self, wire: Wire, telemetry: Telemetry) -> None:
        """Take the wire over: closing this one closes it."""
        self._wire = wire
        self._telemetry = telemetry

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        """One page of PipelineRuns_QueryByFactory."""
        with self._telemetry.arm_call("PipelineRuns_QueryByFactory", factory.alias):
            return await self._wire.query_runs(factory, query)

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        """PipelineRuns_Get."""
        with self._telemetry.arm_call("PipelineRuns_Get", factory.alias):
            return await self._wire.get_run(factory, run_id)

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        """One page of ActivityRuns_QueryByPipelineRun."""
        with self._telemetry.arm_call("ActivityRuns_QueryByPipelineRun", factory.alias):
            return await self._wire.query_activity_runs(factory, run_id, query)

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        """One page of Pipelines_ListByFactory."""
        with self._telemetry.arm_call("Pipelines_ListByFactory", factory.alias):
            return await self._wire.list_pipelines(factory, next_link)

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        """Pipelines_Get."""
        with self._telemetry.arm_call("Pipelines_Get", factory.alias):
            return await self._wire.get_pipeline(factory, name)

    async def close(self) -> None:
        """Close connections and the credential."""
        await self._wire.close()


def measured(open_wire: OpenWire, telemetry: Telemetry) -> OpenWire:
    """Wires as they are opened, each of them measured."""
    return lambda subscription: MeasuredWire(open_wire(subscription), telemetry)
