"""From records to cards, and from the result of a turn to the replies that show it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import cast
from zoneinfo import ZoneInfo

from adf.records import Factory
from adf.records.moments import in_plain_words
from bot.agents.explainer import marked
from bot.agents.interface import Question
from bot.messages import Message, Renderer, Reply
from bot.turns.result import TurnResult
from cards import Record, card_for
from cards.card import Card
from cards.records import DocsAnswer, Explanation


class CardRenderer:
    """Renders records as cards; the one `Renderer` of the product."""

    def __init__(
        self,
        studio: Mapping[str, Factory],
        observe: Callable[[Card], None],
        *,
        tickets: bool = False,
        verdicts: Mapping[str, str] | None = None,
    ) -> None:
        """Link to Studio for the factories in `studio`; `observe` sees each card.

        With `tickets`, cards offer to open one; `verdicts` are read each time a card is drawn.
        """
        self._verdicts = verdicts
        self._studio = studio
        self._tickets = tickets
        self._observe = observe

    def __call__(
        self,
        record: object,
        now: datetime,
        zone: ZoneInfo,
        note: str | None,
        explanation: Explanation | None = None,
        explains: str = "",
    ) -> Card:
        """The card of a record."""
        card = card_for(
            cast("Record", record),
            now=now,
            zone=zone,
            note=note,
            studio=self._studio,
            explanation=explanation,
            explains=explains,
            tickets=self._tickets,
            verdicts=self._verdicts,
        )
        self._observe(card)
        return card


class ReplyRenderer:
    """Renders the result of a turn as replies to the message that was asked."""

    def __init__(self, render: Renderer) -> None:
        """Borrow how a record becomes a card."""
        self._render = render

    def render(
        self, result: TurnResult, question: Question, message: Message, *, is_streamed: bool
    ) -> TurnResult:
        """The result with its replies, and with what ends a stream where one was shown."""
        replies = self._replies(result, question, message)
        streamed = self._streamed(result, question, message) if is_streamed else None
        return replace(result, replies=replies, streamed=streamed)

    def _replies(
        self, result: TurnResult, question: Question, message: Message
    ) -> tuple[Reply, ...]:
        """One reply for each record, or the answer's text; the first card may be explained."""
        answer = result.answer
        explanations = (result.explanation,)[: len(answer.records)]
        replies: list[Reply] = []
        for record, explanation in zip_longest(answer.records, explanations):
            explains = "" if replies else result.offer_id
            card = self._render(
                record, question.now, question.zone, answer.note, explanation, explains=explains
            )
            text = explanation if explanation and explanation.words else _own_text(record)
            replies.append(marked(reply_to(message, card=card), text))
        return tuple(replies) or (reply_to(message, text=in_plain_words(answer.text or "")),)

    def _streamed(self, result: TurnResult, question: Question, message: Message) -> Reply | None:
        """The first reply for a reader of the streamed text: its card, without that text."""
        answer, explanation = result.answer, result.explanation
        is_whole = not (explanation and explanation.missing)
        if not result.model_text or not answer.records or not is_whole:
            return None
        first = answer.records[0]
        own = _own_text(first)
        trace = Explanation(trace=explanation.trace) if explanation and explanation.trace else None
        card = None
        if not own.words:
            card = self._render(first, question.now, question.zone, answer.note, trace)
        sources = (explanation if explanation and explanation.words else own).sources
        text = Explanation(words=result.model_text, sources=sources)
        return marked(replace(reply_to(message, text=result.model_text), card=card), text)


def reply_to(message: Message, *, card: Card | None = None, text: str | None = None) -> Reply:
    """A reply in the thread of a message."""
    answers = message.message_id or None
    return Reply(address=message.address, card=card, text=text, answers=answers)


def _own_text(record: object) -> Explanation:
    """The text of a model that is the record itself."""
    if isinstance(record, DocsAnswer) and record.generated:
        return Explanation(words=record.finding, sources=record.sources)
    return Explanation()
