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


ALERT = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [{"type": "TextBlock", "text": "Payments failed"}],
    "actions": [
        {"type": "Action.Execute", "title": "Acknowledge", "verb": "ack", "data": {"incident": "1"}}
    ],
}
OVER = {**ALERT, "body": [{"type": "TextBlock", "text": "Payments is fine again"}], "actions": []}
CARD_TYPE = "application/vnd.microsoft.card.adaptive"


class Bot:
    """Stands in for the bot: keeps what it is told; words get a card, clicks get words.

    `pressed` is the answer to a click instead, as Teams gets it.
    """

    def __init__(self) -> None:
        self.told: list[Json] = []
        self.status = 202
        self.is_silent = False
        self.url = ""
        self.card: Json = CARD
        self.pressed: Json | None = None

    async def receive(self, request: web.Request) -> web.Response:
        told: Json = await request.json()
        self.told.append(told)
        if told["type"] == "invoke" and self.pressed is not None:
            return web.json_response(self.pressed)
        if self.status == 202 and not self.is_silent:
            await self._answer(told)
        return web.Response(status=self.status)

    async def _answer(self, told: Json) -> None:
        said = {"type": "message", "text": "Done."}
        activities = _activities_of(told)
        async with aiohttp.ClientSession() as session:
            for one in (
                {"type": "typing"},
                _message(self.card) if told["type"] == "message" else said,
            ):
                async with session.post(activities, json=one):
                    pass


def _message(card: Json) -> Json:
    return {"type": "message", "attachments": [{"contentType": CARD_TYPE, "content": card}]}


def _activities_of(told: Json) -> str:
    return f"{told['serviceUrl']}v3/conversations/{told['conversation']['id']}/activities"


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


async def acknowledge(bot: Bot, terminal: Terminal) -> str:
    """Ask, and press the first button; returns the address of the card that carried it."""
    await terminal.say("what failed")
    await terminal.say("1")
    return f"{_activities_of(bot.told[0])}/{bot.told[1]['replyToId']}"


async def test_an_edit_takes_the_place_of_a_card_and_of_its_buttons(bot: Bot) -> None:
    shown: list[str] = []
    bot.card, bot.pressed = ALERT, {"statusCode": 200, "type": CARD_TYPE, "value": ALERT}
    terminal = Terminal(bot.url, "UTC", shown.append)
    async with asyncio.timeout(10), terminal.listening(), aiohttp.ClientSession() as session:
        url = await acknowledge(bot, terminal)
        async with session.put(url, json=_message(OVER)) as answer:
            assert answer.status == 200
            assert (await answer.json())["id"] == bot.told[1]["replyToId"]
        await terminal.say("1")
    assert "Payments is fine again" in shown[-2]
    assert bot.told[2]["text"] == "1"


async def test_a_deleted_message_takes_its_buttons_with_it(bot: Bot) -> None:
    bot.card, bot.pressed = ALERT, {"statusCode": 200, "type": CARD_TYPE, "value": ALERT}
    terminal = Terminal(bot.url, "UTC", lambda _: None)
    async with asyncio.timeout(10), terminal.listening(), aiohttp.ClientSession() as session:
        url = await acknowledge(bot, terminal)
        async with session.delete(url) as answer:
            assert answer.status == 200
        await terminal.say("1")
    assert bot.told[2]["text"] == "1"


@pytest.mark.parametrize(
    ("pressed", "words"),
    [
        ({"statusCode": 200, "type": CARD_TYPE, "value": OVER}, "Payments is fine again"),
        (
            {
                "statusCode": 200,
                "type": "application/vnd.microsoft.activity.message",
                "value": "It is over already.",
            },
            "It is over already.",
        ),
    ],
)
async def test_what_a_press_gives_back_is_shown_and_nothing_more_is_waited_for(
    pressed: Json, words: str, bot: Bot
) -> None:
    shown: list[str] = []
    bot.card, bot.pressed = ALERT, pressed
    terminal = Terminal(bot.url, "UTC", shown.append)
    async with asyncio.timeout(10), terminal.listening():
        await acknowledge(bot, terminal)
    assert words in shown[-1]


async def test_a_card_that_is_edited_to_what_it_shows_is_shown_once(bot: Bot) -> None:
    shown: list[str] = []
    bot.card, bot.pressed = ALERT, {"statusCode": 200, "type": CARD_TYPE, "value": OVER}
    terminal = Terminal(bot.url, "UTC", shown.append)
    async with asyncio.timeout(10), terminal.listening(), aiohttp.ClientSession() as session:
        url = await acknowledge(bot, terminal)
        async with session.put(url, json=_message(OVER)):
            pass
    assert [one for one in shown if "fine again" in one] == shown[-1:]


async def test_a_bot_that_stays_silent_does_not_end_the_chat(bot: Bot) -> None:
    shown: list[str] = []
    bot.is_silent = True
    terminal = Terminal(bot.url, "UTC", shown.append, patience=0.01)
    async with asyncio.timeout(10), terminal.listening():
        await terminal.say("hello")
    assert shown == ["No answer yet: it will appear here when it comes."]


def test_the_playground_is_told_our_bot_team_and_five_others() -> None:
    told = config("ADF Ops")
    assert told["bot"] == {"id": BOT_ID, "name": "ADF Ops"}
    assert len(told["users"]) == 5
    assert told["currentUser"] not in told["users"]
    assert len({one["aadObjectId"] for one in [told["currentUser"], *told["users"]]}) == 6
