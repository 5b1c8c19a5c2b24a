"""What needs no guessing: commands, and the questions that our own buttons ask."""

import re
from collections.abc import Mapping

from bot.agents.understanding.features import normalized
from bot.agents.understanding.intents import ACTS, CHANGES, Intent

# A wish for each event that can be told of a pipeline, as a button puts it: to whom, about what.
WISHES: Mapping[str, str] = {
    "failures": "tell {} when {} fails",
    "failures; wait 20 min": "tell {} when {} fails, only if it stays red for 20 minutes",
    "finish": "tell {} when {} finishes",
    "missed": "tell {} when {} does not start",
    "overlong": "tell {} when {} runs longer than usual",
    "overlong 60 min": "tell {} when {} runs longer than 60 minutes",
    "deadline": "tell {} when {} misses its deadline",
    "zero_rows": "tell {} when {} copies 0 rows",
    "queue": "tell {} when {} is stuck in the queue",
    "problems": "tell {} when {} has a problem",
}
# In full words, as buttons say them; {} is the pipeline. Each is the way back from a reading.
QUESTIONS: Mapping[Intent, tuple[str, ...]] = {
    Intent.STATUS_ONE: ("status of {}",),
    Intent.LAST_TIME: ("when did {} last run",),
    Intent.STARTED_BY: ("who started {}",),
    Intent.OVERVIEW: ("how does everything stand",),
    Intent.CRITICAL_OVERVIEW: ("how do the critical pipelines stand",),
    Intent.FAILURES_LIST: ("which pipelines failed",),
    Intent.WHY: ("why did {} fail", "why did run {} fail"),
    Intent.ERROR_TEXT: ("show the full error of {}",),
    Intent.DETAILS: ("details of the last run of {}",),
    Intent.ACTIVITY_BREAKDOWN: ("activity breakdown of {}", "activity runs of {}"),
    Intent.FAILED_ACTIVITIES: ("failed activities of {}",),
    Intent.SLOWEST_STEP: ("slowest step of {}",),
    Intent.DURATION: ("how long does {} take",),
    Intent.IMPACT: ("who waits for {}", "what does {} depend on"),
    Intent.DESCRIBE: ("what does {} do",),
    Intent.OWNER: ("who owns {}",),
    Intent.SLA_ETA: ("when will {} be done",),
    Intent.STUCK_RUNS: ("is anything stuck", "what is stuck"),
    Intent.ROWS: ("how many rows did {} copy",),
    Intent.DATA_QUALITY: ("is the data of {} complete",),
    Intent.TREND: ("trend of {}", "trend of all pipelines"),
    Intent.WORST_OFFENDERS: ("which pipelines fail most often",),
    Intent.FAILURES_BY_DAY: ("failures by day",),
    Intent.COMPARE: ("compare {} with the run before",),
    Intent.RUNNING_NOW: ("what is running",),
    Intent.QUEUE_WHY: ("why is {} queued",),
    Intent.HISTORY_OF_ERROR: ("has this error of {} occurred before",),
    Intent.NEXT_STEPS: ("what should I do about {}",),
    Intent.RERUN: ("rerun {}", "rerun run {}"),
    Intent.RERUN_FROM_FAILED: ("rerun {} from failure", "rerun run {} from failure"),
    Intent.CANCEL: ("cancel the run of {}", "cancel run {}"),
    Intent.AUDIT: ("who reran {}",),
    Intent.PIPELINES_LIST: ("list all pipelines",),
    Intent.RUNS_LIST: ("runs of {}",),
    Intent.LINK: ("link to {}",),
    Intent.TRIGGER_LIST: ("triggers of {}", "list all triggers", "status of trigger {}"),
    Intent.MISSED_RUNS: ("what should have run by now and did not",),
    Intent.AZURE_OUTAGE: ("is it us or Azure",),
    Intent.WHAT_IF: ("will a rerun of {} help",),
    Intent.CHANGE_LOG: ("what changed in {}", "who stopped trigger {}", "what changed"),
    Intent.RUNTIME_STATUS: ("status of integration runtime {}", "are the integration runtimes up"),
    Intent.HELP: ("help", "what can you do"),
    Intent.USAGE: ("usage",),
    Intent.RESET: ("start over", "reset"),
    Intent.LIST_SUBSCRIPTIONS: ("list my subscriptions", "what am I told of"),
    Intent.WHOAMI: ("who am I",),
    Intent.FORGET_ME: ("forget me", "delete what is stored about me"),
    Intent.SUBSCRIBE: (
        "tell us when {} fails",
        "tell us when anything fails",
        "tell me when {} finishes",
        *(
            wish.format(who, what)
            for who in ("me", "us")
            for what in ("{}", "anything", "anything critical")
            for wish in WISHES.values()
        ),
        *(
            f"tell {who} when {what} goes offline"
            for who in ("me", "us")
            for what in ("integration runtime {}", "an integration runtime")
        ),
        "subscribe to failures of {}",
        "subscribe to failures of everything",
        "subscribe to failures of critical pipelines",
    ),
    Intent.UNSUBSCRIBE: (
        "unsubscribe from {}",
        *("stop my alerts for {}", "stop alerts for {} here"),
        *("stop all my alerts", "stop all alerts here"),
        *("stop my alerts for critical", "stop alerts for critical here"),
        "unsubscribe from everything",
        "unsubscribe from critical pipelines",
        *(
            f"stop telling {who} about {what}"
            for who in ("me", "us")
            for what in ("{}", "everything", "anything", "critical pipelines")
        ),
    ),
    Intent.ACK: ("acknowledge {}",),
    Intent.RESOLVE: ("close the incident of {}",),
    Intent.MUTE: ("mute {}",),
    Intent.UNMUTE: ("unmute {}", "unmute everything"),
    Intent.INCIDENTS_LIST: ("what is open",),
    Intent.INCIDENT_STATUS: ("who is on {}",),
    Intent.HANDOVER: ("handover",),
    Intent.TICKET: ("is there a ticket for {}",),
    Intent.DIGEST: (
        "send us a summary",
        "send me a summary",
        "stop the summary",
        "stop my summary",
    ),
    Intent.BOARD: ("show the board", "take down the board"),
    Intent.SETUP: ("is this real data", "how do I connect my own factory"),
}
# Of an incident by its number, and of people who are known; these words need no guessing either.
_OF_INCIDENTS: Mapping[Intent, tuple[str, ...]] = {
    Intent.INCIDENT_STATUS: (
        *("xinc", "status of xinc", "show xinc", "who is on xinc", "who has xinc", "reopen xinc"),
        *(
            "timeline of xinc",
            "details of xinc",
            "write up xinc",
            "who is on it",
            "who has it",
            "who's on it",
        ),
    ),
    Intent.INCIDENTS_LIST: ("open incidents", "list incidents"),
    Intent.ACK: ("ack xinc", "acknowledge xinc", "take xinc"),
    Intent.RESOLVE: ("close xinc", "resolve xinc"),
    Intent.MUTE: ("mute xinc", "snooze xinc"),
    Intent.UNMUTE: ("unmute xinc",),
    Intent.REGROUP_INCIDENT: ("merge xinc and xinc", "split xpipe from xinc"),
}
_GIVE = re.compile(
    r"(?:please )?(?:re)?(?:assign|give|hand|hand over|pass|transfer|escalate|delegate|move|route)"
    r"(?: over)?(?: (?:the )?(?:xpipe|xinc|it|this|that)(?: one| incident| alert| thing)?)?"
    r"(?: over)? to xperson(?: please| pls)?"
)
_TAKE = re.compile(
    r"(?:(?:ok|okay|right|fine|yes),? )?(?:the )?"
    r"(?:xinc|xpipe (?:incident|alert|one)|(?:this|that)(?: one| incident))(?: is|s)? mine(?: now)?"
)
# A row of the triggers asks so; its name may hold that of a pipeline.
_TRIGGER = re.compile(r"status of trigger [\w.-]+(?: (?:xpipe|xnum|xtime|_|[a-z]{1,2}))*")
_PLACE = re.compile(r"\{\}")
_ENDS = re.compile(r"[?.! ]+$")


