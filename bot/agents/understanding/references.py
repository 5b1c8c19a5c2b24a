"""Whether words stand for what was talked about: pronouns, "that pipeline", "the running one".

And whether they lean on it where nothing was talked about at all.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.agents.understanding.act_words import begins_with, orders_again
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import (
    ACTS,
    CHAT,
    OF_ALL,
    OF_ONE,
    OF_OTHER_THINGS,
    Intent,
)
from bot.agents.understanding.text import SAYS_ALL, points_back, tokens_of
from bot.agents.understanding.vocabulary import is_common

# "Each pipeline with where it stands": the pronoun stands for what was said in the same words.
_EACH = re.compile(
    r"(?i)\b(?:each|every|per|jede[rsn]?|pro|cada|chaque|ogni|elke?)\s+(?:\w+\s+){0,2}"
    r"(?:pipeline|job|load|feed|flow|run|one|lauf)s?\b"
)
# A word for a pipeline, or for what happened to it, with "that" before it.
_THAT_PIPELINE = re.compile(
    r"(?i)\b(?:that|this|the same|said|dies\w*|jene[rs]?|es[ae]|cette|quell[ao]|die)\s+"
    r"(?:pipeline|job|load|run|feed|flow|process|import|export|sync|ingest|etl|failure|outage"
    r"|incident|alert|mess|lauf|carga|tarea)\b"
)
# The run of a time, with nothing said behind it: "run today's again".
_ITS_TIME = re.compile(
    r"(?i)\b(?:today|tonight|yesterday|last night)['’]?s"
    r"(?=\s+(?:one|run|load|again|from)\b|\W*$|\s*[,;.?!])"
)
_RUN_OF_A_TIME = re.compile(r"(?i)xtime (?:run|one|load|job|execution|lauf)\b")
# The same pipeline in a factory that is said: "rerun the live one".
_IN_A_FACTORY = re.compile(r"(?i)\b(?:the|that)\s+xfactory\s+(?:one|copy|run|version|side)\b")
_THERE = re.compile(r"(?i)(?<!\bis )(?<!\bare )(?<!from )\bthere(?=\W*$|\s*[,;.?!])")
_THAT = re.compile(r"(?i)(?<!like )(?<!besides )(?<!than )\bthat(?=\W*$|\s*[,;.?!])")
# A run by the state it is in: what was talked about, where it is in that state.
_IN_A_STATE = re.compile(
    r"(?i)\b(?:the|that|its?|den|die|das|el|la|le)\s+(?:\w+\s+)?"
    r"(?:running|active|current|ongoing|queued|waiting|stuck|hung|hanging|failed|failing|broken|dead"
    r"|red|laufende\w*|fehlgeschlagene\w*)\s+(?:one|run|job|execution|instance|lauf)\b(?!s)"
)
_WHICH_IS = re.compile(
    r"(?i)\b(?:the|that)\s+(?:one|run|job|execution|instance)\s+(?:(?:which|that|who|what)\s*)?"
    r"(?:is|['’]?s|are|was|keeps|hat|ist)\s+(?:(?:now|still|currently|just|already)\s+)?"
    r"(?:running|active|going|ongoing|in progress|queued|waiting|stuck|hung|hanging|failing|red"
    r"|broken|dead|down)\b"
)
_OTHERS = re.compile(r"(?i)\b(?:else|others?|besides|apart from|as well|rest)\b")
# What people say of something that was so before.
_STILL = re.compile(
    r"(?i)\b(?:still|yet|again|by now|any better|fixed|recovered|immer noch|noch|schon|todav[ií]a"
    r"|ya|ancora|toujours|encore|nog|alweer|ainda|j[aá])\b"
)
# How something stands, asked of one; with little else said it leans on what went before.
_HOW_IT_STANDS = frozenset(
    {
        *(Intent.STATUS_ONE, Intent.RESOLVE, Intent.AGAIN, Intent.UNCLEAR, Intent.NEXT_STEPS),
        *(Intent.HISTORY_OF_ERROR, Intent.INCIDENT_STATUS, Intent.RUNTIME_STATUS),
        *(Intent.OVERVIEW, Intent.RUNNING_NOW, Intent.LAST_TIME),
    }
)
_ASKS = re.compile(
    r"(?i)^\W*(?:(?:and|so|ok|n|und|y|et)\W+)?(?:is|was|are|has|did|does|ist|est|está|è)\b|\?\W*$"
)
_A_RUNTIME = re.compile(r"(?i)\b(?:runtimes?|shirs?|irs?|nodes?|gateways?|boxe?s?|machines?)\b")
_OTHER_TOPIC = re.compile(
    r"(?i)\W*(?:(?:ok|right|now|so|and)\W+)?(?:(?:a |on a )?(?:different|another|new|unrelated)"
    r" (?:topic|subject|thing|matter|note|question)|something (?:else|different)|off.?topic"
    r"|change of (?:topic|subject)|anderes thema|otra cosa|autre chose|altro argomento)\b"
)
_WHICH = re.compile(
    r"(?i)\W*(?:(?:and|ok|und|y)\W+)?(?:which|welche[rsn]?|quais|cu[aá]les)\s+(?P<noun>\w+)"
    r"(?:\s+(?:exactly|precisely|specifically|please|pls|then|genau|exactamente))?\W*$"
)
_WHICH_OF_THEM = re.compile(
    r"(?i)\b(?:which (?:ones?|two|three|four|\d+|of (?:them|these|those|the))|welche davon"
    r"|cu[aá]les|quais|(?:list|name|show(?: me)?) (?:them|em|those|these)\b(?!\s+\w)"
    r"|lesquel\w*)\b"
)
_PART_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# What loops are called besides what they go over.
_OF_LOOPS = frozenset({"for", "each", "foreach", "loop", "over", "all", "every", "iterate", "run"})
# Asked of a failed run, each of these is about what failed in it, should it name the items.
_MAY_BE_OF_ITEMS = OF_ALL | {
    *(Intent.FAILED_ACTIVITIES, Intent.DETAILS, Intent.ACTIVITY_BREAKDOWN, Intent.WHY),
    *(Intent.IMPACT, Intent.STATUS_ONE, Intent.ERROR_TEXT, Intent.UNCLEAR, Intent.LAST_TIME),
}
SHORTEST_NOUN = 4
# So likely a list of pipelines is asked for.
LIKELY_ALL = 0.8
MOST_UNSAID = 5


def points_at(frame: Frame) -> bool:
    """Whether something stands for what was talked about, and nothing says that all is meant."""
    if frame.slots.names_something or frame.intent in CHAT:
        return False
    if SAYS_ALL.search(frame.masked) or _EACH.search(frame.masked):
        return False
    if says_that_pipeline(frame) or points_back(frame.masked) or _ITS_TIME.search(frame.text):
        return True
    if frame.intent in OF_ONE | {Intent.FAILURES_LIST} and says_there(frame):
        return True
    if frame.intent in OF_ONE and _RUN_OF_A_TIME.search(frame.masked):
        return True
    if frame.intent in OF_ONE | ACTS and _IN_A_FACTORY.search(frame.masked):
        return True
    if frame.intent in ACTS and is_in_a_state(frame):
        return True
    is_of_others = frame.intent in OF_ALL and _OTHERS.search(frame.masked)
    return _THAT.search(frame.masked) is not None and not is_of_others


def says_there(frame: Frame) -> bool:
    """Whether the place that was talked about is meant: "what broke there"."""
    is_named = frame.slots.names_something or frame.slots.factory.alias
    return not is_named and _THERE.search(frame.masked) is not None


def says_that_pipeline(frame: Frame) -> bool:
    """Whether a pipeline or its failure is pointed at: "that pipeline", "this job"."""
    return _THAT_PIPELINE.search(frame.masked) is not None


def is_in_a_state(frame: Frame) -> bool:
    """Whether a run is meant by its state: "the running one"."""
    return bool(_IN_A_STATE.search(frame.masked) or _WHICH_IS.search(frame.masked))


def asks_whether_over(frame: Frame) -> bool:
    """Whether it is asked if something is over, which no words order: "is it fixed"."""
    is_leaning = points_back(frame.masked) or _STILL.search(frame.masked) is not None
    return frame.intent is Intent.RESOLVE and not frame.sure and is_leaning and _asks(frame)


def is_unsaid(frame: Frame, memory: Mapping[str, Any]) -> bool:
    """Whether a question leans on what was talked about, and nothing was: "still broken?"."""
    known = ("pipeline", "listed", "thing", "incident", "choices")
    return leans_on_something(frame) and not any(memory.get(one) for one in known)


def leans_on_something(frame: Frame) -> bool:
    """Whether it is asked in a few words how something is now that is not said."""
    slots = frame.slots
    if slots.names_something or slots.incidents or slots.pasted or SAYS_ALL.search(frame.masked):
        return False
    if frame.intent not in _HOW_IT_STANDS or slots.time.given or _A_RUNTIME.search(frame.masked):
        return False
    words = sum(token.is_word for token in tokens_of(frame.text))
    is_order = frame.intent in ACTS and not asks_whether_over(frame)
    leans = points_back(frame.masked) or _STILL.search(frame.masked) is not None
    return leans and words <= MOST_UNSAID and not is_order


def changes_topic(text: str) -> bool:
    """Whether somebody says that what follows is about something else."""
    return _OTHER_TOPIC.match(text) is not None


def asks_which_part(frame: Frame, memory: Mapping[str, Any]) -> bool:
    """Whether parts of the failed run that was shown are asked for: "which zones"."""
    is_known = bool(memory.get("pipeline") and memory.get("run_id") and memory.get("broken"))
    if is_known and _is_about_items(frame, str(memory.get("loop") or "")):
        return True
    found = _WHICH.match(frame.text)
    if not is_known or frame.slots.pipelines or found is None:
        return False
    if frame.intent is Intent.FAILED_ACTIVITIES:
        return True
    if not is_common(found["noun"].lower()):
        return not (frame.sure and frame.intent in OF_OTHER_THINGS)
    is_likely_all = frame.confidence >= LIKELY_ALL or frame.intent not in OF_ALL
    return frame.follows and not is_likely_all


def _is_about_items(frame: Frame, loop: str) -> bool:
    """Whether what a ForEach goes over is asked for: "which zones" after ForEach_Zone failed."""
    may_be = frame.intent in _MAY_BE_OF_ITEMS or not frame.sure
    is_other = bool(frame.slots.pipelines) and not frame.slots.guessed
    is_order = orders_again(frame.masked) or begins_with(Intent.CANCEL, frame.masked)
    if not loop or not may_be or frame.intent in ACTS or is_other or is_order:
        return False
    parts = {part.lower() for part in _PART_OF_NAME.findall(loop)} - _OF_LOOPS
    words = [token.word for token in tokens_of(frame.text) if token.is_word]
    is_named = any(_is_noun(word, part) for word in words for part in parts)
    return is_named or _WHICH_OF_THEM.search(frame.text) is not None


def _is_noun(word: str, part: str) -> bool:
    """Whether a word is a part of a name, its plural, or the longer word that the part cuts."""
    stem = part.removesuffix("y") if len(part) > SHORTEST_NOUN else part
    is_plural = word.startswith(stem) and len(word) - len(stem) <= len("ies")
    return is_plural or (len(part) >= SHORTEST_NOUN and word.startswith(part))


def _asks(frame: Frame) -> bool:
    """Whether the words ask, and do not order."""
    return _ASKS.search(frame.text) is not None or _STILL.search(frame.masked) is not None
