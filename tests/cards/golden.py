"""Golden cards: one JSON file for each card of the gallery, to be opened in the card designer.

`python -m tests.cards.golden --update` writes them anew; look at the difference before it is kept.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from cards.card import Card
from cards.gallery.samples import gallery
from cards.gallery.writing import as_text

FOLDER = Path(__file__).parent / "golden"


def golden_cards() -> Mapping[str, Card]:
    """The cards that are held: the typical ones, as the others are made from them."""
    made = {one.name: one.card for one in gallery()}
    return {name: card for name, card in made.items() if not name.endswith(("_hostile", "_large"))}


def update() -> None:
    """Write every golden file, and drop those whose card is gone."""
    FOLDER.mkdir(exist_ok=True)
    cards = golden_cards()
    for old in FOLDER.glob("*.json"):
        if old.stem not in cards:
            old.unlink()
    for name, card in cards.items():
        (FOLDER / f"{name}.json").write_text(as_text(card), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    update()
