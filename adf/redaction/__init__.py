"""Takes secrets, live links and mentions out of foreign text, once, where records are decoded.

The card, the model, the log, the audit and MCP are all behind this one place. A secret is known by
the name it is given under (names, values) or by its own form (forms); both take time in proportion
to the text, whatever it is made of.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from adf.redaction.extents import value_of
from adf.redaction.key_names import is_secret_name, lowered, next_named
from adf.redaction.links import kill_links
from adf.redaction.patterns import hide_forms

__all__ = ["HIDDEN", "redact", "redact_json"]

HIDDEN = "[redacted]"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def redact(text: object) -> str:
    """Return the text with secrets hidden, links dead (hxxps, host[.]tld) and mention tags gone."""
    plain = _INVISIBLE.sub("", str(text).encode("utf-8", "replace").decode("utf-8"))
    return kill_links(hide_forms(_hide_named(plain), HIDDEN))


def redact_json(value: object) -> Any:  # noqa: ANN401 - JSON is what comes in and goes out
    """Return a copy of a JSON value with every string in it redacted; keys stay as they are."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value)
        return {key: _redact_pair(key, inner) for key, inner in pairs.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [redact_json(inner) for inner in cast("Sequence[object]", value)]
    return value


def _redact_pair(key: str, value: object) -> object:
    secret = value is not None and not isinstance(value, bool) and is_secret_name(key)
    return HIDDEN if secret else redact_json(value)


def _hide_named(text: str) -> str:
    low = lowered(text)
    pieces: list[str] = []
    done = 0
    named = next_named(low, 0)
    while named:
        start, end = value_of(text, named)
        if end > start and not text.startswith(HIDDEN, start):
            pieces += [text[done:start], HIDDEN]
            done = end
        named = next_named(low, max(done, named.value))
    return "".join([*pieces, text[done:]])
