"""The output items of a model, as a brain writes them; the double gives them their ids."""

import json
from collections.abc import Iterable
from typing import cast

from tests.doubles.foundry.wire import Ids, Item

ASKS_MCP = "asks_mcp"
_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "reasoning": "rs",
    "mcp_list_tools": "mcpl",
    "mcp_approval_request": "mcpr",
    "mcp_call": "mcp",
}


def says(text: str, *links: tuple[str, str]) -> Item:
    """Words to the person; `links` are cited pages, as address and title."""
    notes = [
        {"type": "url_citation", "url": url, "title": title, "start_index": 0, "end_index": 0}
        for url, title in links
    ]
    part = {"type": "output_text", "text": text, "annotations": notes, "logprobs": []}
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


def refuses(text: str) -> Item:
    """The model's own refusal to answer."""
    part = {"type": "refusal", "refusal": text}
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


def calls(name: str, /, **arguments: object) -> Item:
    """A call of a function of the client."""
    return calls_raw(name, json.dumps(arguments))


def calls_raw(name: str, arguments: str) -> Item:
    """A call whose arguments are exactly this text, JSON or not."""
    return {"type": "function_call", "name": name, "arguments": arguments, "status": "completed"}


def thinks(text: str = "") -> Item:
    """Reasoning, encrypted as a service returns it to clients without state."""
    summary = [{"type": "summary_text", "text": text}] if text else []
    return {"type": "reasoning", "summary": summary, "encrypted_content": "gAAAAAB0aG91Z2h0"}


def asks_mcp(label: str, name: str, /, **arguments: object) -> Item:
    """The wish for a tool of an MCP server: called, or a person is asked, as its policy says."""
    told = json.dumps(arguments)
    return {"type": ASKS_MCP, "server_label": label, "name": name, "arguments": told}


def wants_approval(label: str, name: str, /, **arguments: object) -> Item:
    """A request for approval, whatever the policy of the server says."""
    return {**asks_mcp(label, name, **arguments), "type": "mcp_approval_request"}


def called_mcp(wish: Item, output: str | None, error: Item | None = None) -> Item:
    """A call of an MCP tool that the service made, with what came of it."""
    done = {"output": output, "error": error, "status": "failed" if error else "completed"}
    return {"approval_request_id": None, **wish, **done, "type": "mcp_call"}


def listed_mcp(label: str, tools: list[Item], error: str | None = None) -> Item:
    """The tools that a server listed."""
    return {"type": "mcp_list_tools", "server_label": label, "tools": tools, "error": error}


def other(kind: str, **fields: object) -> Item:
    """An item of a type that the client may never have heard of."""
    return {"type": kind, **fields}


def numbered(item: Item, ids: Ids) -> Item:
    """An item with the ids that the service gives."""
    kind: str = item["type"]
    made: Item = {"id": ids(_PREFIXES.get(kind, kind)), **item}
    if kind == "function_call":
        made.setdefault("call_id", ids("call"))
    return made


def text_parts(item: Item) -> list[str]:
    """Each text of an item: what a message says, an output tells, an MCP call brought."""
    content = item.get("content", item.get("output")) or ""
    if isinstance(content, str):
        return [content]
    parts: list[Item] = content
    return [str(part.get("text") or part.get("refusal") or "") for part in parts]


def text_of(item: Item) -> str:
    """All text of an item."""
    return "\n".join(text_parts(item))


def as_items(told: object) -> list[Item]:
    """The input of a request as items; bare text is a message of the user."""
    if isinstance(told, str):
        return [{"type": "message", "role": "user", "content": told}]
    items = cast("list[Item]", told) if isinstance(told, list) else []
    return [{"type": "message", **one} if "role" in one else one for one in items]


def open_calls(items: Iterable[Item]) -> list[str]:
    """The ids of calls that nobody answered, in order."""
    known = list(items)
    answered = {one.get("call_id") for one in known if one["type"] == "function_call_output"}
    called = (one["call_id"] for one in known if one["type"] == "function_call")
    return [call for call in called if call not in answered]
