"""The rules of Teams for messages that grow: who breaks one is answered as Teams answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
ENDS_ONLY = ("attachments", "channelData")


@dataclass(slots=True, kw_only=True)
class Stream:
    """One stream: how far it has come, and whether it may go on."""

    conversation: str
    sequence: int = 1
    text: str = ""
    is_open: bool = True


class Streams:
    """The streams of one connector. `stopped` refuses them all, as the Stop button does."""

    def __init__(self) -> None:
        self.known: dict[str, Stream] = {}
        self.stopped = False
        self.broken: list[str] = []

    def answer(self, stream_id: str, conversation: str, activity: Json) -> tuple[int, Json]:
        """Status and body for one piece; `stream_id` is the id that a first one gets."""
        info = streaminfo(activity)
        wrong = self._wrong(info, conversation, activity)
        if wrong:
            self.broken.append(wrong)
            return 400, {"error": {"code": "BadRequest", "message": wrong}}
        if self.stopped:
            message = "Content stream was canceled by user"
            return 403, {"error": {"code": "ContentStreamNotAllowed", "message": message}}
        first = "streamId" not in info
        kept = self._kept(info, stream_id, conversation)
        if info["streamType"] == "final":
            kept.is_open = False
            return 202, {}
        kept.sequence = info["streamSequence"]
        if info["streamType"] == "streaming":
            kept.text = activity["text"]
        return (201, {"id": stream_id}) if first else (202, {})

    def _kept(self, info: Json, stream_id: str, conversation: str) -> Stream:
        if "streamId" in info:
            return self.known[info["streamId"]]
        return self.known.setdefault(stream_id, Stream(conversation=conversation))

    def _wrong(self, info: Json, conversation: str, activity: Json) -> str:
        """What is wrong with a piece; blank for a good one."""
        if not activity.get("text"):
            return "Start streaming activities should include text"
        if conversation.startswith("19:"):
            return "streaming is for one-on-one chats"
        kind = info.get("streamType")
        if (activity["type"] == "message") != (kind == "final"):
            return "Only end streaming type is allowed as a message activity"
        if "streamId" not in info:
            return self._wrong_start(info, conversation)
        kept = self.known.get(info["streamId"])
        if kept is None or not kept.is_open or kept.conversation != conversation:
            return "there is no such stream"
        if kind == "final":
            wrong = "streamSequence" in info or not activity["text"].startswith(kept.text.rstrip())
            return "the end does not fit" if wrong else ""
        return _wrong_piece(kept, info, activity)

    def _wrong_start(self, info: Json, conversation: str) -> str:
        if info.get("streamSequence") != 1 or info.get("streamType") == "final":
            return "the first piece has the number 1"
        busy = any(one.is_open and one.conversation == conversation for one in self.known.values())
        return "one stream at a time" if busy else ""


def _wrong_piece(kept: Stream, info: Json, activity: Json) -> str:
    if info.get("streamSequence") != kept.sequence + 1:
        return "out of order"
    if any(name in activity for name in ENDS_ONLY) or len(activity["entities"]) > 1:
        return "attachments and labels belong to the end"
    if info["streamType"] == "informative":
        return "too late or too long" if kept.text or len(activity["text"]) > 1000 else ""
    return "" if activity["text"].startswith(kept.text) else "the former text is not there"


def streaminfo(activity: Json) -> Json:
    """The entity that makes an activity a part of a stream; empty when there is none."""
    entities = activity.get("entities") or ()
    return next((one for one in entities if one.get("type") == "streaminfo"), dict[str, Any]())
