"""Makes a question of a message: who asks, what they may see here, what went before."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, Grant, Right
from bot.agents.interface import Question
from bot.messages import Message
from bot.state.conversations import ConversationStates
from bot.state.rooms import RoomZones
from cards.records import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question, and what the asker may do where they asked it."""

    question: Question
    grant: Grant


class QuestionBuilder:
    """Reads what is known about speaker and room; strangers get a refusal instead."""

    def __init__(
        self,
        *,
        policy: AccessPolicy,
        denials: Denials,
        zones: RoomZones,
        conversations: ConversationStates,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._policy = policy
        self._denials = denials
        self._zones = zones
        self._conversations = conversations
        self._clock = clock

    async def build(self, message: Message) -> AskedQuestion | Denied:
        """The question of a message, about the factories its speaker may at least hear of here."""
        grant, memory, zone = await asyncio.gather(
            self._policy.grant(message.speaker, message.address),
            self._conversations.recall(message.address.conversation, message.speaker.person_id),
            self.zone_of(message),
        )
        if grant.is_stranger:
            return await self._denials.refuse(
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
            status_only=tuple(one for one in grant.aliases if not grant.may(Right.READ, one)),
            closed=tuple(one for one in self._policy.factories if one not in grant.aliases),
            memory=memory,
            decided=message.decided,
            decision=message.decision,
            pressed=message.pressed,
        )
        return AskedQuestion(question=question, grant=grant)

    async def zone_of(self, message: Message) -> ZoneInfo:
        """The time zone in which a message is answered."""
        return await self._zones.of(message.address, message.zone)
