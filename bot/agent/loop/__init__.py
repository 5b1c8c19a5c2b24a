"""The tool loop: a language model asks for tools step by step until it has its words."""

from bot.agent.loop.agent import ModelAgent
from bot.agent.loop.conduct import Conduct
from bot.agent.loop.failures import FailureKind, ModelFailure, not_whole, sentence_of
from bot.agent.loop.limits import Limits
from bot.agent.loop.told import ModelAnswer, Traced

__all__ = [
    "Conduct",
    "FailureKind",
    "Limits",
    "ModelAgent",
    "ModelAnswer",
    "ModelFailure",
    "Traced",
    "not_whole",
    "sentence_of",
]
