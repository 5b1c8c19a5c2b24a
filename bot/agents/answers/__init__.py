"""The agent that needs no language model: understands by words, names and memory."""

from bot.agents.answers.agent import OfflineAgent

__all__ = ["OfflineAgent"]
