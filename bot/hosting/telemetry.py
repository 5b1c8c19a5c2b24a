"""Spans and metrics by the conventions of OpenTelemetry for generative AI, with nothing of content.

Names of tools, operations, factories and kinds of error, times and token counts: no question, no
name of a pipeline or person, no words. Off unless somebody collects them.
"""

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.metrics import Histogram, Meter, get_meter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_tracer

from adf.cache import AnswerCache
from adf.tool import Tool, Toolbox, ToolCall
from bot.agents.model import ModelAnswer
from bot.agents.recording import WorkKind, noted

NAME = "adfops"
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
MODEL = "gen_ai.request.model"
ERROR = "error.type"
# Bounds that the conventions advise.
_TOKENS = tuple(4**power for power in range(14))
_SECONDS = tuple(0.01 * 2**power for power in range(14))

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentName:
    """Who answers: the agent, its model deployment, and who runs it, by the conventions' names."""

    name: str = NAME
    model: str = ""
    provider: str = ""


@dataclass(slots=True)
class Measurement:
    """What is added to a span while it goes on."""

    span: Span
    attributes: Attributes = field(default_factory=dict[str, str])

    def failed(self, kind: str) -> None:
        """What went wrong, by its kind: its text may quote what must not be collected."""
        self.attributes[ERROR] = kind
        self.span.set_attribute(ERROR, kind)
        self.span.set_status(StatusCode.ERROR)


class Telemetry:
    """Spans and metrics of what the bot does.

    By default they go where the process was started to send them: nowhere, or to an agent.
    """

    def __init__(
        self,
        tracer: Tracer | None = None,
        meter: Meter | None = None,
        *,
        close: Callable[[], None] = lambda: None,
        seconds: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Borrow both; `close` sends what is left."""
        self._tracer = tracer or get_tracer(NAME)
        self._seconds = seconds
        self.close = close
        meter = meter or get_meter(NAME)
        self._tokens = _histogram(meter, "gen_ai.client.token.usage", "{token}", _TOKENS)
        # What share of a model's sentences no record bears out.
        self._sentences = meter.create_counter(f"{NAME}.sentences", unit="{sentence}")
        self._dropped = meter.create_counter(f"{NAME}.sentences.dropped", unit="{sentence}")
        self._duration = _histogram(meter, "gen_ai.client.operation.duration", "s", _SECONDS)

    @contextmanager
    def turn(self, kind: str, scope: str) -> Generator[None]:
        """One turn: what came in, and where."""
        attributes = {f"{NAME}.turn.kind": kind, f"{NAME}.turn.scope": scope}
        with self._span(f"turn {kind}", SpanKind.SERVER, attributes):
            yield

    @contextmanager
    def arm_call(self, operation: str, factory: str) -> Generator[None]:
        """One question to Azure Resource Manager."""
        attributes = {f"{NAME}.arm.operation": operation, f"{NAME}.factory": factory}
        noting = noted(WorkKind.AZURE, operation, {"factory": factory})
        with noting, self._span(f"arm {operation}", SpanKind.CLIENT, attributes):
            yield

    @contextmanager
    def tool_call(self, name: str) -> Generator[None]:
        """One tool call, by a person or a model."""
        attributes = {
            OPERATION: "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.type": "function",
        }
        with (
            self._span(f"execute_tool {name}", SpanKind.INTERNAL, attributes) as measured,
            self._timed({OPERATION: "execute_tool", "gen_ai.tool.name": name}, measured),
        ):
            yield

    @contextmanager
    def agent_turn(self, agent: AgentName) -> Generator[Callable[[ModelAnswer], None]]:
        """One turn of the language model; what is yielded records the usage of an answer."""
        attributes = {OPERATION: "invoke_agent", PROVIDER: agent.provider, MODEL: agent.model}
        named = {**attributes, "gen_ai.agent.name": agent.name}
        with (
            self._span(f"invoke_agent {agent.name}", SpanKind.CLIENT, named) as measured,
            self._timed(attributes, measured),
        ):
            yield lambda answer: self._record_usage(measured, answer, attributes)

    def _record_usage(
        self, measured: Measurement, answer: ModelAnswer, attributes: Attributes
    ) -> None:
        usage, span = answer.spent, measured.span
        span.set_attribute("gen_ai.usage.input_tokens", usage.input)
        span.set_attribute("gen_ai.usage.cache_read.input_tokens", usage.cached)
        span.set_attribute("gen_ai.usage.output_tokens", usage.output)
        span.set_attribute(f"{NAME}.steps", usage.steps)
        span.set_attribute(f"{NAME}.sentences", answer.said)
        span.set_attribute(f"{NAME}.sentences.dropped", answer.dropped)
        self._sentences.add(answer.said, attributes)
        self._dropped.add(answer.dropped, attributes)
        for kind, count in (("input", usage.input), ("output", usage.output)):
            self._tokens.record(count, {**attributes, "gen_ai.token.type": kind})
        if answer.failure is not None:
            measured.failed(str(answer.failure))

    @contextmanager
    def _span(self, name: str, kind: SpanKind, attributes: Attributes) -> Generator[Measurement]:
        """A span that records an error by its class alone, and lets it pass."""
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=dict(attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            measured = Measurement(span)
            try:
                yield measured
            except Exception as error:
                measured.failed(type(error).__name__)
                raise

    @contextmanager
    def _timed(self, attributes: Attributes, measured: Measurement) -> Generator[None]:
        started = self._seconds()
        try:
            yield
        except Exception as error:
            measured.attributes[ERROR] = type(error).__name__
            raise
        finally:
            self._duration.record(self._seconds() - started, {**attributes, **measured.attributes})


def _histogram(meter: Meter, name: str, unit: str, bounds: tuple[float, ...]) -> Histogram:
    return meter.create_histogram(name, unit=unit, explicit_bucket_boundaries_advisory=bounds)


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
        given = {key: one for key, one in arguments.items() if one is not None}
        noting = noted(WorkKind.TOOL, name if self.has(name) else "unknown", given)
        with noting, self._telemetry.tool_call(name if self.has(name) else "unknown"):
            return await super().call(name, **arguments)
