"""Keys as Azure Tables holds them, sorted there as in every other store: by code point.

The service compares UTF-16 units, by which an emoji (two surrogates) comes before U+E000 and not
after it. So whatever lies above the surrogates' block is written as a mark right below that block
and six hexadecimal digits. All other keys stay as they are.
"""

import re

_MARK = "\ud7ff"
_HIGH = re.compile("[\ud7ff\ue000-\U0010ffff]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{6}})")


def escape_key(key: str) -> str:
    """The key to store it under."""
    if key.isascii():
        return key
    return _HIGH.sub(lambda found: f"{_MARK}{ord(found[0]):06x}", key)


def unescape_key(stored: str) -> str:
    """The key that was escaped."""
    if stored.isascii():
        return stored
    return _MARKED.sub(lambda found: chr(int(found[1], 16)), stored)
