"""Takes secrets, live links and mentions out of foreign text, once, where records are decoded.

The card, the model, the log, the audit and MCP are all behind this one place. A secret is known by
the name it is given under (names, values), by the place it stands at, by its own form, or by the
look of chance; all take time in proportion to the text, whatever it is made of.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from adf.redaction.capping import LONGEST, OVERLAP, capped
from adf.redaction.encoded import hide_encoded
from adf.redaction.escapes import hide_escaped
from adf.redaction.extents import value_of
from adf.redaction.key_names import lowered, names_in, strength_of
from adf.redaction.likeness import is_flag, is_long_and_odd, is_no_word, is_plain, looks_secret
from adf.redaction.links import kill_links
from adf.redaction.patterns import hide_forms
from adf.redaction.places import hide_places
from adf.redaction.references import is_endpoint, is_reference, names_a_vault
from adf.redaction.strength import Strength
from adf.redaction.tables import hide_columns

__all__ = ["HIDDEN", "redact", "redact_json", "redact_name", "redact_start"]

HIDDEN = "[redacted]"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_INVISIBLE_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A word or a GUID: too short for a token, and with no sign that gives a value.
_NOTHING = re.compile(r"[A-Za-z-]{0,32}|[\w-]{0,15}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# It is hidden already, or the value of a name that stands in its place is.
_REDACTED = re.compile(rf"(?:\w{{1,40}}\s?[=:]\s?)?{re.escape(HIDDEN)}")
_SHORT = 200
# Asking for an abstract class takes seven times as long as for a dict.
_OBJECT = (dict, Mapping)
_ARRAY = (list, Sequence)
_LONG = 4_000
_LONGEST_NAME = 1_024
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def redact(text: object, longest: int = LONGEST) -> str:
    """Return the text with secrets hidden, links dead (hxxps, host[.]tld) and mention tags gone.

    The middle of a text over `longest` is left out; the innermost error stands at the end.
    """
    said = str(text)
    if len(said) < _SHORT:
        return _short_redacted(said)
    if len(said) < _LONG:
        return _often_redacted(said)
    return _redacted(said) if len(said) <= longest else capped(said, longest, _redacted)


def redact_start(text: object, length: int) -> str:
    """The same for who takes about that many characters of it: no more of a long text is read."""
    said = str(text)
    if len(said) <= length + 2 * OVERLAP:
        return redact(said)
    return redact(said[: length + 2 * OVERLAP])[:-OVERLAP]


@lru_cache(maxsize=2048)
def _short_redacted(said: str) -> str:
    """Names, codes and the like come again and again."""
    return said if _NOTHING.fullmatch(said) else _redacted(said)


@lru_cache(maxsize=512)
def _often_redacted(said: str) -> str:
    """So does the error of a run that is looked at again."""
    return _redacted(said)


def _redacted(said: str) -> str:
    if said.isascii():
        plain = _INVISIBLE_ASCII.sub("", said)
    else:
        plain = _INVISIBLE.sub("", said.encode("utf-8", "replace").decode("utf-8"))
        plain = plain.translate(_FULL_WIDTH)
    return kill_links(_hide_secrets(plain))


@lru_cache(maxsize=4096)
def redact_name(name: str) -> str:
    """The name of a pipeline, an activity and so on without what is surely a secret.

    Things are found again by their names, so nothing else of them changes; what is several times
    as long as Azure lets a name be is none, and is cut.
    """
    if _NOTHING.fullmatch(name):
        return name
    return hide_forms(_hide_named(name[:_LONGEST_NAME], prose=False), HIDDEN)


def redact_json(value: object) -> Any:  # noqa: ANN401 - JSON is what comes in and goes out
    """Return a copy of a JSON value with every string in it redacted, its keys too."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, _OBJECT):
        pairs = cast("Mapping[str, object]", value)
        return {redact_name(key): _redact_pair(key, inner) for key, inner in pairs.items()}
    if isinstance(value, _ARRAY) and not isinstance(value, bytes):
        return [redact_json(inner) for inner in cast("Sequence[object]", value)]
    return value


def _redact_pair(key: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    # What a name is for stands at its end.
    strength = strength_of(key[-_LONGEST_NAME:])
    if strength is None or names_a_vault(value):
        return redact_json(value)
    if isinstance(value, str) and (is_reference(value) or is_endpoint(value)):
        return redact_json(value)
    if strength is not Strength.FIRM and (not isinstance(value, str) or is_plain(value)):
        return redact_json(value)
    return HIDDEN


def _hide_secrets(text: str) -> str:
    plain = hide_escaped(_hide_plain(hide_columns(text, HIDDEN)), _hide_plain)
    return hide_encoded(plain, HIDDEN, _hide_plain)


def _hide_plain(text: str) -> str:
    named = _hide_named(text)
    return hide_forms(hide_places(named, HIDDEN), HIDDEN)


def _hide_named(text: str, *, prose: bool = True) -> str:
    pieces: list[str] = []
    done = 0
    for named in names_in(lowered(text)):
        is_prose = named.strength in {Strength.PROSE, Strength.CHANCE}
        if named.value < done or (is_prose and not prose) or is_reference(text, named.value):
            continue
        start, end = value_of(text, named)
        is_new = end > start and not _REDACTED.match(text, start)
        if is_new and _is_hidden(named.strength, text[start:end]):
            pieces += [text[done:start], HIDDEN]
            done = end
    return "".join([*pieces, text[done:]])


def _is_hidden(strength: Strength, value: str) -> bool:
    """Whether the value under a name of that strength looks as it must to be a secret."""
    if is_endpoint(value):
        return False
    if strength is Strength.FIRM:
        return not is_flag(value)
    if strength is Strength.FIELD:
        return not is_plain(value)
    if strength is Strength.CHANCE:
        return is_long_and_odd(value)
    return looks_secret(value) if strength is Strength.WEAK else is_no_word(value)
