"""Every card of the gallery before independent judges."""

import pytest

from cards.card import Card
from cards.gallery.samples import gallery
from tests.cards.judges import against_house, against_schema, against_teams

ALL = {one.name: one.card for one in gallery()}
_CARDS = (
    "run failure trend trigger ir queue change compare incident mute handover subscription picker "
    "help usage error denied condition digest health "
    "approval confirm audit trace impact uses pipeline owner deadline board write_up"
)
KINDS = [
    *("status_list", "activity_table", "docs_answer"),
    *(f"{word}_card" for word in _CARDS.split(" ")),
]


def test_the_gallery_shows_every_kind_of_card() -> None:
    assert {card.kind for card in ALL.values()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_shown_typical_hostile_and_overlarge(kind: str) -> None:
    assert {kind, f"{kind}_hostile", f"{kind}_large"} <= ALL.keys()


@pytest.fixture(params=ALL)
def card(request: pytest.FixtureRequest) -> Card:
    return ALL[request.param]


def test_a_host_that_knows_only_1_5_gets_a_card_of_the_official_schema(card: Card) -> None:
    assert against_schema(card.content) == []


def test_teams_knows_every_name_in_it(card: Card) -> None:
    assert against_teams(card.content) == []


def test_it_keeps_the_house_rules_of_size_sentences_and_buttons(card: Card) -> None:
    assert against_house(card.content) == []
