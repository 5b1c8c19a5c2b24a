"""What can be asked for, and what was heard of it in a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.agent.offline.phrases import Phrase
from bot.agent.offline.words import Sign


class Intent(StrEnum):
    """What is asked for."""

    STATUS = "status"
    WHY = "why"
    STEPS = "steps"
    DETAILS = "details"
    TREND = "trend"
    COMPARE = "compare"
    HISTORY = "history"
    RUNNING = "running"
    FAILURES = "failures"
    RUNS = "runs"
    OVERVIEW = "overview"
    LIST = "list"
    HELP = "help"
    USAGE = "usage"
    RESET = "reset"
    DISMISSED = "dismissed"
    HIDDEN = "hidden"
    SUCCEEDED = "succeeded"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    BIND = "bind"
    ACT = "act"
    LATER = "later"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the rules look at: the signs of the words that are no name, phrases, what was named.

    `signs` are in the order of the text, one for each of the `words`; None is a word that is not
    understood. `time` tells that a time range was said, `run` that a run id was, `act` that the
    text is an order, `asks` that it ends as a question does,
    `twice` that two things are asked, `thing` that a word nobody knows is a thing or an order,
    `strange` that a name nobody knows was said.
    """

    signs: Sequence[Sign | None]
    phrases: frozenset[Phrase]
    named: bool
    run: bool = False
    time: bool = False
    act: bool = False
    asks: bool = False
    factory: bool = False
    words: tuple[str, ...] = ()
    twice: bool = False
    thing: bool = False
    strange: bool = False

    def has(self, *wanted: Sign | Phrase) -> bool:
        """Whether any of them was heard."""
        return any(one in self.signs or one in self.phrases for one in wanted)
