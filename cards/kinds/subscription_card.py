"""subscription_card: what the asker is subscribed to, here and in their own chat."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, reader_note, section
from cards.components.forms import choose, form
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.kinds.mute_card import mute_rows
from cards.records import Subscription, SubscriptionList
from cards.text import count, line, md, say, sentence

MOST_OFFERS = 2


def subscription_card(listed: SubscriptionList, reader: CardContext) -> Card:
    """What the asker is subscribed to."""
    return fitted(lambda room: _draft(listed, reader, room))


def _draft(listed: SubscriptionList, reader: CardContext, room: SizeLimit) -> CardDraft:
    total = len(listed.subscriptions)
    title = count(total, "alert") if total else "No alerts"
    ends = tuple((_ending(one), line(one.stop, 200)) for one in listed.subscriptions if one.stop)
    stop = form("Remove an alert", [choose("question", "Stop", ends, "Choose one")], "ask", {})
    return CardDraft(
        kind="subscription_card",
        summary=f"Alerts: {line(listed.said, 160) or title}.",
        body=[
            header(TELLING, md(title), "This conversation and your direct messages"),
            *_said(listed.said),
            *_said(listed.past),
            *reader_note(reader.note),
            *rows([_subscription(one) for one in listed.subscriptions], room.rows, "subscription"),
            *([section("Muted")] if listed.mutes else []),
            *mute_rows(listed.mutes, reader, room),
        ],
        actions=[
            *(press.ask(title, question) for title, question in listed.offers[:MOST_OFFERS]),
            *([stop] if ends else []),
        ],
    )


def _said(said: str) -> list[x.Element]:
    return [finding(sentence(said, 400))] if said else []


def _ending(one: Subscription) -> str:
    return line(f"{one.target} ({one.events}) in {one.where}", 120)


def _subscription(one: Subscription) -> ListRow:
    return ListRow(
        look=ITEM,
        title=md(one.target, LONGEST_NAME),
        below=say("{} · {}", line(one.events, 80), line(one.where, 60)),
        right="once" if one.once else "",
    )
