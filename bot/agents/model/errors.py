"""What can go wrong with a language model, each kind with the sentence a person is shown."""

import re
from collections.abc import Mapping
from enum import StrEnum


class FailureKind(StrEnum):
    """Why there are no words of the model, or not all of them."""

    AUTH = "auth"
    FORBIDDEN = "forbidden"
    CONFIG = "config"
    RATE_LIMITED = "rate_limited"
    CONTENT_FILTER = "content_filter"
    BUSY = "busy"
    CORRUPT = "corrupt_conversation"
    LOST = "lost_state"
    TIMEOUT = "timeout"
    NETWORK = "network"
    TRUNCATED = "truncated"
    SERVER = "server"
    BAD_REQUEST = "bad_request"
    CUT = "cut"
    EMPTY = "empty"
    REFUSED = "refused"
    BUDGET = "budget"
    HOSTILE = "hostile"
    UNVERIFIED = "unverified"
    INTERNAL = "internal"


_WHY: Mapping[FailureKind, str] = {
    FailureKind.AUTH: "the language model does not accept the bot's sign-in. An administrator can "
    "find out why with “python app.py doctor”",
    FailureKind.FORBIDDEN: "the bot may not use the language model. An Azure administrator can "
    "give it the role “Azure AI User” on the project, or open the network to it",
    FailureKind.CONFIG: "the language model or its agent is not there under the name in the "
    "settings. An administrator can fix that",
    FailureKind.RATE_LIMITED: "the language model has too much to do. Ask again in a minute",
    FailureKind.CONTENT_FILTER: "a content filter of Azure held it back",
    FailureKind.BUSY: "the language model still works on your question before. Ask again then",
    FailureKind.CORRUPT: "the conversation with the language model got out of step. Ask again",
    FailureKind.LOST: "the language model lost our conversation, or it became too long. Ask again",
    FailureKind.TIMEOUT: "the language model took too long",
    FailureKind.NETWORK: "the language model cannot be reached",
    FailureKind.TRUNCATED: "the answer of the language model broke off",
    FailureKind.SERVER: "the language model does not answer",
    FailureKind.BAD_REQUEST: "the language model did not understand what the bot sent it",
    FailureKind.CUT: "the answer of the language model was too long and was cut",
    FailureKind.EMPTY: "the language model said nothing",
    FailureKind.REFUSED: "the language model would not answer this",
    FailureKind.BUDGET: "the language model wanted to look up more than one question allows. "
    "Ask for less at once",
    FailureKind.HOSTILE: "the language model was stopped, because some text tried to "
    "steer it. What the cards show is read by code and stands",
    FailureKind.UNVERIFIED: "what the language model wrote could not be verified",
    FailureKind.INTERNAL: "something broke in the bot while it talked with the language model",
}


class ModelFailure(Exception):
    """A step of the model that did not come to its end.

    `begun` tells whether an answer had begun, `called` whether a tool call was among it: then the
    service may or may not wait for the call's result. `is_taken` says that what was sent may stand
    in the conversation already, `is_unclear` that the conversation may be what was not found.
    """

    def __init__(
        self,
        kind: FailureKind,
        said: str,
        *,
        retry_after: float | None = None,
        begun: bool = False,
        called: bool = False,
        is_taken: bool = False,
        is_unclear: bool = False,
    ) -> None:
        """Keep the service's words for the log; a person reads the sentence of the kind."""
        super().__init__(f"{kind}: {said}")
        self.kind = kind
        self.said = said
        self.retry_after = retry_after
        self.begun = begun
        self.called = called
        self.is_taken = is_taken
        self.is_unclear = is_unclear


def sentence_of(kind: FailureKind, *, explains: bool) -> str:
    """The sentence for a person, with `explains` about words that would stand beside a card."""
    lead = "No explanation right now" if explains else "No words of the language model right now"
    return f"{lead}: {_WHY[kind]}."


def not_whole(kind: FailureKind) -> str:
    """The sentence below words that did not come to their end."""
    return f"These words are not whole: {_WHY[kind]}."


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
# Every server words it in its own way: the prompt is longer than the model can read.
_TOO_LONG = re.compile(
    r"context[ _](?:size|length|window|limit)|maximum context|max_model_len|\bn_ctx\b"
    r"|(?:prompt|input|request|conversation|messages?)\b.{0,80}\b(?:too (?:long|large|many tokens))"
    r"|(?:prompt|input|request|conversation|messages?)\b.{0,80}\bexceeds?\b.{0,60}"
    r"\b(?:tokens?|context|limit|maximum)"
    r"|too many (?:input )?tokens"
)
_MAY_BE_TOO_LONG = frozenset({0, 400, 413, 422, 500})
_LOST_BY_PARAM: Mapping[str, frozenset[int]] = {
    "conversation": frozenset({404}),
    "previous_response_id": frozenset({400, 404}),
}


def kind_of(code: str | None, said: str, status: int = 0, param: str | None = None) -> FailureKind:
    """The kind; a broken conversation is known by words alone, for its code says nothing."""
    low = said.lower()
    by_words = next((kind for words, kind in _BY_WORDS.items() if words in low), None)
    if by_words is None and status in _MAY_BE_TOO_LONG and _TOO_LONG.search(low):
        by_words = FailureKind.LOST
    lost = FailureKind.LOST if status in _LOST_BY_PARAM.get(param or "", ()) else None
    found = by_words or _BY_CODE.get(code or "") or lost or _BY_STATUS.get(status)
    if found is not None:
        return found
    return FailureKind.BAD_REQUEST if 400 <= status < 500 else FailureKind.SERVER


def is_unclear(code: str | None, said: str, status: int) -> bool:
    """Whether something was not found, and neither model nor agent is named as that."""
    text = f"{code} {said}".lower()
    return status == 404 and not any(one in text for one in ("deployment", "agent", "model"))
