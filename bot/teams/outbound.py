"""From a reply in our words to a Bot Framework activity."""

import orjson
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    TextFormatTypes,
)

from bot.messages import Address, Reply
from bot.teams.errors import TooLarge

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST_CARD = 28 * 1024


def to_activity(reply: Reply) -> Activity:
    """A message with words, or with one card and the sentence a phone shows for it."""
    activity = _envelope(reply.address, ActivityTypes.message)
    if reply.answers:
        activity.reply_to_id = reply.answers
    if reply.card is None:
        activity.text, activity.text_format = reply.text or "", TextFormatTypes.plain
        return activity
    size = len(orjson.dumps(reply.card.content))
    if size > LARGEST_CARD:
        raise TooLarge(f"{reply.card.kind} has {size} bytes, the most is {LARGEST_CARD}")
    attachment = Attachment(content_type=CARD, content=dict(reply.card.content))
    activity.attachments, activity.summary = [attachment], reply.card.summary
    return activity


def typing_at(address: Address) -> Activity:
    """The sign that an answer is being worked on."""
    return _envelope(address, ActivityTypes.typing)


def _envelope(address: Address, kind: str) -> Activity:
    return Activity(
        type=kind,
        channel_id="msteams",
        service_url=address.service_url,
        conversation=ConversationAccount(id=address.conversation),
        from_property=ChannelAccount(id=address.bot_id, name=address.bot_name),
    )
