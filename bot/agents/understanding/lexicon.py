"""The words and turns of phrase of on-call questions, by what they ask for; the lists are data."""

import re
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


class Phrase(Enum):
    """What a turn of phrase asks for."""

    RESET = "reset"
    USAGE = "usage"
    HELP = "help"
    BIND = "bind"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    SUBSCRIBE = "subscribe"
    NEXT_STEPS = "next steps"
    MORE = "more"
    BEFORE = "before"
    ANY_DATA = "any data"
    LIST = "list"
    COUNT = "count"
    OFTEN = "often"
    DURATION = "duration"
    USUAL = "usual"
    SUPPOSE = "suppose"
    HOW_TO = "how to"
    LATER = "later"
    OVERVIEW = "overview"
    ONLY_THANKS = "only thanks"
    AND_THAT_ONE = "and that one"
    OTHER = "other"
    FAILED_ONE = "failed one"
    SLOWER_THAN_BEFORE = "slower than before"
    WHOSE_FAULT = "whose fault"
    NOT_RUN = "not run"
    MOMENT = "moment"
    RUNS = "runs"
    BREAKDOWN = "breakdown"
    MOST = "most"
    WHAT_BROKE_IT = "what broke it"
    COMPARE = "compare"
    FAILURE = "failure"
    HOW_BEEN = "how been"
    STILL = "still"
    HOW = "how"
    DID_RUN = "did run"
    ORDER = "order"
    WHOLE = "whole"
    SUCCEEDED = "succeeded"
    FAILURES = "failures"
    FAILED_PARTS = "failed parts"
    MESSAGE = "message"
    WHERE_IT_BROKE = "where it broke"
    ERRORS = "errors"
    WHAT_IS_UP = "what is up"
    EXCEPT = "except"
    AHEAD = "ahead"
    WRONG_ONE = "wrong one"
    CONDITION = "condition"
    DISMISSED = "dismissed"
    HIDDEN = "hidden"
    SECRETS = "secrets"
    WHENEVER = "whenever"


_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}`]")
_SPACES = re.compile(r"\s+")


def _compiled() -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
    """The patterns of the data file, the parts they share put in."""
    lists = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
    made: list[tuple[Phrase, re.Pattern[str]]] = []
    for phrase, patterns in lists["phrases"].items():
        joined = "|".join(patterns)
        for name, part in lists["parts"].items():
            joined = joined.replace(f"{{{name}}}", part)
        made.append((Phrase(phrase), re.compile(joined)))
    return tuple(made)


_PATTERNS = _compiled()


def phrases_in(text: str) -> frozenset[Phrase]:
    """Every turn of phrase that stands in a text."""
    plain = _SPACES.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()
    return frozenset(phrase for phrase, pattern in _PATTERNS if pattern.search(plain))
