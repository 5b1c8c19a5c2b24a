"""A question as understood: an intent with its confidence, and slots."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.agents.understanding.entities.factories import FactoryMention
from bot.agents.understanding.entities.time_ranges import TimeMention
from bot.agents.understanding.intents import Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A duration or number that something is held against: "longer than 30 minutes"."""

    over: bool
    length: timedelta | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing the words may mean, and how likely that is."""

    intent: Intent
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a question names, checked against what there is.

    `pipelines` are names of the inventory, several when `each` was named or when `ambiguous`;
    `guessed` when the spelling was corrected, `exact` when written in full; `excluded` are left
    out ("except DevSandbox"); `unknown` are names that nothing has. `short_run` is the first
    characters of a run id. `ignored` are words that nothing explains; `passed_over` those that
    would be names elsewhere, in a question that is about everything.
    """

    pipelines: tuple[str, ...] = ()
    each: bool = False
    guessed: bool = False
    exact: bool = False
    partly: bool = False
    hardly: bool = False
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    factory: FactoryMention = field(default_factory=FactoryMention)
    time: TimeMention = field(default_factory=lambda: TimeMention(text=""))
    run_ids: tuple[str, ...] = ()
    short_run: str | None = None
    bad_run: str | None = None
    incidents: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    pasted: bool = False
    critical: bool = False
    failed: bool = False
    succeeded: bool = False
    last: bool = False
    is_on: bool = False
    is_off: bool = False
    limit: Limit | None = None
    count: int | None = None
    ordinal: int | None = None
    ignored: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()

    @property
    def run_id(self) -> str | None:
        """The run that is asked about, by its full id."""
        return self.run_ids[0] if self.run_ids else None

    @property
    def incident(self) -> str | None:
        """The incident that is asked about, by its number."""
        return self.incidents[0] if self.incidents else None

    @property
    def ambiguous(self) -> bool:
        """Whether one thing was named that fits several pipelines."""
        return len(self.pipelines) > 1 and not self.each

    @property
    def names_something(self) -> bool:
        """Whether the words themselves say what they are about."""
        return bool(
            self.pipelines or self.unknown or self.run_ids or self.short_run or self.bad_run
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A question as understood: what is asked, of what, and how sure that is.

    `readings` are the likeliest intents, best first; `sure` tells that the first may be answered;
    `named` is how likely the words name something, `whole` that they are about no one thing,
    `follows` that they lean on what was said before, `afresh` that this is said to be over; `again`
    that the last question is asked with one thing changed; `double` is how likely two things are
    asked, `second` the other one, `unanswered` a half that was not understood, `of_mutes` that
    it is nearer to muting than to alerts.
    """

    text: str
    masked: str
    intent: Intent
    confidence: float
    readings: tuple[Reading, ...] = ()
    slots: Slots = field(default_factory=Slots)
    sure: bool = False
    follows: bool = False
    afresh: bool = False
    whole: float = 0.0
    named: float = 0.0
    again: bool = False
    double: float = 0.0
    second: "Frame | None" = None
    unanswered: str = ""
    of_mutes: bool = False

    def others(self, most: int) -> Sequence[Intent]:
        """The likeliest intents, this one first."""
        intents = dict.fromkeys((self.intent, *(one.intent for one in self.readings)))
        return list(intents)[:most]
