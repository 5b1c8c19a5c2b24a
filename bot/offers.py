"""Cards to be explained: what each is about, and those that wait until somebody presses for it.

A button carries an id and nothing that is believed; what is explained are the facts that its card
shows. They are kept in memory for an hour, and a restart loses them.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adf.records import ActivityTable, Comparison, RunList, RunReport, RunStats
from bot.agent.interface import Memory, Question

KEPT = timedelta(hours=1)
MOST_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ToExplain:
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
class Offer:
    """A card that is explained when somebody presses; `message_id` is blank until it was sent."""

    offer_id: str
    explain: ToExplain
    at: datetime
    message_id: str = ""


class Offers:
    """Offers by id; the oldest go first, and all of them after an hour."""

    def __init__(self, *, clock: Callable[[], datetime], make_id: Callable[[], str]) -> None:
        """`make_id` gives ids that nobody can guess."""
        self._clock = clock
        self._make_id = make_id
        self._kept: OrderedDict[str, Offer] = OrderedDict()

    def keep(self, explain: ToExplain) -> Offer:
        """Keep what a card shows, to be explained when somebody presses."""
        self._forget()
        offer = Offer(offer_id=self._make_id(), explain=explain, at=self._clock())
        self._kept[offer.offer_id] = offer
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return offer

    def find(self, offer_id: str) -> Offer | None:
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
