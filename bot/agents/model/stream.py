"""Reads the events of a streamed response, by their type as text."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from adf.redaction import redact_start
from bot.agents.interface import Spent
from bot.agents.model.errors import FailureKind, ModelFailure, kind_of
from bot.agents.model.types import (
    ConversationPlace,
    Item,
    ModelStep,
    OnWords,
    RequestedApproval,
    RequestedCall,
    ServiceCall,
)
from bot.agents.untrusted import plain
from cards.records import PageSource


def field(thing: object, name: str) -> object:
    """An attribute, or the value of a key; None where there is none."""
    if isinstance(thing, dict):
        return cast("Mapping[str, object]", thing).get(name)
    return getattr(thing, name, None)


def text_in(thing: object, name: str) -> str:
    """A field that is text; empty where it is anything else."""
    value = field(thing, name)
    return value if isinstance(value, str) else ""


def number(thing: object, name: str) -> int:
    """A field that is a whole number; 0 where it is anything else."""
    value = field(thing, name)
    return value if isinstance(value, int) else 0


def listed(value: object) -> list[object]:
    """A list; empty where it is anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_json(thing: object) -> Mapping[str, Any]:
    """The thing as it came over the wire."""
    if isinstance(thing, dict):
        return cast("Mapping[str, Any]", thing)
    to_dict = getattr(thing, "to_dict", None)
    return cast("Mapping[str, Any]", to_dict()) if callable(to_dict) else {}


MOST_SOURCES = 5
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})


class StreamReader:
    """Gathers one response: calls from finished items, words from deltas, the rest from the end."""

    def __init__(self, on_words: OnWords) -> None:
        """`on_words` gets each delta of text."""
        self._on_words = on_words
        self._words: list[str] = []
        self._refusal: list[str] = []
        self._calls: list[RequestedCall] = []
        self._approvals: list[RequestedApproval] = []
        self._remote: list[ServiceCall] = []
        self._end: object = None
        self.items: list[Item] = []
        self.begun = False

    @property
    def called(self) -> bool:
        """Whether a tool call came, which may wait for its result now."""
        return bool(self._calls or self._approvals)

    def take(self, event: object) -> None:
        """One event; raises ModelFailure for one that says that something broke."""
        kind = text_in(event, "type")
        if kind == "response.output_text.delta":
            self._words.append(text_in(event, "delta"))
            self._on_words(text_in(event, "delta"))
        elif kind == "response.refusal.delta":
            self._refusal.append(text_in(event, "delta"))
        elif kind == "response.output_item.done":
            self._take_item(field(event, "item"))
        elif kind in _ENDS:
            self._end = field(event, "response")
        elif kind == "error":
            raise self._broken(text_in(event, "code"), text_in(event, "message"))

    def finish(self, place: ConversationPlace) -> ModelStep:
        """The step, at the place that was reached; a stream that just ends is truncated."""
        if self._end is None:
            raise ModelFailure(
                FailureKind.TRUNCATED,
                "the stream ended without its last event",
                begun=self.begun,
                called=self.called,
            )
        error = field(self._end, "error")
        if text_in(self._end, "status") == "failed":
            raise self._broken(text_in(error, "code"), text_in(error, "message") or "failed")
        output = listed(field(self._end, "output"))
        return ModelStep(
            place=place,
            response_id=self.response_id,
            status=text_in(self._end, "status") or "completed",
            reason=text_in(field(self._end, "incomplete_details"), "reason"),
            words="".join(self._words) or _words_in(output),
            refusal="".join(self._refusal),
            calls=tuple(self._calls),
            approvals=tuple(self._approvals),
            remote=tuple(self._remote),
            sources=_sources_in(output),
            spent=_spent(field(self._end, "usage")),
        )

    @property
    def response_id(self) -> str:
        """The id of the response, once it has ended."""
        return text_in(self._end, "id")

    def _take_item(self, item: object) -> None:
        kind, name = text_in(item, "type"), text_in(item, "name")
        self.items.append(as_json(item))
        if kind == "function_call":
            call_id = text_in(item, "call_id")
            self._calls.append(
                RequestedCall(call_id=call_id, name=name, arguments=text_in(item, "arguments"))
            )
        elif kind == "mcp_approval_request":
            self._approvals.append(
                RequestedApproval(
                    approval_id=text_in(item, "id"),
                    server=text_in(item, "server_label"),
                    name=name,
                    arguments=text_in(item, "arguments"),
                )
            )
        elif kind == "mcp_call":
            failed = field(item, "error") is not None
            server = text_in(item, "server_label")
            self._remote.append(
                ServiceCall(server=server, name=name, failed=failed, output=text_in(item, "output"))
            )

    def _broken(self, code: str, said: str) -> ModelFailure:
        kind = kind_of(code or None, said)
        return ModelFailure(kind, redact_start(said, 400)[:400], begun=True, called=self.called)


def _words_in(output: list[object]) -> str:
    """The text of the finished messages, for a service that sends no pieces."""
    parts = [part for item in output for part in listed(field(item, "content"))]
    return "".join(text_in(one, "text") for one in parts if text_in(one, "type") == "output_text")


def _sources_in(output: list[object]) -> tuple[PageSource, ...]:
    found = dict.fromkeys(source for item in output for source in _cited(item))
    return tuple(found)[:MOST_SOURCES]


def _cited(item: object) -> Iterator[PageSource]:
    """The pages that a message cites."""
    for part in listed(field(item, "content")):
        for one in listed(field(part, "annotations")):
            if text_in(one, "type") == "url_citation":
                title = plain(redact_start(text_in(one, "title"), 120), 120)
                yield PageSource(title=title, url=plain(text_in(one, "url"), 500))


def _spent(usage: object) -> Spent:
    """Zero where the service said nothing."""
    return Spent(
        input=number(usage, "input_tokens"),
        cached=number(field(usage, "input_tokens_details"), "cached_tokens"),
        output=number(usage, "output_tokens"),
    )
