"""Whatever stands in a record, a card says it literally: no markup, link, mention or macro of it.

Both parsers are markdown-it: CommonMark, and its GFM-like rules (tables, strikethrough) with the
guessing of links off, because a guessed link goes where its own visible text says.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adf.redaction import redact
from cards.card import Card
from cards.card_for import Record
from cards.components.layout import MOST_BYTES, size_of
from cards.gallery.hostile import TEXT, spoiled
from cards.gallery.samples import TYPICAL, drawn
from cards.text import line, md
from tests.cards.judges import against_house, walk

PARSERS = (
    MarkdownIt("commonmark"),
    MarkdownIt("gfm-like", {"linkify": False, "html": True}),
)
HARMLESS = {
    *("inline", "text", "softbreak", "hardbreak", "text_special"),
    *("paragraph_open", "paragraph_close", "strong_open", "strong_close"),
}
OUR_MACRO = re.compile(r"\{\{(?:DATE|TIME)\(2026-\d\d-\d\dT\d\d:\d\d:\d\dZ(?:,SHORT)?\)\}\}")
WORDS = (
    "** * __ _ ~~ ` ``` [ ]( ) ![ < > </ &lt; &#60; # + - = | --- === \\ \\* 1. 2) <!-- --> {{ }} "
    "https://evil.example/a http:// //evil.example www.evil.example mailto:a@b.example a@b.example "
    "javascript:alert(1) data:text/html,x <script> <at> <at>everyone</at> {{TIME( ${x} $(x) 😀 é "
    "{{DATE(2001-01-01T00:00:00Z,SHORT)}} <https://evil.example>"
)
LINES = ("<img src=x onerror=y>", "# h", "- l", "1. n", "> q", "| t |", "[a]: https://evil.example")
SPACES = (" ", "\n", "\r\n", "\n\n", "    ", "\t", "\u2028")
UNSEEN = ("\u202e", "\u2066", "\u200b", "\u0000", "\ud800", "\ufeff")
FRAGMENTS = (*WORDS.split(" "), *LINES, *SPACES, *UNSEEN)
SECRETS = ("Hunter2-Prod!", "q7Jm3vXk0pZs9LwT")
PLANTED = (
    f"Server=tcp:x;User ID=svc;Password={SECRETS[0]};",
    f"AccountKey={SECRETS[1]};EndpointSuffix=core.windows.net",
    f"https://x.blob.core.windows.net/c?sv=1&sig={SECRETS[1]}",
    f"Authorization: Bearer {SECRETS[1]}{SECRETS[1]}",
)
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), min_size=1, max_size=9).map(
    "".join
)
records = st.sampled_from(sorted(TYPICAL))
pools = st.lists(hostile | st.just(TEXT), min_size=1, max_size=4)
QUICK = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
FULL = settings(QUICK, max_examples=20_000)


def spoil(name: str, pool: list[str]) -> Record:
    """A record of the gallery with a text of the pool in every place."""
    return cast("Record", spoiled(TYPICAL[name], lambda text: pool[len(text) % len(pool)]))


def check_literal(name: str, pool: list[str]) -> None:
    """Everything that must hold of a card, whatever its record says."""
    card = drawn(spoil(name, pool))
    assert json.dumps(card.content, ensure_ascii=False).encode()
    assert size_of(card) <= MOST_BYTES
    assert against_house(card.content) == []
    called = {one["text"] for one in card.content["msteams"].get("entities", ())}
    for said in markdown_places(card):
        check_markup(without(said, called))
        assert "{{" not in OUR_MACRO.sub("", said)


def without(said: str, called: set[str]) -> str:
    """The text without the mentions that our own code made."""
    for one in called:
        said = said.replace(one, "somebody")
    return said


def check_markup(said: str) -> None:
    """No parser finds anything in it but plain and bold text, and no mention is left."""
    assert "<at" not in said.lower()
    for parser in PARSERS:
        for token in tokens(parser.parse(said)):
            assert token.type in HARMLESS, (token.type, said)


def tokens(found: list[Token]) -> Iterator[Token]:
    for one in found:
        yield one
        yield from tokens(one.children or [])


def markdown_places(card: Card) -> Iterator[str]:
    for _, one in walk(card.content):
        if one.get("type") == "TextBlock":
            yield str(one["text"])
        elif "title" in one and "value" in one and "type" not in one:
            assert one["title"]


@given(name=records, pool=pools)
@QUICK
def test_foreign_text_shows_literally(name: str, pool: list[str]) -> None:
    check_literal(name, pool)


@pytest.mark.prove
@pytest.mark.timeout(1200)
@given(name=records, pool=pools)
@FULL
def test_foreign_text_shows_literally_in_twenty_thousand_cases(name: str, pool: list[str]) -> None:
    check_literal(name, pool)


@given(text=hostile)
@QUICK
def test_escaping_never_changes_what_is_read(text: str) -> None:
    shown = "".join(one.content for one in tokens(PARSERS[0].parse(md(text))) if not one.children)
    assert seen(shown) == seen(line(text))


def seen(text: str) -> str:
    """What a person sees: without joiners, with the look-alikes taken back."""
    return " ".join(text.replace("\u200c", "").replace("ˋ", "`").replace("∼", "~").split())


@pytest.mark.parametrize("name", sorted(TYPICAL))
@pytest.mark.parametrize("planted", PLANTED)
def test_no_secret_that_was_redacted_where_it_was_read_is_left(name: str, planted: str) -> None:
    card = drawn(spoil(name, [redact(f"it said: {planted} and more")]))
    everything = json.dumps(card.content, ensure_ascii=False) + card.summary
    assert not [secret for secret in SECRETS if secret in everything]


@pytest.mark.parametrize("name", sorted(TYPICAL))
def test_only_the_people_we_call_are_mentioned(name: str) -> None:
    card = drawn(spoil(name, [TEXT]))
    entities: list[Mapping[str, Any]] = card.content["msteams"].get("entities", [])
    assert bool(entities) == (name == "incident_card")
    assert str(card.content).count("<at>") >= len(entities)
    written = json.dumps(card.content["body"], ensure_ascii=False)
    for one in entities:
        assert json.dumps(one["text"], ensure_ascii=False)[1:-1] in written
        assert not re.search("[<>]", one["mentioned"]["name"])
