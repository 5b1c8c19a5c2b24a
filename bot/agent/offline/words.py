"""The words of on-call questions, by what they ask for; the lists are data of no one factory."""

import tomllib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


class Sign(Enum):
    """What a word of a question points to."""

    WHY = "why"
    BROKEN = "broken"
    ERROR = "error"
    RUNNING = "running"
    STATUS = "status"
    HELP = "help"
    MANY = "many"
    INSIDE = "inside"
    ITEMS = "items"
    TREND = "trend"
    DIFF = "diff"
    LONG = "long"
    WHEN = "when"
    CRITICAL = "critical"
    USAGE = "usage"
    HEAR = "hear"
    LATER = "later"
    ASKS = "asks"
    BACK = "back"
    ACT = "act"
    PERHAPS_ACT = "perhaps act"
    NOT = "not"
    NOUN = "noun"
    GENERIC = "generic"
    FILLER = "filler"


def _by_word(lists: dict[str, str]) -> dict[str, Sign]:
    return {word: Sign(sign) for sign in reversed(lists) for word in lists[sign].split()}


SIGN_OF = _by_word(_LISTS["signs"])
WEAK = frozenset(
    word
    for word, sign in SIGN_OF.items()
    if sign in {Sign.GENERIC, Sign.NOUN, Sign.LATER, Sign.PERHAPS_ACT}
)
STRONG = frozenset(SIGN_OF) - WEAK
ORDERS: Mapping[str, str] = _LISTS["orders"]
BARE = frozenset(_LISTS["bare"]["words"].split())
GERMAN = frozenset(_LISTS["german"]["shown_by"].split())
GERMAN_SIGNS = _by_word(_LISTS["german"]["signs"])
THINGS = frozenset(_LISTS["things"]["words"].split())
WAS_BEFORE = frozenset(_LISTS["was_before"]["words"].split())
BEFORE_THINGS = frozenset(_LISTS["before_things"]["words"].split())
KNOWN = frozenset(_LISTS["known"]["words"].split())
PAST = frozenset(_LISTS["past"]["words"].split())
MODALS = frozenset(_LISTS["modals"]["words"].split())
LETS = frozenset(_LISTS["modals"]["lets"].split())
CONFIDED = frozenset(_LISTS["confided"]["words"].split())
ASKING = frozenset(_LISTS["asking"]["words"].split())
NO_SLIPS = frozenset(_LISTS["no_slips"]["words"].split()) | (THINGS - set(SIGN_OF))
