"""From parts to a card that fits: the envelope, and what gives way when it is too large."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from cards import extension as x
from cards.card import Card
from cards.components.buttons import ordered
from cards.text import line

MOST_BYTES = 28 * 1024
LONGEST_SUMMARY = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLimit:
    """How much a card may hold: rows, characters of an error, and what is not needed."""

    rows: int
    error: int
    extras: bool = True


ROOMS = (
    SizeLimit(rows=40, error=4000),
    SizeLimit(rows=25, error=4000),
    SizeLimit(rows=15, error=2000),
    SizeLimit(rows=8, error=1000),
    SizeLimit(rows=8, error=420, extras=False),
    SizeLimit(rows=3, error=200, extras=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """A card in the making; `summary` is what the phone shows, status word first, plain text."""

    kind: str
    summary: str
    body: Sequence[x.Element]
    actions: Sequence[x.Element] = ()
    teams: dict[str, Any] = field(default_factory=dict[str, Any])


def fitted(build: Callable[[SizeLimit], CardDraft]) -> Card:
    """The first draft that fits: fewer rows, then a shorter error, then without the extras."""
    for room in ROOMS:
        card = finished(build(room))
        if size_of(card) <= MOST_BYTES:
            return card
    return finished(replace(build(ROOMS[-1]), body=build(ROOMS[-1]).body[:1], actions=()))


def finished(draft: CardDraft) -> Card:
    """The card of a draft, with the sentence for notifications, old clients and screen readers."""
    summary = line(draft.summary, LONGEST_SUMMARY)
    card = x.TeamsCard(
        fallback_text=summary,
        speak=summary,
        body=[*draft.body],
        actions=ordered(draft.actions) or None,
        msteams={"width": "Full", **draft.teams},
    )
    return Card(kind=draft.kind, content=card.to_dict(), summary=summary)


def size_of(card: Card) -> int:
    """The card's size on the wire."""
    return len(orjson.dumps(card.content))
