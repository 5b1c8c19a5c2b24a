"""Measures each tool call, whoever asked for it."""

from collections.abc import Callable, Iterable

from adf.cache import AnswerCache
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
