"""From the raw JSON of a Bot Framework activity to a message, a card click or an arrival."""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson

from bot.messages import Address, Arrival, CardClick, Message, Person, Scope
from bot.teams.quotes import own_words

Json = Mapping[str, Any]

# What JSON decodes to comes first: asking for an abstract class takes seven times as long.
_OBJECT = (dict, Mapping)
_EMPTY: Json = {}
LONGEST_NAME = 100
LARGEST_DATA = 8 * 1024
FURTHEST_OFF = timedelta(days=2)


def read_activity(wire: Json, now: datetime) -> Message | CardClick | Arrival | None:
    """What an activity means for us; None for the many kinds that mean nothing."""
    match wire.get("type"):
        case "message":
            return _click_of_submit(wire, now) or _message(wire, now)
        case "invoke" if wire.get("name") == "adaptiveCard/action":
            action = _object(_object(wire.get("value")).get("action"))
            return _click(wire, action.get("verb"), _object(action.get("data")), now)
        case "conversationUpdate" if _bot_was_added(wire):
            return _arrival(wire, now)
        case "installationUpdate" if str(wire.get("action", "")).startswith("add"):
            return _arrival(wire, now)
        case _:
            return None


def tenants_of(wire: Json) -> tuple[str, ...]:
    """Every tenant an activity names: of the channel's data, the conversation and the speaker.

    In a shared channel they differ: people of another tenant talk in a channel of ours.
    """
    data = _object(_object(wire.get("channelData")).get("tenant")).get("id")
    talk = _object(wire.get("conversation")).get("tenantId")
    person = _object(wire.get("from")).get("tenantId")
    return tuple(one for one in (data, talk, person) if isinstance(one, str) and one)


def address_of(wire: Json) -> Address:
    """Where the conversation of an activity is reached later."""
    talk, data = _object(wire.get("conversation")), _object(wire.get("channelData"))
    bot = _object(wire.get("recipient"))
    return Address(
        scope=_scope(talk),
        tenant=next(iter(tenants_of(wire)), ""),
        service_url=_with_slash(_text(wire.get("serviceUrl"))),
        conversation=_text(talk.get("id")),
        bot_id=_text(bot.get("id")),
        bot_name=_text(bot.get("name"))[:LONGEST_NAME],
        channel=_id_of(data.get("channel")) or _text(data.get("teamsChannelId")) or None,
        team=_id_of(data.get("team")) or _text(data.get("teamsTeamId")) or None,
    )


def _message(wire: Json, now: datetime) -> Message | None:
    address, speaker = address_of(wire), person_of(wire)
    mine, others = _mentions(wire, address.bot_id)
    is_for_us = bool(mine) or address.scope is Scope.PERSONAL
    if not is_for_us or not _is_whole(wire, address, speaker):
        return None
    return Message(
        message_id=_text(wire.get("id")),
        text=plain_words(own_words(_text(wire.get("text")), wire), mine, others),
        speaker=speaker,
        address=address,
        at=_moment(wire.get("timestamp"), now),
        zone=_zone(wire),
        locale=_text(wire.get("locale")) or None,
    )


def _click_of_submit(wire: Json, now: datetime) -> CardClick | None:
    """An Action.Submit of an old client: a message whose value holds what Execute would send."""
    value = _object(wire.get("value"))
    if not value or _text(wire.get("text")).strip():
        return None
    verb = value.get("verb") or ("ask" if value.get("question") else None)
    return _click(wire, verb, value, now, waits=False)


def _click(
    wire: Json, verb: object, data: Json, now: datetime, *, waits: bool = True
) -> CardClick | None:
    address, speaker = address_of(wire), person_of(wire)
    can_be_read = isinstance(verb, str) and verb and len(orjson.dumps(data)) <= LARGEST_DATA
    if not can_be_read or not _is_whole(wire, address, speaker):
        return None
    return CardClick(
        click_id=_text(wire.get("id")),
        verb=str(verb),
        data=data,
        speaker=speaker,
        address=address,
        at=_moment(wire.get("timestamp"), now),
        on_message=_text(wire.get("replyToId")) or None,
        zone=_zone(wire),
        locale=_text(wire.get("locale")) or None,
        waits=waits,
    )


