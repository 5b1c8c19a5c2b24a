"""Words of a model without an agent: Azure OpenAI, or any service of its Responses protocol.

agent    the agent, with its instructions and tools in each step
client   the connection to a deployment; imported late
"""

from bot.agents.azure_openai.agent import AzureOpenAIAgent
from bot.agents.model.endpoints import Deployment

__all__ = ["AzureOpenAIAgent", "Deployment"]
