"""A chat in the terminal: a tiny Teams of its own, with a connector on a loopback socket.

What is typed goes to the bot's endpoint as a Bot Framework activity of a personal chat; what comes
back is read from the card. Buttons are numbered, and a number presses one.
"""

import asyncio
import sys
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot.teams.local.playground import BOT_ID, TENANT
from cards.text_rendering import CardButton, read_card

Json = Mapping[str, Any]
Show = Callable[[str], None]


class Terminal:
    """One personal chat; `show` is where the lines go."""

    def __init__(self, endpoint: str, zone: str, show: Show) -> None:
        """Remember where the bot listens and the zone the reader is in."""
        self._endpoint = endpoint
        self._zone = zone
        self._show = show
        self._buttons: list[tuple[str, CardButton]] = []
        self._service = ""
        self.answered = asyncio.Event()

    async def say(self, text: str) -> None:
        """Send a line, or press the button of that number; returns when the answer is there."""
        pressed = self._pressed(text)
        self.answered.clear()
        activity = self._press(*pressed) if pressed else self._words(text)
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._endpoint, json=activity) as response,
        ):
            if response.status >= 400:
                self._show(f"The bot refused that: HTTP {response.status}")
                return
        async with asyncio.timeout(60):
            await self.answered.wait()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Run the connector that the bot answers to."""
        app = web.Application()
        app.router.add_post("/v3/conversations/{conversation}/activities", self._receive)
        app.router.add_post("/v3/conversations/{conversation}/activities/{to}", self._receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = urlsplit(site.name).port or runner.addresses[0][1]
        self._service = f"http://127.0.0.1:{port}/"
        try:
            yield
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        activity: Json = await request.json()
        message_id = uuid.uuid4().hex
        if activity.get("type") == "message":
            self._read(activity, message_id)
            self.answered.set()
        return web.json_response({"id": message_id})

    def _read(self, activity: Json, message_id: str) -> None:
        if activity.get("text"):
            self._show(str(activity["text"]))
        for attachment in activity.get("attachments") or ():
            reading = read_card(attachment["content"], ZoneInfo(self._zone))
            pressable = [one for one in reading.buttons if one.verb]
            self._buttons = [(message_id, one) for one in pressable]
            quoted = "".join(f"\n    {line}" for line in reading.quoted.splitlines())
            keys = "  ".join(f"[{n}] {one.title}" for n, one in enumerate(pressable, 1))
            self._show(f"{reading.text}{quoted}" + (f"\n{keys}" if keys else ""))

    def _pressed(self, text: str) -> tuple[str, CardButton] | None:
        number = int(text) if text.strip().isdigit() else 0
        return self._buttons[number - 1] if 0 < number <= len(self._buttons) else None

    def _words(self, text: str) -> Json:
        return {**self._envelope(), "type": "message", "text": text, "textFormat": "plain"}

    def _press(self, message_id: str, button: CardButton) -> Json:
        action = {"type": "Action.Execute", "verb": button.verb, "data": button.data or {}}
        value = {"action": action, "trigger": "manual"}
        invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": value}
        return {**self._envelope(), **invoke, "replyToId": message_id}

    def _envelope(self) -> Json:
        person = {"id": "user-you", "name": "You", "aadObjectId": str(uuid.UUID(int=1))}
        chat = {"id": "a:terminal", "conversationType": "personal", "tenantId": TENANT}
        return {
            "id": uuid.uuid4().hex,
            "timestamp": datetime.now(UTC).isoformat(),
            "channelId": "msteams",
            "serviceUrl": self._service,
            "from": person,
            "recipient": {"id": BOT_ID, "name": "ADF Ops"},
            "conversation": chat,
            "channelData": {"tenant": {"id": TENANT}},
            "localTimezone": self._zone,
        }


async def chat(endpoint: str, zone: str, show: Show) -> None:
    """Read lines until the input ends, and show what comes back."""
    terminal = Terminal(endpoint, zone, show)
    async with terminal.listening():
        async for line in _lines():
            if line.strip().lower() in {"exit", "quit"}:
                return
            if line.strip():
                await terminal.say(line.strip())


async def _lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line
