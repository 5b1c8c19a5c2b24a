"""What a turn with a model begins with: instructions, facts, earlier turns, the question."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from pathlib import Path

from adf.records import Pipeline
from adf.redaction import redact_start
from bot.agents.interface import Question
from bot.agents.model.facts import record_as_json
from bot.agents.model.history import SavedConversation, load_conversation
from bot.agents.model.types import Item
from bot.agents.model.verification import Verifier, numbered
from bot.agents.understanding.entities.pipelines import nearest
from bot.agents.untrusted import between_marks, plain
from bot.messages import Scope
from cards.records import IncidentWriteUp

FILE = Path(__file__).parents[1] / "instructions.md"
ROUTING = Path(__file__).parents[1] / "routing.md"


def read_instructions() -> str:
    """The text as it goes to the model."""
    return FILE.read_text(encoding="utf-8").strip()


def read_routing() -> str:
    """What a model is told that only chooses a tool."""
    return ROUTING.read_text(encoding="utf-8").strip()


LONGEST_QUESTION = 4000
MOST_BEFORE = 2
MOST_RECORDS = 3
# Bytes of all records of a first message, so that it stays within 3,500 tokens.
LARGEST_TOGETHER = 2900
MOST_NAMES = 30
NEAREST = 10
_EXPLAIN = (
    "The records above are already shown to the person as cards. Explain them in at most 90 words: "
    "what it means for them, the likely cause, what to do next. Do not repeat the figures. "
    "End each sentence with the number of its record: [1]."
)
_WRITE_UP = (
    "The record above is shown to the person as the write-up of an incident. Write its summary for "
    "people who were not there, in at most 120 words: what happened, whom it affected, how it "
    "ended, what could keep it from happening again. Say of nothing what the record does not say. "
    "End each sentence with the number of its record: [1]."
)
_FOUND = (
    "Code found the records above and shows them as cards; they may not be what was meant. "
    "Add only what they do not say, each sentence with the number of its record: [1]."
)
_OPEN = "Code is not sure what is asked. It may be one of these, or something else:"

REQUESTS = (_EXPLAIN, _WRITE_UP, _FOUND, _OPEN)


class Introduction:
    """The question with the facts of this turn before it, as one message of the person."""

    def __init__(
        self, question: Question, verifier: Verifier, nonce: str, *, error_text: bool = True
    ) -> None:
        """The `verifier` takes each record and gives it its number."""
        self._question = question
        self._verifier = verifier
        self._nonce = nonce
        self._error_text = error_text
        self._count = max(1, len((*question.records, *question.found)))

    def item(self, pipelines: Sequence[Pipeline]) -> Item:
        """The message, with the names of the pipelines that may be asked about."""
        question, nonce = self._question, self._nonce
        parts = [
            f"Facts of this turn, between <data-{nonce}> and </data-{nonce}>.",
            between_marks("\n".join(_facts(question, pipelines)), nonce),
            *map(self._record, (*question.records, *question.found)[:MOST_RECORDS]),
        ]
        if question.records:
            is_write_up = isinstance(question.records[0], IncidentWriteUp)
            parts.append(_WRITE_UP if is_write_up else _EXPLAIN)
        elif question.found:
            parts.append(_FOUND)
        return _said(
            "\n".join(parts), plain(redact_start(question.text, LONGEST_QUESTION), LONGEST_QUESTION)
        )

    def _record(self, record: object) -> str:
        largest = LARGEST_TOGETHER // min(MOST_RECORDS, self._count)
        facts = record_as_json(
            record, self._question.zone, error_text=self._error_text, largest=largest
        )
        return between_marks(numbered(facts, self._verifier.add(facts)), self._nonce)


def routing_items(question: Question, pipelines: Sequence[Pipeline], nonce: str) -> Sequence[Item]:
    """All that a tool is chosen by: the facts, what was asked before, the question."""
    facts = [*_facts(question, pipelines), *_before(question)]
    parts = [
        f"Facts, between <data-{nonce}> and </data-{nonce}>.",
        between_marks("\n".join(facts), nonce),
    ]
    return (
        _said(
            "\n".join(parts), plain(redact_start(question.text, LONGEST_QUESTION), LONGEST_QUESTION)
        ),
    )


def _before(question: Question) -> Iterator[str]:
    """What this person talked about last: names and ids, as code remembers them."""
    pipeline, run = (question.memory.get(key) for key in ("pipeline", "run_id"))
    if pipeline:
        yield f"Talked about last: {plain(str(pipeline), 140)}."
    if run:
        yield f"Its run: {plain(str(run), 40)}."
    earlier = load_conversation(question.memory, "").log[-MOST_BEFORE:]
    if earlier:
        yield f"Asked before: {' / '.join(one.asked for one in earlier)}"


def earlier_questions(saved: SavedConversation, nonce: str) -> Sequence[Item]:
    """What this speaker asked before, for a conversation that is restarted."""
    if not saved.log:
        return ()
    turns = [{"asked": one.asked, "looked_up": one.looked_up} for one in saved.log]
    lead = "What this person asked before in this talk, oldest first:"
    return (_said(f"{lead}\n{between_marks(_dumped({'talk': turns}), nonce)}"),)


def _facts(question: Question, pipelines: Sequence[Pipeline]) -> Iterator[str]:
    """The facts as sentences: keys of ours would be taken for arguments."""
    here, now = question.now.astimezone(question.zone), question.now.astimezone(UTC)
    place = "privately" if question.address.scope is Scope.PERSONAL else "in a room"
    person = plain(redact_start(question.speaker.name, 80), 80)
    yield f"Now it is {here:%A %d %B %Y, %Y-%m-%d %H:%M %Z} ({now:%H:%M} UTC). Times are {here:%Z}."
    yield f"{person} asks {place}."
    others = [one for one in question.factories if one != question.factory]
    also = f" Others: {', '.join(others)}." if others else ""
    if question.factory:
        yield f"Factory: {question.factory}, when none is named.{also}"
    elif others:
        yield f"Factories: {', '.join(others)}."
    # What is explained is there already, and names it.
    named = () if question.records or question.found else pipelines
    for alias in dict.fromkeys(one.factory for one in named):
        names = _names(question.text, [one.name for one in pipelines if one.factory == alias])
        yield f"Pipelines of {alias}: {', '.join(plain(one, 140) for one in names)}."
    if question.candidates:
        candidates = (plain(redact_start(one, 200), 200) for one in question.candidates)
        yield f"{_OPEN} {'; '.join(candidates)}."


def _names(text: str, names: Sequence[str]) -> Sequence[str]:
    """All names, or of many the nearest to the question."""
    return names if len(names) <= MOST_NAMES else nearest(text, names)[:NEAREST]


def _said(*parts: str) -> Item:
    content = [{"type": "input_text", "text": one} for one in parts if one]
    return {"type": "message", "role": "user", "content": content}


def _dumped(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


RECITED = 10
ROW = 4
MAY_BE_SAID = "What you may say of yourself"
_WORD = re.compile(r"\w+")


def recites(words: str) -> bool:
    """Whether a piece of the instructions stands in these words, ten words in a row."""
    return not _pieces().isdisjoint(_rows(words))


@lru_cache(maxsize=1)
def _pieces() -> frozenset[tuple[str, ...]]:
    """The rows that no answer has: what a model may say of itself is left out."""
    text = read_instructions()
    first, _, rest = text.partition(". ")
    rest, _, may_be_said = rest.partition(MAY_BE_SAID)
    return frozenset(_rows(rest)) - frozenset(_rows(f"{first} {may_be_said}"))


def may_be_said(words: str) -> bool:
    """Whether these words are those in which a model may speak of itself, most of them in a row."""
    said = read_instructions().partition(MAY_BE_SAID)[2]
    rows = _rows(words, ROW)
    known = frozenset(_rows(said, ROW))
    return bool(rows) and 2 * sum(one in known for one in rows) >= len(rows)


def is_request(words: str) -> bool:
    """Whether these words are those in which a model is asked for something, most of them."""
    rows = _rows(words, ROW)
    known = frozenset(row for one in REQUESTS for row in _rows(one, ROW))
    return bool(rows) and 2 * sum(one in known for one in rows) >= len(rows)


def _rows(text: str, length: int = RECITED) -> list[tuple[str, ...]]:
    """Every row of words of that length, whatever stands between them."""
    found = _WORD.findall(text.casefold())
    return [tuple(found[at : at + length]) for at in range(len(found) - length + 1)]
