"""Whether a question was understood without doubt: nothing unexplained, nothing contrary."""

from bot.agent.offline.factories import Where
from bot.agent.offline.intents import Heard, Intent
from bot.agent.offline.left_over import is_more
from bot.agent.offline.names import Found, How
from bot.agent.offline.phrases import Phrase
from bot.agent.offline.words import BARE, Sign

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


def is_sure(intent: Intent, heard: Heard, found: Found, where: Where) -> bool:
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


def _explained(intent: Intent, heard: Heard) -> bool:
    """Nothing that was heard asks for something else."""
    counted = {Sign.MANY} if heard.has(Phrase.DURATION) else set[Sign]()
    there = set(heard.signs) - {None} - counted
    return there <= _QUIET | _GOES_WITH.get(intent, frozenset())


def _is_evident(heard: Heard) -> bool:
    """Whether a status is asked for in so many words, or nothing is said but a name."""
    asked = set(heard.signs) - _QUIET - {None}
    return (
        bool(asked)
        or heard.time
        or heard.has(Phrase.HOW, Phrase.DID_RUN, Phrase.AND_THAT_ONE)
        or (BARE.issuperset(word for word in heard.words if word.isalnum()))
    )


def _few_unknown(heard: Heard, found: Found) -> bool:
    """No word is left over, or one beside a name that was said in full and a clear question."""
    unknown = sum(sign is None for sign in heard.signs)
    asked = any(sign is not None and sign not in _QUIET for sign in heard.signs)
    if unknown == 0:
        return True
    lone = unknown == 1 and not heard.thing
    return (
        lone and asked and heard.has(Sign.ASKS, Sign.WHY) and (found.how is How.EXACT or heard.run)
    )


def is_lost(intent: Intent, heard: Heard, found: Found) -> bool:
    """So little was understood that asking back is better than any answer."""
    if intent not in _GOES_WITH:
        return False
    unknown = sum(sign is None for sign in heard.signs)
    asked = any(sign is not None and sign not in _QUIET for sign in heard.signs)
    said = len(heard.signs) + len(found.places)
    return unknown > said * (MOST_UNKNOWN if asked else MOST_UNKNOWN / 2)
