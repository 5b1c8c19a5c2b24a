"""The chat in the terminal is a small Teams: it says, shows, and presses buttons by number."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.teams.local.playground import BOT_ID, config
from bot.teams.local.terminal import Terminal

Json = Mapping[str, Any]
BUTTONS = [
    {"type": "Action.OpenUrl", "title": "Open", "url": "https://adf.azure.com/"},
    {"type": "Action.Execute", "title": "Again", "verb": "ask", "data": {"question": "again"}},
]
CARD = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "2 pipelines failed"}],
    "actions": BUTTONS,
}


class Bot:
    """Stands in for the bot: keeps what it is told; words get a card, clicks get words."""

    def __init__(self) -> None:
        self.told: list[Json] = []
        self.status = 202
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        told: Json = await request.json()
        self.told.append(told)
        if self.status == 202:
            await self._answer(told)
        return web.Response(status=self.status)

    async def _answer(self, told: Json) -> None:
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
        card = {"type": "message", "attachments": [attachment]}
        said = {"type": "message", "text": "Done."}
        to = f"{told['serviceUrl']}v3/conversations/{told['conversation']['id']}/activities"
        async with aiohttp.ClientSession() as session:
            for one in ({"type": "typing"}, card if told["type"] == "message" else said):
                async with session.post(to, json=one):
                    pass


@pytest.fixture
async def bot() -> AsyncGenerator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/api/messages", bot.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    yield bot
    await runner.cleanup()


async def test_words_are_answered_by_a_card_and_a_number_presses_its_button(bot: Bot) -> None:
    shown: list[str] = []
    terminal = Terminal(bot.url, "Europe/Berlin", shown.append)
    async with asyncio.timeout(120), terminal.listening():
        await terminal.say("what failed")
        await terminal.say("1")
    words, press = bot.told
    assert (words["text"], words["localTimezone"]) == ("what failed", "Europe/Berlin")
    assert press["value"]["action"]["data"] == {"question": "again"}
    assert press["replyToId"]
    assert "2 pipelines failed" in shown[0]
    assert "[1] Again" in shown[0]
    assert shown[1] == "Done."


async def test_a_number_without_a_button_is_said(bot: Bot) -> None:
    shown: list[str] = []
    terminal = Terminal(bot.url, "UTC", shown.append)
    async with asyncio.timeout(120), terminal.listening():
        await terminal.say("7")
    assert bot.told[0]["text"] == "7"


async def test_a_bot_that_refuses_is_shown(bot: Bot) -> None:
    shown: list[str] = []
    bot.status = 403
    terminal = Terminal(bot.url, "UTC", shown.append)
    async with asyncio.timeout(120), terminal.listening():
        await terminal.say("hello")
    assert shown == ["The bot refused that: HTTP 403"]


def test_the_playground_is_told_our_bot_team_and_five_others() -> None:
    told = config("ADF Ops")
    assert told["bot"] == {"id": BOT_ID, "name": "ADF Ops"}
    assert len(told["users"]) == 5
    assert told["currentUser"] not in told["users"]
    assert len({one["aadObjectId"] for one in [told["currentUser"], *told["users"]]}) == 6
