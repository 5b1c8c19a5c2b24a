"""What can be asked for: the intents of the whole product, and what each kind of them needs.

Their meanings are in corpus/MEANINGS.md, the brief of the corpus' authors.
"""

from collections.abc import Mapping
from enum import StrEnum


class Intent(StrEnum):
    """What is asked for."""

    STATUS_ONE = "status_one"
    LAST_TIME = "last_time"
    STARTED_BY = "started_by"
    OVERVIEW = "overview"
    CRITICAL_OVERVIEW = "critical_overview"
    FAILURES_LIST = "failures_list"
    WHY = "why"
    ERROR_TEXT = "error_text"
    DOCS_ERROR = "docs_error"
    DOCS_HOWTO = "docs_howto"
    DETAILS = "details"
    ACTIVITY_BREAKDOWN = "activity_breakdown"
    FAILED_ACTIVITIES = "failed_activities"
    SLOWEST_STEP = "slowest_step"
    DURATION = "duration"
    STUCK_RUNS = "stuck_runs"
    ROWS = "rows"
    DATA_QUALITY = "data_quality"
    TREND = "trend"
    WORST_OFFENDERS = "worst_offenders"
    FAILURES_BY_DAY = "failures_by_day"
    COMPARE = "compare"
    RUNNING_NOW = "running_now"
    QUEUE_WHY = "queue_why"
    TRIGGER_LIST = "trigger_list"
    TRIGGER_DID_RUN = "trigger_did_run"
    MISSED_RUNS = "missed_runs"
    CHANGE_LOG = "change_log"
    RUNTIME_STATUS = "ir_status"
    AZURE_OUTAGE = "azure_outage"
    IMPACT = "impact"
    USES = "uses"
    DESCRIBE = "describe"
    BUSINESS_SUMMARY = "business_summary"
    OWNER = "owner"
    SLA_ETA = "sla_eta"
    HISTORY_OF_ERROR = "history_of_error"
    NEXT_STEPS = "next_steps"
    WHAT_IF = "what_if"
    PIPELINES_LIST = "pipelines_list"
    RUNS_LIST = "runs_list"
    LINK = "link"
    RERUN = "rerun"
    RERUN_FROM_FAILED = "rerun_from_failed"
    CANCEL = "cancel"
    TRIGGER_START = "trigger_start"
    TRIGGER_STOP = "trigger_stop"
    EDIT = "edit"
    TICKET = "ticket"
    ACK = "ack"
    RESOLVE = "resolve"
    ASSIGN = "assign"
    MUTE = "mute"
    UNMUTE = "unmute"
    INCIDENTS_LIST = "incidents_list"
    INCIDENT_STATUS = "incident_status"
    REGROUP_INCIDENT = "regroup_incident"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    LIST_SUBSCRIPTIONS = "list_subscriptions"
    DIGEST = "digest"
    BOARD = "board"
    HANDOVER = "handover"
    AUDIT = "audit"
    USAGE = "usage"
    HELP = "help"
    SETUP = "setup"
    WHOAMI = "whoami"
    RESET = "reset"
    FORGET_ME = "forget_me"
    BIND_ROOM = "bind_room"
    SMALLTALK = "smalltalk"
    AFFIRM = "affirm"
    DECLINE = "decline"
    AGAIN = "again"
    MULTI = "multi"
    OUT_OF_SCOPE = "out_of_scope"
    UNCLEAR = "unclear"
    INJECTION = "injection"


