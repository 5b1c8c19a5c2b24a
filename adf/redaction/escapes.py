"""Reads words that are written in escapes, so that none of them hides the name of a secret."""

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

_ESCAPED = re.compile(r"\\u00[0-7][0-9a-fA-F]|\\x[0-7][0-9a-fA-F]|&#x?[0-9a-fA-F]{2,4};|%25[0-7]")
_CHARACTER = re.compile(r"\\(?:u00|x)([0-7][0-9a-fA-F])")
_WORD = re.compile(r"\S+")
_LONGEST = 8_000
_MOST_LAYERS = 5


def hide_escaped(text: str, redacted: Callable[[str], str]) -> str:
    """Put what `redacted` makes of it in the place of each escaped word that it changes."""
    if not _ESCAPED.search(text):
        return text

    def look(hit: re.Match[str]) -> str:
        word = hit.group()
        if len(word) > _LONGEST or not _ESCAPED.search(word):
            return word
        plain = _unescaped(word)
        cleaned = redacted(plain)
        return word if cleaned == plain else cleaned

    return _WORD.sub(look, text)


def _unescaped(word: str) -> str:
    for _ in range(_MOST_LAYERS):
        plain = _CHARACTER.sub(_character, html.unescape(unquote(word)))
        if plain == word:
            break
        word = plain
    return "".join(one for one in word if one.isprintable())


def _character(hit: re.Match[str]) -> str:
    return chr(int(hit.group(1), 16))
