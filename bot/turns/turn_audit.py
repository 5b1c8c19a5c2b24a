"""Writes down each answered question: by whom, by which tools, what was shown; never the words."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cachetools import TTLCache

from adf.redaction import redact_start
from adf.tool import ToolCall
from bot.access.audit import AuditedTurn, AuditLog
from bot.agents.interface import Question
from bot.turns.result import TurnResult
from cards.records import Denied, Picker, Problem

MOST_QUESTIONS = 2_000
LONGEST_TURN = timedelta(hours=1)
MOST_CALLS = 12
LONGEST_VALUE = 80
# What a person wrote, or pasted: how long it was is enough.
_FREE_TEXT = frozenset({"query", "text", "reason", "note", "match", "words"})

Key = tuple[str, str, str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedModel:
    """The language model that may answer: its deployment, and its instructions by their digest."""

    deployment: str
    instructions: str

    def __str__(self) -> str:
        """Both in one word."""
        return f"{self.deployment} {digest(self.instructions)}"


class TurnAudit:
    """Notes the calls of each question, and writes the entry once it is answered."""

    def __init__(self, audit: AuditLog, model: AuditedModel | None = None) -> None:
        """Borrow the audit; `model` where there is one."""
        self._audit = audit
        self._model = str(model) if model else ""
        self._calls: TTLCache[Key, list[ToolCall]] = TTLCache(
            MOST_QUESTIONS, LONGEST_TURN.total_seconds()
        )

    def observer(self, question: Question) -> Callable[[ToolCall], None]:
        """What notes each tool call that is made for a question."""

        def note(call: ToolCall) -> None:
            self._calls.setdefault(_key(question), []).append(call)

        return note

    async def answered(self, question: Question, result: TurnResult) -> None:
        """Write down what a question came to."""
        calls = self._calls.pop(_key(question), [])
        by_model = bool(result.model_text or result.is_routed or _has_words(result))
        turn = AuditedTurn(
            factory=question.factory,
            outcome=_outcome(result.answer.records),
            text_hash=digest(question.text),
            calls="; ".join(map(_in_words, calls[:MOST_CALLS])),
            records=", ".join(type(one).__name__ for one in result.answer.records) or "text",
            model=self._model if by_model else "",
        )
        await self._audit.answered(question.speaker, question.address, turn)


def _has_words(result: TurnResult) -> bool:
    return result.explanation is not None and bool(result.explanation.words.strip())


def digest(text: str) -> str:
    """What tells one text from another, and not what it says."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _outcome(records: Sequence[object]) -> str:
    if any(isinstance(one, Denied) for one in records):
        return "refused"
    if any(isinstance(one, Problem | Picker) for one in records):
        return "asked back"
    return "answered"


def _in_words(call: ToolCall) -> str:
    given = {name: _brief(name, one) for name, one in _given(call.arguments).items()}
    return f"{call.name} {json.dumps(given, ensure_ascii=False, default=str)}"


def _given(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: one for name, one in arguments.items() if one is not None}


def _brief(name: str, value: object) -> object:
    if name in _FREE_TEXT:
        return f"{len(str(value))} characters"
    if isinstance(value, Mapping):
        return sorted(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
    return redact_start(value, LONGEST_VALUE)[:LONGEST_VALUE]


def _key(question: Question) -> Key:
    who = question.speaker
    return (who.tenant, who.person_id, question.address.conversation, question.now)
