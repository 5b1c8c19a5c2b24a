"""The events of a response in the order in which the service streams them."""

import re
from collections.abc import Iterator

from tests.doubles.foundry.wire import Item

# A server sends word by word; a page of them costs a client seconds and shows nothing more.
MOST_PIECES = 100
_PIECE = re.compile(r"(?:\S+\s*){1,3}|\s+")
ENDS = {
    "completed": "response.completed",
    "incomplete": "response.incomplete",
    "failed": "response.failed",
}


def opening(response: Item) -> Iterator[Item]:
    """The two events that a stream begins with."""
    started: Item = {**response, "status": "in_progress", "output": [], "usage": None}
    started |= {"error": None, "incomplete_details": None, "completed_at": None}
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}


def ending(response: Item) -> Item:
    """The event that a stream ends with, which holds the truth."""
    return {"type": ENDS[response["status"]], "response": response}


def events_of(item: Item, index: int) -> Iterator[Item]:
    """Everything that is streamed of one item."""
    at = {"item_id": item["id"], "output_index": index}
    place = {"output_index": index}
    yield {"type": "response.output_item.added", **place, "item": _begun(item)}
    match item["type"]:
        case "message":
            yield from _message(item, at)
        case "function_call":
            yield from _arguments(item, at, "response.function_call_arguments")
        case "mcp_call":
            end = "failed" if item.get("error") else "completed"
            yield {"type": "response.mcp_call.in_progress", **at}
            yield from _arguments(item, at, "response.mcp_call_arguments")
            yield {"type": f"response.mcp_call.{end}", **at}
        case "mcp_list_tools":
            end = "failed" if item.get("error") else "completed"
            yield {"type": "response.mcp_list_tools.in_progress", **at}
            yield {"type": f"response.mcp_list_tools.{end}", **at}
        case _:
            pass
    yield {"type": "response.output_item.done", **place, "item": item}


def _begun(item: Item) -> Item:
    """An item as it is announced, before any of its content."""
    match item["type"]:
        case "message":
            return {**item, "status": "in_progress", "content": []}
        case "function_call":
            return {**item, "status": "in_progress", "arguments": ""}
        case "mcp_call":
            none = {"arguments": "", "output": None, "error": None}
            return {**item, "status": "in_progress", **none}
        case "mcp_list_tools":
            return {**item, "tools": [], "error": None}
        case _:
            return item


def _arguments(item: Item, at: Item, kind: str) -> Iterator[Item]:
    told = item["arguments"]
    for begin in range(0, len(told), 24):
        yield {"type": f"{kind}.delta", **at, "delta": told[begin : begin + 24]}
    named = {"name": item["name"]} if item["type"] == "function_call" else {}
    yield {"type": f"{kind}.done", **at, **named, "arguments": told}


def _message(item: Item, at: Item) -> Iterator[Item]:
    for number, part in enumerate(item["content"]):
        here = {**at, "content_index": number}
        is_text = part["type"] == "output_text"
        empty: Item = {"text": "", "annotations": []} if is_text else {"refusal": ""}
        yield {"type": "response.content_part.added", **here, "part": {**part, **empty}}
        yield from _text(part, here) if is_text else _refusal(part, here)
        yield {"type": "response.content_part.done", **here, "part": part}


def _text(part: Item, here: Item) -> Iterator[Item]:
    words = _PIECE.findall(part["text"])
    together = 1 + len(words) // MOST_PIECES
    for begin in range(0, len(words), together):
        piece = "".join(words[begin : begin + together])
        yield {"type": "response.output_text.delta", **here, "delta": piece, "logprobs": []}
    for number, note in enumerate(part["annotations"]):
        told = {"annotation_index": number, "annotation": note}
        yield {"type": "response.output_text.annotation.added", **here, **told}
    yield {"type": "response.output_text.done", **here, "text": part["text"], "logprobs": []}


def _refusal(part: Item, here: Item) -> Iterator[Item]:
    yield {"type": "response.refusal.delta", **here, "delta": part["refusal"]}
    yield {"type": "response.refusal.done", **here, "refusal": part["refusal"]}
