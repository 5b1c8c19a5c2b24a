"""What goes wrong on order, and every row of the service's errors under its name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.foundry.wire import Asked, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to the next requests whose path fits the pattern `path`, `times` of them.

    After `delay` seconds the service answers `status` with `headers` and `body` (text is sent as
    HTML), or with `drop` hangs up. Otherwise it answers, and in a stream, `at` events later:
    `cut` ends it in good order, `cut_hard` breaks the connection, `gap` is silent for so many
    seconds, `junk` sends bytes that are no JSON, `error` sends an error event, or with
    `bare` the error alone. `failed`,
    `incomplete` and `patch` change the response itself, `no_usage` leaves its usage out. With
    `keeps` the conversation remembers a turn that the client never saw the end of.
    """

    path: str = r"/responses$"
    times: int = 1
    delay: float = 0.0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Json | str = ""
    drop: bool = False
    at: int = 2
    cut: bool = False
    cut_hard: bool = False
    gap: float = 0.0
    junk: bool = False
    error: Json | None = None
    bare: bool = False
    failed: Json | None = None
    incomplete: str | None = None
    no_usage: bool = False
    patch: Mapping[str, Any] = field(default_factory=dict[str, Any])
    keeps: bool = True

    @property
    def is_instead(self) -> bool:
        """Whether it stands in the place of an answer."""
        return self.drop or self.status is not None

    @property
    def breaks_stream(self) -> bool:
        """Whether the client never hears the end."""
        return bool(self.cut or self.cut_hard or self.junk or self.error)


class Faults:
    """Faults that wait for the requests they fit, in the order in which a test put them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, *faults: Fault) -> None:
        """Put faults at the end of the queue."""
        self._waiting += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def take(self, asked: Asked) -> Fault | None:
        """The fault that hits a request, if any."""
        for number, (fault, left) in enumerate(self._waiting):
            if re.search(fault.path, asked.path):
                self._waiting[number : number + 1] = [(fault, left - 1)] if left > 1 else []
                return fault
        return None

    @property
    def left(self) -> Sequence[Fault]:
        """Those that no request has met yet."""
        return [fault for fault, _ in self._waiting]


def _error(answered: int, code: str | None, message: str, /, **more: object) -> Fault:
    return Fault(status=answered, body={"error": {"code": code, "message": message, **more}})


def _wait(code: str, message: str, seconds: int) -> Fault:
    error = {"code": code, "message": message}
    return Fault(status=429, body={"error": error}, headers={"retry-after": str(seconds)})


_FILTERED: Json = {
    "code": "ResponsibleAIPolicyViolation",
    "content_filter_result": {
        "hate": {"filtered": False, "severity": "safe"},
        "jailbreak": {"filtered": True, "detected": True},
    },
}
_PRINCIPAL = (
    "The principal `6f4a2d0e-0000-4000-8000-000000000001` lacks the required data action"
    " `Microsoft.CognitiveServices/accounts/AIServices/agents/write` to perform"
    " `POST /api/projects/{projectName}/openai/*` operation."
)
TROUBLES: Mapping[str, Fault] = {
    "bad_token": _error(
        401,
        "401",
        "Unauthorized. Access token is missing, invalid, audience is incorrect"
        " (https://ai.azure.com), or have expired.",
    ),
    "no_rights": _error(401, "PermissionDenied", _PRINCIPAL),
    "private_endpoint": _error(
        403, "Forbidden", "Public access is disabled. Use a private endpoint."
    ),
    "preview_required": _error(403, "preview_feature_required", "This preview feature is off."),
    "agent_missing": _error(404, "not_found", "Agent adf-bot with version 9 not found."),
    "deployment_missing": _error(
        404, "DeploymentNotFound", "The API deployment for this resource does not exist."
    ),
    "conversation_missing": _error(
        404, "not_found", "Conversation with id 'conv_gone' not found.", param="conversation"
    ),
    "tools_with_agent": _error(
        400, "invalid_payload", "Not allowed when agent is specified.", param="tools"
    ),
    "old_agent": _error(
        400,
        "invalid_payload",
        "The 'agent' property is deprecated. Use 'agent_reference' instead.",
        param="agent",
    ),
    "both_kept": _error(
        400,
        "mutually_exclusive_parameters",
        "conversation and previous_response_id are mutually exclusive.",
        param="conversation",
    ),
    "conversation_locked": _error(
        400,
        "conversation_locked",
        "Another process is currently operating on this conversation."
        " Please retry in a few seconds.",
    ),
    "no_tool_output": _error(
        400, None, "No tool output found for function call call_gone.", param="input"
    ),
    "no_tool_call": _error(
        400,
        None,
        "No tool call found for function call output with call_id call_gone.",
        param="input",
    ),
    "failed_no_tool_output": Fault(
        failed={
            "code": "invalid_prompt",
            "message": "No tool output found for function call call_gone.",
        }
    ),
    "malformed_conversation": _error(
        400, None, "Invalid conversation id 'x', Malformed identifier.", param="conversation"
    ),
    "previous_missing": _error(
        400,
        "previous_response_not_found",
        "Previous response with id 'resp_gone' not found.",
        param="previous_response_id",
    ),
    "prompt_filtered": _error(
        400,
        "content_filter",
        "The response was filtered due to the prompt triggering Azure OpenAI's content management"
        " policy.",
        param="prompt",
        status=400,
        innererror=_FILTERED,
    ),
    "answer_filtered": Fault(incomplete="content_filter"),
    "answer_too_long": Fault(incomplete="max_output_tokens"),
    "too_long": _error(
        400,
        "context_length_exceeded",
        "Your input exceeds the context window of this model.",
        param="input",
    ),
    "throttled": _wait("rate_limit_exceeded", "Rate limit is exceeded.", 1),
    "throttled_long": _wait("too_many_requests", "Too many requests.", 300),
    "server_error": _error(500, "server_error", "The server had an error."),
    "unavailable": _error(503, "service_unavailable", "The service is busy."),
    "html": Fault(status=200, body="<html><body>Sign in to your network</body></html>"),
    "bad_json": Fault(
        status=200, body='{"id": "resp_', headers={"content-type": "application/json"}
    ),
    "drop": Fault(drop=True),
    "timeout": Fault(delay=2),
    "gap": Fault(gap=2),
    "cut": Fault(cut=True),
    "cut_hard": Fault(cut_hard=True),
    "junk": Fault(junk=True),
    "error_event": Fault(error={"code": "server_error", "message": "The server had an error."}),
    "error_event_throttled": Fault(
        error={"code": "rate_limit_exceeded", "message": "Rate limit is exceeded."}
    ),
    "error_alone": Fault(
        error={"code": "server_error", "message": "The server had an error."}, bare=True
    ),
    "failed": Fault(failed={"code": "server_error", "message": "The server had an error."}),
    "no_usage": Fault(no_usage=True),
}
"""Each error of the service by its name, ready to be queued."""
