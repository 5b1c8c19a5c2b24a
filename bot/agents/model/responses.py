"""Plans with the Responses protocol through the official SDK; imported late, for it is heavy."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

import openai

from bot.agents.model.sdk_errors import SDK_ERRORS, failure_of
from bot.agents.model.stream import StreamReader
from bot.agents.model.types import ConversationPlace, Item, ModelStep, OnWords, StateMode

log = logging.getLogger("adfops.agent")

CONNECT_SECONDS = 5.0
BETWEEN_SECONDS = 60.0
CREATE_SECONDS = 10.0
Send = Callable[..., Awaitable[openai.AsyncStream[object]]]


class ResponsesPlanner:
    """One step is one streamed response; what is the same in each step is given once."""

    def __init__(
        self, client: openai.AsyncOpenAI, same: Mapping[str, Any], mode: StateMode
    ) -> None:
        """Borrow the client; it must not retry by itself, for a step is not idempotent."""
        self._client = client
        self._send = cast("Send", client.responses.create)
        self._same = same
        self._mode = mode

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        """The same place, or a new conversation where the service keeps them."""
        if self._mode is not StateMode.CONVERSATION:
            return place
        if place.conversation:
            return place
        try:
            made = await self._client.conversations.create(timeout=CREATE_SECONDS)
        except SDK_ERRORS as error:
            raise failure_of(error) from error
        log.info("conversation %s begun", made.id)
        return ConversationPlace(conversation=made.id)

    async def step(
        self, place: ConversationPlace, items: Sequence[Item], on_words: OnWords
    ) -> ModelStep:
        """Send the items, tell words as they come; raises ModelFailure."""
        reader, keeps = StreamReader(on_words), self._mode is StateMode.CONVERSATION
        asked = {**self._same, **state_arguments(self._mode, place, items)}
        try:
            wait = openai.Timeout(BETWEEN_SECONDS, connect=CONNECT_SECONDS)
            async with await self._send(stream=True, timeout=wait, **asked) as stream:
                # With its head the service has said that it took what was sent.
                reader.begun = True
                async for event in stream:
                    reader.take(event)
                    # What is there already comes without waiting, each event a millisecond's work.
                    await asyncio.sleep(0)
                request = stream.response.headers.get("x-request-id", "")
        except SDK_ERRORS as error:
            raise failure_of(
                error, begun=reader.begun, called=reader.called, keeps=keeps
            ) from error
        reached = next_place(self._mode, place, items, reader.response_id, reader.items)
        return _logged(reader.finish(reached), request)


def _logged(step: ModelStep, request: str) -> ModelStep:
    """The step, noted without its content: ids that its provider can be asked about."""
    log.info(
        "response %s (request %s, conversation %s): %s, %d tokens in (%d cached), %d out, %s",
        step.response_id,
        request,
        step.place.conversation or "none",
        step.status,
        step.spent.input,
        step.spent.cached,
        step.spent.output,
        [one.name[:64] for one in step.calls] or "no calls",
    )
    return step


def state_arguments(
    mode: StateMode, place: ConversationPlace, items: Sequence[Item]
) -> dict[str, Any]:
    """What a step sends of the conversation so far, with its own items."""
    if mode is StateMode.CONVERSATION:
        return {"conversation": place.conversation, "input": list(items)}
    if mode is StateMode.STATELESS:
        hidden = {"store": False, "include": ["reasoning.encrypted_content"]}
        return {"input": [*place.said, *items], **hidden}
    before = {"previous_response_id": place.previous} if place.previous else {}
    return {"input": list(items), "store": True, **before}


def next_place(
    mode: StateMode,
    place: ConversationPlace,
    items: Sequence[Item],
    response_id: str,
    output: Sequence[Item],
) -> ConversationPlace:
    """Where the conversation is after a step."""
    if mode is StateMode.CONVERSATION:
        return place
    if mode is StateMode.STATELESS:
        return ConversationPlace(said=(*place.said, *items, *output))
    return ConversationPlace(previous=response_id)
