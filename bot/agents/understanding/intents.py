"""What is asked for: the intents, and the rules that recognize them, the plainest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.agents.understanding.lexicon import CONFIDED, Phrase, Sign


class Intent(StrEnum):
    """What is asked for."""

    STATUS = "status"
    WHY = "why"
    STEPS = "steps"
    DETAILS = "details"
    TREND = "trend"
    COMPARE = "compare"
    HISTORY = "history"
    RUNNING = "running"
    FAILURES = "failures"
    RUNS = "runs"
    OVERVIEW = "overview"
    LIST = "list"
    HELP = "help"
    USAGE = "usage"
    RESET = "reset"
    DISMISSED = "dismissed"
    HIDDEN = "hidden"
    SUCCEEDED = "succeeded"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    BIND = "bind"
    ACT = "act"
    LATER = "later"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedIntent:
    """What the rules look at: the signs of the words that are no name, phrases, what was named.

    `signs` are in the order of the text, one for each of the `words`; None is a word that is not
    understood. `time` tells that a time range was said, `run` that a run id was, `act` that the
    text is an order, `asks` that it ends as a question does,
    `twice` that two things are asked, `thing` that a word nobody knows is a thing or an order,
    `strange` that a name nobody knows was said.
    """

    signs: Sequence[Sign | None]
    phrases: frozenset[Phrase]
    named: bool
    run: bool = False
    time: bool = False
    act: bool = False
    asks: bool = False
    factory: bool = False
    words: tuple[str, ...] = ()
    twice: bool = False
    thing: bool = False
    strange: bool = False

    def has(self, *wanted: Sign | Phrase) -> bool:
        """Whether any of them was heard."""
        return any(one in self.signs or one in self.phrases for one in wanted)


__all__ = ["Intent", "RecognizedIntent", "intent_of"]


def intent_of(heard: RecognizedIntent) -> Intent:
    """The intent of what was heard; NOTHING when no rule fits."""
    for intent, fits in (*_about_the_bot(heard), *_about_runs(heard)):
        if fits:
            return intent
    return _of_the_whole(heard)


def _about_the_bot(h: RecognizedIntent) -> tuple[tuple[Intent, bool], ...]:
    return (
        (Intent.HIDDEN, _asks_for_what_is_hidden(h)),
        (Intent.DISMISSED, h.has(Phrase.DISMISSED) and not h.named),
        (Intent.NOTHING, Phrase.ONLY_THANKS in h.phrases and not h.named),
        (Intent.SUBSCRIPTIONS, h.has(Phrase.SUBSCRIPTIONS)),
        (Intent.BIND, h.has(Phrase.BIND)),
        (Intent.UNSUBSCRIBE, h.has(Phrase.UNSUBSCRIBE)),
        (Intent.SUBSCRIBE, h.has(Phrase.SUBSCRIBE)),
        (Intent.RESET, h.has(Phrase.RESET) and not h.named),
        (Intent.USAGE, h.has(Phrase.USAGE) and not h.has(Sign.ERROR)),
    )


def _asks_for_what_is_hidden(h: RecognizedIntent) -> bool:
    """Keys, instructions, what was masked; "password reset" may be the words of a name."""
    secret = not CONFIDED.isdisjoint(h.words)
    return h.has(Phrase.HIDDEN) or (h.has(Phrase.SECRETS) and secret)


def _about_runs(h: RecognizedIntent) -> tuple[tuple[Intent, bool], ...]:
    steps = h.has(Phrase.NEXT_STEPS, Phrase.MORE)
    return (
        (Intent.HELP, _asks_for_help(h)),
        (Intent.STEPS, steps and not h.has(Phrase.HOW_TO, Phrase.LATER)),
        (Intent.LATER, h.has(Phrase.SUPPOSE)),
        (Intent.ACT, h.act),
        (Intent.LATER, h.has(Phrase.HOW_TO) and not (h.named and h.has(Sign.DIFF))),
        (Intent.LATER, _of_a_later_kind(h)),
        (Intent.LIST, h.has(Phrase.LIST) and not h.has(Sign.BROKEN, Sign.RUNNING, Sign.STATUS)),
        (Intent.HISTORY, _asks_whether_before(h)),
        (Intent.COMPARE, h.has(Sign.DIFF, Phrase.COMPARE, Phrase.SLOWER_THAN_BEFORE)),
        (Intent.TREND, _asks_for_a_trend(h)),
        (Intent.DETAILS, _asks_for_details(h)),
        (Intent.FAILURES, _counts_failures(h)),
        (Intent.RUNS, h.named and h.has(Phrase.RUNS) and not h.has(Sign.WHY, Sign.ERROR)),
        (Intent.STATUS, _asks_for_a_moment(h)),
        (Intent.WHY, h.run or _asks_for_the_cause(h)),
        (Intent.STATUS, h.named or _asks_for_the_same(h)),
    )


def _asks_for_help(h: RecognizedIntent) -> bool:
    """What can be asked; "help me understand why it broke" asks for the cause."""
    other = h.named or None in h.signs or h.has(Sign.WHY, Sign.ERROR, Sign.BROKEN)
    return h.has(Phrase.HELP) or (h.has(Sign.HELP) and not other)


def _of_a_later_kind(h: RecognizedIntent) -> bool:
    """Schedules, runtimes, owners, changes: what cannot be told yet."""
    if h.has(Phrase.NOT_RUN) and not h.named and not h.has(Sign.BACK):
        return True
    if h.has(Sign.WHY, Sign.ERROR) and h.named and not h.has(Phrase.LATER):
        return False
    return h.has(Sign.LATER, Phrase.LATER)


def _asks_whether_before(h: RecognizedIntent) -> bool:
    """Whether an error was seen before; "which failed before 6" asks for failures."""
    return h.has(Phrase.BEFORE) and (not h.has(Sign.MANY) or h.has(Sign.ERROR, Sign.BACK))


def _asks_for_a_trend(h: RecognizedIntent) -> bool:
    """How it goes over time; "why did it fail with a rate limit" asks for the cause."""
    if h.has(Sign.ERROR) or (h.has(Sign.WHY) and h.has(Sign.BROKEN)):
        return False
    often = h.has(Phrase.OFTEN) and h.has(Sign.BROKEN)
    usual = h.has(Phrase.USUAL) and h.has(Phrase.DURATION, Sign.LONG) and not h.has(Sign.RUNNING)
    longest = not h.named and h.has(Sign.LONG) and h.has(Sign.MANY) and not h.has(Sign.RUNNING)
    over_time = h.has(Phrase.DURATION) and h.has(Sign.MANY) and h.time
    been = h.has(Phrase.HOW_BEEN) and h.time
    return h.has(Sign.TREND, Phrase.MOST) or often or usual or longest or over_time or been


def _asks_for_details(h: RecognizedIntent) -> bool:
    """The activity runs themselves: a breakdown, every failed copy, the items, the rows."""
    if h.has(Sign.WHY, Sign.ERROR):
        return False
    if h.has(Phrase.BREAKDOWN, Phrase.FAILED_PARTS):
        return True
    if h.has(Sign.INSIDE):
        return not h.has(Sign.BROKEN)
    if h.has(Sign.ITEMS):
        return True
    return h.has(Phrase.ANY_DATA) and (h.named or h.has(Sign.BACK))


def _counts_failures(h: RecognizedIntent) -> bool:
    """How often one pipeline failed, or each of its failed runs."""
    if not h.named or not h.has(Sign.BROKEN) or h.has(Sign.WHY, Sign.ERROR):
        return False
    return h.has(Phrase.COUNT, Phrase.FAILURES) or (h.has(Sign.MANY) and h.has(Phrase.RUNS))


def _asks_for_a_moment(h: RecognizedIntent) -> bool:
    """When a named pipeline failed, ran, or for how long; not why."""
    about = h.named or h.has(Sign.BACK)
    asked = h.has(Phrase.MOMENT, Phrase.DURATION) or (h.has(Sign.WHEN) and not h.has(Sign.MANY))
    return about and asked and not h.has(Sign.WHY, Sign.ERROR, Phrase.WHOSE_FAULT)


def _asks_for_the_cause(h: RecognizedIntent) -> bool:
    """Why, which error, which activities; or told, not asked, that a named pipeline is broken."""
    if h.has(Sign.WHY) and h.has(Sign.RUNNING) and not h.has(Sign.BROKEN, Sign.ERROR):
        return False
    if h.has(Phrase.WHERE_IT_BROKE, Phrase.MESSAGE) or (h.named and h.has(Phrase.FAILURE)):
        return True
    of_all = not h.named and not h.has(Sign.BACK)
    if of_all and h.has(Phrase.OVERVIEW):
        return False
    if h.has(Phrase.WHOSE_FAULT, Sign.WHY, Phrase.WHAT_IS_UP):
        return not (of_all and (h.time or h.has(Sign.BROKEN)) and h.has(Phrase.WHOSE_FAULT))
    if h.has(Sign.ERROR):
        return not of_all or not (h.time or h.has(Sign.MANY, Phrase.ERRORS))
    broken = h.named and h.has(Sign.BROKEN)
    told = broken and not h.asks and _told(h.signs)
    told = told or (broken and h.has(Phrase.WHAT_BROKE_IT) and not h.has(Sign.STATUS))
    return told or (h.has(Sign.BROKEN) and h.has(Sign.INSIDE))


def _told(signs: Sequence[Sign | None]) -> bool:
    """Whether a sentence tells: no verb of asking at its start."""
    asking = {Sign.ASKS, Sign.NOT, Sign.STATUS, Sign.WHEN}
    spoken = [one for one in signs if one is not Sign.FILLER]
    return bool(spoken) and spoken[0] not in asking and Sign.MANY not in signs


def _asks_for_the_same(h: RecognizedIntent) -> bool:
    """How that one is, without its name."""
    asked = h.has(Sign.STATUS, Sign.BROKEN, Sign.RUNNING, Sign.LONG, Phrase.DID_RUN) or h.time
    if h.has(Sign.BACK, Phrase.OTHER):
        return asked and not h.has(Sign.MANY, Phrase.OVERVIEW)
    one = h.has(Phrase.DURATION) or (h.has(Phrase.STILL) and asked)
    return one and not h.has(Sign.MANY, Phrase.WHOLE, Phrase.OVERVIEW)


def _of_the_whole(h: RecognizedIntent) -> Intent:
    """What is asked of the whole factory; a word nobody knows may be the name of a pipeline."""
    if h.has(Sign.BACK) and not h.has(Sign.MANY, Phrase.OVERVIEW):
        return Intent.NOTHING
    if h.has(Phrase.SUCCEEDED) and not h.has(Sign.BROKEN, Sign.ERROR) and None not in h.signs:
        return Intent.SUCCEEDED
    then = h.time and h.has(Sign.BROKEN) and not h.has(Sign.STATUS)
    if h.has(Phrase.OVERVIEW) and None not in h.signs and not then:
        return Intent.OVERVIEW
    if None in h.signs and not h.has(Sign.MANY):
        return Intent.STATUS if h.has(Sign.BROKEN, Sign.STATUS, Sign.RUNNING) else Intent.NOTHING
    return _of_signs(h)


def _of_signs(h: RecognizedIntent) -> Intent:
    """What the signs alone ask of the whole factory."""
    if h.has(Sign.RUNNING) and not h.has(Sign.BROKEN):
        return Intent.RUNNING
    if h.has(Sign.BROKEN, Sign.ERROR, Phrase.WHOSE_FAULT):
        return Intent.FAILURES
    if h.has(Sign.STATUS) and (h.has(Sign.MANY, Sign.CRITICAL) or h.factory):
        return Intent.OVERVIEW
    if h.has(Phrase.RUNS):
        return Intent.OVERVIEW
    return Intent.NOTHING
