"""The agent that needs no language model: understands by words, names and memory."""

from bot.agent.offline.agent import OfflineAgent

__all__ = ["OfflineAgent"]
