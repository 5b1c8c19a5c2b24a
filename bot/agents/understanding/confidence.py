"""Whether a question was understood without doubt: nothing unexplained, nothing contrary."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.agents.understanding.entities.factories import FactoryMention
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.intents import Intent, RecognizedIntent
from bot.agents.understanding.lexicon import (
    ASKING,
    BARE,
    BEFORE_THINGS,
    KNOWN,
    LETS,
    MODALS,
    PAST,
    SIGN_OF,
    THINGS,
    WAS_BEFORE,
    Phrase,
    Sign,
)
from bot.agents.understanding.tagger import NAME, TaggedText
from bot.agents.understanding.tokens import glued_in, is_pause

_QUIET = frozenset({Sign.FILLER, Sign.GENERIC, Sign.NOUN, Sign.ASKS, Sign.BACK, Sign.CRITICAL})
_NEVER = frozenset({Intent.NOTHING, Intent.ACT, Intent.LATER, Intent.HIDDEN, Intent.DISMISSED})
# What else may be said with an intent without making it doubtful.
_GOES_WITH: dict[Intent, frozenset[Sign]] = {
    Intent.STATUS: frozenset(
        {Sign.STATUS, Sign.BROKEN, Sign.RUNNING, Sign.LONG, Sign.WHEN, Sign.NOT}
    ),
    Intent.WHY: frozenset(
        {Sign.WHY, Sign.ERROR, Sign.BROKEN, Sign.INSIDE, Sign.STATUS, Sign.MANY, Sign.NOT}
    ),
    Intent.STEPS: frozenset(
        {
            *(Sign.WHY, Sign.ERROR, Sign.BROKEN, Sign.INSIDE, Sign.STATUS, Sign.HELP, Sign.MANY),
            Sign.PERHAPS_ACT,
        }
    ),
    Intent.DETAILS: frozenset(
        {Sign.INSIDE, Sign.ITEMS, Sign.BROKEN, Sign.STATUS, Sign.MANY, Sign.LONG, Sign.NOT}
    ),
    Intent.TREND: frozenset(
        {Sign.TREND, Sign.BROKEN, Sign.MANY, Sign.LONG, Sign.STATUS, Sign.DIFF, Sign.RUNNING}
    ),
    Intent.COMPARE: frozenset(
        {Sign.DIFF, Sign.STATUS, Sign.BROKEN, Sign.TREND, Sign.LONG, Sign.ITEMS, Sign.MANY}
    ),
    Intent.HISTORY: frozenset(
        {Sign.ERROR, Sign.BROKEN, Sign.WHY, Sign.STATUS, Sign.NOT, Sign.WHEN, Sign.MANY}
    ),
    Intent.RUNNING: frozenset({Sign.RUNNING, Sign.MANY, Sign.STATUS}),
    Intent.FAILURES: frozenset({Sign.BROKEN, Sign.MANY, Sign.STATUS, Sign.ERROR, Sign.WHY}),
    Intent.SUCCEEDED: frozenset({Sign.STATUS, Sign.MANY}),
    Intent.RUNS: frozenset({Sign.MANY, Sign.STATUS, Sign.BROKEN, Sign.TREND}),
    Intent.OVERVIEW: frozenset(
        {Sign.STATUS, Sign.BROKEN, Sign.MANY, Sign.RUNNING, Sign.NOT, Sign.ERROR, Sign.WHY}
    ),
    Intent.LIST: frozenset({Sign.MANY}),
}
_UNTOLD = frozenset({Phrase.SUPPOSE, Phrase.HOW_TO, Phrase.LATER, Phrase.WHAT_IS_UP})
_LET_GO = frozenset({Intent.HELP, Intent.USAGE, Intent.RESET, Intent.SUBSCRIPTIONS, Intent.BIND})
_OF_ALL = frozenset({Intent.FAILURES, Intent.RUNNING, Intent.OVERVIEW, Intent.SUCCEEDED})
MOST_UNKNOWN = 0.34


def is_sure(
    intent: Intent, heard: RecognizedIntent, found: NameMatch, where: FactoryMention
) -> bool:
    """No doubt about the intent, the name and the factory."""
    if intent in _NEVER or where.unknown or found.doubt or is_more(intent, heard):
        return False
    if intent in _LET_GO or intent in {Intent.SUBSCRIBE, Intent.UNSUBSCRIBE}:
        return intent in _LET_GO or len(found.names) <= 1
    if len(found.names) > 1 and not found.each and intent is not Intent.LIST:
        return False
    if _UNTOLD & heard.phrases or not _explained(intent, heard):
        return False
    if intent is Intent.STATUS and not _is_evident(heard):
        return False
    all_meant = intent in _OF_ALL or (intent is Intent.TREND and not heard.named)
    if all_meant and heard.has(Sign.NOUN) and not heard.has(Sign.MANY, Phrase.WHOLE):
        return heard.named
    return _few_unknown(heard, found)


def _explained(intent: Intent, heard: RecognizedIntent) -> bool:
    """Nothing that was heard asks for something else."""
    counted = {Sign.MANY} if heard.has(Phrase.DURATION) else set[Sign]()
    there = set(heard.signs) - {None} - counted
    return there <= _QUIET | _GOES_WITH.get(intent, frozenset())


def _is_evident(heard: RecognizedIntent) -> bool:
    """Whether a status is asked for in so many words, or nothing is said but a name."""
    asked = set(heard.signs) - _QUIET - {None}
    return (
        bool(asked)
        or heard.time
        or heard.has(Phrase.HOW, Phrase.DID_RUN, Phrase.AND_THAT_ONE)
        or (BARE.issuperset(word for word in heard.words if word.isalnum()))
    )


def _few_unknown(heard: RecognizedIntent, found: NameMatch) -> bool:
    """No word is left over, or one beside a name that was said in full and a clear question."""
    unknown = sum(sign is None for sign in heard.signs)
    asked = any(sign is not None and sign not in _QUIET for sign in heard.signs)
    if unknown == 0:
        return True
    lone = unknown == 1 and not heard.thing
    return (
        lone
        and asked
        and heard.has(Sign.ASKS, Sign.WHY)
        and (found.how is MatchKind.EXACT or heard.run)
    )


def is_lost(intent: Intent, heard: RecognizedIntent, found: NameMatch) -> bool:
    """So little was understood that asking back is better than any answer."""
    if intent not in _GOES_WITH:
        return False
    unknown = sum(sign is None for sign in heard.signs)
    asked = any(sign is not None and sign not in _QUIET for sign in heard.signs)
    said = len(heard.signs) + len(found.places)
    return unknown > said * (MOST_UNKNOWN if asked else MOST_UNKNOWN / 2)


_JOINS = frozenset({"and", "und", "n", "then", "dann", "&", "+", "plus", ";", "or", "oder"})
_SKIPPED = frozenset({"also", "then", "please", "pls", "so", "just", "maybe", "dann", "bitte", "x"})
_UNIMPORTANT = frozenset(
    {Sign.FILLER, Sign.GENERIC, Sign.NOUN, Sign.BACK, Sign.ASKS, Sign.NOT, None}
)
_BESIDE = (Phrase.EXCEPT, Phrase.AHEAD, Phrase.CONDITION)
_SAID_AGO = frozenset({Intent.HISTORY, Intent.COMPARE, Intent.TREND})
_OF_THE_BOT = frozenset({Intent.HELP, Intent.USAGE, Intent.RESET, Intent.SUBSCRIPTIONS})
_RUNS = frozenset({Sign.ERROR, Sign.BROKEN, Sign.WHY, Sign.RUNNING})

_WISHES = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE})
_HOW_IT_BROKE = (Phrase.WHAT_BROKE_IT, Phrase.HOW)
_IT = frozenset({"it", "es", "its", "them", "they", "he", "she", "ihn", "ihm"})


def asks_twice(read: Sequence[TaggedText]) -> bool:
    """Whether something is asked or ordered after "and" when something was asked before it."""
    return any(
        _asks(read[place + 1 :], joined=one.word in _JOINS) and _said_something(read[:place])
        for place, one in enumerate(read)
        if (one.word in _JOINS and not _is_or_not(read[place:])) or one.word[0] in ".?!"
    )


def _is_or_not(rest: Sequence[TaggedText]) -> bool:
    """Whether the other half of one question follows: "or has it finished", "oder ist es rot"."""
    return rest[0].word in {"or", "oder"} and any(one.word in _IT for one in rest[1:4])


def speaks_of_a_thing(read: Sequence[TaggedText]) -> bool:
    """Whether a word nobody knows stands where a thing or an order is named, or is a number."""
    known = [one.sign in {Sign.FILLER, Sign.GENERIC} for one in read]
    first = known.index(False) if False in known else -1
    return any(
        place == first
        or any(letter.isdigit() for letter in one.word)
        or any(before.word in _JOINS for before in read[:place])
        or (place > 0 and read[place - 1].word in BEFORE_THINGS)
        or (place + 1 < len(read) and read[place + 1].word in {"of", "von", "under", "behind"})
        for place, one in enumerate(read)
        if one.sign is None
    )


def is_wished(read: Sequence[TaggedText]) -> bool:
    """Whether it is said what a pipeline may, must or shall do, or that it is left out."""
    return any(
        (one.word == NAME and after.word in MODALS and place + 2 < len(read))
        or (after.word == NAME and _wishes(read[: place + 1], read[place + 2 :]))
        for place, (one, after) in enumerate(pairwise(read))
    )


def has_a_strange_name(text: str, named: Collection[int]) -> bool:
    """Whether words written as one with underscores are no name that is known."""
    return any(
        not set(glued) & set(named) for glued in glued_in(text.replace("-", " ")) if len(glued) > 1
    )


def is_more(intent: Intent, heard: RecognizedIntent) -> bool:
    """Whether more is said than the intent accounts for."""
    if intent in _OF_THE_BOT:
        return heard.twice or heard.named or heard.has(*_RUNS)
    if heard.twice or heard.strange or heard.has(*_BESIDE):
        return True
    if intent in _WISHES:
        return None in heard.signs and not heard.named and not heard.has(Sign.MANY, Sign.CRITICAL)
    if heard.has(Phrase.WHENEVER) or (not heard.named and _points_away(intent, heard)):
        return True
    if _asks_otherwise(intent, heard):
        return True
    if intent not in _SAID_AGO and not WAS_BEFORE.isdisjoint(heard.words):
        return not heard.has(Phrase.AND_THAT_ONE)
    return not THINGS.isdisjoint(heard.words) and not heard.has(Phrase.WHOSE_FAULT)


def _asks_otherwise(intent: Intent, heard: RecognizedIntent) -> bool:
    """Whether what is to come, what broke something, or whether it is known was asked instead."""
    if intent is Intent.STATUS and heard.has(Sign.BROKEN) and heard.has(*_HOW_IT_BROKE):
        return True
    if heard.has(Sign.WHEN) and PAST.isdisjoint(heard.words):
        return True
    return intent not in _SAID_AGO and heard.has(Sign.ERROR) and not KNOWN.isdisjoint(heard.words)


def _points_away(intent: Intent, heard: RecognizedIntent) -> bool:
    """Whether another one is meant, or "it" where the whole factory would be shown."""
    if heard.has(Phrase.WRONG_ONE):
        return True
    if intent is Intent.FAILURES and "first" in heard.words:
        return True
    return intent in _OF_ALL and not _IT.isdisjoint(heard.words) and not heard.has(Phrase.OVERVIEW)


def _wishes(before: Sequence[TaggedText], after: Sequence[TaggedText]) -> bool:
    """Whether the words around a name wish for something: "want it stopped", "failures, no it"."""
    last, left = before[-1].word, [one for one in after if one.word != NAME]
    if last in {"want", "need", "wanna"} and left:
        return left[0].word == "to" or left[0].sign in {Sign.BROKEN, Sign.RUNNING, Sign.ACT, None}
    return last in MODALS | LETS or (last == "no" and _said_something(before[:-1]))


def _asks(rest: Sequence[TaggedText], *, joined: bool) -> bool:
    """Whether words begin as a question or an order does; a mere "why?" asks for nothing more."""
    left = [one for one in rest if one.word not in _SKIPPED and not is_pause(one.word)]
    if not left or (not joined and len(left) == 1):
        return False
    return left[0].word in ASKING or SIGN_OF.get(left[0].word) in {Sign.ACT, Sign.PERHAPS_ACT}


def _said_something(before: Sequence[TaggedText]) -> bool:
    """Whether something was asked, not only named."""
    return any(one.sign not in _UNIMPORTANT and one.word != NAME for one in before)
