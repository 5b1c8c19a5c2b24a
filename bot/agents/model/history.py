"""What is saved of a conversation with a model between turns: its place, and a short log.

The log holds what was asked and looked up, so that a lost conversation can be restarted.
It holds no words of the model, because those may quote an error.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from adf.redaction import redact_start
from bot.agents.interface import Memory
from bot.agents.model.types import NOWHERE, ConversationPlace, Item
from bot.agents.untrusted import plain

KEY = "model"
LARGEST = 8 * 1024
MOST_TURNS = 5
MOST_LOOKUPS = 6
LONGEST_QUESTION = 240
LONGEST_LOOKUP = 200
LONGEST_RESULT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTurn:
    """One turn before: what the speaker asked and which tools were asked for it."""

    asked: str
    looked_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConversation:
    """A conversation between turns: `pending` answers open calls, `waiting` are approvals.

    `turns` were taken in it and `long` is how many tokens its last input had.
    """

    backend: str
    place: ConversationPlace = NOWHERE
    pending: tuple[Item, ...] = ()
    waiting: tuple[str, ...] = ()
    turns: int = 0
    long: int = 0
    log: tuple[LoggedTurn, ...] = field(default=())

    @property
    def is_begun(self) -> bool:
        """Whether the service knows this conversation."""
        return bool(self.place.conversation or self.place.previous)

    def waiting_for(self, decided: Collection[str]) -> bool:
        """Whether all that was decided waits at the service."""
        return set(decided) <= set(self.waiting)

    def restarted(self) -> "SavedConversation":
        """The same conversation with nothing left at the service: to begin again."""
        return SavedConversation(backend=self.backend, log=self.log)

    def logged(self, asked: str, looked_up: Sequence[str]) -> "SavedConversation":
        """With one more turn in the log, the oldest dropped."""
        lookups = tuple(
            plain(redact_start(one, LONGEST_LOOKUP), LONGEST_LOOKUP)
            for one in looked_up[-MOST_LOOKUPS:]
        )
        entry = LoggedTurn(
            asked=plain(redact_start(asked, LONGEST_QUESTION), LONGEST_QUESTION), looked_up=lookups
        )
        return replace(self, log=(*self.log, entry)[-MOST_TURNS:])

    def write_to(self, memory: Memory) -> Memory:
        """As small JSON, beside the rest of the memory.

        Too much is dropped: first the oldest of the log, at last what is open at the service.
        """
        saved = self
        while len(json.dumps(saved.to_json())) > LARGEST:
            saved = replace(saved, log=saved.log[1:]) if saved.log else saved.restarted()
        return {**memory, KEY: saved.to_json()}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, however large."""
        return {
            "backend": self.backend,
            "conversation": self.place.conversation,
            "previous": self.place.previous,
            "pending": [_small(one) for one in self.pending],
            "waiting": list(self.waiting),
            "turns": self.turns,
            "long": self.long,
            "log": [[one.asked, *one.looked_up] for one in self.log],
        }


def load_conversation(memory: Memory, backend: str) -> SavedConversation:
    """What was saved for this backend; a new conversation when nothing can be read."""
    mine = cast("Mapping[str, Any]", memory.get(KEY) or {})
    try:
        log = tuple(
            LoggedTurn(asked=one[0], looked_up=tuple(one[1:])) for one in mine.get("log", ())
        )
        if mine.get("backend") != backend:
            return SavedConversation(backend=backend, log=log)
        return SavedConversation(
            backend=backend,
            place=ConversationPlace(conversation=mine["conversation"], previous=mine["previous"]),
            pending=tuple(mine["pending"]),
            waiting=tuple(mine["waiting"]),
            turns=int(mine["turns"]),
            long=int(mine["long"]),
            log=log,
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return SavedConversation(backend=backend)


def _small(item: Item) -> dict[str, Any]:
    """A saved item; a long result can be looked up again."""
    if len(str(item.get("output", ""))) <= LONGEST_RESULT:
        return dict(item)
    return {**item, "output": '{"error":"no longer kept, look it up again"}'}
