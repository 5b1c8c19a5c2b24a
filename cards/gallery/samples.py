"""The gallery's list: each card's name and the card itself, typical, hostile and overlarge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from adf.records import Factory
from cards.card import Card
from cards.card_for import Record, card_for
from cards.gallery import (
    acting,
    asking,
    boards,
    changes,
    conditions,
    deadlines,
    definitions,
    impact,
    keeping,
    lists,
    model,
    operations,
    standing,
    tickets,
    typical,
    waiting,
    write_ups,
)
from cards.gallery.hostile import enlarged, spoiled
from cards.records import Explanation

ZONE = ZoneInfo("Europe/Berlin")
STUDIO = {
    typical.FACTORY: Factory(
        alias=typical.FACTORY,
        subscription="00000000-0000-0000-0000-000000000001",
        resource_group="rg-data",
        name="adf-prod",
    )
}
TYPICAL: Mapping[str, Record] = {
    "status_list": lists.RUNS,
    "status_list_running": lists.RUNNING,
    "status_list_well": lists.ALL_WELL,
    "status_list_none": lists.QUIET,
    "status_list_doubtful": lists.DOUBTFUL,
    "status_list_held_up": lists.HELD_UP,
    "status_list_pipelines": lists.PIPELINES,
    "run_card": lists.NEWEST,
    "run_card_running": lists.GOING,
    "run_card_report": typical.SUCCESS,
    "run_card_no_rows": lists.EMPTY,
    "run_card_none": lists.NO_RUN,
    "run_card_not_started": lists.NOT_STARTED,
    "run_card_old_data": lists.OLD_DATA,
    "run_card_next_lacks": lists.NEXT_LACKS,
    "failure_card": typical.FAILURE,
    "failure_card_nested": typical.NESTED,
    "activity_table": operations.ACTIVITIES,
    "activity_table_items": operations.ITEMS,
    "trend_card": operations.TREND,
    "trend_card_of_one": operations.TREND_OF_ONE,
    "trend_card_sparse": operations.SPARSE,
    "trigger_card": standing.TRIGGER,
    "trigger_card_many": standing.TRIGGERS,
    "trigger_card_stop_unknown": standing.TRIGGER_STOP_UNKNOWN,
    "trigger_card_waiting": standing.TRIGGER_WAITING,
    "trigger_card_failed": standing.TRIGGER_FAILED,
    "trigger_card_events": standing.TRIGGER_EVENTS,
    "trigger_card_none": standing.TRIGGER_NONE,
    "ir_card": standing.RUNTIMES,
    "ir_card_limited": standing.RUNTIME_LIMITED,
    "queue_card": waiting.QUEUE,
    "queue_card_many": waiting.QUEUES,
    "queue_card_in_time": waiting.QUEUE_IN_TIME,
    "queue_card_none": waiting.QUEUE_NONE,
    "impact_card": impact.IMPACT,
    "impact_card_none": impact.NOTHING,
    "impact_card_upstream": impact.UPSTREAM,
    "uses_card": definitions.USES,
    "uses_card_table": definitions.USES_OF_A_TABLE,
    "uses_card_none": definitions.USES_NOTHING,
    "pipeline_card": definitions.DESCRIBED,
    "deadline_card": deadlines.DEADLINES,
    "deadline_card_of_one": deadlines.DEADLINE,
    "deadline_card_none": deadlines.DEADLINES_NONE,
    "owner_card": definitions.OWNERS,
    "owner_card_none": definitions.OWNERS_NONE,
    "owner_card_of_all": definitions.OWNERS_OF_ALL,
    "compare_card": operations.COMPARISON,
    "change_card": changes.TURNED_RED,
    "change_card_all": changes.ALL,
    "change_card_none": changes.NONE,
    "health_card": changes.REPORTED,
    "health_card_shared": changes.SHARED,
    "health_card_quiet": changes.QUIET,
    "approval_card": model.REMOTE_CALL,
    "approval_card_beside_more": model.REMOTE_CALL_BESIDE_MORE,
    "approval_card_allowed": model.REMOTE_CALL_ALLOWED,
    "incident_card": keeping.ALERT,
    "incident_card_acknowledged": keeping.ACKNOWLEDGED,
    "incident_card_resolved": keeping.RESOLVED,
    "incident_card_runtime": keeping.RUNTIME_DOWN,
    "incident_card_ticket": tickets.INCIDENT,
    "condition_card": conditions.MISSED,
    "condition_card_overlong": conditions.OVERLONG,
    "condition_card_overlong_over": conditions.OVERLONG_OVER,
    "condition_card_deadline": conditions.DEADLINE,
    "condition_card_deadline_over": conditions.DEADLINE_OVER,
    "condition_card_zero_rows": conditions.ZERO_ROWS,
    "condition_card_runtime": conditions.RUNTIME,
    "condition_card_queue": conditions.QUEUE,
    "digest_card": keeping.DIGEST,
    "write_up_card": write_ups.WRITE_UP,
    "board_card": boards.BOARD,
    "board_card_quiet": boards.QUIET,
    "board_card_ended": boards.ENDED,
    "incident_card_several": keeping.INCIDENTS,
    "mute_card": keeping.MUTES,
    "mute_card_none": keeping.NOTHING_MUTED,
    "handover_card": keeping.HANDOVER,
    "handover_card_quiet": keeping.QUIET_SHIFT,
    "handover_card_plain": keeping.PLAIN,
    "subscription_card": keeping.SUBSCRIPTIONS,
    "subscription_card_noisy": keeping.NOISY,
    "picker_card": asking.PICKER,
    "docs_answer": model.DOCS,
    "docs_answer_error": model.PASTED_ERROR,
    "help_card": asking.HELP,
    "usage_card": model.USAGE,
    "usage_card_none": model.USAGE_NONE,
    "trace_card": model.TRACE,
    "error_card": asking.TROUBLE,
    "denied_card": keeping.DENIED,
    "denied_card_of_a_press": acting.PRESSED_TOO_LATE,
    "confirm_card": acting.RERUN,
    "confirm_card_child": acting.RERUN_OF_CHILD,
    "confirm_card_cancel": acting.CANCEL,
    "confirm_card_trigger": acting.START_TRIGGER,
    "confirm_card_expired": acting.EXPIRED,
    "confirm_card_uncertain": acting.UNCERTAIN,
    "confirm_card_ticket": tickets.WAITING,
    "confirm_card_ticket_beside": tickets.BESIDE,
    "confirm_card_ticket_open": tickets.OPEN,
    "confirm_card_ticket_uncertain": tickets.UNCERTAIN,
    "confirm_card_ticket_failed": tickets.FAILED,
    "confirm_card_two_people": acting.CANCEL_OF_TWO,
    "confirm_card_alone": acting.ALONE,
    "run_card_of_an_act": acting.FOLLOWED,
    "run_card_of_an_act_green": acting.FOLLOWED_TO_GREEN,
    "docs_answer_what_if": acting.WHAT_IF,
    "audit_card": acting.AUDIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GallerySample:
    """One card of the gallery."""

    name: str
    card: Card


def drawn(record: Record, explanation: Explanation | None = None, explains: str = "") -> Card:
    """The card of a record, as the room of the samples reads it."""
    return card_for(
        record,
        now=typical.NOW,
        zone=ZONE,
        studio=STUDIO,
        explanation=explanation,
        explains=explains,
        tickets=True,
    )


@cache
def gallery() -> tuple[GallerySample, ...]:
    """Every card with typical data, every kind with hostile and with overlarge data."""
    return tuple(_all())


def _all() -> Iterator[GallerySample]:
    for name, record in TYPICAL.items():
        yield GallerySample(name=name, card=drawn(record))
    yield GallerySample(name="failure_card_explained", card=drawn(typical.FAILURE, model.EXPLAINED))
    yield GallerySample(
        name="trend_card_to_explain",
        card=drawn(operations.TREND, explains="6f1c0d2e"),
    )
    seen: set[str] = set()
    for record in TYPICAL.values():
        kind = drawn(record).kind
        if kind not in seen:
            seen.add(kind)
            yield GallerySample(name=f"{kind}_hostile", card=drawn(cast("Record", spoiled(record))))
            yield GallerySample(name=f"{kind}_large", card=drawn(cast("Record", enlarged(record))))
    for name, ticket in (
        ("hostile", spoiled(tickets.WAITING)),
        ("large", enlarged(tickets.BESIDE)),
    ):
        yield GallerySample(name=f"confirm_card_ticket_{name}", card=drawn(cast("Record", ticket)))
