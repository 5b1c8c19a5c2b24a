"""What a person quotes or forwards is not what they say: it is taken out of their words.

Teams puts a quoted message into the text of the new one, and into an attachment where it can be
told from the rest: a blockquote of a kind of its own.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

Json = Mapping[str, Any]

LONGEST = 40_000
_QUOTE = re.compile(
    r"(?is)<blockquote[^>]{0,400}schema\.skype\.com/(?:Reply|Forward)[^>]{0,400}>(.*?)</blockquote>"
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_REFERENCE = "messageReference"


def own_words(text: str, wire: Json) -> str:
    """The text of a message without what it quotes."""
    for piece in _quoted(wire):
        text = _without(text, piece)
    return text


def _quoted(wire: Json) -> Iterator[str]:
    """Each piece of text that is somebody else's: names and previews, the longest first."""
    attachments: object = wire.get("attachments")
    listed = cast("list[object]", attachments) if isinstance(attachments, list) else []
    pieces = [piece for one in listed for piece in _of_attachment(one)]
    yield from sorted({one for one in pieces if one}, key=len, reverse=True)


def _of_attachment(attachment: object) -> Iterator[str]:
    if not isinstance(attachment, Mapping):
        return
    given = cast("Json", attachment)
    content: object = given.get("content")
    if given.get("contentType") == _REFERENCE and isinstance(content, Mapping):
        yield " ".join(str(cast("Json", content).get("messagePreview") or "").split())
    if isinstance(content, str):
        for block in _QUOTE.findall(content[:LONGEST]):
            yield _flat(block)
            yield from (_flat(part) for part in _TAG.split(block))


def _flat(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _without(text: str, piece: str) -> str:
    """The text without the first place where those words stand, however they are spaced."""
    words = [re.escape(one) for one in piece.split()]
    return re.sub(r"\W*?\s*".join(words), " ", text, count=1) if words else text
