"""What passes between Teams and a turn, in our words: messages, card clicks, replies."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol, cast
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, PlainSerializer, PlainValidator, TypeAdapter

from cards.card import Card
from cards.records import Explanation

ASK_VERB = "ask"
# Asks too; the answer takes the place of the card that was pressed.
EDIT_VERB = "edit"
# In the data of a button, the mark of the room that its card was sent to.
PLACE = "place"


class Unreachable(Exception):
    """Nobody can be reached at an address any more; a later attempt would not help."""


class Scope(StrEnum):
    """Where people talk: alone with the bot, in a group chat, or in a thread of a channel."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the room, as the validated activity names them.

    `person_id` is the Entra object id, or the channel's own id where Entra gave none.
    """

    person_id: str
    name: str
    tenant: str
    channel_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a conversation is reached later; wraps the conversation reference.

    `conversation` is the thread id: in a channel it ends with `;messageid=` and the root's id.
    """

    scope: Scope
    tenant: str
    service_url: str
    conversation: str
    bot_id: str
    bot_name: str
    channel: str | None = None
    team: str | None = None

    @property
    def room(self) -> str:
        """The conversation without its thread: the channel, the group chat or the personal chat."""
        return self.conversation.split(";", 1)[0]

    @property
    def place(self) -> str:
        """A mark of the room, which the buttons of cards that are sent there carry."""
        return hashlib.sha256(self.room.encode()).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the store."""
        return _ADDRESS.dump_python(self, mode="json")

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Address":
        """Read back what `to_json` wrote."""
        return _ADDRESS.validate_python(stored)


_ADDRESS = TypeAdapter(Address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words said to the bot. `zone` is the speaker's IANA time zone as their client sent it.

    `decided` is what the speaker said to calls that waited for a yes, by their ids; `decision` is
    the id of that one press, and a call that is missing from `decided` was not shown whole. Words
    that were `pressed` are those of a button, and may have names in them that others chose.
    """

    message_id: str
    text: str
    speaker: Person
    address: Address
    at: datetime
    zone: str | None = None
    locale: str | None = None
    decided: Mapping[str, bool] = field(default_factory=dict[str, bool])
    decision: str = ""
    pressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardClick:
    """A button pressed on a card: its verb and the data the card carried (never to be trusted).

    `waits` tells whether the client waits for what the press gives back (old clients do not).
    """

    click_id: str
    verb: str
    speaker: Person
    address: Address
    at: datetime
    on_message: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    zone: str | None = None
    locale: str | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The bot was added to a room, or somebody joined it: time to say hello, once for each room."""

    speaker: Person
    address: Address
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredReply:
    """A message that is answered after a press; claimed already, under its key."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class PressResult:
    """What a press on a card gives back to whoever pressed alone: words, or the card as it is."""

    words: str | None = None
    card: Card | None = None
    later: DeferredReply | None = None


CardActionHandler = Callable[[CardClick], Awaitable[PressResult]]
"""Does what a button stands for, if the person may; the card's data is never trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A page that words rest on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An answer as far as it has grown, in place of what was shown of it before.

    `stream` is the id that the first piece was given, blank for that one; an `informative` piece
    tells what is being done.
    """

    address: Address
    text: str
    sequence: int
    stream: str = ""
    informative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: words, or one card; both only at the end of a stream.

    Elsewhere Teams would split them and return no id.
    `generated` marks words of a language model, `sources` are the pages that they rest on.
    """

    address: Address
    text: str | None = None
    card: Card | None = None
    answers: str | None = None
    generated: bool = False
    sources: tuple[Cited, ...] = ()


Incoming = Message | CardClick | Arrival
_ADAPTERS: Mapping[str, TypeAdapter[Message] | TypeAdapter[CardClick] | TypeAdapter[Arrival]] = {
    "Message": TypeAdapter(Message),
    "CardClick": TypeAdapter(CardClick),
    "Arrival": TypeAdapter(Arrival),
}
_MOMENT = TypeAdapter[datetime](AwareDatetime)


def incoming_to_json(incoming: Incoming) -> dict[str, Any]:
    """What came in as plain JSON for the store."""
    kind = type(incoming).__name__
    plain = _ADAPTERS[kind].dump_python(cast("Any", incoming), mode="json")
    return {**plain, "kind": kind, "at": incoming.at.isoformat()}


def incoming_from_json(stored: Mapping[str, Any]) -> Incoming:
    """Read back what `incoming_to_json` wrote; raises ValueError or KeyError for another shape."""
    adapter, at = _ADAPTERS[stored["kind"]], _MOMENT.validate_python(stored["at"])
    return adapter.validate_python({**stored, "at": at})


StoredIncoming = Annotated[
    Incoming, PlainValidator(incoming_from_json), PlainSerializer(incoming_to_json)
]
"""What came in, as a field of a stored row."""


class Renderer(Protocol):
    """How a record becomes a card, with a note and what a language model adds.

    `explains` is the id of what a button has the model add that to later.
    """

    def __call__(
        self,
        record: object,
        now: datetime,
        zone: ZoneInfo,
        note: str | None,
        explanation: Explanation | None = None,
        explains: str = "",
    ) -> Card:
        """The card."""
        ...
