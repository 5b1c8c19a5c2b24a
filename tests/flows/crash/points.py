"""The points where a bot is killed, and what may be posted in the end, counted raw."""

from dataclasses import dataclass

from tests.flows.crash.factory import CLOSE, LOAD, NAME
from tests.flows.crash.steps import Point

ROOM = "<room>"
CHAT = "a:maya"
INCIDENTS = f"incidents-{NAME}"
OPENED = '"Insert", {"key": "open-INC'
CHANGED = '"Replace", {"key": "open-INC'
CLOSED = '"Delete", {"key": "open-INC'


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Where one life ends, and how many answers, lines that tell of it, and alerts are posted.

    Every question is answered or told, and every failure announced, wherever that is; `alerts` is
    2 only where a post was accepted and its id not recorded.
    """

    at: Point
    answers: int = 1
    told: int = 0
    alerts: int = 1


def _in_inbox(when: str, verb: str, *words: str) -> Point:
    return Point(when=when, verb=verb, place="inbox", words=words)


def _in_incidents(when: str, verb: str, *words: str) -> Point:
    return Point(when=when, verb=verb, place=INCIDENTS, words=words)


def _at_teams(when: str, verb: str, place: str, *words: str) -> Point:
    return Point(when=when, verb=verb, place=place, words=words)


QUESTIONS = {
    "claimed": Kill(at=_in_inbox("after", "insert", CLOSE)),
    "during the tool call": Kill(at=Point(when="during", verb="ask", words=("queryActivityruns",))),
    "before the reply is marked": Kill(at=_in_inbox("before", "replace", CLOSE, '"replies"')),
    "marked, not posted": Kill(at=_at_teams("before", "send", CHAT), answers=0, told=1),
    "posted, no answer yet": Kill(at=_at_teams("during", "send", CHAT), told=1),
    "accepted, id not recorded": Kill(at=_at_teams("after", "send", CHAT), told=1),
    "out, id recorded": Kill(at=_in_inbox("after", "replace", '"replies": ["message')),
    "out, claim not done": Kill(at=_in_inbox("before", "replace", '"done"')),
    "done": Kill(at=_in_inbox("after", "replace", '"done"')),
}
ALERTS = {
    "failure read": Kill(at=Point(when="before", verb="batch", place="incident-numbers")),
    "number given": Kill(at=_in_incidents("before", "batch", OPENED)),
    "incident written": Kill(at=_in_incidents("after", "batch", OPENED)),
    "marked, not posted": Kill(at=_at_teams("before", "send", ROOM, LOAD)),
    "posted, no answer yet": Kill(at=_at_teams("during", "send", ROOM, LOAD), alerts=2),
    "accepted, id not recorded": Kill(at=_at_teams("after", "send", ROOM, LOAD), alerts=2),
    "id recorded": Kill(at=_in_incidents("after", "replace", "post-INC", '"message_id"')),
}
EDITS = {
    "press claimed": Kill(at=_in_inbox("after", "insert", '"click_id"', '"ack"')),
    "before the acknowledgement": Kill(at=_in_incidents("before", "batch", CHANGED)),
    "acknowledged, not edited": Kill(at=_in_incidents("after", "batch", CHANGED)),
    "during the edit": Kill(at=_at_teams("during", "update", ROOM, "Acknowledged")),
    "edited, not recorded": Kill(at=_at_teams("after", "update", ROOM, "Acknowledged")),
    "before the recovery": Kill(at=_in_incidents("before", "batch", CLOSED)),
    "recovered, not edited": Kill(at=_in_incidents("after", "batch", CLOSED)),
    "during the green edit": Kill(at=_at_teams("during", "update", ROOM, "Resolved")),
    "green, not filed": Kill(at=_in_incidents("before", "batch", "shown-INC")),
    "filed": Kill(at=_in_incidents("after", "batch", "shown-INC")),
}
ENDS = {
    "end read": Kill(at=Point(when="before", verb="insert", place=f"ends-{NAME}")),
    "end written": Kill(at=Point(when="after", verb="insert", place=f"ends-{NAME}")),
    "asked for once, and over": Kill(at=Point(when="after", verb="delete", place="subscriptions")),
    "marked, not posted": Kill(at=_at_teams("before", "send", CHAT, LOAD)),
    "posted, no answer yet": Kill(at=_at_teams("during", "send", CHAT, LOAD), alerts=2),
    "accepted, id not recorded": Kill(at=_at_teams("after", "send", CHAT, LOAD), alerts=2),
    "filed": Kill(at=Point(when="after", verb="batch", place=f"ends-{NAME}")),
}
CONDITIONS = f"conditions-{NAME}"


def _in_conditions(when: str, verb: str, *words: str) -> Point:
    return Point(when=when, verb=verb, place=CONDITIONS, words=words)


OVERLONGS = {
    "seen": Kill(at=_in_conditions("before", "batch", '"open-overlong')),
    "written": Kill(at=_in_conditions("after", "batch", '"open-overlong')),
    "marked, not posted": Kill(at=_at_teams("before", "send", CHAT, LOAD)),
    "posted, no answer yet": Kill(at=_at_teams("during", "send", CHAT, LOAD), alerts=2),
    "accepted, id not recorded": Kill(at=_at_teams("after", "send", CHAT, LOAD), alerts=2),
    "id recorded": Kill(at=_in_conditions("after", "replace", "post-overlong", '"message_id"')),
    "before its end": Kill(at=_in_conditions("before", "batch", '"past-overlong')),
    "over, not edited": Kill(at=_in_conditions("after", "batch", '"past-overlong')),
    "during the last edit": Kill(at=_at_teams("during", "update", CHAT, "Resolved")),
    "edited, not recorded": Kill(at=_at_teams("after", "update", CHAT, "Resolved")),
    "filed": Kill(at=_in_conditions("after", "batch", "shown-overlong")),
}
EVERY = {
    f"{of}: {name}": kill
    for of, kills in (("question", QUESTIONS), ("alert", ALERTS), ("edit", EDITS))
    for name, kill in kills.items()
}
# Each stage of a message once, for every run of the tests.
CHOSEN = (
    *("question: claimed", "question: during the tool call", "question: marked, not posted"),
    *("question: accepted, id not recorded", "question: out, claim not done"),
    *("alert: number given", "alert: incident written", "alert: marked, not posted"),
    *("alert: accepted, id not recorded", "alert: id recorded"),
    *("edit: acknowledged, not edited", "edit: during the edit", "edit: recovered, not edited"),
)
