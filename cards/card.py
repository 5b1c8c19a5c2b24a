"""What leaves this room: one Adaptive Card with its name and the sentence a phone shows for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An Adaptive Card as JSON. `kind` is its name (failure_card), `summary` its one sentence."""

    kind: str
    content: Mapping[str, Any]
    summary: str
