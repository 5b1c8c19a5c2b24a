"""From an answer to the replies that show it: a card for each record, or words."""

from dataclasses import replace
from itertools import zip_longest

from bot.agents.explainer import marked
from bot.agents.interface import Question
from bot.messages import Message, Renderer, Reply
from bot.turns.model_fallback import ShownAnswer
from cards.card import Card
from cards.records import DocsAnswer, Explanation


class AnswerRenderer:
    """Draws answers as replies to the message that was asked."""

    def __init__(self, draw: Renderer) -> None:
        """Borrow how a record becomes a card."""
        self._draw = draw

    def replies(
        self, found: ShownAnswer, question: Question, message: Message, offer_id: str = ""
    ) -> tuple[Reply, ...]:
        """One reply for each record, or the answer's words; the first card may be explained."""
        answer = found.answer
        worded = (found.explanation,)[: len(answer.records)]
        replies: list[Reply] = []
        for record, explanation in zip_longest(answer.records, worded):
            explains = "" if replies else offer_id
            card = self._draw(
                record, question.now, question.zone, answer.note, explanation, explains=explains
            )
            told = explanation if explanation and explanation.words else _own_words(record)
            replies.append(marked(reply_to(message, card=card), told))
        return tuple(replies) or (reply_to(message, text=answer.text or ""),)

    def streamed(self, found: ShownAnswer, question: Question, message: Message) -> Reply | None:
        """The first reply for who read the words of the model as they came: its card, without."""
        answer, worded = found.answer, found.explanation
        if not found.words or not answer.records or (worded and worded.missing):
            return None
        first = answer.records[0]
        own = _own_words(first)
        trace = Explanation(trace=worded.trace) if worded and worded.trace else None
        card = None
        if not own.words:
            card = self._draw(first, question.now, question.zone, answer.note, trace)
        told = worded if worded and worded.words else own
        words = Explanation(words=found.words, sources=told.sources)
        return marked(replace(reply_to(message, text=found.words), card=card), words)


def reply_to(message: Message, *, card: Card | None = None, text: str | None = None) -> Reply:
    """A reply in the thread of a message."""
    answers = message.message_id or None
    return Reply(address=message.address, card=card, text=text, answers=answers)


def _own_words(record: object) -> Explanation:
    """The words of a model that are the record itself."""
    if isinstance(record, DocsAnswer) and record.generated:
        return Explanation(words=record.finding, sources=record.sources)
    return Explanation()
