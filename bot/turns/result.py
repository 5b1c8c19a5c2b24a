"""What a turn comes to: the answer as its reader may see it, the replies, and what may follow."""

from dataclasses import dataclass, field
from typing import Any

from adf.records import BaseRecord
from bot.agents.interface import Answer, Memory, Question
from bot.messages import Reply
from cards.records import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainable:
    """A card that a language model can explain: the question with its records, the card's note.

    `before` is the memory the question was asked with. An explanation `aside` neither reads nor
    changes the conversation of the person who wants it.
    """

    question: Question
    note: str | None = None
    before: Memory = field(default_factory=dict[str, Any])
    aside: bool = False

    @property
    def record(self) -> object:
        """The record of the card."""
        return (*self.question.records, *self.question.found)[0]

    @property
    def subject(self) -> str:
        """The factory, pipeline and run of the card, alike for cards about the same."""
        return self.record.identity if isinstance(self.record, BaseRecord) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnResult:
    """One turn, complete before anything is sent; nobody changes it afterwards.

    `explanation` stands below the first card; `model_text` is all that the model wrote, for a
    reader who saw it streamed. `before` is the memory before the turn. `streamed` takes the place
    of the first reply at the end of a stream. `explainable` is the first card where a model has
    something to add: at once, or, with an `offer_id`, when somebody presses the button. `is_routed`
    tells that a model chose the tool whose records are shown.
    """

    answer: Answer
    before: Memory = field(default_factory=dict[str, Any])
    explanation: Explanation | None = None
    model_text: str = ""
    explainable: Explainable | None = None
    offer_id: str = ""
    is_routed: bool = False
    replies: tuple[Reply, ...] = ()
    streamed: Reply | None = None

    @property
    def has_new_memory(self) -> bool:
        """Whether the turn leaves another memory than it found."""
        return self.answer.memory != self.before
