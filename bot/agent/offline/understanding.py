"""What a question asks for, from its words, the talk so far and the factory's own pipeline names.

Deterministic: the same words, memory and inventory always give the same understanding. Being sure
and wrong is worse than asking back, so words that are not understood take the sureness away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rapidfuzz.distance import OSA

from bot.agent.offline.names import Found, How, find_names, tokens_of
from bot.agent.offline.times import Asked, read_time
from bot.agent.offline.words import SIGN_OF, STRONG, WEAK, Sign

MOST_UNKNOWN = 0.34
_RUN_ID = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_SHORT_ID = re.compile(r"(?i)\brun(?:\s+id)?\s+#?((?=[\w-]*\d)[\w-]{4,})")
_BEFORE = re.compile(
    r"(?i)\b(?:happened|happen|occurred|occur|seen|failed|had)\b.*\b(?:before|already|earlier)\b"
    r"|\bsame (?:thing|error|issue|failure|problem)\b|\brecurr|\bfirst time\b|\bschon (?:ein)?mal\b"
)
_ANY_DATA = re.compile(r"(?i)\b(?:any|no|how much|how many|all the) (?:data|rows|records)\b")
_NEXT_STEPS = re.compile(
    r"(?i)\bnext steps?\b|\brecommend|\bwhat (?:now|next)\b|\bwhat (?:should|do|can) (?:i|we) do\b"
    r"|\bwas nun\b"
)
_CAN_DO = re.compile(r"(?i)\bwhat (?:can|do) (?:you|u|i)\b.*\b(?:do|ask|say|know|help)\b")


class Intent(StrEnum):
    """What is asked for."""

    STATUS = "status"
    WHY = "why"
    DETAILS = "details"
    TREND = "trend"
    COMPARE = "compare"
    HISTORY = "history"
    RUNNING = "running"
    FAILURES = "failures"
    HELP = "help"
    ACT = "act"
    NOTHING = "nothing"


_ABOUT_A_RUN = frozenset({Intent.WHY, Intent.DETAILS, Intent.COMPARE, Intent.HISTORY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A question as understood; `sure` only without doubt, `bad_run_id` for an id that is none.

    `asked` is the time range it names, if any; `broken_only` asks for what failed, `items` for the
    items of a loop, `critical` for critical pipelines only.
    """

    intent: Intent
    asked: Asked
    found: Found = field(default_factory=Found)
    run_id: str | None = None
    bad_run_id: str | None = None
    refers_back: bool = False
    broken_only: bool = False
    items: bool = False
    critical: bool = False
    sure: bool = True


def understand(text: str, names: Sequence[str], now: datetime, zone: ZoneInfo) -> Understanding:
    """Read a question; `names` are the pipelines that exist, `zone` is the speaker's."""
    run_id = _RUN_ID.search(text)
    asked = read_time(_RUN_ID.sub(" ", text), now, zone)
    plain = asked.text
    bad_id = None if run_id else _SHORT_ID.search(plain)
    if bad_id and _could_be_words(bad_id.group(1), names):
        bad_id = None
    tokens = tokens_of(plain)
    found = find_names(tokens, names, STRONG, WEAK)
    rest = [word for place, word in enumerate(tokens) if place not in found.places]
    signs = [_sign_of(word) for word in rest]
    intent = _intent(signs, found, bool(run_id or bad_id), plain)
    named = bool(found.names or run_id or bad_id)
    another_time = intent is Intent.NOTHING and bool(asked.arguments) and None not in signs
    if another_time:
        intent = Intent.STATUS
    return Understanding(
        intent=intent,
        found=found,
        asked=asked,
        run_id=run_id.group() if run_id else None,
        bad_run_id=bad_id.group(1) if bad_id else None,
        refers_back=not named and (another_time or Sign.BACK in signs or intent in _ABOUT_A_RUN),
        broken_only=Sign.BROKEN in signs,
        items=Sign.ITEMS in signs,
        critical=Sign.CRITICAL in signs,
        sure=intent is not Intent.NOTHING and _few_unknown(signs, found),
    )


