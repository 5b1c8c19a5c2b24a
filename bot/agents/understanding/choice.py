"""Which of the likely intents is answered: the one whose answer tells most of what may be asked."""

import re
from functools import lru_cache

from bot.agents.understanding.classifier import Prediction, the_classifier
from bot.agents.understanding.entities.digest_wishes import wants_no_more
from bot.agents.understanding.entities.filters import Filters, filters_in, without_critical
from bot.agents.understanding.intents import (
    ACTS,
    BY_STATE,
    CHANGES,
    SHOWS_MORE,
    Intent,
    answered_by,
    group_of,
)
from bot.agents.understanding.text import points_back
from bot.agents.understanding.vocabulary import respelled

# A board is posted at once, and a sigh is near it in letters: "bored".
ONLY_SURELY = ACTS | CHANGES | {Intent.INJECTION, Intent.BOARD}
# So likely, an answer is given that shows the same card with more on it.
FULLER = 0.15
# So likely, the cause is shown with the status that was less than clearly asked for.
BLAMES = 0.3
CLEAR = 0.8
_WHOSE_ACT = re.compile(r"(?i)\bwhose\s+(?:doing|work|idea|fault|mistake|decision)\b")
_WHO = re.compile(r"(?i)\W*(?:who(?:\W?(?:d|s|ve|ll))?|whose|wer|qui[eé]n(?:es)?|qui|chi|quem)\b")
# A question about what was done, or whether something is so, begins like this, and no order does.
_WHETHER = re.compile(
    r"(?i)\W*(?:(?:hey|hi|hello|morning|so|and|ok|sorry|n)\W+)*(?:did|didn\W?t|was|were|has|hat|haben"
    r"|wurde\w*|ha|han|a-t-on|avez-vous"
    r"|(?:is|isn\W?t|are|aren\W?t|does|doesn\W?t|ist|sind|está|están|est-ce)"
    r"(?!\s+(?:mine|me|for me)\b))\s"
)
_TO_ME = re.compile(r"(?i)\b(?:me|mine|myself|mir|mich|m[ií]|moi|mim)\b")
_A_TRIGGER = re.compile(
    r"(?i)^(?!.*\bre-?run)(?!.*\bruns?\b).*\b(?:the|that|this|its|our|my)\s+(?:[\w.-]+\s+){0,2}?"
    r"triggers?\b(?!\s+(?:it|the|a|that|this)\b)"
)
_OF_TRIGGERS = frozenset({Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN})
_TRIGGER_ACTS = frozenset({Intent.TRIGGER_START, Intent.TRIGGER_STOP})
# Who asks whether such a thing was done asks how it stands: "is it fixed", "did she take it".
_WHETHER_DONE = {
    Intent.RESOLVE: Intent.STATUS_ONE,
    Intent.ACK: Intent.INCIDENT_STATUS,
    Intent.ASSIGN: Intent.INCIDENT_STATUS,
}
_INCIDENT = re.compile(r"(?i)\b(?:incident|vorfall|incidente|störung)\b")
_STATUS = group_of(Intent.STATUS_ONE)
_INSIDE = group_of(Intent.DETAILS)
_CAUSE = group_of(Intent.WHY) | {Intent.HISTORY_OF_ERROR}


@lru_cache(maxsize=128)
def readings_of(
    said: str, *, names_pipeline: bool, names_any: bool
) -> tuple[Filters, Prediction, Prediction]:
    """The filters of a masked text, all its readings, and those as one question.

    Without names, many people ask in the same words.
    """
    spelled, every = _predicted(said, names_pipeline=names_pipeline)
    filters = filters_in(spelled)
    prediction = single(every, spelled, filters, names_pipeline=names_pipeline, names_any=names_any)
    return filters, every, prediction


def _predicted(said: str, *, names_pipeline: bool) -> tuple[str, Prediction]:
    """A masked text without slips of the pen, and its readings; no slip makes an order of it."""
    spelled = respelled(said)
    found = the_classifier().predict(spelled, names_pipeline=names_pipeline)
    if spelled == said or found.intent not in ONLY_SURELY:
        return spelled, found
    as_written = the_classifier().predict(said, names_pipeline=names_pipeline)
    return spelled, found if as_written.intent in ONLY_SURELY else as_written


def single(
    heard: Prediction, said: str, filters: Filters, *, names_pipeline: bool, names_any: bool
) -> Prediction:
    """The readings of a text as one question; about critical ones as if about all."""
    one = heard
    if filters.critical:
        one = the_classifier().predict(without_critical(said), names_pipeline=names_pipeline)
    one = _whether_done(one, said)
    one = one.without(*_impossible(one.intent, said, names_any=names_any))
    one = _of_an_incident(one, said)
    if "xinc" not in said and points_back(said) and one.of(Intent.STATUS_ONE) >= BLAMES:
        # "is it fixed yet": how the run of an incident stands is asked like any other's
        one = one.taken_as(Intent.INCIDENT_STATUS, Intent.STATUS_ONE)
    if _WHOSE_ACT.search(said):
        one = one.taken_as(Intent.OWNER, Intent.AUDIT)
    taken = min(one.of(Intent.ASSIGN), one.of(Intent.ACK)) >= FULLER
    if taken and _TO_ME.search(said):  # given to who asks is taken by who asks
        one = one.taken_as(Intent.ASSIGN, Intent.ACK)
    if names_pipeline:  # whether it is Azure's fault that one run failed: the cause says whose
        one = one.taken_as(Intent.AZURE_OUTAGE, Intent.WHY)
        one = one.taken_as(Intent.USES, Intent.IMPACT)  # who uses it is who waits for it
    return one


