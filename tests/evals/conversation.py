"""A conversation with a running product: what is asked and pressed, and what a person reads."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from adf.tool import ToolCall
from bot.messages import PLACE
from cards.text_rendering import read_card
from tests.doubles.connector import Sent
from tests.doubles.teams import Client
from tests.evals.rows import RECORDED_TOOLS, Turn
from tests.harness import Product

Json = Mapping[str, Any]
Result = Mapping[str, Any]
NOTHING: Result = {"calls": [], "card": None, "text": "", "quoted": "", "arm": [], "ms": 0}
CARD = "application/vnd.microsoft.card.adaptive"
THREAD = "1700000000000"
OTHER_THREAD = "1500000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One running product and the people of a world; `patience` is the wait for a model's words."""

    product: Product
    zone: str
    patience: float

    async def say(self, turn: Turn, *, thread: str = THREAD) -> None:
        """Something that was said before the question, answered and not written down."""
        await self.product.ask(self._words(turn, thread))

    async def ask(self, turn: Turn) -> tuple[Result, Sent]:
        """The answer to a question, and the message that it came in."""
        return await self._answered(self._words(turn, THREAD))

    async def press(self, turn: Turn, on: Sent, data: Json) -> Result:
        """The answer to a press on a button of a message that asks a question."""
        thread = None if turn.where == "dm" else THREAD
        place = message_id(self.product, on)
        click = self._client(turn).click("ask", data, on_message=place, thread=thread)
        return (await self._answered(click))[0]

    async def press_question(self, turn: Turn, question: str) -> Result:
        """The answer to a press on a button that asks, on a card somewhere above."""
        thread = None if turn.where == "dm" else THREAD
        data = {"question": question}
        return (await self._answered(self._client(turn).click("ask", data, thread=thread)))[0]

    async def act(self, turn: Turn, verb: str, data: Json, on_message: str) -> Result:
        """What a press gives back to the person who pressed: the card as it is now, or words."""
        before, began = len(self.product.calls), time.monotonic()
        click = self._client(turn).click(verb, data, on_message=on_message, thread=THREAD)
        answer = await self.product.press(click)
        ms, calls = round((time.monotonic() - began) * 1000), self._calls(before)
        if answer["type"] != CARD:
            return {**NOTHING, "text": answer["value"], "card": "none", "ms": ms, "calls": calls}
        value: Json = answer["value"]
        drawn = (one for one in reversed(self.product.cards) if _same(one.content, value))
        reading = read_card(value, ZoneInfo(self.zone))
        said = {"text": reading.text, "quoted": reading.quoted, "card": next(drawn).kind}
        return {**NOTHING, **said, "ms": ms, "calls": calls}

    def choices(self, sent: Sent) -> list[Json]:
        """What the buttons of a message send that ask a question."""
        buttons = read_card(sent.card, ZoneInfo(self.zone)).buttons if sent.card else ()
        return [one.data for one in buttons if one.verb == "ask" and one.data]

    def _calls(self, before: int) -> list[Json]:
        """The calls since then to tools that rows know; others are nobody's to expect."""
        return [_plain(call) for call in self.product.calls[before:] if call.name in RECORDED_TOOLS]

    def _client(self, turn: Turn) -> Client:
        url = self.product.connector.url
        return Client(service_url=url, name=turn.who.title(), zone=self.zone)

    def _words(self, turn: Turn, thread: str) -> Json:
        client = self._client(turn)
        if turn.where == "dm" and thread == THREAD:
            return client.personal(turn.text)
        return client.in_channel(turn.text, thread=thread)

    async def _answered(self, activity: Json) -> tuple[Result, Sent]:
        """What the person read; where a model adds words to it, what they read in the end.

        Two things asked in one message are answered by two, of which the first gives the card.
        """
        before, began = len(self.product.calls), time.monotonic()
        already = len(self.product.connector.messages)
        sent = await self.product.ask(activity)
        kind, ms = _kind(self.product, sent), round((sent.at - began) * 1000)
        if self.patience and sent.card is not None:
            sent = await _edited(self.product, sent, self.patience)
        await self.product.settled()
        calls = self._calls(before)
        more = [one for one in self.product.connector.messages[already + 1 :] if _beside(sent, one)]
        read = _read((sent, *more), ZoneInfo(self.zone))
        return {**read, "card": kind, "ms": ms, "calls": calls}, sent


def _beside(first: Sent, other: Sent) -> bool:
    """Whether a message answers what the first one answered."""
    answered = first.activity.get("replyToId")
    return answered is not None and other.activity.get("replyToId") == answered


def _kind(product: Product, sent: Sent) -> str:
    """What kind of card was sent; words that came late to an earlier card may be drawn after it."""
    drawn = (one.kind for one in reversed(product.cards) if _same(one.content, sent.card))
    return next(drawn) if sent.card else "none"


def _same(drawn: Json, sent: object) -> bool:
    """Whether a card is the one that was drawn, but for the marks that it was sent with."""
    return json.loads(json.dumps(drawn)) == _unmarked(sent)


def _unmarked(node: object) -> object:
    if isinstance(node, list):
        return [_unmarked(one) for one in cast("list[object]", node)]
    if isinstance(node, dict):
        parts = cast("dict[str, object]", node)
        return {key: _unmarked(one) for key, one in parts.items() if key != PLACE}
    return node


async def _edited(product: Product, sent: Sent, patience: float) -> Sent:
    """The message with the words that a model adds to it, or as it was when none come in time."""
    message = message_id(product, sent)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await product.settled()
    edits = [one for one in product.connector.edits if one.activity_id == message]
    return edits[-1] if edits else sent


def message_id(product: Product, sent: Sent) -> str:
    """The id that the connector gave a message."""
    return f"message-{product.connector.sent.index(sent) + 1}"


def _read(sent: Sequence[Sent], zone: ZoneInfo) -> Result:
    """What a person reads of the messages of an answer: texts of cards, and quoted errors."""
    cards = [read_card(one.card, zone) if one.card else None for one in sent]
    texts = [
        card.text if card else str(one.activity.get("text", ""))
        for one, card in zip(sent, cards, strict=True)
    ]
    quoted = [card.quoted for card in cards if card and card.quoted]
    return {**NOTHING, "text": "\n".join(texts), "quoted": "\n".join(quoted)}


def _plain(call: ToolCall) -> Json:
    args: dict[str, Any] = json.loads(json.dumps(dict(call.arguments), default=str))
    return {"name": call.name, "args": args}
