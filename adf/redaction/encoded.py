"""Looks into base64 and hex: what hides a secret inside is a secret."""

import base64
import binascii
import re
from collections.abc import Callable

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?:[2-7][0-9a-fA-F]){10,4000}")
_KEY_FILE = re.compile(r"(?:LS0tLS1CRUdJTi|MII[A-Za-z0-9+/]{2})[A-Za-z0-9+/=\s]{60,}")
_LOGON = re.compile(r"[\x21-\x7e]{2,40}:[\x21-\x7e]{4,80}")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_LONGEST = 8_000


def hide_encoded(text: str, hidden: str, redacted: Callable[[str], str]) -> str:
    """Hide base64 and hex of what would lose something by `redacted`, and keys and certificates."""
    if "MII" in text or "LS0t" in text:
        text = _KEY_FILE.sub(hidden, text)

    def look(hit: re.Match[str]) -> str:
        plain = _decoded(hit.group())
        if plain is None:
            return hit.group()
        is_secret = _LOGON.fullmatch(plain) or redacted(plain) != plain
        return hidden if is_secret else hit.group()

    return _BASE64.sub(look, text)


def _decoded(word: str) -> str | None:
    """The text that a word is the base64 or the hex of; None when it is that of no text."""
    if len(word) <= _LONGEST and _HEX.fullmatch(word):
        return bytes.fromhex(word).decode("ascii")
    if len(word) > _LONGEST or len(word.rstrip("=")) % 4 == 1 or not _is_mixed(word):
        return None
    try:
        raw = base64.b64decode(word.rstrip("=") + "==", altchars=b"-_" if "-" in word else None)
        plain = raw.decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return plain if plain.isprintable() or "\n" in plain else None


def _is_mixed(word: str) -> bool:
    """Whether small and large letters and digits are too mixed for a name of several words."""
    return word not in {word.lower(), word.upper()} and len(_PIECE.findall(word)) * 3 > len(word)
