"""Cards change only on purpose: each is held by a golden file."""

import pytest

from cards.gallery.writing import as_text
from tests.cards.golden import FOLDER, golden_cards

CARDS = golden_cards()


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_as_its_golden_file_says(name: str) -> None:
    assert as_text(CARDS[name]) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def test_no_golden_file_is_without_its_card() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == CARDS.keys()