def _whether_done(one: Prediction, said: str) -> Prediction:
    """The readings, with acts that are asked about as questions about how things stand."""
    for act, state in _WHETHER_DONE.items() if _WHETHER.match(said) else ():
        one = one.taken_as(act, state)
    return one


def _of_an_incident(one: Prediction, said: str) -> Prediction:
    """The readings, where the word is said as about the incident of a pipeline, not its run."""
    if not _INCIDENT.search(said) or one.of(Intent.INCIDENT_STATUS) < FULLER:
        return one
    return one.taken_as(Intent.STATUS_ONE, Intent.INCIDENT_STATUS)


def _impossible(likeliest: Intent, said: str, *, names_any: bool) -> frozenset[Intent]:
    """What a text cannot ask for, however it sounds."""
    cannot_be = {Intent.MULTI, Intent.CRITICAL_OVERVIEW}
    if asks_who(said) or _WHETHER.match(said):  # it is asked whether it is or was so, or by whom
        cannot_be |= ACTS
    if asks_who(said):  # no step of a run is a person
        cannot_be |= _INSIDE
    if "xinc" in said:  # who names an incident speaks of it, whatever machine is said beside it
        cannot_be |= {Intent.RUNTIME_STATUS}
    if names_any:  # who names a time or a thing wants more than to chat
        cannot_be |= {Intent.SMALLTALK}
    if likeliest in _TRIGGER_ACTS or _A_TRIGGER.search(said):
        # "start the finance trigger again": no run is started anew
        cannot_be |= {Intent.RERUN, Intent.RERUN_FROM_FAILED}
    if likeliest is Intent.DIGEST and wants_no_more(said):  # of a shift nothing can be stopped
        cannot_be |= {Intent.HANDOVER, Intent.BUSINESS_SUMMARY}
    return frozenset(cannot_be)


def asks_who(said: str) -> bool:
    """Whether it begins with "who": asked is a person, and nothing is ordered."""
    return _WHO.match(said) is not None


def asks_whether(said: str) -> bool:
    """Whether it begins like a question about whether something is so."""
    return _WHETHER.match(said) is not None


def chosen(
    prediction: Prediction, filters: Filters, *, asks_who: bool = False
) -> tuple[Intent, float]:
    """The intent to answer, and how likely its answer tells what was asked."""
    by_state = _by_state(prediction.intent, filters)
    if prediction.intent in _OF_TRIGGERS and asks_who:
        by_state = Intent.CHANGE_LOG  # who stopped or started it
    if by_state is not None:
        return by_state, prediction.of(prediction.intent, *BY_STATE, *answered_by(by_state))
    intent = _fullest(prediction)
    alike = _alike_in_one_state(filters) if intent is Intent.RUNS_LIST else frozenset[Intent]()
    return intent, prediction.of(*answered_by(intent) | alike)


def _alike_in_one_state(filters: Filters) -> frozenset[Intent]:
    """What runs in one state answer too: "failed runs of X" are its failures."""
    if sum((filters.failed, filters.running, filters.succeeded)) != 1:
        return frozenset()
    inside = filters.failed_runs and not filters.failed_steps
    return BY_STATE | {Intent.FAILED_ACTIVITIES} if inside else BY_STATE


def _by_state(intent: Intent, filters: Filters) -> Intent | None:
    """A list is of what was said of its runs: "which critical pipelines are down"."""
    if intent is Intent.DETAILS and filters.error:
        return Intent.ERROR_TEXT
    inside = _of_steps(intent, filters)
    if inside is not None:
        return inside
    if intent in BY_STATE and filters.rate:
        return Intent.TREND
    if intent is Intent.PIPELINES_LIST and _asks_how(filters):
        return Intent.OVERVIEW
    if intent is Intent.OVERVIEW and filters.critical and filters.failed:
        return Intent.FAILURES_LIST
    return _in_one_state(intent, filters) if intent in BY_STATE else None


def _of_steps(intent: Intent, filters: Filters) -> Intent | None:
    """Failed steps of a run, or failed runs: both are called "failed ones" at times."""
    if intent is Intent.ACTIVITY_BREAKDOWN and filters.failed_steps:
        return Intent.FAILED_ACTIVITIES
    runs = filters.failed_runs and not filters.failed_steps
    return Intent.FAILURES_LIST if intent is Intent.FAILED_ACTIVITIES and runs else None


def _asks_how(filters: Filters) -> bool:
    """Whether pipelines are asked about by how they stand, and no list of names is an answer."""
    return filters.status or (filters.good and not filters.succeeded)


def _in_one_state(intent: Intent, filters: Filters) -> Intent | None:
    if sum((filters.failed, filters.running, filters.succeeded)) != 1:
        return None
    if filters.succeeded:
        return Intent.OVERVIEW if filters.critical else Intent.RUNS_LIST
    if intent is Intent.RUNS_LIST:
        return None
    return Intent.RUNNING_NOW if filters.running else Intent.FAILURES_LIST


def _fullest(prediction: Prediction) -> Intent:
    """The likeliest intent, or one whose answer tells that and what else may be asked."""
    first = prediction.intent
    for one, also in SHOWS_MORE.items():
        if first in also and prediction.of(one) >= FULLER:
            return one
    unclear = first in _STATUS and prediction.of(*_STATUS) < CLEAR
    return Intent.WHY if unclear and prediction.of(*_CAUSE) >= BLAMES else first
