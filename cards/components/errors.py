"""The words of an error: what the innermost system said, without what was put around it."""

import re

from cards import extension as x
from cards.components.blocks import code
from cards.components.buttons import toggle
from cards.components.layout import SizeLimit

PLACE = "whole_error"
SHOWN_ERROR = 420
_INNER = re.compile(r"(?s)Message=(.*?)(?:,Source=|,''Type=|,'Type=|$)")
_WRAPPER = re.compile(r"^\s*(?:Operation on target .{1,260}? failed:|ErrorCode=\w+,)\s*")


def peeled(error: str) -> str:
    """The innermost message of an error; all of it where nothing is wrapped around."""
    inner = [one.strip() for one in _INNER.findall(error) if one.strip()]
    if inner:
        return inner[-1].rstrip(",").strip()
    text = error
    while (rest := _WRAPPER.sub("", text, count=1)) != text and rest:
        text = rest
    return text.strip()


def quoted(error: str, room: SizeLimit, *, explained: bool) -> list[x.Element]:
    """The error to unfold; its innermost words in sight where nothing else explains them."""
    if not room.extras:
        return [code(peeled(error), min(SHOWN_ERROR, room.error))]
    whole = [code(error, room.error)]
    folded = x.Container(items=[*whole], id=PLACE, is_visible=False, spacing="Small")
    shown = [] if explained else [code(peeled(error), min(SHOWN_ERROR, room.error))]
    return [*shown, *([] if shown and not is_longer(error) else [folded])]


def is_longer(error: str) -> bool:
    """Whether there is more to an error than its innermost words."""
    return peeled(error) != error.strip() or len(error) > SHOWN_ERROR


def full_error() -> x.Element:
    """The button that unfolds the error."""
    return toggle("Full error", PLACE)
