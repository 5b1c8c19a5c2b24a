"""From a reply in our words to the JSON of a Bot Framework activity.

JSON, not the SDK's models: those cost a millisecond of the event loop for a card, and drop every
key of an entity that they do not know.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson

from bot.messages import ASK_VERB, PLACE, Address, Cited, Piece, Reply
from bot.teams.errors import TooLarge
from cards.card import Card
from cards.links import allowed
from cards.text import cut, line

# What a press sends back, with a mark of the room: a copy of the card elsewhere has no power.
_PRESSED = frozenset({"Action.Execute", "Action.Submit"})
_MAY_HOLD = frozenset({dict, list})
CARD = "application/vnd.microsoft.card.adaptive"
LARGEST_CARD = 28 * 1024
MOST_CITATIONS = 20
LONGEST_NAME = 80
LONGEST_ABSTRACT = 160

Json = Mapping[str, Any]


def to_activity(reply: Reply, message_id: str | None = None) -> Json:
    """A message with words, or with one card and the sentence a phone shows for it."""
    content = _words(reply.text or "") if reply.card is None else _alone(reply.card, reply.address)
    activity = {**_envelope(reply.address), "type": "message", **content}
    if reply.generated:
        activity["entities"] = [label(reply.sources)]
    if reply.answers:
        activity["replyToId"] = reply.answers
    if message_id:
        activity["id"] = message_id
    return activity


def to_piece(piece: Piece) -> Json:
    """A part of an answer that is still growing: typing with the text so far."""
    told: dict[str, Any] = {
        "type": "streaminfo",
        "streamType": "informative" if piece.informative else "streaming",
        "streamSequence": piece.sequence,
    }
    if piece.stream:
        told["streamId"] = piece.stream
    return {**_envelope(piece.address), "type": "typing", **_words(piece.text), "entities": [told]}


def to_end(reply: Reply, stream: str) -> Json:
    """The last message of a stream: its whole text, and a card if there is one."""
    ending = {"type": "streaminfo", "streamType": "final", "streamId": stream}
    label_ = [label(reply.sources)] if reply.generated else []
    card = _alone(reply.card, reply.address) if reply.card else {}
    message = {**_envelope(reply.address), "type": "message", **_words(reply.text or ""), **card}
    return {**message, "entities": [ending, *label_]}


def label(sources: Sequence[Cited]) -> Json:
    """The entity that has Teams say "AI generated", with the pages the words cite."""
    entity: dict[str, Any] = {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "additionalType": ["AIGeneratedContent"],
    }
    claims = [_claim(place, one) for place, one in enumerate(sources[:MOST_CITATIONS], start=1)]
    return {**entity, "citation": claims} if claims else entity


def typing_at(address: Address) -> Json:
    """The sign that an answer is being worked on."""
    return {**_envelope(address), "type": "typing"}


def _claim(position: int, source: Cited) -> Json:
    """One page that is cited; an address that is not ours to open stays out of it."""
    page = allowed(source.url)
    title = line(source.title) or "Source"
    document = {
        "@type": "DigitalDocument",
        "name": cut(title, LONGEST_NAME),
        "abstract": cut(title, LONGEST_ABSTRACT),
        **({"url": page} if page else {}),
    }
    return {"@type": "Claim", "position": position, "appearance": document}


def _words(text: str) -> Json:
    """Words as they are: what looks like markdown or a mention in them is not meant so."""
    return {"text": text, "textFormat": "plain"}


def _alone(card: Card, address: Address) -> Json:
    size = len(orjson.dumps(card.content))
    if size > LARGEST_CARD:
        raise TooLarge(f"{card.kind} has {size} bytes, the most is {LARGEST_CARD}")
    content = at_place(card.content, address.place)
    attachment = {"contentType": CARD, "content": content}
    return {"summary": card.summary, "attachments": [attachment]}


def _envelope(address: Address) -> Json:
    return {
        "channelId": "msteams",
        "serviceUrl": address.service_url,
        "conversation": {"id": address.conversation},
        "from": {"id": address.bot_id, "name": address.bot_name},
    }


def at_place(content: Mapping[str, Any], place: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The card with a mark in the data of each button that does something.

    A question may be asked by a button anywhere: it is asked in the name of whoever presses.
    """
    return _marked(content, place)


def _marked(node: Any, place: str) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The node itself where nothing in it is pressed: most of a card is never copied."""
    marked: Any = node
    for key, one in enumerate(node) if type(node) is list else node.items():
        if type(one) in _MAY_HOLD:
            new = _marked(one, place)
            if new is not one:
                marked = node.copy() if marked is node else marked
                marked[key] = new
    is_pressed = type(node) is dict and cast("Json", node).get("type") in _PRESSED
    return _marked_button(cast("Json", marked), place) if is_pressed else marked


def _marked_button(button: Json, place: str) -> Json:
    given = button.get("data")
    data = cast("dict[str, object]", given) if isinstance(given, dict) else {}
    verb = button.get("verb") or data.get("verb")
    return button if verb in {None, ASK_VERB} else {**button, "data": {**data, PLACE: place}}
