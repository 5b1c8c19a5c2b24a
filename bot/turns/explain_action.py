"""Cards to be explained: what each is about, and those that wait until somebody presses for it.

A button carries an id and nothing that is believed; what is explained are the facts that its card
shows. They are kept in memory for an hour, and a restart loses them.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from adf.records import ActivityTable, Comparison, RunList, RunReport, RunStats
from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Right
from bot.access.visibility import shown_to
from bot.agents.interface import Memory, Question
from bot.messages import CardClick, Message, PressResult
from bot.turns.question import AskedQuestion, QuestionBuilder
from cards.records import Denied

KEPT = timedelta(hours=1)
MOST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainable:
    """A card that a language model should explain: the question with its record, and its note.

    `before` is the memory the question was asked with. With `aside` the words stay out of the talk
    of whoever wants them: it goes on as if nobody had pressed.
    """

    question: Question
    record: object
    note: str | None = None
    before: Memory = field(default_factory=dict[str, Any])
    aside: bool = False

    @property
    def subject(self) -> str:
        """The factory, pipeline and run of the card, alike for cards about the same."""
        return _subject(self.record)


@dataclass(slots=True, kw_only=True)
class ExplanationOffer:
    """A card that is explained when somebody presses; `message_id` is blank until it was sent."""

    offer_id: str
    explain: Explainable
    at: datetime
    message_id: str = ""


class ExplanationOffers:
    """Offers by id; the oldest go first, and all of them after an hour."""

    def __init__(self, *, clock: Callable[[], datetime], make_id: Callable[[], str]) -> None:
        """`make_id` gives ids that nobody can guess."""
        self._clock = clock
        self._make_id = make_id
        self._kept: OrderedDict[str, ExplanationOffer] = OrderedDict()

    def keep(self, explain: Explainable) -> ExplanationOffer:
        """Keep what a card shows, to be explained when somebody presses."""
        self._forget()
        offer = ExplanationOffer(offer_id=self._make_id(), explain=explain, at=self._clock())
        self._kept[offer.offer_id] = offer
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return offer

    def find(self, offer_id: str) -> ExplanationOffer | None:
        """An offer that is still kept, of a card that was sent."""
        self._forget()
        offer = self._kept.get(offer_id)
        return offer if offer and offer.message_id else None

    def _forget(self) -> None:
        until = self._clock() - KEPT
        for offer_id, one in list(self._kept.items()):
            if one.at > until:
                return
            del self._kept[offer_id]


def _subject(record: object) -> str:
    match record:
        case RunReport():
            return f"run {record.run.run_id}"
        case ActivityTable():
            return f"inside run {record.report.run.run_id} {','.join(record.only)}"
        case Comparison():
            return f"runs {record.left.run_id} {record.right.run_id}"
        case RunStats():
            return f"trend {record.factory} {record.subject}"
        case RunList():
            return _subject_of_list(record)
        case _:
            return type(record).__name__


def _subject_of_list(runs: RunList) -> str:
    """The newest run where the card shows that one alone, else whose runs, and of which days."""
    if runs.pipeline and runs.latest_only:
        return f"newest {runs.factory} {runs.pipeline} {runs.runs[0].run_id if runs.runs else ''}"
    days = f"{runs.time_range.start:%F} {runs.time_range.end:%F}"
    return f"list {runs.factory} {runs.pipeline or ''} {','.join(runs.statuses)} {days}"


ASKED = "I am asking the language model. Its words will stand below this card in a moment."
GONE = (
    "I no longer know what this card shows: I keep that for an hour. "
    "Ask me again, and press Explain below the new answer."
)


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> PressResult | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class Second(Protocol):
    """Whoever has a card explained."""

    async def begin(
        self, key: str, message: Message, explain: Explainable, message_id: str
    ) -> None:
        """Begin, and return at once."""
        ...


class ExplainAction:
    """Has cards explained; presses of other buttons go on to `others`."""

    def __init__(
        self,
        *,
        offers: ExplanationOffers,
        questions: QuestionBuilder,
        people: AccessPolicy,
        refusals: Denials,
        second: Second,
        others: Presses,
    ) -> None:
        """Borrow everything."""
        self._offers = offers
        self._questions = questions
        self._people = people
        self._refusals = refusals
        self._second = second
        self._others = others

    async def press(self, click: CardClick) -> PressResult | None:
        """Begin to explain the card of the button; who may not see it is told that."""
        if click.verb != "explain":
            return await self._others.press(click)
        offer = self._offers.find(str(click.data.get("offer", "")))
        if offer is None or _room_of(offer) != click.address.room:
            return PressResult(words=GONE)
        message = _asked_by(click, offer)
        asked = await self._questions.of(message)
        if isinstance(asked, Denied):
            return PressResult(words=in_one_line(asked))
        hidden = await self._hidden_from(asked, offer.explain, message)
        if hidden:
            return PressResult(words=hidden)
        explain = _for_whoever_pressed(asked, offer.explain)
        await self._second.begin(_key(offer), message, explain, offer.message_id)
        return PressResult(words=ASKED)

    async def _hidden_from(
        self, asked: AskedQuestion, explain: Explainable, message: Message
    ) -> str:
        """What is said instead to who may not read what the card shows; blank for who may."""
        grant, question = asked.grant, explain.question
        asks = self._people.who_can(Right.READ, grant.meant or None)
        shown = shown_to(grant, question.records, question.now, question.zone, asks)
        if shown.words or (shown.refused is None and grant.reads_all):
            return shown.words
        denied = await self._refusals.refuse(
            message.speaker,
            message.address,
            grant,
            asked=message.text,
            factory=shown.refused or None,
        )
        return in_one_line(denied)


def _room_of(offer: ExplanationOffer) -> str:
    return offer.explain.question.address.room


def _key(offer: ExplanationOffer) -> str:
    """The same for all who press on one card, so that it is explained once at a time."""
    return hashlib.sha256(f"offer {offer.offer_id}".encode()).hexdigest()


def _asked_by(click: CardClick, offer: ExplanationOffer) -> Message:
    """The question of the card in the name of whoever pressed, in the thread where it stands."""
    question = offer.explain.question
    return Message(
        message_id=offer.message_id,
        text=question.text,
        speaker=click.speaker,
        address=question.address,
        at=click.at,
        zone=click.zone,
        locale=click.locale,
    )


def _for_whoever_pressed(asked: AskedQuestion, explain: Explainable) -> Explainable:
    """The facts of the card as they are, looked at with the rights of whoever pressed."""
    card = explain.question
    question = replace(
        asked.question, records=card.records, now=card.now, zone=card.zone, memory={}
    )
    return replace(explain, question=question, aside=True)
