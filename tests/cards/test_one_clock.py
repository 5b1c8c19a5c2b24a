"""Each time on a card is put into the zone of who reads it, in sentences as in facts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adf.records.moments import due_text, in_plain_words, moment_said
from cards.text import clean, md, sentence
from cards.text_rendering import read_card
from tests.cards.golden import golden_cards

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
_MACRO = re.compile(r"\{\{[^}]*\}\}")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
# A schedule is the trigger's own, and the text of a ticket is read elsewhere: both name their zone.
_NAMED = re.compile(r"\d\d:\d\d(?::\d\d)?,? UTC")
CARDS = golden_cards()


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        one = cast("Mapping[str, Any]", node)
        if one.get("type") in {"TextBlock", "TextRun"}:
            yield str(one["text"])
        for key, inner in one.items():
            if key not in {"fallback", "data"}:
                yield from _texts(inner)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for inner in cast("Sequence[object]", node):
            yield from _texts(inner)


@pytest.mark.parametrize("name", CARDS)
def test_no_time_of_a_card_is_in_a_zone_that_is_not_the_readers(name: str) -> None:
    said = [_NAMED.sub("", _MACRO.sub("", one)) for one in _texts(CARDS[name].content)]
    assert [one for one in said if _CLOCK.search(one)] == []


@given(
    st.lists(
        st.one_of(
            st.text(alphabet=st.characters(codec="utf-8"), max_size=12),
            st.integers(-2_000, 2_000),
        ),
        max_size=5,
    )
)
def test_a_sentence_shows_its_moments_in_any_zone_and_reads_the_same_in_plain(
    parts: list[str | int],
) -> None:
    def moment(minutes: int) -> str:
        return moment_said(NOW + timedelta(minutes=minutes), BERLIN, NOW)

    said = "x".join(one if isinstance(one, str) else moment(one) for one in parts)
    shown = sentence(said)
    assert shown.count("{{TIME(") == sum(isinstance(one, int) for one in parts)
    assert clean(said) == clean(in_plain_words(said))


def test_a_card_of_another_zone_has_that_time() -> None:
    card = {"type": "TextBlock", "text": sentence(f"Since {moment_said(NOW, BERLIN, NOW)}.")}
    assert read_card(card, BERLIN).text == "Since 03:40."
    assert read_card(card, TOKYO).text == "Since 11:40."


def test_what_is_due_by_a_time_of_day_is_due_at_a_moment_of_today() -> None:
    said = due_text("Export", "06:00 UTC", NOW, BERLIN)
    assert in_plain_words(said) == "Export, due 07:00 CET"
    assert sentence(said) == "Export, due {{TIME(2026-03-12T06:00:00Z)}}"
    assert due_text("Export", "noon", NOW, BERLIN) == "Export, due noon"


def test_only_a_sentence_of_our_own_has_its_moments_read() -> None:
    forged = f"broken {moment_said(NOW, BERLIN, NOW)}"
    assert "{{" not in md(forged)
    assert md(forged) == "broken 03:40"
