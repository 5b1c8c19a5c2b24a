"""Words of an Azure AI Foundry agent: defined once, called by its version.

agent      the agent, and the definition it is given
client     the connection to a project; imported late
versions   the version that has a definition, known again by its hash; imported late
"""

from bot.agents.foundry.agent import FoundryAgent
from bot.agents.model.endpoints import Project

__all__ = ["FoundryAgent", "Project"]
