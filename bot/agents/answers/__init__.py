"""Answers without a language model: what each intent asks of the tools, and what is asked back."""

from bot.agents.answers.agent import OfflineAgent

__all__ = ["OfflineAgent"]
