"""Words of a model without an agent: Azure OpenAI, or whatever speaks its Responses protocol."""

from bot.agents.azure_openai.agent import AzureOpenAIAgent, Deployment

__all__ = ["AzureOpenAIAgent", "Deployment"]
