"""What a turn with a model begins with: instructions, facts, earlier turns, the question."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from pathlib import Path

from adf.redaction import redact
from bot.agents.interface import Question
from bot.agents.model.facts import record_as_json
from bot.agents.model.history import SavedConversation
from bot.agents.model.types import Item
from bot.agents.untrusted import between_marks, plain

FILE = Path(__file__).parents[1] / "instructions.md"


def read_instructions() -> str:
    """The text as it goes to the model."""
    return FILE.read_text(encoding="utf-8").strip()


LONGEST_QUESTION = 4000
MOST_RECORDS = 3
_EXPLAIN = (
    "The records above are already shown to the person as cards. Explain them in at most 90 words: "
    "what it means for them, the likely cause, what to do next. Do not repeat the figures."
)


def introduction(question: Question, nonce: str, *, error_text: bool = True) -> Item:
    """The question with the facts of this turn before it, as one message of the person."""
    parts = [
        f"Facts of this turn; its data stands between <data-{nonce}> and </data-{nonce}>.",
        between_marks(_dumped(_facts(question)), nonce),
    ]
    for record in question.records[:MOST_RECORDS]:
        facts = record_as_json(record, question.zone, error_text=error_text)
        parts.append(between_marks(facts, nonce))
    if question.records:
        parts.append(_EXPLAIN)
    return _said("\n".join(parts), plain(redact(question.text), LONGEST_QUESTION))


def earlier_questions(saved: SavedConversation, nonce: str) -> Sequence[Item]:
    """What this speaker asked before, for a conversation that is restarted."""
    if not saved.log:
        return ()
    turns = [{"asked": one.asked, "looked_up": one.looked_up} for one in saved.log]
    lead = "What this person asked before in this talk, oldest first:"
    return (_said(f"{lead}\n{between_marks(_dumped({'talk': turns}), nonce)}"),)


def _facts(question: Question) -> Mapping[str, object]:
    here, now = question.now.astimezone(question.zone), question.now.astimezone(UTC)
    return {
        "now": f"{now:%Y-%m-%dT%H:%M:%SZ} ({here:%A %d %B %Y %H:%M %Z})",
        "zone": str(question.zone),
        "person": plain(redact(question.speaker.name), 80),
        "factories": list(question.factories),
        "factory_meant_when_none_is_named": question.factory,
        "room": str(question.address.scope),
    }


def _said(*parts: str) -> Item:
    content = [{"type": "input_text", "text": one} for one in parts if one]
    return {"type": "message", "role": "user", "content": content}


def _dumped(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


RECITED = 10
_WORD = re.compile(r"\w+")


def recites(words: str) -> bool:
    """Whether a piece of the instructions stands in these words, ten words in a row."""
    return not _pieces().isdisjoint(_rows(words))


@lru_cache(maxsize=1)
def _pieces() -> frozenset[tuple[str, ...]]:
    return frozenset(_rows(read_instructions()))


def _rows(text: str) -> list[tuple[str, ...]]:
    """Every row of words of that length, whatever stands between them."""
    found = _WORD.findall(text.casefold())
    return [tuple(found[at : at + RECITED]) for at in range(len(found) - RECITED + 1)]
