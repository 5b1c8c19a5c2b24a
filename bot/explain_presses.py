"""The button that has a card explained which is not explained by itself: for readers, on a press.

The card carries nothing but its question: what answers it is asked anew, as far as whoever pressed
may see it, and the words of the language model come by an edit of that same message.
"""

import hashlib
from typing import Protocol

from bot.answering import ToExplain, Told
from bot.messages import CardClick, Message, Pressed

ASKED = "I am asking the language model. Its words will stand below this card in a moment."
NOTHING = "There is nothing to explain for you here any more. Ask me in words."


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> Pressed | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class Answers(Protocol):
    """Whoever makes the replies to a message."""

    async def answer(self, message: Message) -> Told:
        """The replies, and what can be explained."""
        ...


class Second(Protocol):
    """Whoever has a card explained."""

    async def begin(self, key: str, message: Message, explain: ToExplain, message_id: str) -> None:
        """Begin, and return at once."""
        ...


class ExplainPresses:
    """Has cards explained; presses of other buttons go on to `others`."""

    def __init__(self, *, answers: Answers, second: Second, others: Presses) -> None:
        """Borrow everything."""
        self._answers = answers
        self._second = second
        self._others = others

    async def press(self, click: CardClick) -> Pressed | None:
        """Begin to explain the card that was pressed on; who may not see it is told that."""
        text = click.data.get("question")
        if click.verb != "explain" or not isinstance(text, str) or not click.on_message:
            return await self._others.press(click)
        message = _asked_by(click, text)
        told = await self._answers.answer(message)
        explain = told.explain or told.offers
        if explain is None:
            return Pressed(words=_in_words(told))
        await self._second.begin(_key(click), message, explain, click.on_message)
        return Pressed(words=ASKED)


def _key(click: CardClick) -> str:
    """The same for all who press on one message, so that it is explained once at a time."""
    place = f"{click.address.conversation} {click.on_message}"
    return hashlib.sha256(place.encode()).hexdigest()


def _asked_by(click: CardClick, text: str) -> Message:
    return Message(
        message_id=click.on_message or "",
        text=text,
        speaker=click.speaker,
        address=click.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )


def _in_words(told: Told) -> str:
    """What the question comes to for whoever pressed, in one line."""
    first = told.replies[0]
    return (first.card.summary if first.card else first.text) or NOTHING
