"""What is the same in each request to a model, with a key by which the service may cache it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adf.tool import Tool
from bot.agents.model.prompt import read_instructions, read_routing
from bot.agents.model.tool_schemas import routed

LONGEST_ANSWER = 4000
# A call is short; models that think first do so within this too.
LONGEST_CHOICE = 1500


def answering_request(model: str, tools: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What every step repeats that words an answer."""
    return _cached(
        {
            "model": model,
            "instructions": read_instructions(),
            "tools": [dict(one) for one in tools],
        },
        LONGEST_ANSWER,
    )


def routing_request(model: str, tools: Iterable[Tool]) -> dict[str, Any]:
    """What every step repeats that chooses a tool."""
    same = {"model": model, "instructions": read_routing(), "tools": routed(tools)}
    return _cached(same, LONGEST_CHOICE)


def _cached(same: Mapping[str, Any], longest: int) -> dict[str, Any]:
    key = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]
    return {**same, "prompt_cache_key": f"adf-ops-{key}", "max_output_tokens": longest}
