"""Asks a model for one word, as a check of everything a turn needs; imports the SDK."""

import openai

from bot.agent.loop.classify import SDK_ERRORS, failure_of
from bot.agent.loop.hearing import Hearing
from bot.agent.loop.responses import BETWEEN_SECONDS, CONNECT_SECONDS
from bot.agent.loop.steps import Place

WORD = "Say the word ok and nothing else."
FEW_TOKENS = 64


async def probe(client: openai.AsyncOpenAI, model: str) -> None:
    """One response, which the service does not keep; raises ModelFailure."""
    hearing = Hearing(lambda _: None)
    wait = openai.Timeout(BETWEEN_SECONDS, connect=CONNECT_SECONDS)
    try:
        async with await client.responses.create(
            model=model,
            input=WORD,
            max_output_tokens=FEW_TOKENS,
            store=False,
            stream=True,
            timeout=wait,
        ) as stream:
            async for event in stream:
                hearing.take(event)
    except SDK_ERRORS as error:
        raise failure_of(error, begun=hearing.begun) from error
    hearing.ended(Place())
