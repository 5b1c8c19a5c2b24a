"""From the raw JSON of a Bot Framework activity to a message, a card click or an arrival.

Read from the JSON itself: the SDK's model loses `conversation.tenantId`, and its helper that takes
mentions away would also take the bot's name out of "ADF Ops docs".
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from bot.messages import Address, Arrival, CardClick, Message, Person, Scope

Json = Mapping[str, Any]

LONGEST_TEXT = 4000
_FRACTION = re.compile(r"(\.\d{6})\d+")


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
    """Every tenant an activity names: of the channel's data and of the conversation."""
    data = _object(_object(wire.get("channelData")).get("tenant")).get("id")
    talk = _object(wire.get("conversation")).get("tenantId")
    return tuple(one for one in (data, talk) if isinstance(one, str) and one)


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
        bot_name=_text(bot.get("name")),
        channel=_object(data.get("channel")).get("id") or data.get("teamsChannelId"),
        team=_object(data.get("team")).get("id") or data.get("teamsTeamId"),
    )


def _message(wire: Json, now: datetime) -> Message | None:
    address = address_of(wire)
    text, mentioned = _without_mention(wire)
    if address.scope is not Scope.PERSONAL and not mentioned:
        return None
    return Message(
        message_id=_text(wire.get("id")),
        text=text[:LONGEST_TEXT],
        speaker=_person(wire, address.tenant),
        address=address,
        at=_moment(wire.get("timestamp"), now),
        zone=_zone(wire),
        locale=wire.get("locale"),
    )


def _click_of_submit(wire: Json, now: datetime) -> CardClick | None:
    """An Action.Submit of an old client: a message whose value holds what Execute would send."""
    value = _object(wire.get("value"))
    if not value or _text(wire.get("text")).strip():
        return None
    return _click(wire, value.get("verb"), value, now)


def _click(wire: Json, verb: object, data: Json, now: datetime) -> CardClick | None:
    if not isinstance(verb, str) or not verb:
        return None
    address = address_of(wire)
    return CardClick(
        click_id=_text(wire.get("id")),
        verb=verb,
        data=data,
        speaker=_person(wire, address.tenant),
        address=address,
        at=_moment(wire.get("timestamp"), now),
        on_message=wire.get("replyToId"),
        zone=_zone(wire),
        locale=wire.get("locale"),
    )


def _arrival(wire: Json, now: datetime) -> Arrival:
    address = address_of(wire)
    return Arrival(
        speaker=_person(wire, address.tenant),
        address=address,
        at=_moment(wire.get("timestamp"), now),
    )


def _bot_was_added(wire: Json) -> bool:
    bot = _object(wire.get("recipient")).get("id")
    return any(_object(one).get("id") == bot for one in _list(wire.get("membersAdded")))


def _without_mention(wire: Json) -> tuple[str, bool]:
    """The text without the bot's own mention, and whether it was there."""
    bot = _object(wire.get("recipient")).get("id")
    entities = (_object(one) for one in _list(wire.get("entities")))
    mentions = [one for one in entities if one.get("type") == "mention"]
    mine = [one for one in mentions if _object(one.get("mentioned")).get("id") == bot]
    text = _text(wire.get("text"))
    for one in mine:
        text = text.replace(_text(one.get("text")) or "\0", " ")
    return " ".join(html.unescape(text).replace("\u00a0", " ").split()), bool(mine)


def _person(wire: Json, tenant: str) -> Person:
    sender = _object(wire.get("from"))
    account = _text(sender.get("id"))
    person_id = _text(sender.get("aadObjectId")) or account
    name = _text(sender.get("name"))[:100]
    return Person(person_id=person_id, name=name, tenant=tenant, channel_account=account)


def _scope(talk: Json) -> Scope:
    kind = talk.get("conversationType")
    if kind in {Scope.CHANNEL, Scope.GROUP, Scope.PERSONAL}:
        return Scope(kind)
    return Scope.GROUP if talk.get("isGroup") else Scope.PERSONAL


def _zone(wire: Json) -> str | None:
    entities = [_object(one) for one in _list(wire.get("entities"))]
    client = next((one for one in entities if one.get("type") == "clientInfo"), {})
    zone = wire.get("localTimezone") or client.get("timezone")
    return zone if isinstance(zone, str) else None


def _moment(wire: object, now: datetime) -> datetime:
    try:
        when = datetime.fromisoformat(_FRACTION.sub(r"\1", str(wire)))
    except ValueError:
        return now
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _object(wire: object) -> Json:
    return cast("Json", wire) if isinstance(wire, Mapping) else {}


def _list(wire: object) -> list[object]:
    return cast("list[object]", wire) if isinstance(wire, list) else []


def _text(wire: object) -> str:
    return wire if isinstance(wire, str) else ""
