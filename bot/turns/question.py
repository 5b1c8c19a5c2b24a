"""Makes a question of a message: who asks, what they may see here, what went before."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant
from bot.agents.interface import Question
from bot.messages import Message
from bot.state.conversations import ConversationStates
from bot.state.rooms import Rooms
from cards.records import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question, and what whoever asked may do where they asked."""

    question: Question
    grant: Grant


class QuestionBuilder:
    """Reads what is known about speaker and room; strangers get a refusal instead."""

    def __init__(
        self,
        *,
        people: AccessPolicy,
        refusals: Denials,
        rooms: Rooms,
        memories: ConversationStates,
        clock: Callable[[], datetime],
        zone: str,
    ) -> None:
        """Borrow everything; `zone` is meant when neither room nor client names one."""
        self._people = people
        self._refusals = refusals
        self._rooms = rooms
        self._memories = memories
        self._clock = clock
        self._zone = zone

    async def of(self, message: Message) -> AskedQuestion | Denied:
        """The question of a message, about the factories its speaker may at least hear of here."""
        grant, memory, zone = await asyncio.gather(
            self._people.grant(message.speaker, message.address),
            self._memories.recall(message.address.conversation, message.speaker.person_id),
            self.zone_of(message),
        )
        if grant.is_stranger:
            return await self._refusals.refuse(
                message.speaker, message.address, grant, asked=message.text
            )
        question = Question(
            text=message.text,
            speaker=message.speaker,
            address=message.address,
            now=self._clock(),
            zone=zone,
            factory=grant.meant,
            factories=grant.aliases,
            memory=memory,
            decided=message.decided,
            decision=message.decision,
        )
        return AskedQuestion(question=question, grant=grant)

    async def zone_of(self, message: Message) -> ZoneInfo:
        """The zone the room was bound with, else that of the speaker's client, else the bot's."""
        binding = await self._rooms.binding(message.address)
        for name in (binding.zone if binding else None, message.zone, self._zone):
            try:
                return ZoneInfo(name or "")
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
        return ZoneInfo("UTC")
