"""Bot Framework activities as Teams sends them: personal and group chats, threads, card clicks."""

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

TENANT = "11111111-1111-1111-1111-111111111111"
BOT = {"id": "28:22222222-2222-2222-2222-222222222222", "name": "ADF Ops"}
CHANNEL = "19:data-incidents@thread.tacv2"
GROUP = "19:night-shift@thread.v2"
MENTION = {"type": "mention", "text": "<at>ADF Ops</at>", "mentioned": BOT}

_numbers = itertools.count(1)


def object_id(name: str) -> str:
    """The Entra object id of somebody who is called so here."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody's Teams: who they are, where the connector is, the zone they are in."""

    service_url: str
    name: str = "Maya"
    tenant: str = TENANT
    zone: str = "Europe/Berlin"
    extra: Json = field(default_factory=dict[str, Any])

    def personal(self, text: str) -> dict[str, Any]:
        """Words in the personal chat with the bot."""
        return self._activity("message", self._chat, text=text)

    def in_group(self, text: str) -> dict[str, Any]:
        """Words in a group chat, with the bot mentioned."""
        talk = {"id": GROUP, "conversationType": "groupChat", "isGroup": True}
        return _mentioning(self._activity("message", talk), text)

    def in_channel(self, text: str, *, thread: str = "1700000000000") -> dict[str, Any]:
        """Words in a thread of a channel, with the bot mentioned as Teams marks it."""
        return _mentioning(self._in_channel("message", thread), text)

    def unmentioned(self, text: str) -> dict[str, Any]:
        """Words in a channel that do not mention the bot."""
        return {**self._in_channel("message", "1700000000000"), "text": text}

    def click(
        self, verb: str, data: Json, *, on_message: str = "message-1", thread: str | None = None
    ) -> dict[str, Any]:
        """A press on an Action.Execute button: in the personal chat, or in a channel's thread."""
        action = {"type": "Action.Execute", "verb": verb, "data": dict(data)}
        value = {"action": action, "trigger": "manual"}
        talk = (
            self._in_channel("invoke", thread) if thread else self._activity("invoke", self._chat)
        )
        press = {"name": "adaptiveCard/action", "value": value, "replyToId": on_message}
        return {**talk, **press}

    def submit(self, value: Json, *, on_message: str = "message-1") -> dict[str, Any]:
        """A press on an Action.Submit button, as a client without Action.Execute sends it."""
        return {**self.personal(""), "value": dict(value), "replyToId": on_message}

    def installed(self) -> dict[str, Any]:
        """The bot was added to the channel's team."""
        return {**self._in_channel("installationUpdate", "0"), "action": "add"}

    def joined(self) -> dict[str, Any]:
        """The bot became a member of the personal chat."""
        return self._activity("conversationUpdate", self._chat, membersAdded=[BOT])

    @property
    def _chat(self) -> Json:
        return {"id": f"a:{self.name.lower()}", "conversationType": "personal"}

    def _in_channel(self, kind: str, thread: str) -> dict[str, Any]:
        talk = {"id": f"{CHANNEL};messageid={thread}", "conversationType": "channel"}
        activity = self._activity(kind, {**talk, "isGroup": True})
        data = {**activity["channelData"], "channel": {"id": CHANNEL}, "team": {"id": "19:team"}}
        return {**activity, "channelData": data}

    def _activity(self, kind: str, talk: Json, **more: object) -> dict[str, Any]:
        account = {"id": f"29:{self.name.lower()}", "name": self.name}
        return {
            "type": kind,
            "id": f"activity-{next(_numbers)}",
            "timestamp": "2026-03-12T02:40:00.1234567Z",
            "localTimezone": self.zone,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {**account, "aadObjectId": object_id(self.name)},
            "recipient": BOT,
            "conversation": {**talk, "tenantId": self.tenant},
            "channelData": {"tenant": {"id": self.tenant}},
            "entities": [{"type": "clientInfo", "locale": "en-GB", "timezone": self.zone}],
            **more,
            **self.extra,
        }


def _mentioning(activity: Json, text: str) -> dict[str, Any]:
    words = f"{MENTION['text']} {text}"
    return {**activity, "text": words, "entities": [*activity["entities"], MENTION]}
