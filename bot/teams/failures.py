"""What the connector meant by a failure: who is gone, what it calls it, how long to wait."""

import math
import re
from collections.abc import Mapping
from typing import Any, cast

import orjson

from bot.teams.errors import AddressGone, NotSent
from bot.teams.transport import Answered, NotReached

_GONE = frozenset(
    {
        "BotDisabledByAdmin",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "MessageWritesBlocked",
    }
)
_SUB_CODE = re.compile(r"sub_?code\W{1,5}(\w+)", re.IGNORECASE)


def failure_for(trouble: Answered | NotReached) -> NotSent:
    """The kind of failure, with the connector's own code and the wait it asks for."""
    if isinstance(trouble, NotReached):
        return NotSent(None, str(trouble))
    code = _code_in(trouble.body)
    is_gone = trouble.status in {403, 404} and code in _GONE
    kind = AddressGone if is_gone else NotSent
    return kind(trouble.status, code, _seconds(trouble.retry_after))


def _code_in(body: bytes) -> str:
    """`{"error": {"code"}}`, or the other shape: `{"errorCode": 209, "message": "{subCode..}"}`."""
    try:
        wire: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    outer = cast("Mapping[str, Any]", wire) if isinstance(wire, dict) else {}
    inner = outer.get("error")
    error = cast("Mapping[str, Any]", inner) if isinstance(inner, dict) else outer
    deeper = _SUB_CODE.search(str(error.get("message", "")))
    return deeper[1] if deeper else str(error.get("code") or error.get("errorCode") or "")


def _seconds(retry_after: str) -> float | None:
    try:
        seconds = float(retry_after)
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
