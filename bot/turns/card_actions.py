"""What the buttons on cards do: one table from verb to handler, and one refusal for the rest.

Each class of handlers names the verbs of its buttons; they come together where the bot is built,
and no handler is imported here.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.messages import ASK_VERB, PLACE, CardActionHandler, CardClick, Message, PressResult

TOO_OLD = "That button no longer works. Ask me in words instead."
ELSEWHERE = "This card was made for another conversation, so it has no power here. Ask me in words."


CardActionObserver = Callable[[CardClick], Awaitable[None]]


class CardButtons(Protocol):
    """A class of handlers."""

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        ...


class CardActions:
    """The handlers of all buttons, by the verb that their cards carry."""

    def __init__(
        self,
        handlers: Mapping[str, CardActionHandler],
        refused: CardActionObserver | None = None,
    ) -> None:
        """Borrow the handlers; `refused` writes down a press on a card from elsewhere."""
        self._handlers = dict(handlers)
        self._refused = refused

    @property
    def verbs(self) -> frozenset[str]:
        """Every verb that has a handler."""
        return frozenset(self._handlers)

    async def handle(self, click: CardClick) -> PressResult:
        """Do what the button stands for; a verb that nobody handles is refused."""
        handler = self._handlers.get(click.verb)
        if handler and _is_from_elsewhere(click):
            if self._refused is not None:
                await self._refused(click)
            return PressResult(words=ELSEWHERE)
        return await handler(click) if handler else PressResult(words=TOO_OLD)


def _is_from_elsewhere(click: CardClick) -> bool:
    """Whether the card was sent to another room; a proposal compares places by itself."""
    mark = click.data.get(PLACE)
    return mark is not None and mark != click.address.place and "proposal" not in click.data


def question_of(click: CardClick) -> Message | None:
    """The question of a button that asks, in the name of the person who pressed it."""
    return message_of(click) if click.verb == ASK_VERB else None


def message_of(click: CardClick) -> Message | None:
    """The question that a button carries; None where it carries none."""
    text = click.data.get("question")
    if not isinstance(text, str) or not text.strip():
        return None
    return Message(
        message_id=click.on_message or "",
        text=text,
        speaker=click.speaker,
        address=click.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
        pressed=True,
    )
