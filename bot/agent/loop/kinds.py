"""What kind of failure a service means, by its code, its words and its status."""

from collections.abc import Mapping

from bot.agent.loop.failures import FailureKind

_BY_CODE: Mapping[str, FailureKind] = {
    "content_filter": FailureKind.CONTENT_FILTER,
    "conversation_locked": FailureKind.BUSY,
    "context_length_exceeded": FailureKind.LOST,
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
}


def kind_of(code: str | None, said: str, status: int = 0) -> FailureKind:
    """The kind; a broken talk is known by words alone, for its code says nothing."""
    low = said.lower()
    by_words = next((kind for words, kind in _BY_WORDS.items() if words in low), None)
    found = by_words or _BY_CODE.get(code or "") or _BY_STATUS.get(status)
    if found is not None:
        return found
    return FailureKind.BAD_REQUEST if 400 <= status < 500 else FailureKind.SERVER
