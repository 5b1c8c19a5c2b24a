"""What a Foundry agent is defined by, as the wire has it, without the SDK that sends it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Definition = Mapping[str, Any]


def definition_of(
    model: str, instructions: str, tools: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The definition as the wire has it."""
    return {
        "kind": "prompt",
        "model": model,
        "instructions": instructions,
        "tools": [dict(one) for one in tools],
    }


def hash_of(definition: Definition) -> str:
    """Equal for equal definitions, however they are ordered."""
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
