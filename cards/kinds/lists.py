"""mute_card, subscription_card, handover_card, audit_card: what the bot keeps, as lists."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, section
from cards.components.forms import choose, form
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import (
    ACKNOWLEDGED,
    DEGRADED,
    FAILED,
    ITEM,
    SUCCEEDED,
    TELLING,
    StatusStyle,
)
from cards.context import CardContext
from cards.records import (
    AuditEntry,
    AuditReport,
    Concern,
    Handover,
    HandoverEntry,
    HandoverPart,
    Mute,
    MuteList,
    Subscription,
    SubscriptionList,
)
from cards.text import Md, brief, count, line, macro, md, say, time_macro

MOST_PARTS = 8
_STATES = {
    Concern.BAD: FAILED,
    Concern.WATCH: DEGRADED,
    Concern.CALM: ITEM,
    Concern.FINE: SUCCEEDED,
}


def mute_card(muted: MuteList, reader: CardContext) -> Card:
    """What nobody is told about now, until when and why."""
    return fitted(lambda room: _muted(muted, reader, room))


def subscription_card(listed: SubscriptionList, reader: CardContext) -> Card:
    """What the asker is told of."""
    return fitted(lambda room: _subscriptions(listed, reader, room))


def handover_card(handover: Handover, reader: CardContext) -> Card:
    """A shift in one card."""
    return fitted(lambda room: _handover(handover, reader, room))


def audit_card(audit: AuditReport, reader: CardContext) -> Card:
    """Who did what, and what came of it."""
    return fitted(lambda room: _audit(audit, reader, room))


def _muted(muted: MuteList, reader: CardContext, room: SizeLimit) -> CardDraft:
    total = len(muted.mutes)
    title = f"{count(total, 'pipeline')} muted" if total else "Nothing is muted"
    targets = tuple((line(one.target, 80), line(one.target, 200)) for one in muted.mutes)
    unmute = form(
        "Unmute", [choose("target", "Tell again about", targets, "Choose one")], "unmute", {}
    )
    return CardDraft(
        kind="mute_card",
        summary=f"Muted: {line(muted.said, 160) or title}.",
        body=[
            header(ACKNOWLEDGED if total else TELLING, md(title), "They still show in lists"),
            *_said(muted.said),
            *rows([_mute(one, reader) for one in muted.mutes], room.rows, "mutes"),
        ],
        actions=[unmute] if targets else (),
    )


def _mute(one: Mute, reader: CardContext) -> ListRow:
    reason = say(": {}", line(one.reason, 120)) if one.reason else Md("")
    return ListRow(
        look=ACKNOWLEDGED,
        title=md(one.target, LONGEST_NAME),
        below=say("by {}{}", line(one.by, 60), reason),
        right=say("until {}", brief(one.until, reader.now, reader.zone)),
    )


def _said(said: str) -> list[x.Element]:
    return [finding(md(said, 240))] if said else []


def _subscriptions(listed: SubscriptionList, reader: CardContext, room: SizeLimit) -> CardDraft:
    del reader
    total = len(listed.subscriptions)
    title = f"You are told of {count(total, 'thing')}" if total else "You are told of nothing"
    ends = tuple((_ending(one), line(one.stop, 200)) for one in listed.subscriptions if one.stop)
    stop = form("Stop one", [choose("question", "Stop", ends, "Choose one")], "ask", {})
    return CardDraft(
        kind="subscription_card",
        summary=f"Subscriptions: {line(listed.said, 160) or title}.",
        body=[
            header(TELLING, md(title), "Here and in your own chat"),
            *_said(listed.said),
            *rows([_subscription(one) for one in listed.subscriptions], room.rows, "subscriptions"),
        ],
        actions=[stop] if ends else (),
    )


def _ending(one: Subscription) -> str:
    return line(f"{one.target} ({one.events}) in {one.where}", 120)


def _subscription(one: Subscription) -> ListRow:
    return ListRow(
        look=ITEM,
        title=md(one.target, LONGEST_NAME),
        below=say("{} · {}", line(one.events, 80), line(one.where, 60)),
        right="once" if one.once else "",
    )


def _handover(handover: Handover, reader: CardContext, room: SizeLimit) -> CardDraft:
    del reader
    states = {one.state for one in handover.parts if one.entries}
    look = FAILED if Concern.BAD in states else DEGRADED if Concern.WATCH in states else SUCCEEDED
    span = f"last {handover.hours} h"
    body: list[x.Element] = [
        header(
            look,
            say("Handover of {}", line(handover.factory, 60)),
            say("The {} · as of {}", span, macro(handover.as_of)),
        ),
        finding(md(handover.finding, 400)),
    ]
    for part in handover.parts[:MOST_PARTS]:
        body += _part(part, min(6, room.rows))
    return CardDraft(
        kind="handover_card",
        summary=f"Handover: {line(handover.finding, 240)}",
        body=body,
        actions=[
            press.ask("What is running", "what is running"),
            press.ask("What failed", f"which pipelines failed in the last {handover.hours} hours"),
        ],
    )


def _part(part: HandoverPart, most: int) -> list[x.Element]:
    if not part.entries:
        return []
    look = _STATES[part.state]
    return [
        section(md(part.heading, 80)),
        *rows([_entry(one, look) for one in part.entries], most, "entries", spacing="ExtraSmall"),
    ]


def _entry(one: HandoverEntry, look: StatusStyle) -> ListRow:
    return ListRow(
        look=look,
        title=md(one.title, LONGEST_NAME),
        below=md(one.detail, 200),
        question=one.question,
        spoken=line(one.title, 60),
    )


def _result(one: AuditEntry, reader: CardContext) -> Md:
    """What came of an act; its time too where the date stands at the right."""
    same_day = brief(one.at, reader.now, reader.zone) == time_macro(one.at)
    told = [Md("") if same_day else time_macro(one.at), md(one.result, 120)]
    return Md(" · ".join(part for part in told if part))


def _audit(audit: AuditReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    total = count(len(audit.entries), "act")
    listed = [
        ListRow(
            look=ITEM,
            title=say("{}: {}", line(one.who, 60), line(one.what, 160)),
            below=_result(one, reader),
            right=brief(one.at, reader.now, reader.zone),
        )
        for one in audit.entries
    ]
    about = line(audit.about, 80)
    return CardDraft(
        kind="audit_card",
        summary=f"Audit: {total} about {about}.",
        body=[
            header(TELLING, say("{} about {}", total, about), "Newest first"),
            *(rows(listed, room.rows, "acts") or [finding("Nobody did anything here.")]),
        ],
    )
