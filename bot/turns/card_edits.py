"""The buttons that keep a card as it is wanted: as of now, another range, only what failed.

They ask a question like any other button; its answer takes the place of the card that was pressed,
for everybody in the room.
"""

import logging
from collections.abc import Mapping

from bot.access.denial import in_one_line
from bot.agents.conversations import ModelConversations
from bot.messages import (
    EDIT_VERB,
    CardActionHandler,
    CardClick,
    Message,
    PressResult,
    Reply,
    Unreachable,
)
from bot.outbox import MessageSender, NotDelivered
from bot.state.conversations import ConversationStates
from bot.turns.answer import AnswerService
from bot.turns.card_actions import message_of
from bot.turns.offers import ExplanationOffers
from bot.turns.result import TurnResult
from cards.card import Card
from cards.records import Denied, Problem

log = logging.getLogger("adfops.turn")

UNREADABLE = "That button carries no question. Ask me in words instead."
GONE = "I have no other card for that. Ask me in words instead."


class CardEdits:
    """Answers the question of a button in the place of its card."""

    def __init__(
        self,
        *,
        answers: AnswerService,
        sender: MessageSender,
        conversations: ConversationStates,
        model_conversations: ModelConversations,
        offers: ExplanationOffers,
    ) -> None:
        """Borrow everything."""
        self._answers = answers
        self._sender = sender
        self._conversations = conversations
        self._model_conversations = model_conversations
        self._offers = offers

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {EDIT_VERB: self.edit}

    async def edit(self, click: CardClick) -> PressResult:
        """The new card, for the person who pressed and by an edit for everybody.

        What could not be answered leaves the card as it is and is said to who pressed alone.
        """
        message = message_of(click)
        if message is None:
            return PressResult(words=UNREADABLE)
        async with self._model_conversations.turn(message):
            result = await self._answers.answer(message)
            await self._remember(message, result)
        card = result.replies[0].card
        if card is None or _is_no(result):
            return PressResult(words=_words(result))
        await self._show(click, message, card, result)
        return PressResult(card=card)

    async def _show(
        self, click: CardClick, message: Message, card: Card, result: TurnResult
    ) -> None:
        """Edit the message; where that fails, who pressed sees the new card all the same."""
        if not click.on_message:
            return
        if result.explainable and result.offer_id:
            self._offers.keep(result.offer_id, result.explainable, click.on_message, message)
        try:
            reply = Reply(address=click.address, card=card)
            await self._sender.update(click.address, click.on_message, reply)
        except (NotDelivered, Unreachable) as error:
            log.info("a card could not be edited in place: %s", error)

    async def _remember(self, message: Message, result: TurnResult) -> None:
        if not result.has_new_memory:
            return
        thread, speaker = message.address.conversation, message.speaker.person_id
        await self._conversations.remember(thread, speaker, result.answer.memory, result.before)


def _is_no(result: TurnResult) -> bool:
    return any(isinstance(one, Denied | Problem) for one in result.answer.records)


def _words(result: TurnResult) -> str:
    """Why the card stays as it is, in one line."""
    match result.answer.records[:1]:
        case (Denied() as denied,):
            return in_one_line(denied)
        case (Problem() as problem,):
            return f"{problem.happened} {problem.fix}".strip()
        case _:
            return result.replies[0].text or GONE
