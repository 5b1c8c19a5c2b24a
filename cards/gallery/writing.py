"""Writes cards as JSON files that open in the card designer."""

import json
from collections.abc import Sequence
from pathlib import Path

from cards.card import Card
from cards.gallery.samples import GallerySample


def as_text(card: Card) -> str:
    """A card as people read JSON."""
    return json.dumps(card.content, ensure_ascii=False, indent=1) + "\n"


def write_json(shown: Sequence[GallerySample], folder: Path) -> None:
    """Write each card into its own file."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in shown:
        (folder / f"{one.name}.json").write_text(as_text(one.card), encoding="utf-8")
