"""What can go wrong with a language model, each kind with the sentence a person is told.

The facts on the cards are read by code, so a failure here costs an explanation and nothing else.
"""

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
    INTERNAL = "internal"


_WHY: Mapping[FailureKind, str] = {
    FailureKind.AUTH: "the language model does not accept the bot's sign-in. An administrator can "
    "find out why with “python app.py doctor”",
    FailureKind.FORBIDDEN: "the bot may not use the language model. An Azure administrator can "
    "give it the role “Azure AI User” on the project, or open the network to it",
    FailureKind.CONFIG: "the language model or its agent is not there under the name in the "
    "settings. An administrator can mend that",
    FailureKind.RATE_LIMITED: "the language model has too much to do. Ask again in a minute",
    FailureKind.CONTENT_FILTER: "a content filter of Azure held it back",
    FailureKind.BUSY: "the language model still works on your question before. Ask again then",
    FailureKind.CORRUPT: "the talk with the language model got out of step. Ask again",
    FailureKind.LOST: "the language model lost our talk, or it became too long. Ask again",
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
    FailureKind.INTERNAL: "something broke in the bot while it talked with the language model",
}


class ModelFailure(Exception):
    """A step of the model that did not come to its end.

    `begun` tells whether an answer had begun, `called` whether a tool call was among it: then the
    service may or may not wait for the call's result. `is_taken` says that what was sent may stand
    in the talk already, `is_unclear` that the talk may be what the service did not find.
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
        """Keep the service's words for the log; a person is told the sentence of the kind."""
        super().__init__(f"{kind}: {said}")
        self.kind = kind
        self.said = said
        self.retry_after = retry_after
        self.begun = begun
        self.called = called
        self.is_taken = is_taken
        self.is_unclear = is_unclear


def sentence_of(kind: FailureKind, *, explains: bool) -> str:
    """What a person is told, with `explains` about words that would stand beside a card."""
    lead = "No explanation right now" if explains else "No words of the language model right now"
    return f"{lead}: {_WHY[kind]}."


def not_whole(kind: FailureKind) -> str:
    """What a person is told below words that did not come to their end."""
    return f"These words are not whole: {_WHY[kind]}."
