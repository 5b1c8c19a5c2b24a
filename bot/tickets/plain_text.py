"""Foreign text as a ticket may hold it: no secret, link, mention or markup, and never endless.

It is read in other systems, each with a markup of its own: what could start one there is parted by
visible signs, so that a person sees what stood there and nothing can be pressed.
"""

import re

from adf.redaction import redact_start
from cards.text import clean, cut

_SCHEME = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}):(?=//)")
_ACTIVE_SCHEME = re.compile(r"(?i)\b(mailto|tel|sms|xmpp|javascript|vbscript|data|file):(?=\S)")
_WWW = re.compile(r"(?i)\bwww\.(?=\w)")
_AT = re.compile(r"@(?=\w)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# ServiceNow renders what stands between [code] as HTML; [~name] is a mention of Jira's.
_BRACKET = re.compile(r"(?i)\[(?=/?code\]|~)")
_TARGET = re.compile(r"\](?=\()")


def plain_line(text: object, limit: int) -> str:
    """The text on one line."""
    return cut(" ".join(_harmless(text, limit).split()), limit)


def plain_block(text: object, limit: int) -> str:
    """The text with its lines."""
    lines = (" ".join(one.split()) for one in _harmless(text, limit).splitlines())
    return cut("\n".join(one for one in lines if one), limit)


def _harmless(text: object, limit: int) -> str:
    plain = clean(redact_start(text, limit))
    plain = _SCHEME.sub(r"\1[:]", plain)
    plain = _ACTIVE_SCHEME.sub(r"\1[:]", plain)
    plain = _WWW.sub("www[.]", plain)
    plain = _AT.sub("(at)", plain)
    plain = _ENTITY.sub("& ", _TAG.sub("< ", plain))
    return _TARGET.sub("] ", _BRACKET.sub("[ ", plain))
