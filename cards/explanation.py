"""What a language model adds to a card: below the facts, marked as generated, plain text only."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from cards import extension as x
from cards.card import Card
from cards.components.blocks import note, section, text
from cards.components.buttons import open_page
from cards.components.layout import MOST_BYTES, size_of
from cards.links import allowed
from cards.records import Explanation, PageSource
from cards.text import Md, clean, cut, line, md, say

GENERATED = "AI generated: check before you act"
MOST_SOURCES = 3
_SITES = {"learn.microsoft.com": "Microsoft Learn"}
_LENGTHS = (1600, 800, 300)
_MARKS = re.compile(r"\*\*|__|`")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


def explained(card: Card, explanation: Explanation) -> Card:
    """The card with the explanation below, cut to what still fits; without it when nothing does."""
    larger = _below(card, explanation)
    if explanation.words.strip() or not explanation.trace:
        return larger
    return _with_button(larger, _trace_button(explanation.trace))


def offering(card: Card, offer: str) -> Card:
    """The card with a button that has the language model explain it; `offer` is its id."""
    return _with_button(card, _in_menu("Explain", "explain", {"offer": offer}))


def _trace_button(trace: str) -> x.ActionExecute:
    return _in_menu("Show trace", "trace", {"trace": trace})


def _in_menu(title: str, verb: str, data: dict[str, Any]) -> x.ActionExecute:
    return x.ActionExecute(title=title, verb=verb, data=data, mode="secondary")


def _with_button(card: Card, button: x.ActionExecute) -> Card:
    """The card with one more button, if that fits."""
    actions = [*(card.content.get("actions") or ()), x.as_json(button)]
    larger = replace(card, content={**card.content, "actions": actions})
    return larger if size_of(larger) <= MOST_BYTES else card


def _below(card: Card, explanation: Explanation) -> Card:
    for longest in _LENGTHS:
        parts = [x.as_json(part) for part in _parts(explanation, longest)]
        larger = replace(card, content={**card.content, "body": [*card.content["body"], *parts]})
        if size_of(larger) <= MOST_BYTES:
            return larger
    return card


def _parts(explanation: Explanation, longest: int) -> list[x.Element]:
    if not explanation.words.strip():
        return _missing(explanation)
    words = cut(_MARKS.sub("", clean(explanation.words)), longest)
    paragraphs = [text(_paragraph(one), space="Small") for one in words.split("\n") if one.strip()]
    sources = explanation.sources[:MOST_SOURCES]
    buttons = source_buttons(sources)
    buttons += [_trace_button(explanation.trace)] if explanation.trace else []
    return [
        x.Container(
            items=[
                section("Explanation"),
                note(GENERATED),
                *paragraphs,
                *_missing(explanation),
                *(note(source_line(one)) for one in sources),
                *([x.ActionSet(actions=[*buttons])] if buttons else []),
            ],
            separator=True,
            spacing="Medium",
        )
    ]


def _missing(explanation: Explanation) -> list[x.Element]:
    return [note(md(explanation.missing, 240))] if explanation.missing else []


def _paragraph(words: str) -> Md:
    return Md("•\u00a0" + md(_BULLET.sub("", words))) if _BULLET.match(words) else md(words)


def source_line(one: PageSource) -> Md:
    """A page by its title, and its host when it is one of ours to open."""
    host = urlsplit(one.url).netloc if allowed(one.url) else ""
    return say("{} ({})", line(one.title, 160), host) if host else md(one.title, 160)


def source_buttons(sources: Sequence[PageSource]) -> list[x.Element]:
    """A button for each page that is ours to open."""
    pages = [one for one in sources[:MOST_SOURCES] if allowed(one.url)]
    return [
        button
        for number, one in enumerate(pages, 1)
        for button in open_page(_site(one, number, len(pages)), allowed(one.url), one.title)
    ]


def _site(one: PageSource, number: int, many: int) -> str:
    """Whose page it is, as a button has room for; several are numbered as they are listed."""
    host = urlsplit(one.url).netloc
    site = _SITES.get(host, host)
    return f"{site} {number}" if many > 1 else site
