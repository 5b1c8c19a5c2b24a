"""What the service remembers: conversations by id, and responses by id."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.foundry.items import as_items, open_calls
from tests.doubles.foundry.wire import Asked, Ids, Item, Refused, tokens_in

_CONVERSATION = re.compile(r"conv_[A-Za-z0-9_]+")


@dataclass(slots=True, kw_only=True)
class Talk:
    """A conversation, or all that led to one response; `busy` while a response is being made."""

    items: tuple[Item, ...] = ()
    tokens: int = 0
    busy: bool = False
    metadata: Item = field(default_factory=dict[str, Any])

    def add(self, items: list[Item]) -> None:
        """Remember more."""
        self.items += tuple(items)
        self.tokens += tokens_in(items)


class Talks:
    """All conversations and all responses of the service."""

    def __init__(self, ids: Ids) -> None:
        self.conversations: dict[str, Talk] = {}
        self.responses: dict[str, tuple[Item, Talk]] = {}
        self._ids = ids

    def conversation(self, told: str) -> Talk:
        """A conversation; Refused where the id is malformed or unknown."""
        if not _CONVERSATION.fullmatch(told):
            message = f"Invalid conversation id '{told}', Malformed identifier."
            raise Refused(400, None, message, "conversation")
        if told not in self.conversations:
            raise Refused(404, "not_found", f"Conversation with id '{told}' not found.")
        return self.conversations[told]

    def before(self, body: Item) -> Talk:
        """The talk that a request for a response continues; a new one where it names none."""
        told, previous = body.get("conversation"), body.get("previous_response_id")
        if told and previous:
            message = "conversation and previous_response_id are mutually exclusive."
            raise Refused(400, "mutually_exclusive_parameters", message, "conversation")
        if told:
            return self.conversation(told["id"] if isinstance(told, dict) else told)  # pyright: ignore[reportUnknownArgumentType]
        if not previous:
            return Talk()
        if previous not in self.responses:
            message = f"Previous response with id '{previous}' not found."
            param = "previous_response_id"
            raise Refused(400, "previous_response_not_found", message, param)
        talk = self.responses[previous][1]
        return Talk(items=talk.items, tokens=talk.tokens)

    def keep(self, response: Item, talk: Talk) -> None:
        """Remember a response with all that led to it."""
        self.responses[response["id"]] = response, Talk(items=talk.items, tokens=talk.tokens)

    def create(self, asked: Asked) -> Item:
        """Begin a conversation, perhaps with items."""
        given = as_items(asked.body.get("items") or [])
        if len(given) > 20:
            raise Refused(400, "array_above_max_length", "At most 20 items.", "items")
        made = self._ids("conv")
        talk = self.conversations[made] = Talk(metadata=asked.body.get("metadata") or {})
        talk.add([{"id": self._ids("msg"), **one} for one in given])
        return self._shown(made, talk)

    def get(self, asked: Asked, conversation: str) -> Item:
        """A conversation without its items."""
        return self._shown(conversation, self.conversation(conversation))

    def delete(self, asked: Asked, conversation: str) -> Item:
        """Forget a conversation."""
        self.conversation(conversation)
        del self.conversations[conversation]
        return {"id": conversation, "object": "conversation.deleted", "deleted": True}

    def list_items(self, asked: Asked, conversation: str) -> Item:
        """The items of a conversation, newest first unless asked otherwise, a page at a time."""
        rows = [as_shown(one) for one in self.conversation(conversation).items]
        rows = rows if asked.query.get("order") == "asc" else rows[::-1]
        keys, after = [one["id"] for one in rows], asked.query.get("after")
        begin = keys.index(after) + 1 if after else 0
        end = begin + int(asked.query.get("limit", 20))
        ends = {"first_id": (keys[begin:end] or [""])[0], "last_id": (keys[begin:end] or [""])[-1]}
        return {"object": "list", "data": rows[begin:end], "has_more": len(rows) > end, **ends}

    def add_items(self, asked: Asked, conversation: str) -> Item:
        """Add items to a conversation."""
        talk = self.conversation(conversation)
        made = [{"id": self._ids("msg"), **one} for one in as_items(asked.body.get("items"))]
        talk.add(made)
        told = {"first_id": made[0]["id"], "last_id": made[-1]["id"], "has_more": False}
        return {"object": "list", "data": [as_shown(one) for one in made], **told}

    def get_response(self, asked: Asked, response: str) -> Item:
        """A response that was made before."""
        return self._response(response)

    def delete_response(self, asked: Asked, response: str) -> Item:
        """Forget a response."""
        self._response(response)
        del self.responses[response]
        return {"id": response, "object": "response.deleted", "deleted": True}

    def _response(self, told: str) -> Item:
        if told not in self.responses:
            raise Refused(404, "not_found", f"Response with id '{told}' not found.")
        return self.responses[told][0]

    def _shown(self, name: str, talk: Talk) -> Item:
        made = {"created_at": int(time.time()), "metadata": talk.metadata}
        return {"id": name, "object": "conversation", **made}


def as_shown(item: Item) -> Item:
    """An item as a conversation lists it: plain words become a part, and a status is told."""
    if item["type"] != "message":
        return item
    content, is_said = item["content"], item.get("role") == "assistant"
    if isinstance(content, str):
        told: Item = {"type": "input_text"}
        if is_said:
            told = {"type": "output_text", "annotations": []}
        content = [{**told, "text": content}]
    return {"status": "completed", **item, "content": content}


def check_calls(history: tuple[Item, ...], items: list[Item]) -> None:
    """Refused where a call has no output, an output no call, or an answer no request."""
    talk = (*history, *items)
    called = {one["call_id"] for one in talk if one["type"] == "function_call"}
    asked = {one["id"] for one in talk if one["type"] == "mcp_approval_request"}
    for one in items:
        if one["type"] == "function_call_output" and one.get("call_id") not in called:
            told = f"No tool call found for function call output with call_id {one.get('call_id')}."
            raise Refused(400, None, told, "input")
        answered = one.get("approval_request_id")
        if one["type"] == "mcp_approval_response" and answered not in asked:
            message = f"No approval request found for approval response {answered}."
            raise Refused(400, None, message, "input")
    if dangling := open_calls(talk):
        message = f"No tool output found for function call {dangling[0]}."
        raise Refused(400, None, message, "input")
