"""What the buttons on cards do: one table from verb to handler, and one refusal for the rest.

Each class of handlers names the verbs of its buttons; they come together where the bot is built,
and no handler is imported here.
"""

from collections.abc import Mapping
from typing import Protocol

from bot.messages import CardActionHandler, CardClick, Message, PressResult

TOO_OLD = "That button no longer works. Ask me in words instead."
ASK_VERB = "ask"


class CardButtons(Protocol):
    """A class of handlers."""

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        ...


class CardActions:
    """The handlers of all buttons, by the verb that their cards carry."""

    def __init__(self, handlers: Mapping[str, CardActionHandler]) -> None:
        """Borrow the handlers."""
        self._handlers = dict(handlers)

    @property
    def verbs(self) -> frozenset[str]:
        """Every verb that has a handler."""
        return frozenset(self._handlers)

    async def handle(self, click: CardClick) -> PressResult:
        """Do what the button stands for; a verb that nobody handles is refused."""
        handler = self._handlers.get(click.verb)
        return await handler(click) if handler else PressResult(words=TOO_OLD)


def question_of(click: CardClick) -> Message | None:
    """The question of a button that asks, in the name of the person who pressed it."""
    text = click.data.get("question")
    if click.verb != ASK_VERB or not isinstance(text, str) or not text.strip():
        return None
    return Message(
        message_id=click.on_message or "",
        text=text,
        speaker=click.speaker,
        address=click.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )
