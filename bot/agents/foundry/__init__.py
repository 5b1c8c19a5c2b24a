"""Words of an Azure AI Foundry agent: defined once, called by its version."""

from bot.agents.foundry.agent import FoundryAgent, Project

__all__ = ["FoundryAgent", "Project"]
