"""Text that others wrote, made fit to be read by a language model: plain, bounded, between marks.

Names, errors and pages may hold orders. The instructions say that everything between the marks is
data; the marks carry a number that nobody outside this turn can know, and nothing inside can close
them, because `<` is written as JSON's escape there.
"""

import re
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from adf.records.moments import in_plain_words

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
    seen = _UNSEEN.sub("", in_plain_words(str(text)))
    return seen if not limit or len(seen) <= limit else seen[: limit - 1].rstrip() + "…"


def between_marks(json_text: str, nonce: str) -> str:
    """JSON as data: nothing in it is unseen, and nothing in it can look like a mark."""
    return f"<data-{nonce}>{plain(json_text).replace('<', chr(92) + 'u003c')}</data-{nonce}>"


LARGEST = 6_000
_LINK = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s<>()\"'`|\\^{}\[\]]+")
_PRINTABLE = re.compile(r"[!-~]{1,2000}")
NO_LINK = "[link left out]"


def readable(text: str, hosts: Collection[str], limit: int = LARGEST) -> str:
    """The text without what is unseen, links to other hosts left out, cut to `limit`."""
    bounded = text[: limit * 4]
    return plain(_LINK.sub(lambda found: _kept(found[0], hosts), bounded), limit)


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is https on one of the hosts, and carries no sign-in."""
    if not _PRINTABLE.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.netloc in hosts


def _kept(link: str, hosts: Collection[str]) -> str:
    bare = link.rstrip(".,;:!?*_")
    return link if is_allowed(bare, hosts) else NO_LINK
