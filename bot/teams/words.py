"""What somebody typed, out of what Teams sends: marks of mentions, HTML entities, odd blanks."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]

LONGEST_TEXT = 4000
_MARKED = re.compile(r"<at(?:\s[^<>]*)?>(?P<name>[^<>]*)</at>")
# With their semicolon only: "&copy=1" in a pasted address is no sign of copyright.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad\u200e\u200f\x00-\x08\x0e-\x1f\x7f]")


def plain_words(text: str, mine: Iterable[Json], others: Iterable[Json]) -> str:
    """The words of a text without the bot's mentions; other people's stay, as their names.

    Only marked spans are touched: the bot's name elsewhere belongs to the sentence.
    """
    for mark in _marks(mine):
        text = text.replace(mark, " ")
    for mark in _marks(others):
        text = text.replace(mark, _MARKED.sub(r"\g<name>", mark))
    decoded = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return " ".join(_UNSEEN.sub("", decoded).split())[:LONGEST_TEXT]


def _marks(mentions: Iterable[Json]) -> list[str]:
    texts = (one.get("text") for one in mentions)
    return [text for text in texts if isinstance(text, str) and _MARKED.fullmatch(text)]
