"""Text that others wrote, made fit to be read by a language model: plain, bounded, between marks.

Names, errors and pages may hold orders. The model is told that whatever stands between the marks is
data; the marks carry a number that nobody outside this turn can know, and nothing inside can close
them, because `<` is written as JSON's escape there.
"""

import re
import secrets

# Controls, bidi and zero-width signs, tags and variation selectors: what a person would not see.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff9-\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def make_nonce() -> str:
    """The number of one turn's marks."""
    return secrets.token_hex(6)


def plain(text: object, limit: int = 0) -> str:
    """The text without what is unseen, cut to `limit` characters."""
    seen = _UNSEEN.sub("", str(text))
    return seen if not limit or len(seen) <= limit else seen[: limit - 1].rstrip() + "…"


def between_marks(json_text: str, nonce: str) -> str:
    """JSON as data: nothing in it is unseen, and nothing in it can look like a mark."""
    return f"<data-{nonce}>{plain(json_text).replace('<', chr(92) + 'u003c')}</data-{nonce}>"
