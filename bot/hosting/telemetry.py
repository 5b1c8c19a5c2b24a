"""Spans and metrics by the conventions of OpenTelemetry for generative AI, with nothing of content.

Names of tools, operations, factories and kinds of error, times and token counts: no question, no
name of a pipeline or person, no words. Off unless somebody collects them.
"""

import re
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
from bot.hosting import metrics
from bot.hosting.metrics import ERROR, MODEL, NAME, OPERATION, PROVIDER

# Rights and reasons, as the code calls them.
_NAME = re.compile(r"[a-z_ ]{1,20}")

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
        self.meter = meter or get_meter(NAME)
        self._turns = metrics.TURN.histogram(self.meter)
        self._arm = metrics.ARM.histogram(self.meter)
        self._throttled = metrics.THROTTLED.counter(self.meter)
        self._teams = metrics.TEAMS.histogram(self.meter)
        self._deliveries = metrics.DELIVERIES.counter(self.meter)
        self._refusals = metrics.REFUSALS.counter(self.meter)
        self._requests = metrics.REQUESTS.histogram(self.meter)
        self._tokens = metrics.TOKENS.histogram(self.meter)
        self._work = metrics.WORK.histogram(self.meter)
        self._sentences = metrics.SENTENCES.counter(self.meter)
        self._dropped = metrics.DROPPED.counter(self.meter)

    @contextmanager
    def turn(self, kind: str, scope: str) -> Generator[None]:
        """One turn: what came in, and where."""
        attributes = {f"{NAME}.turn.kind": kind, f"{NAME}.turn.scope": scope}
        with self._measured(f"turn {kind}", SpanKind.SERVER, attributes, self._turns):
            yield

    @contextmanager
    def arm_call(self, operation: str, factory: str) -> Generator[None]:
        """One question to Azure Resource Manager."""
        attributes = _arm(operation, factory)
        noting = noted(WorkKind.AZURE, operation, {"factory": factory})
        measured = self._measured(f"arm {operation}", SpanKind.CLIENT, attributes, self._arm)
        with noting, measured:
            yield

    def arm_throttled(self, operation: str, factory: str) -> None:
        """Azure refused a call as one too many, whether or not it is asked again."""
        self._throttled.add(1, _arm(operation, factory))

    @contextmanager
    def teams_call(self, operation: str) -> Generator[None]:
        """One message, edit or sign to Teams, with its repetitions."""
        attributes = {f"{NAME}.teams.operation": operation}
        with self._measured(f"teams {operation}", SpanKind.CLIENT, attributes, self._teams):
            yield

    def delivery(self, kind: str, outcome: str) -> None:
        """What came of one attempt to show a message that nobody waits for."""
        self._deliveries.add(
            1, {f"{NAME}.delivery.kind": kind, f"{NAME}.delivery.outcome": outcome}
        )

    def refusal(self, right: str, why: str) -> None:
        """Somebody may not do what they asked for; words that somebody wrote are left out."""
        attributes = {f"{NAME}.refusal.right": right, f"{NAME}.refusal.why": why}
        self._refusals.add(1, {key: _plain(one) for key, one in attributes.items()})

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request to the bot, by its route and how it was answered."""
        attributes = {"http.request.method": method, "http.route": route}
        self._requests.record(seconds, {**attributes, "http.response.status_code": str(status)})

    @contextmanager
    def tool_call(self, name: str) -> Generator[None]:
        """One tool call, by a person or a model."""
        attributes = {
            OPERATION: "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.type": "function",
        }
        metric = {OPERATION: "execute_tool", "gen_ai.tool.name": name}
        span = f"execute_tool {name}"
        with self._measured(span, SpanKind.INTERNAL, metric, self._work, attributes):
            yield

    @contextmanager
    def agent_turn(self, agent: AgentName) -> Generator[Callable[[ModelAnswer], None]]:
        """One turn of the language model; what is yielded records the usage of an answer."""
        attributes = {OPERATION: "invoke_agent", PROVIDER: agent.provider, MODEL: agent.model}
        named = {**attributes, "gen_ai.agent.name": agent.name}
        span = f"invoke_agent {agent.name}"
        with self._measured(span, SpanKind.CLIENT, attributes, self._work, named) as measured:
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
    def _measured(
        self,
        name: str,
        kind: SpanKind,
        attributes: Attributes,
        into: Histogram,
        of_span: Attributes | None = None,
    ) -> Generator[Measurement]:
        """A span whose time is a metric too, with the same attributes unless it has its own.

        It records an error by its class alone, and lets it pass.
        """
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=dict(of_span or attributes),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            measured, started = Measurement(span), self._seconds()
            try:
                yield measured
            except Exception as error:
                measured.failed(type(error).__name__)
                raise
            finally:
                into.record(self._seconds() - started, {**attributes, **measured.attributes})


def _plain(name: str) -> str:
    """A name of ours as it is; anything else may be text of others, or without end."""
    return name if _NAME.fullmatch(name) else "other"


def _arm(operation: str, factory: str) -> Attributes:
    return {f"{NAME}.arm.operation": operation, f"{NAME}.factory": factory}


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
