"""Plans with the Responses protocol through the official SDK; imported late, for it is heavy."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import openai

from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.sdk_errors import SDK_ERRORS, failure_of
from bot.agents.model.stream import StreamReader
from bot.agents.model.types import (
    ConversationPlace,
    Item,
    ModelStep,
    OnWords,
    StateMode,
    ToolChoice,
)

log = logging.getLogger("adfops.agent")

CONNECT_SECONDS = 5.0
BETWEEN_SECONDS = 60.0
CREATE_SECONDS = 10.0
Send = Callable[..., Awaitable[openai.AsyncStream[object]]]
_REFUSALS = frozenset({FailureKind.BAD_REQUEST, FailureKind.LOST, FailureKind.SERVER})
# As servers say it that keep nothing between requests.
_KEEPS_NOTHING = re.compile(
    r"previous_response_id.{0,40}\b(?:not (?:yet )?(?:supported|implemented|allowed)|unsupported)"
    r"|(?:not|n't) (?:yet )?(?:support|implement|allow)\w*.{0,40}previous_response_id"
    r"|unsupported.{0,40}previous_response_id|unknown parameter.{0,10}previous_response_id"
)


@dataclass(slots=True, kw_only=True)
class ServiceTraits:
    """How one service takes a step; what it refuses is not tried a second time."""

    state: StateMode
    takes_choice: bool = True

    def adapt(self, failure: ModelFailure) -> bool:
        """Learn from a refusal; whether the same step can be sent in another form."""
        if failure.begun or failure.kind not in _REFUSALS:
            return False
        low = failure.said.lower()
        if self.takes_choice and "tool_choice" in low:
            self.takes_choice = False
            return True
        if self.state is StateMode.PREVIOUS and _KEEPS_NOTHING.search(low):
            log.info("the service keeps no responses: each step sends the conversation again")
            self.state = StateMode.STATELESS
            return True
        return False


class ResponsesPlanner:
    """One step is one streamed response; what is the same in each step is given once."""

    def __init__(
        self, client: openai.AsyncOpenAI, same: Mapping[str, Any], traits: ServiceTraits
    ) -> None:
        """Borrow the client; it must not retry by itself, for a step is not idempotent."""
        self._client = client
        self._send = cast("Send", client.responses.create)
        self._same = same
        self._traits = traits

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        """The same place, or a new conversation where the service keeps them."""
        if self._traits.state is not StateMode.CONVERSATION:
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
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice = ToolChoice.AUTO,
    ) -> ModelStep:
        """Send the items, tell words as they come; raises ModelFailure."""
        while True:
            try:
                return await self._sent(place, items, on_words, choice)
            except ModelFailure as failure:
                # What came before is known only where this turn began it.
                is_known = bool(place.said) or not place.previous
                if not is_known or not self._traits.adapt(failure):
                    raise

    async def _sent(
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice,
    ) -> ModelStep:
        mode = self._traits.state
        reader, keeps = StreamReader(on_words), mode is StateMode.CONVERSATION
        asked = {**self._same, **state_arguments(mode, place, items)}
        if choice is not ToolChoice.AUTO and self._traits.takes_choice and self._has_tools:
            asked["tool_choice"] = str(choice)
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
        reached = next_place(mode, place, items, reader.response_id, reader.items)
        return _logged(reader.finish(reached), request)

    @property
    def _has_tools(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self._same.get("tools"))


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
    if mode is StateMode.SINGLE:
        return {"input": list(items), "store": False}
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
    if mode in {StateMode.CONVERSATION, StateMode.SINGLE}:
        return place
    if mode is StateMode.STATELESS:
        return ConversationPlace(said=(*place.said, *items, *output))
    # Also what was said: a service may turn out to keep nothing in the midst of a turn.
    return ConversationPlace(previous=response_id, said=(*place.said, *items, *output))
