"""What is stored about a person is erased on the very words alone: it cannot be undone."""

import pytest

from adf.errors import BadArguments
from cards.records import Picker
from tests.adf.simulator.worlds import world
from tests.bot.agents.answers.world_talk import talking

ASKED = (
    "do you store my data",
    "delete everything you have stored about me",
    "GDPR request: erase my data",
    "lösch alles was du über mich gespeichert hast",
)


async def test_other_words_are_asked_back_and_erase_nothing() -> None:
    async with talking(world(pipelines={"Load": [{"factory": "adf-lab"}]})) as talk:
        for text in ASKED:
            (picker,) = (await talk.ask(text)).records
            assert isinstance(picker, Picker)
            assert picker.choices[0].question == "forget me"
        for text in ("yes", "ja"):  # typed, it may answer somebody else
            assert "forget me" in ((await talk.ask(text)).text or "")


async def test_the_very_words_erase() -> None:
    async with talking(world(pipelines={"Load": [{"factory": "adf-lab"}]})) as talk:
        with pytest.raises(BadArguments, match="bot_forget_me"):  # this world has no such tool
            await talk.ask("Forget me.")
