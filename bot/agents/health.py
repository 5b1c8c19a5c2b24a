"""Tries a language model out, without an agent, a talk or a tool."""

import asyncio
import importlib

from bot.agents.azure_openai import Deployment
from bot.agents.foundry import Project

ModelPlace = Project | Deployment
"""Where a model is asked."""


async def try_model(place: ModelPlace) -> None:
    """Ask the model for one word, signed in as the bot is; raises ModelFailure."""
    name = "foundry" if isinstance(place, Project) else "azure_openai"
    late = await asyncio.to_thread(importlib.import_module, f"bot.agents.{name}.client")
    await late.try_out(place)
