"""The button that has a card explained by the language model, on request."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Right
from bot.access.visibility import shown_to
from bot.messages import CardActionHandler, CardClick, Message, PressResult
from bot.turns.explanations import ExplanationQueue
from bot.turns.offers import ExplanationOffer, ExplanationOffers
from bot.turns.question import AskedQuestion, QuestionBuilder
from bot.turns.result import Explainable
from cards.records import Denied

ASKED = "Asking the language model. Its explanation will appear below this card in a moment."
GONE = (
    "I no longer know what this card shows: I keep that for an hour. "
    "Ask me again, and press Explain below the new answer."
)


class ExplainAction:
    """Has cards explained, for everybody who may see them."""

    def __init__(
        self,
        *,
        offers: ExplanationOffers,
        questions: QuestionBuilder,
        policy: AccessPolicy,
        denials: Denials,
        explanations: ExplanationQueue,
    ) -> None:
        """Borrow everything."""
        self._offers = offers
        self._questions = questions
        self._policy = policy
        self._denials = denials
        self._explanations = explanations

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"explain": self.explain}

    async def explain(self, click: CardClick) -> PressResult:
        """Begin to explain the card of the button; a person who may not see it is refused."""
        offer = await self._find(str(click.data.get("offer", "")))
        if offer is None or _room_of(offer) != click.address.room:
            return PressResult(words=GONE)
        message = _message_of(click, offer)
        asked = await self._questions.build(message)
        if isinstance(asked, Denied):
            return PressResult(words=in_one_line(asked))
        refusal = await self._refusal(asked, offer.explainable, message)
        if refusal:
            return PressResult(words=refusal)
        explainable = _for_this_person(asked, offer.explainable)
        await self._explanations.begin(_key(offer), message, explainable, offer.message_id)
        return PressResult(words=ASKED)

    async def _find(self, offer_id: str) -> ExplanationOffer | None:
        """An offer of this process, or that of another replica, whose card is read anew."""
        own = self._offers.find(offer_id)
        if own is not None:
            return own
        shared = await self._offers.find_shared(offer_id)
        if shared is None or not isinstance(shared.message, Message):
            return None
        again = await self._explanations.answer_anew(shared.message, shared.memory, shared.subject)
        if again is None:
            return None
        return ExplanationOffer(offer_id=offer_id, explainable=again, message_id=shared.message_id)

    async def _refusal(
        self, asked: AskedQuestion, explainable: Explainable, message: Message
    ) -> str:
        """The text for a person who may not read what the card shows; blank for one who may."""
        grant, question = asked.grant, explainable.question
        contacts = partial(self._policy.who_can, Right.READ, grant.meant or None)
        visible = shown_to(grant, question.records, question.now, question.zone, contacts)
        if visible.words or (visible.refused is None and grant.reads_all):
            return visible.words
        denied = await self._denials.refuse(
            message.speaker,
            message.address,
            grant,
            asked=message.text,
            factory=visible.refused or None,
        )
        return in_one_line(denied)


def _room_of(offer: ExplanationOffer) -> str:
    return offer.explainable.question.address.room


def _key(offer: ExplanationOffer) -> str:
    """The same for all who press on one card, so that it is explained once at a time."""
    return hashlib.sha256(f"offer {offer.offer_id}".encode()).hexdigest()


def _message_of(click: CardClick, offer: ExplanationOffer) -> Message:
    """The card's question in the name of the person who pressed, in the thread of the card."""
    question = offer.explainable.question
    return Message(
        message_id=offer.message_id,
        text=question.text,
        speaker=click.speaker,
        address=question.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )


def _for_this_person(asked: AskedQuestion, explainable: Explainable) -> Explainable:
    """The facts of the card as they are, with the rights of the person who pressed."""
    card = explainable.question
    question = replace(
        asked.question, records=card.records, now=card.now, zone=card.zone, memory={}
    )
    return replace(explainable, question=question, aside=True)
