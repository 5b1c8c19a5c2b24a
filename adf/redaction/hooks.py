"""Hides the secret part of a webhook's address: whoever knows it may call the hook."""

import re

from adf.redaction.likeness import is_no_word

_KNOWN = re.compile(
    r"(?i)(hooks\.slack\.com/(?:services|workflows|triggers)/|[\w.-]{1,80}\.webhook\.office\.com/webhookb2/"
    r"|outlook\.office\.com/webhook/|discord(?:app)?\.com/api/webhooks/\d{1,24}/|api\.telegram\.org/bot)"
    r"(?P<value>[^\s\"'<>)\]/?#\[][^\s\"'<>)\]?#]{5,400})"
)
_ANY = re.compile(
    r"(?i)https?://(?:(?P<host>(?:[\w-]{1,40}\.){0,4}(?:web)?hooks?\.[\w.-]{1,80})"
    r"|[\w.:-]{1,120}(?:/[\w.-]{1,60}){0,6}?/(?:\w{0,12}hooks?\w{0,4}|integrations?|trigger))"
    r"/(?P<value>[^\s\"'<>)\]?#\[]{6,400})"
)
_ID = re.compile(r"\d{6,}")
_SHORTEST = 6


def hide_hooks(text: str, hidden: str) -> str:
    """Put `hidden` in the place of what follows the readable part of such an address."""
    text = _KNOWN.sub(rf"\1{hidden}", text)
    return _ANY.sub(lambda hit: _without_secret(hit, hidden), text)


def _without_secret(hit: re.Match[str], hidden: str) -> str:
    """From the first part of the path on that is more than words; of a host for hooks, the last."""
    if hit.string.startswith(hidden, hit.end()):
        return hit.group()
    parts = hit["value"].split("/")
    begin = next((at for at, part in enumerate(parts) if _is_secret(part)), None)
    if begin is None and hit["host"]:
        begin = max((at for at, part in enumerate(parts) if len(part) >= _SHORTEST), default=None)
    if begin is None:
        return hit.group()
    readable = "".join(f"{part}/" for part in parts[:begin])
    return f"{hit.group()[: hit.start('value') - hit.start()]}{readable}{hidden}"


def _is_secret(part: str) -> bool:
    return _ID.fullmatch(part) is not None or (len(part) >= _SHORTEST and is_no_word(part))
