"""Cards that are explained when somebody presses for it, kept in memory for an hour.

A button carries an id and nothing that is trusted; what is explained are the facts that its card
shows. A restart loses them; where there are several replicas, the question of the card lies in the
store, and another replica answers it anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cachetools import TLRUCache

from bot.agents.conversations import without_model
from bot.messages import Message, StoredIncoming
from bot.state.passing_rows import PassingPlace, PassingRows
from bot.state.store import Moment, RowCodec
from bot.turns.result import Explainable

KEPT = timedelta(hours=1)
MOST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationOffer:
    """A card that was sent as `message_id`, and what of it can be explained."""

    offer_id: str
    explainable: Explainable
    message_id: str

    @property
    def expires_at(self) -> datetime:
        """An hour after the question: what the card shows is that old, whenever it was sent."""
        return self.explainable.question.now + KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedOffer:
    """A card that another replica can have explained: its question, memory and subject."""

    message: StoredIncoming
    message_id: str
    memory: Mapping[str, Any]
    subject: str
    at: Moment


SHARED_OFFERS = PassingPlace(partition="offers", codec=RowCodec(SharedOffer), lifetime=KEPT)


class ExplanationOffers:
    """Offers by id; the oldest go first, and all of them after an hour."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        make_id: Callable[[], str],
        shared: PassingRows[SharedOffer] | None = None,
    ) -> None:
        """`make_id` returns ids that nobody can guess; `shared` is where other replicas look."""
        self._shared = shared
        self._clock = clock
        self._make_id = make_id
        self._offers: TLRUCache[str, ExplanationOffer, datetime] = TLRUCache(
            MOST_KEPT, lambda _, offer, __: offer.expires_at, clock
        )

    def new_id(self) -> str:
        """The id for the button of a card that is about to be sent."""
        return self._make_id()

    def keep(
        self, offer_id: str, explainable: Explainable, message_id: str, message: Message
    ) -> None:
        """Keep a card that was sent, to be explained when somebody presses its button."""
        if self._shared is not None:
            row = SharedOffer(
                message=message,
                message_id=message_id,
                memory=without_model(explainable.before),
                subject=explainable.subject,
                at=explainable.question.now,
            )
            self._shared.put(offer_id, lambda: row)
        self._offers[offer_id] = ExplanationOffer(
            offer_id=offer_id, explainable=explainable, message_id=message_id
        )

    def find(self, offer_id: str) -> ExplanationOffer | None:
        """An offer of this process that is still kept."""
        return self._offers.get(offer_id)

    async def find_shared(self, offer_id: str) -> SharedOffer | None:
        """An offer of any replica that is still kept."""
        return await self._shared.get(offer_id) if self._shared else None
