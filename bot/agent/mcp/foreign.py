"""Text of a remote server made fit to be read: plain, bounded, with links to allowed hosts only."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from bot.agent.untrusted import plain

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
