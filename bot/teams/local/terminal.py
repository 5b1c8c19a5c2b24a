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
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot.messages import ASK_VERB
from bot.teams.local.people import PEOPLE, DemoPerson
from bot.teams.local.playground import BOT_ID, TENANT
from cards.text_rendering import CardButton, read_card

Json = Mapping[str, Any]
Show = Callable[[str], None]


PATIENCE = 60.0
SILENT = "No answer yet: it will appear here when it comes."
_ACTIVITIES = "/v3/conversations/{conversation}/activities"


class Terminal:
    """One personal chat; `show` is where the lines go."""

    def __init__(
        self,
        endpoint: str,
        zone: str,
        show: Show,
        patience: float = PATIENCE,
        who: DemoPerson = PEOPLE[0],
    ) -> None:
        """`zone` is the time zone of the reader; an answer is waited for `patience` seconds."""
        self._who = who
        self._endpoint = endpoint
        self._zone = zone
        self._show = show
        self._patience = patience
        self._buttons: list[tuple[str, CardButton]] = []
        self._last: tuple[str, str] = ("", "")
        self._service = ""
        self.answered = asyncio.Event()

    async def say(self, text: str) -> None:
        """Send a line, or press the button of that number; returns when the answer is there."""
        pressed = self._pressed(text)
        self.answered.clear()
        activity = self._press(*pressed) if pressed else self._words(text)
        response = await self._send(activity)
        if pressed and pressed[1].verb != ASK_VERB and response:
            self._read_press(response, pressed[0])
            return
        if response is not None:
            await self._wait()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Run the connector that the bot answers to."""
        app = web.Application()
        app.router.add_post(_ACTIVITIES, self._receive)
        app.router.add_post(f"{_ACTIVITIES}/{{activity}}", self._receive)
        app.router.add_put(f"{_ACTIVITIES}/{{activity}}", self._update)
        app.router.add_delete(f"{_ACTIVITIES}/{{activity}}", self._delete)
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

    async def _send(self, activity: Json) -> Json | None:
        """The body of the response, empty where there is none; None when the bot refused."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._endpoint, json=activity) as response,
        ):
            if response.status >= 400:
                self._show(f"The bot refused that: HTTP {response.status}")
                return None
            return await response.json() if response.content_type == "application/json" else {}

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self.answered.wait()
        except TimeoutError:
            self._show(SILENT)

    async def _receive(self, request: web.Request) -> web.Response:
        activity: Json = await request.json()
        message_id = uuid.uuid4().hex
        if activity.get("type") == "message":
            self._read(activity, message_id)
            self.answered.set()
        return web.json_response({"id": message_id})

    async def _update(self, request: web.Request) -> web.Response:
        """An edit: the message is shown as it is now."""
        message_id = request.match_info["activity"]
        self._read(await request.json(), message_id)
        return web.json_response({"id": message_id})

    async def _delete(self, request: web.Request) -> web.Response:
        """What was shown stays on the screen, but its buttons go."""
        message_id = request.match_info["activity"]
        self._buttons = [one for one in self._buttons if one[0] != message_id]
        return web.Response()

    def _read(self, activity: Json, message_id: str) -> None:
        if activity.get("text"):
            self._show(str(activity["text"]))
        for attachment in activity.get("attachments") or ():
            self._read_card(attachment["content"], message_id)

    def _read_press(self, response: Json, message_id: str) -> None:
        """What a press gives back to the person who pressed: a card, or words."""
        match response.get("value"):
            case {"body": _} as card:
                self._read_card(cast("Json", card), message_id)
            case str(words) | {"message": str(words)}:
                self._show(words)
            case _:
                pass

    def _read_card(self, content: Json, message_id: str) -> None:
        """Show a card, unless it is shown already: a press and the edit after it bring the same."""
        reading = read_card(content, ZoneInfo(self._zone))
        pressable = [one for one in reading.buttons if one.verb]
        self._buttons = [(message_id, one) for one in pressable]
        quoted = "".join(f"\n    {line}" for line in reading.quoted.splitlines())
        keys = "  ".join(f"[{n}] {one.title}" for n, one in enumerate(pressable, 1))
        text = f"{reading.text}{quoted}" + (f"\n{keys}" if keys else "")
        if self._last != (message_id, text):
            self._last = (message_id, text)
            self._show(text)

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
        who = self._who
        person = {"id": f"user-{who.given}", "name": who.name, "aadObjectId": who.person_id}
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


async def chat(endpoint: str, zone: str, show: Show, who: DemoPerson = PEOPLE[0]) -> None:
    """Read lines until the input ends, and show what comes back."""
    terminal = Terminal(endpoint, zone, show, who=who)
    async with terminal.listening():
        async for line in _lines():
            if line.strip().lower() in {"exit", "quit"}:
                return
            if line.strip():
                await terminal.say(line.strip())


async def _lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line
