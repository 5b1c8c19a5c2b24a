"""The button that has a card explained which is not explained by itself: for readers, on a press.

What is explained are the facts the card shows, as far as whoever pressed may see them, and the
words of the language model come by an edit of that very message. Nothing is asked anew, so a press
changes no talk: neither what it is about nor what waits in it.
"""

import hashlib
from dataclasses import replace
from typing import Protocol

from bot.messages import CardClick, Message, Pressed
from bot.offers import Offer, Offers, ToExplain
from bot.people import People, Right
from bot.questions import Asked, Questions
from bot.refusals import Refusals, in_one_line
from bot.stakeholders import shown_to
from cards.records import Denied

ASKED = "I am asking the language model. Its words will stand below this card in a moment."
GONE = (
    "I no longer know what this card shows: I keep that for an hour. "
    "Ask me again, and press Explain below the new answer."
)


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> Pressed | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class Second(Protocol):
    """Whoever has a card explained."""

    async def begin(self, key: str, message: Message, explain: ToExplain, message_id: str) -> None:
        """Begin, and return at once."""
        ...


class ExplainPresses:
    """Has cards explained; presses of other buttons go on to `others`."""

    def __init__(
        self,
        *,
        offers: Offers,
        questions: Questions,
        people: People,
        refusals: Refusals,
        second: Second,
        others: Presses,
    ) -> None:
        """Borrow everything."""
        self._offers = offers
        self._questions = questions
        self._people = people
        self._refusals = refusals
        self._second = second
        self._others = others

    async def press(self, click: CardClick) -> Pressed | None:
        """Begin to explain the card of the button; who may not see it is told that."""
        if click.verb != "explain":
            return await self._others.press(click)
        offer = self._offers.find(str(click.data.get("offer", "")))
        if offer is None or _room_of(offer) != click.address.room:
            return Pressed(words=GONE)
        message = _asked_by(click, offer)
        asked = await self._questions.of(message)
        if isinstance(asked, Denied):
            return Pressed(words=in_one_line(asked))
        hidden = await self._hidden_from(asked, offer.explain, message)
        if hidden:
            return Pressed(words=hidden)
        explain = _for_whoever_pressed(asked, offer.explain)
        await self._second.begin(_key(offer), message, explain, offer.message_id)
        return Pressed(words=ASKED)

    async def _hidden_from(self, asked: Asked, explain: ToExplain, message: Message) -> str:
        """What is said instead to who may not read what the card shows; blank for who may."""
        grant, question = asked.grant, explain.question
        asks = self._people.who_can(Right.READ, grant.meant or None)
        shown = shown_to(grant, question.records, question.now, question.zone, asks)
        if shown.words or (shown.refused is None and grant.reads_all):
            return shown.words
        denied = await self._refusals.refuse(
            message.speaker,
            message.address,
            grant,
            asked=message.text,
            factory=shown.refused or None,
        )
        return in_one_line(denied)


def _room_of(offer: Offer) -> str:
    return offer.explain.question.address.room


def _key(offer: Offer) -> str:
    """The same for all who press on one card, so that it is explained once at a time."""
    return hashlib.sha256(f"offer {offer.offer_id}".encode()).hexdigest()


def _asked_by(click: CardClick, offer: Offer) -> Message:
    """The question of the card in the name of whoever pressed, in the thread where it stands."""
    question = offer.explain.question
    return Message(
        message_id=offer.message_id,
        text=question.text,
        speaker=click.speaker,
        address=question.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )


def _for_whoever_pressed(asked: Asked, explain: ToExplain) -> ToExplain:
    """The facts of the card as they are, looked at with the rights of whoever pressed."""
    card = explain.question
    question = replace(
        asked.question, records=card.records, now=card.now, zone=card.zone, memory={}
    )
    return replace(explain, question=question, aside=True)
