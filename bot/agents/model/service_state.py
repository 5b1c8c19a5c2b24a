"""Where a talk is kept between steps: in a conversation, behind the last response, or nowhere."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot.agents.model.types import ConversationPlace, Item


class StateMode(StrEnum):
    """How the service finds what went before; a conversation and a response exclude each other."""

    CONVERSATION = "conversation"
    PREVIOUS = "previous"
    STATELESS = "stateless"


def asked_at(keeping: StateMode, place: ConversationPlace, items: Sequence[Item]) -> dict[str, Any]:
    """What a step sends of the talk so far, beside its own items."""
    if keeping is StateMode.CONVERSATION:
        return {"conversation": place.conversation, "input": list(items)}
    if keeping is StateMode.STATELESS:
        hidden = {"store": False, "include": ["reasoning.encrypted_content"]}
        return {"input": [*place.said, *items], **hidden}
    before = {"previous_response_id": place.previous} if place.previous else {}
    return {"input": list(items), "store": True, **before}


def place_after(
    keeping: StateMode,
    place: ConversationPlace,
    items: Sequence[Item],
    response_id: str,
    output: Sequence[Item],
) -> ConversationPlace:
    """Where the talk stands after a step."""
    if keeping is StateMode.CONVERSATION:
        return place
    if keeping is StateMode.STATELESS:
        return ConversationPlace(said=(*place.said, *items, *output))
    return ConversationPlace(previous=response_id)