def _arrival(wire: Json, now: datetime) -> Arrival | None:
    address = address_of(wire)
    if not address.conversation:
        return None
    at = _moment(wire.get("timestamp"), now)
    return Arrival(speaker=person_of(wire), address=address, at=at)


def _is_whole(wire: Json, address: Address, speaker: Person) -> bool:
    """Whether there is an id to claim, a place to answer in and somebody to answer."""
    return bool(_text(wire.get("id")) and address.conversation and speaker.person_id)


def _bot_was_added(wire: Json) -> bool:
    bot = _id_of(wire.get("recipient"))
    return bool(bot) and any(_id_of(one) == bot for one in _list(wire.get("membersAdded")))


def _mentions(wire: Json, bot: str) -> tuple[list[Json], list[Json]]:
    """The mentions of the bot, and those of others."""
    mentions = [one for one in _entities(wire) if one.get("type") == "mention"]
    mine = [one for one in mentions if bot and _id_of(one.get("mentioned")) == bot]
    return mine, [one for one in mentions if one not in mine]


def person_of(wire: Json) -> Person:
    """Who sent an activity, as it says; believed only once its token was checked."""
    sender = _object(wire.get("from"))
    account = _text(sender.get("id"))
    return Person(
        person_id=_text(sender.get("aadObjectId")) or account,
        name=_text(sender.get("name"))[:LONGEST_NAME],
        tenant=_text(sender.get("tenantId")) or next(iter(tenants_of(wire)), ""),
        channel_account=account,
    )


def _scope(talk: Json) -> Scope:
    kind = _text(talk.get("conversationType"))
    if kind in {Scope.CHANNEL, Scope.GROUP, Scope.PERSONAL}:
        return Scope(kind)
    return Scope.GROUP if talk.get("isGroup") else Scope.PERSONAL


def _zone(wire: Json) -> str | None:
    client = next((one for one in _entities(wire) if one.get("type") == "clientInfo"), {})
    return _text(wire.get("localTimezone")) or _text(client.get("timezone")) or None


def _moment(wire: object, now: datetime) -> datetime:
    """The time of an activity, which has seven digits of fraction in Teams; else now.

    Questions are about days around it, so a time of another day than today's neighbors is no time.
    """
    try:
        when = datetime.fromisoformat(_text(wire))
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return now
    return when if abs(when - now) <= FURTHEST_OFF else now


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _entities(wire: Json) -> list[Json]:
    return [_object(one) for one in _list(wire.get("entities"))]


def _id_of(wire: object) -> str:
    return _text(_object(wire).get("id"))


def _object(wire: object) -> Json:
    return cast("Json", wire) if wire and isinstance(wire, _OBJECT) else _EMPTY


def _list(wire: object) -> list[object]:
    return cast("list[object]", wire) if isinstance(wire, list) else []


def _text(wire: object) -> str:
    return wire if isinstance(wire, str) else ""


LONGEST_TEXT = 4000
_MARKED = re.compile(r"<at(?:\s[^<>]*)?>(?P<name>[^<>]*)</at>")
# With their semicolon only: "&copy=1" in a pasted address is no sign of copyright.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\x00-\x08\x0e-\x1f\x7f]")


def plain_words(text: str, mine: Iterable[Json], others: Iterable[Json]) -> str:
    """The words of a text without the bot's mentions; other people's stay, as their names.

    Only marked spans are touched: the bot's name elsewhere belongs to the sentence.
    """
    for mark in _marks(mine):
        text = text.replace(mark, " ")
    for mark in _marks(others):
        text = text.replace(mark, _MARKED.sub(r"\g<name>", mark))
    decoded = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return " ".join(_UNSEEN.sub("", decoded).split())[:LONGEST_TEXT]


def _marks(mentions: Iterable[Json]) -> list[str]:
    texts = (one.get("text") for one in mentions)
    return [text for text in texts if isinstance(text, str) and _MARKED.fullmatch(text)]