# Intents that the same records answer: taking one for another within a group shows the same card.
GROUPS: tuple[frozenset[Intent], ...] = (
    frozenset({Intent.WHY, Intent.ERROR_TEXT, Intent.NEXT_STEPS}),
    frozenset(
        {
            Intent.DETAILS,
            Intent.ACTIVITY_BREAKDOWN,
            Intent.FAILED_ACTIVITIES,
            Intent.SLOWEST_STEP,
            Intent.ROWS,
        }
    ),
    frozenset({Intent.OVERVIEW, Intent.CRITICAL_OVERVIEW}),
    frozenset({Intent.STATUS_ONE, Intent.LAST_TIME}),
    frozenset({Intent.WORST_OFFENDERS, Intent.FAILURES_BY_DAY, Intent.TREND}),
    frozenset({Intent.DOCS_ERROR, Intent.DOCS_HOWTO}),
    frozenset({Intent.RERUN, Intent.RERUN_FROM_FAILED}),
    frozenset({Intent.OUT_OF_SCOPE, Intent.UNCLEAR}),
)
# They change Data Factory or an incident: an explicit verb is needed.
ACTS = frozenset(
    {
        Intent.RERUN,
        Intent.RERUN_FROM_FAILED,
        Intent.CANCEL,
        Intent.TRIGGER_START,
        Intent.TRIGGER_STOP,
        Intent.TICKET,
        Intent.ACK,
        Intent.RESOLVE,
        Intent.ASSIGN,
        Intent.MUTE,
        Intent.UNMUTE,
        Intent.REGROUP_INCIDENT,
    }
)
# Of those, what changes Data Factory: shown with a button, and not done before a press on it.
PROPOSED = frozenset(
    {
        Intent.RERUN,
        Intent.RERUN_FROM_FAILED,
        Intent.CANCEL,
        Intent.TRIGGER_START,
        Intent.TRIGGER_STOP,
    }
)
# Of those, what changes an incident or what is told of it.
OF_INCIDENTS = frozenset(
    {
        *(Intent.ACK, Intent.RESOLVE, Intent.ASSIGN),
        *(Intent.MUTE, Intent.UNMUTE, Intent.REGROUP_INCIDENT),
    }
)
# They change what the bot does or knows: a likely guess is not enough.
CHANGES = frozenset(
    {Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.BIND_ROOM, Intent.RESET, Intent.FORGET_ME}
)
# About one pipeline or run: without a name the question leans on what was said before.
OF_ONE = frozenset(
    {
        Intent.STATUS_ONE,
        Intent.LAST_TIME,
        Intent.STARTED_BY,
        Intent.WHY,
        Intent.ERROR_TEXT,
        Intent.DETAILS,
        Intent.ACTIVITY_BREAKDOWN,
        Intent.FAILED_ACTIVITIES,
        Intent.SLOWEST_STEP,
        Intent.DURATION,
        Intent.ROWS,
        Intent.DATA_QUALITY,
        Intent.COMPARE,
        Intent.QUEUE_WHY,
        Intent.HISTORY_OF_ERROR,
        Intent.NEXT_STEPS,
        Intent.RUNS_LIST,
        Intent.LINK,
        Intent.DESCRIBE,
        Intent.IMPACT,
    }
)
# About everything there is, unless something is named.
OF_ALL = frozenset(
    {
        *(Intent.OVERVIEW, Intent.CRITICAL_OVERVIEW, Intent.FAILURES_LIST, Intent.RUNNING_NOW),
        *(Intent.STUCK_RUNS, Intent.MISSED_RUNS, Intent.CHANGE_LOG, Intent.WORST_OFFENDERS),
        *(Intent.FAILURES_BY_DAY, Intent.HANDOVER, Intent.BUSINESS_SUMMARY),
    }
)
# About triggers, runtimes, what pipelines use and who changed what: other names are theirs.
OF_OTHER_THINGS = frozenset(
    {
        *(Intent.TRIGGER_LIST, Intent.TRIGGER_DID_RUN, Intent.RUNTIME_STATUS),
        *(Intent.USES, Intent.CHANGE_LOG),
    }
)
# Answered by more than whether the data of one pipeline is in.
NEEDS_DETAILS = (
    (OF_ONE | OF_ALL | OF_OTHER_THINGS)
    | {Intent.TREND, Intent.WORST_OFFENDERS, Intent.PIPELINES_LIST, Intent.AZURE_OUTAGE}
    | {Intent.INCIDENTS_LIST, Intent.INCIDENT_STATUS, Intent.WHAT_IF, Intent.AUDIT}
    | {Intent.OWNER}
) - {Intent.STATUS_ONE, Intent.LAST_TIME, Intent.LINK, Intent.BUSINESS_SUMMARY}
CHAT = frozenset({Intent.SMALLTALK, Intent.AFFIRM, Intent.DECLINE, Intent.AGAIN})
NO_ANSWER = frozenset({Intent.OUT_OF_SCOPE, Intent.UNCLEAR, Intent.MULTI, Intent.AGAIN})


def group_of(intent: Intent) -> frozenset[Intent]:
    """The intents that the same records answer, the intent itself among them."""
    return next((group for group in GROUPS if intent in group), frozenset({intent}))


# What an answer tells besides what its own intent asks: a failure card says how the run stands.
_ALSO_ANSWERS: Mapping[Intent, frozenset[Intent]] = {
    **dict.fromkeys(group_of(Intent.WHY), group_of(Intent.STATUS_ONE)),
    # The status of one pipeline also says what of it did not start.
    **dict.fromkeys(group_of(Intent.STATUS_ONE), frozenset({Intent.LINK, Intent.TRIGGER_DID_RUN})),
    Intent.HISTORY_OF_ERROR: group_of(Intent.WHY) | group_of(Intent.STATUS_ONE),
    Intent.STARTED_BY: group_of(Intent.STATUS_ONE) | {Intent.LINK},
    Intent.FAILURES_LIST: frozenset({Intent.FAILURES_BY_DAY}),
    Intent.DURATION: group_of(Intent.STATUS_ONE) | {Intent.LINK},
    # What a restart of a runtime hits is said with how it stands.
    Intent.WHAT_IF: frozenset({Intent.RUNTIME_STATUS}),
}
# Each shows the same card as the intents behind it, with more on it.
SHOWS_MORE: Mapping[Intent, frozenset[Intent]] = {
    Intent.HISTORY_OF_ERROR: group_of(Intent.WHY),
    Intent.STARTED_BY: group_of(Intent.STATUS_ONE),
    Intent.DURATION: group_of(Intent.STATUS_ONE),
    Intent.WHAT_IF: frozenset({Intent.RUNTIME_STATUS}),
}
# Lists of pipelines or runs that differ in the state that is asked for.
BY_STATE = frozenset(
    {Intent.FAILURES_LIST, Intent.RUNNING_NOW, Intent.PIPELINES_LIST, Intent.RUNS_LIST}
)


def answered_by(intent: Intent) -> frozenset[Intent]:
    """Every intent that is answered in full where this one is."""
    return group_of(intent) | _ALSO_ANSWERS.get(intent, frozenset())
