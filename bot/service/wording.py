"""Whoever has words: the tools, the language model if there is one, and what asks it."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.agent.loop import ModelAgent
from bot.explaining import Explainer, Prose
from bot.model_talks import ModelTalks
from bot.once import Once
from bot.service.model import make_model
from bot.service.parts import Parts
from bot.service.tooling import Tooling
from bot.telemetry import AgentName
from bot.trace import Traces

# As the conventions for generative AI name who runs the model.
_PROVIDERS = {"foundry": "microsoft.foundry", "azure_openai": "azure.ai.openai"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The tools; the others are there together, where a model is configured and not off."""

    tooling: Tooling
    model: ModelAgent | None = None
    explainer: Explainer | None = None
    traces: Traces | None = None


@asynccontextmanager
async def open_wording(parts: Parts) -> AsyncGenerator[Wording]:
    """Put it together; the model is closed at the end, and opened by whoever warms up."""
    tooling, setup = Tooling(parts), parts.setup
    if setup.model is None or setup.model.prose is Prose.OFF:
        yield Wording(tooling=tooling)
        return
    model = make_model(
        setup.model,
        tooling.toolbox_for,
        tooling.inventory,
        tooling.tools,
        setup.every_server,
        parts.servers,
        Once(parts.store, parts.clock).use,
    )
    traces = Traces(
        model=setup.model.deployment, clock=parts.clock, make_id=lambda: uuid.uuid4().hex
    )
    agent = AgentName(model=setup.model.deployment, provider=_PROVIDERS[setup.model.backend])
    try:
        yield Wording(
            tooling=tooling,
            model=model,
            explainer=Explainer(
                model,
                parts.spending,
                setup.model.prose,
                traces,
                observed=lambda: parts.telemetry.agent_turn(agent),
                talks=ModelTalks(parts.memories),
            ),
            traces=traces,
        )
    finally:
        await model.close()