def _intent(signs: Sequence[Sign | None], found: Found, run: bool, text: str) -> Intent:
    """The intent of a question; None among the signs is a word that is not understood."""
    there, named = frozenset(signs), bool(found.names)
    rules = (
        (Intent.WHY, _NEXT_STEPS.search(text)),
        (Intent.HELP, Sign.HELP in there or _CAN_DO.search(text)),
        (Intent.ACT, Sign.ACT in there),
        (Intent.HISTORY, _BEFORE.search(text)),
        (Intent.COMPARE, Sign.DIFF in there),
        (Intent.TREND, _asks_for_a_trend(there)),
        (Intent.DETAILS, _asks_for_details(there, named, text)),
        (Intent.WHY, run or _asks_for_the_cause(signs, named)),
        (Intent.STATUS, named or _asks_for_the_same(there)),
    )
    return next((intent for intent, fits in rules if fits), None) or _intent_without_name(there)


def _asks_for_a_trend(there: frozenset[Sign | None]) -> bool:
    """How it goes over time; "why did it fail with a rate limit" asks for the cause."""
    return Sign.TREND in there and Sign.ERROR not in there and not {Sign.WHY, Sign.BROKEN} <= there


def _asks_for_the_same(there: frozenset[Sign | None]) -> bool:
    """How that one is, without its name."""
    asked = there & {Sign.STATUS, Sign.BROKEN, Sign.RUNNING}
    return Sign.BACK in there and Sign.MANY not in there and bool(asked)


def _asks_for_the_cause(signs: Sequence[Sign | None], named: bool) -> bool:
    """Why, which error, which activities; or told, not asked, that a named pipeline is broken."""
    there = frozenset(signs)
    if Sign.WHY in there:
        return True
    if Sign.ERROR in there:
        return named or Sign.MANY not in there
    told = named and Sign.BROKEN in there and signs[0] is not Sign.ASKS
    return told or (named and Sign.INSIDE in there and Sign.BROKEN in there)


def _asks_for_details(there: frozenset[Sign | None], named: bool, text: str) -> bool:
    """The activity runs themselves: a breakdown, every failed copy, the items, the rows."""
    if there & {Sign.WHY, Sign.ERROR}:
        return False
    if Sign.INSIDE in there:
        return Sign.BROKEN not in there or Sign.MANY in there or not named
    return Sign.ITEMS in there or (named and _ANY_DATA.search(text) is not None)


def _intent_without_name(signs: frozenset[Sign | None]) -> Intent:
    """What is asked of the whole factory; a word nobody knows may be the name of a pipeline."""
    if Sign.BACK in signs and Sign.MANY not in signs:
        return Intent.NOTHING
    if Sign.RUNNING in signs:
        return Intent.RUNNING
    if Sign.MANY in signs and signs & {Sign.BROKEN, Sign.STATUS}:
        return Intent.FAILURES
    if None in signs and signs & {Sign.BROKEN, Sign.STATUS}:
        return Intent.STATUS
    return Intent.FAILURES if Sign.BROKEN in signs else Intent.NOTHING


def _sign_of(word: str) -> Sign | None:
    """The sign of a word, one slip of the pen forgiven in words of four letters and more."""
    if word in SIGN_OF:
        return SIGN_OF[word]
    if len(word) < 4:
        return Sign.FILLER if word.isdigit() else None
    near = (known for known in SIGN_OF if len(known) > 3 and known[0] == word[0])
    return next((SIGN_OF[known] for known in near if OSA.distance(known, word) == 1), None)


def _few_unknown(signs: Sequence[Sign | None], found: Found) -> bool:
    unknown = sum(sign is None for sign in signs)
    said = len(signs) + len(found.places)
    return unknown <= said * MOST_UNKNOWN


def _could_be_words(said: str, names: Sequence[str]) -> bool:
    return find_names(tokens_of(said), names, STRONG, WEAK).how is not How.NOWHERE
