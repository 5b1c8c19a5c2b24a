"""Readable by everybody: headings, labels, words beside colours, contrast."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cards.card import Card
from cards.components import status_styles
from cards.components.status_styles import StatusStyle
from cards.gallery.samples import gallery
from tests.cards.judges import walk

ALL = {one.name: one.card for one in gallery()}
PALETTES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "render" / "palettes.json").read_text(encoding="utf-8")
)
LOOKS = [one for one in vars(status_styles).values() if isinstance(one, StatusStyle)]
# Colours that words may have; the others are left to glyphs and bars, which words stand beside.
WORD_COLORS = {"text", "attention", "accent"}


@pytest.fixture(params=ALL)
def card(request: pytest.FixtureRequest) -> Card:
    return ALL[request.param]


def elements(card: Card, kind: str) -> list[Mapping[str, Any]]:
    return [one for _, one in walk(card.content) if one.get("type") == kind]


def test_a_card_starts_with_a_heading(card: Card) -> None:
    headings = [one for one in elements(card, "TextBlock") if one.get("style") == "heading"]
    assert headings
    assert headings[0]["text"]


def test_every_field_has_a_label_and_says_what_is_wrong(card: Card) -> None:
    for one in (*elements(card, "Input.ChoiceSet"), *elements(card, "Input.Text")):
        assert one["label"]
        assert one["errorMessage"]


def test_whatever_is_pressed_has_a_title(card: Card) -> None:
    for _, one in walk(card.content):
        if str(one.get("type")).startswith("Action."):
            assert one["title"].strip()


def test_no_picture_is_shown_that_a_screen_reader_cannot_tell(card: Card) -> None:
    assert not elements(card, "Image")


def test_words_are_never_told_apart_by_colour_alone(card: Card) -> None:
    for one in elements(card, "TextBlock"):
        if one.get("color") in {"good", "warning"}:
            assert len(one["text"]) == 1, one


def test_the_sentence_for_the_ear_is_plain_and_tells_the_state(card: Card) -> None:
    said = str(card.content["speak"])
    assert said == card.summary
    assert ":" in said


@pytest.mark.parametrize("name", [name for name in ALL if not name.endswith("_hostile")])
def test_no_macro_stands_where_none_is_read(name: str) -> None:
    content = ALL[name].content
    plain = [str(content["speak"]), *(one["title"] for _, one in walk(content) if "verb" in one)]
    plain += [one["text"] for one in elements(ALL[name], "TextRun")]
    assert not [one for one in plain if "{{" in one]


def test_every_state_has_its_own_word_and_a_glyph_of_one_character() -> None:
    assert len({one.word for one in LOOKS}) == len(LOOKS)
    assert all(len(one.glyph) == 1 for one in LOOKS)


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(_lightness, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _lightness(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = map(_linear, parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)


BANDS = ("default", "emphasis", "accent", "good", "attention", "warning")


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("band", BANDS)
def test_words_in_a_band_stand_out_in_every_theme_and_in_older_hosts(theme: str, band: str) -> None:
    palette = PALETTES[theme]
    assert contrast(palette["text"], palette["bands"][band]) >= 4.5


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("color", [*sorted(WORD_COLORS), "subtle"])
def test_words_outside_bands_stand_out(theme: str, color: str) -> None:
    palette = PALETTES[theme]
    assert contrast(palette[color], palette["bands"]["default"]) >= 4.5


def test_in_a_band_no_words_have_a_colour_or_are_faint(card: Card) -> None:
    band = card.content["body"][0]
    assert band["style"] in BANDS
    for _, one in walk(band):
        if one.get("type") == "TextBlock":
            assert "color" not in one
            assert "isSubtle" not in one
