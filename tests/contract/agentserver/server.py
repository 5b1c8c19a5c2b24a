"""A small agent on Microsoft's server of the Responses protocol, in an environment of its own.

It prints the address it listens on. What it answers depends on words in the question: "both tools",
"approval", or anything else.
"""

# pyright: basic, reportMissingImports=false

import asyncio
import json
import socket

from azure.ai.agentserver.responses import ResponseEventStream, ResponsesAgentServerHost
from azure.ai.agentserver.responses.store._memory import InMemoryResponseProvider
from hypercorn.asyncio import serve
from hypercorn.config import Config

PREFIX = "/api/projects/demo/openai/v1"
CALLS = (("adf_list_pipelines", {}), ("adf_pipeline_runs", {"pipeline": "Nightly"}))
app = ResponsesAgentServerHost(prefix=PREFIX, store=InMemoryResponseProvider())


@app.response_handler
async def answer(request, context, cancelled):
    """One response, in the words of the server's own event stream."""
    items = [dict(one) for one in await context.get_input_items()]
    before = [dict(one) for one in await context.get_history()]
    stream = ResponseEventStream(response_id=context.response_id, request=request)
    yield stream.emit_created()
    yield stream.emit_in_progress()
    for event in _events(stream, before + items, items[-1]):
        yield event
    yield stream.emit_completed()


def _events(stream, talk, last):
    kind, text = last.get("type", "message"), json.dumps(last.get("content", ""))
    if kind == "function_call_output":
        return stream.output_item_message(_told_by_tools(talk))
    if kind == "mcp_approval_response":
        return stream.output_item_message("approved" if last["approve"] else "denied")
    if "both tools" in text:
        return _calls(stream)
    if "approval" in text:
        return stream.output_item_mcp_approval_request(
            "mslearn", "microsoft_docs_search", '{"query": "2200"}'
        )
    return stream.output_item_message(f"heard after {len(talk) - 1} items")


def _calls(stream):
    for number, (name, arguments) in enumerate(CALLS):
        call_id = f"call_{number}_{id(stream)}"
        yield from stream.output_item_function_call(name, call_id, json.dumps(arguments))


def _told_by_tools(talk) -> str:
    names = {one["call_id"]: one["name"] for one in talk if one.get("type") == "function_call"}
    outputs = [one for one in talk if one.get("type") == "function_call_output"]
    answered = [names.get(one["call_id"], "nobody") for one in outputs]
    return "answered: " + " ".join(sorted(answered))


async def main() -> None:
    """Listen on a free port until the process is ended."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = Config()
    config.bind, config.loglevel = [f"fd://{listening.fileno()}"], "warning"
    port = listening.getsockname()[1]
    print(f"listening on http://127.0.0.1:{port}{PREFIX}", flush=True)
    await serve(app, config)


if __name__ == "__main__":
    asyncio.run(main())
