"""Makes foreign links dead and mentions plain, so that nothing in an error text can be pressed.

Where a link leads is read by ada, a WHATWG parser, so that no browser reads another host out of it.
"""

import re

from ada_url import URL

from adf.redaction.hosts import DATA_SCHEMES, TRUSTED

_WEB = re.compile(
    r"(?i)(?P<opening>\b(?:https?|ftps?|sftp|wss?|gopher)\s{0,1}:(?=[^\s\d])[\\/]{0,8}"
    r"|(?<![\w+.-])(?P<scheme>[a-z][\w+.-]{1,30}):(?://|\\\\)|(?<![\w:/\\])//|(?<=[\w)]:)//|\bwww\.)"
    r"(?P<rest>[^\s<>]+)"
)
# Programs that a press would start; a colon in brackets stops every one of them.
_STARTS = re.compile(
    r"(?i)\b(msteams|skype|sip|sips|callto|javascript|vbscript|livescript|ms-[a-z-]{2,30}|search-ms"
    r"|intent|slack|zoommtg|onenote|steam|shell|view-source|file(?=:[\\/])|data(?=:[a-z]{2,20}/))"
    r":(?=\S)"
)
_CLOSING = "'\"`)]}>,.;:!?|"
_ENDS = re.compile(r"[\"'`)\]}|]")
_AUTHORITY = re.compile(r"[^/?#\\]*")
_AFTER = re.compile(r"[<>]\S{0,300}")
_DOT = re.compile("(?<!\\[)[.\u3002\uff0e\uff61]")
_MENTION = re.compile(r"(?i)</?\s{0,8}at\b[^>]{0,400}>?")
_LONGEST = 2_000


def kill_links(text: str) -> str:
    """Links to other than trusted hosts become hxxps://host[.]tld; mention tags are dropped."""
    plain = text
    if ":" in text:
        plain = _STARTS.sub(r"\1[:]", plain)
    if "//" in text or "\\\\" in text or "www." in text.lower() or _BARE.search(text):
        plain = _WEB.sub(_kill, plain)
    return _MENTION.sub("", plain) if "<" in plain else plain


_BARE = re.compile(r"(?i)(?:https?|ftps?|wss?):(?=\S)")


def is_trusted(link: str) -> bool:
    """Whether a link leads, over https, to a host of the list, whoever reads it."""
    try:
        url = URL(link)
    except ValueError:
        return False
    return url.protocol == "https:" and url.hostname in TRUSTED


def _kill(match: re.Match[str]) -> str:
    opening, rest = match["opening"], match["rest"]
    if (match["scheme"] or "").lower() in DATA_SCHEMES:
        return match.group()
    if _is_live(opening, rest) and not _goes_on(match):
        return match.group()
    authority = _AUTHORITY.match(rest)
    end = authority.end() if authority else 0
    return _dead(opening) + _DOT.sub("[.]", rest[:end]) + rest[end:]


def _is_live(opening: str, rest: str) -> bool:
    """Whether it leads to a trusted host both when read to its end and to the first quote."""
    if len(rest) > _LONGEST:
        return False
    before = {"//": "https:", "www.": "https://"}.get(opening.lower(), "")
    ended = _ENDS.split(rest, maxsplit=1)[0].rstrip(_CLOSING)
    whole = rest.rstrip(_CLOSING)
    return all(is_trusted(before + opening + one) for one in {ended, whole})


def _goes_on(match: re.Match[str]) -> bool:
    """Whether what follows < or > would make the host before it a name for signing in."""
    after = _AFTER.match(match.string, match.end())
    return after is not None and "@" in after.group() and "/" not in match["rest"]


def _dead(opening: str) -> str:
    low = opening.lower().replace("http", "hxxp").replace("ftp", "fxp").replace("ws", "wx")
    return low.replace("wxw.", "www[.]").replace("www.", "www[.]")
