"""Judges requests and streams by Microsoft's own validators; runs in an environment of its own.

Each line it reads is a request or a stream; each line it writes is a problem or null.
"""

# pyright: basic, reportMissingImports=false

import json
import sys

from azure.ai.agentserver.responses.models._validators import validate_create_response_payload
from azure.ai.agentserver.responses.streaming._state_machine import EventStreamValidator


def problem_of(told: dict) -> str | None:
    """What is wrong with a request body or with a stream."""
    if told["kind"] == "request":
        found = validate_create_response_payload(told["body"])
        return json.dumps(found) if found else None
    judge = EventStreamValidator()
    try:
        for event in told["events"]:
            judge.validate_next(event)
    except ValueError as error:
        return str(error)
    return None


for line in sys.stdin:
    print(json.dumps(problem_of(json.loads(line))), flush=True)
