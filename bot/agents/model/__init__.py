"""The tool loop: a language model asks for tools step by step until it has its words."""

from bot.agents.model.agent import ModelAgent
from bot.agents.model.errors import FailureKind, ModelFailure, not_whole, sentence_of
from bot.agents.model.options import ModelOptions, TurnLimits
from bot.agents.model.types import ModelAnswer, Traced

__all__ = [
    "FailureKind",
    "ModelAgent",
    "ModelAnswer",
    "ModelFailure",
    "ModelOptions",
    "Traced",
    "TurnLimits",
    "not_whole",
    "sentence_of",
]
