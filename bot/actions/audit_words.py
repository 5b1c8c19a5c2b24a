"""Entries of the audit as a person reads them: what was done, and why something was refused."""

from collections.abc import Mapping

from adf.records import ActionKind, RerunMode
from bot.access.audit import REFUSAL, AuditEntry
from bot.access.roles import Lack, Right, Role

_ACTS: Mapping[str, str] = {
    ActionKind.RERUN: "rerun",
    ActionKind.RUN: "run",
    ActionKind.CANCEL: "cancel",
    ActionKind.START_TRIGGER: "start trigger",
    ActionKind.STOP_TRIGGER: "stop trigger",
    "ticket": "a ticket for",
}
_MODES: Mapping[str, str] = {
    RerunMode.WHOLE: "from the beginning",
    RerunMode.FROM_FAILURE: "from the failed activity",
    RerunMode.FROM_ACTIVITY: "",
    "recursive": "with its child runs",
}
_VERBS: Mapping[str, str] = {
    "proposed": "asked for:",
    "approved": "approved:",
    "withdrawn": "withdrew:",
    "replaced": "was shown again:",
    "running": "started:",
    "done": "completed:",
    "failed": "could not do:",
    "uncertain": "got no answer for:",
    "opened": "opened:",
}
_RIGHTS: Mapping[str, str] = {
    Right.HEAR: "hearing about a pipeline",
    Right.READ: "seeing details",
    Right.ACKNOWLEDGE: "working on an incident",
    Right.MUTE: "muting alerts",
    Right.SUBSCRIBE: "setting alerts for a channel",
    Right.TRACE: "seeing how an answer was made",
    Right.ACT: "changing something in Data Factory",
    Right.BIND: "linking a channel to a factory",
    Right.AUDIT: "seeing who did what",
}
_REASONS: Mapping[str, str] = {
    Role.STAKEHOLDER: "has the role stakeholder",
    Role.READER: "has the role reader",
    Lack.FOREIGN: "belongs to another tenant",
    Lack.GUEST: "is a guest",
    Lack.NAMELESS: "has no id in Entra",
    Lack.UNCHECKED: "membership could not be checked",
    Lack.UNBOUND: "the channel is not linked to a factory",
    Lack.UNREAD: "roles could not be read",
    Lack.NO_ROLE: "has no role",
    "rate": "too many in a short time",
    "unknown": "no such proposal",
    "busy": "another press was being handled",
    "read-only": "the bot is read-only",
    "no reason": "gave no reason",
    "tampered": "the card was changed",
    "place": "pressed in another conversation",
    "expired": "the proposal had expired",
    "used": "it was decided before",
    "second person": "a second person has to approve",
    "state": "something had changed since",
}


def said_of(entry: AuditEntry) -> tuple[str, str]:
    """What somebody did or was refused, without their name; and what came of it or why."""
    act = _act(entry)
    if entry.kind == REFUSAL:
        refused = act or _RIGHTS.get(entry.right, entry.right)
        return f"was refused: {refused}", _REASONS.get(entry.why, entry.why)
    return f"{_VERBS.get(entry.kind, entry.kind)} {act}", _result(entry)


def _act(entry: AuditEntry) -> str:
    if not entry.action:
        return ""
    subject = entry.trigger or entry.pipeline
    run = f" (run {entry.run_id[:8]})" if entry.run_id else ""
    given = [_MODES.get(one, one) for one in entry.arguments.split(", ")]
    how = ", ".join(one for one in given if one)
    return f"{_ACTS.get(entry.action, entry.action)} {subject}{run}{f', {how}' if how else ''}"


def _result(entry: AuditEntry) -> str:
    if entry.why:
        return entry.why
    if entry.kind == "opened":
        return entry.after
    return f"run {entry.after[:8]}" if entry.kind == "running" else ""