def question_for(intent: Intent, subject: str | None) -> str | None:
    """The words that ask for an intent; None where it needs a subject and there is none."""
    for question in QUESTIONS.get(intent, ()):
        if "{}" in question and subject:
            return question.format(subject)
        if "{}" not in question:
            return question
    return None


# What people put around such a question without meaning more by it.
_POLITE = frozenset(
    {
        *("show", "give", "tell", "display", "me", "us", "please", "pls", "can", "could", "you"),
        *("what", "whats", "is", "are", "the", "a", "an", "current", "currently", "right", "now"),
        *("i", "want", "need", "would", "like", "to", "see", "know", "check", "for", "get", "just"),
        *("pipeline", "pipelines", "xpipes"),
    }
)
FEWEST_WORDS = 2


def _form(question: str) -> str:
    return _ENDS.sub("", normalized(_PLACE.sub("xpipe", question)))


def _bare(form: str) -> str:
    """The words that say what is asked; all of them where too few would be left."""
    words = [word for word in form.replace("?", " ").split() if word not in _POLITE]
    return " ".join(words) if len(words) >= FEWEST_WORDS else form


_EXACT = {_form(question): intent for intent, asked in QUESTIONS.items() for question in asked}
# What changes something is said in these words or not at all.
_READS = {_bare(form): intent for form, intent in _EXACT.items() if intent not in ACTS | CHANGES}
_FORMS = {
    form.replace("xpipe", thing): intent
    for form, intent in _EXACT.items()
    for thing in ("xpipe", "xrun")
}
_INCIDENT_FORMS = {
    _form(words): intent for intent, forms in _OF_INCIDENTS.items() for words in forms
}
_BARE_FORMS = {
    form.replace("xpipe", thing): intent
    for form, intent in _READS.items()
    for thing in ("xpipe", "xrun")
}
# What is asked of one incident may be asked of several.
_MORE_INCIDENTS = re.compile(r"xinc(?:(?: ?,| and| &| plus| und)+ xinc)+")
_AT_TIMES = re.compile(r"(?: (?:in|of|for|since|on|from))* x(?:time|factory)$")


def exact_intent(masked: str) -> Intent | None:
    """The intent of one of our own sentences, whatever its pipeline, run, time and factory are."""
    form = _ENDS.sub("", normalized(masked))
    if _GIVE.fullmatch(form):
        return Intent.ASSIGN
    if _TAKE.fullmatch(form):
        return Intent.ACK
    if _TRIGGER.fullmatch(form):
        return Intent.TRIGGER_LIST
    for _ in range(3):
        if form not in _INCIDENT_FORMS:
            form = _MORE_INCIDENTS.sub("xinc", form)
        found = _INCIDENT_FORMS.get(form) or _FORMS.get(form) or _BARE_FORMS.get(_bare(form))
        if found:
            return found
        form = _AT_TIMES.sub("", form)
    return None
