"""What kind of failure a service means, by its code, its words and its status."""

from collections.abc import Mapping

from bot.agent.loop.failures import FailureKind

_BY_CODE: Mapping[str, FailureKind] = {
    "content_filter": FailureKind.CONTENT_FILTER,
    "conversation_locked": FailureKind.BUSY,
    "context_length_exceeded": FailureKind.LOST,
    "mutually_exclusive_parameters": FailureKind.BAD_REQUEST,
    "previous_response_not_found": FailureKind.LOST,
    "PermissionDenied": FailureKind.FORBIDDEN,
    "rate_limit_exceeded": FailureKind.RATE_LIMITED,
    "too_many_requests": FailureKind.RATE_LIMITED,
}
_BY_STATUS: Mapping[int, FailureKind] = {
    401: FailureKind.AUTH,
    403: FailureKind.FORBIDDEN,
    404: FailureKind.CONFIG,
    408: FailureKind.TIMEOUT,
    429: FailureKind.RATE_LIMITED,
}
_BY_WORDS: Mapping[str, FailureKind] = {
    "no tool output found": FailureKind.CORRUPT,
    "no tool call found": FailureKind.CORRUPT,
    "conversation with id": FailureKind.LOST,
    "invalid conversation id": FailureKind.LOST,
    "previous response with id": FailureKind.LOST,
}
_LOST_BY_PARAM: Mapping[str, frozenset[int]] = {
    "conversation": frozenset({404}),
    "previous_response_id": frozenset({400, 404}),
}


def kind_of(code: str | None, said: str, status: int = 0, param: str | None = None) -> FailureKind:
    """The kind; a broken talk is known by words alone, for its code says nothing."""
    low = said.lower()
    by_words = next((kind for words, kind in _BY_WORDS.items() if words in low), None)
    lost = FailureKind.LOST if status in _LOST_BY_PARAM.get(param or "", ()) else None
    found = by_words or _BY_CODE.get(code or "") or lost or _BY_STATUS.get(status)
    if found is not None:
        return found
    return FailureKind.BAD_REQUEST if 400 <= status < 500 else FailureKind.SERVER


def is_unclear(code: str | None, said: str, status: int) -> bool:
    """Whether something was not found, and neither model nor agent is named as that."""
    told = f"{code} {said}".lower()
    return status == 404 and not any(one in told for one in ("deployment", "agent", "model"))
