"""How people say a time range, and every reading of it that a colleague would accept."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.paraphrases.meaning import Span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEAR = timedelta(minutes=2)
WEEKDAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "de": ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A time range in words, with its acceptable readings."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A moment in a zone, from which days and clock times are counted."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The date on the wall."""
        return self.now.astimezone(self.zone).date()

    @property
    def hour(self) -> int:
        """The hour on the wall."""
        return self.now.astimezone(self.zone).hour

    def at(self, hour: float, days_ago: int = 0) -> datetime:
        """A clock time of a day, in UTC; hour 24 is the next midnight."""
        day = self.today - timedelta(days=days_ago - int(hour // 24))
        clock = time(int(hour % 24), round(hour % 1 * 60))
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def midnight(self, days_ago: int = 0) -> datetime:
        """The beginning of a day, in UTC."""
        return self.at(0, days_ago)

    def last(self, hour: float) -> datetime:
        """The newest moment at which the clock showed an hour."""
        today = self.at(hour)
        return today if today <= self.now else self.at(hour, 1)


def exactly(start: datetime, end: datetime) -> Span:
    """A range that leaves no doubt."""
    return Span(begins=(start - NEAR, start + NEAR), ends=(end - NEAR, end + NEAR))


def loosely(start: tuple[datetime, datetime], end: tuple[datetime, datetime]) -> Span:
    """A range with room at both ends."""
    return Span(begins=(start[0] - NEAR, start[1] + NEAR), ends=(end[0] - NEAR, end[1] + NEAR))


def say_a_time(rng: random.Random, here: Here, language: str) -> Saying:
    """A time range that lies in the past, in English or German."""
    ways = list(_english(rng, here) if language == "en" else _german(rng, here))
    return rng.choice(ways)


def say_a_day_of(rng: random.Random, here: Here, moment: datetime, language: str) -> Saying | None:
    """A time range that certainly holds a moment."""
    for _ in range(30):
        saying = say_a_time(rng, here, language)
        if all(_surely_holds(span, moment) for span in saying.spans):
            return saying
    return None


def _surely_holds(span: Span, moment: datetime) -> bool:
    return span.begins[1] <= moment <= span.ends[0]


def _english(rng: random.Random, here: Here) -> Iterator[Saying]:
    n = rng.choice([1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48])
    yield _hours(rng, here, n, ("in the last {n} hours", "last {n}h", "over the past {n} hrs",
                                "in the past {n} hours", "within the last {n} hours"))  # fmt: skip
    days = rng.choice([2, 3, 4, 5, 7, 10])
    yield _days(rng, here, days, ("in the last {n} days", "past {n}d", "over the last {n} days"))
    minutes = rng.choice([20, 30, 45, 90])
    yield _minutes(rng, here, minutes, ("in the last {n} minutes", "past {n} min"))
    yield _today(rng, here, ("today", "today so far", "since midnight", "since 12am"))
    yield _yesterday(rng, here, ("yesterday", "yday", "all day yesterday"))
    yield _since_yesterday(rng, here, ("since yesterday",))
    yield _before_yesterday(rng, here, ("the day before yesterday",))
    yield _night(rng, here, ("overnight", "last night", "during the night"))
    yield _since_clock(rng, here)
    yield _since_bare(rng, here)
    yield _between(rng, here, ("between {a} and {b}", "from {a} to {b}"))
    yield _between_bare(rng, here)
    yield _weekday(rng, here, "en", ("on {d}",))
    yield _since_weekday(rng, here, "en", ("since {d}",))
    yield _this_week(rng, here, ("this week",))
    yield _last_week(rng, here, ("last week",))
    yield _evening(rng, here, ("yesterday evening",))
    yield from _by_daylight(rng, here, ("this morning",), ("this afternoon",))
    yield _dated(rng, here)


def _german(rng: random.Random, here: Here) -> Iterator[Saying]:
    n = rng.choice([2, 3, 4, 6, 8, 12, 24, 48])
    yield _hours(rng, here, n, ("in den letzten {n} stunden", "letzte {n}h", "letzte {n} std"))
    yield _days(rng, here, rng.choice([2, 3, 5, 7]), ("in den letzten {n} tagen",))
    yield _today(rng, here, ("heute", "seit mitternacht"))
    yield _yesterday(rng, here, ("gestern",))
    yield _since_yesterday(rng, here, ("seit gestern",))
    yield _before_yesterday(rng, here, ("vorgestern",))
    yield _night(rng, here, ("heute nacht", "letzte nacht", "über nacht"))
    yield _clock(rng, here, ("seit {h}:00", "seit {h} uhr", "ab {h} uhr"), 24)
    yield _between(rng, here, ("zwischen {a} und {b} uhr", "von {a} bis {b} uhr"))
    yield _weekday(rng, here, "de", ("am {d}",))
    yield _since_weekday(rng, here, "de", ("seit {d}",))
    yield _this_week(rng, here, ("diese woche",))
    yield _last_week(rng, here, ("letzte woche",))
    yield _evening(rng, here, ("gestern abend",))
    yield from _by_daylight(rng, here, ("heute morgen", "heute früh"), ("heute nachmittag",))


Words = tuple[str, ...]


def _hours(rng: random.Random, here: Here, n: int, words: Words) -> Saying:
    text = rng.choice(words).format(n=n)
    return Saying(text=text, spans=(exactly(here.now - n * HOUR, here.now),))


def _minutes(rng: random.Random, here: Here, n: int, words: Words) -> Saying:
    text = rng.choice(words).format(n=n)
    return Saying(text=text, spans=(exactly(here.now - timedelta(minutes=n), here.now),))


def _days(rng: random.Random, here: Here, n: int, words: Words) -> Saying:
    begins = (here.midnight(n), here.midnight(n - 1))
    span = loosely(begins, (here.now, here.now))
    return Saying(text=rng.choice(words).format(n=n), spans=(span,))


def _today(rng: random.Random, here: Here, words: Words) -> Saying:
    return Saying(text=rng.choice(words), spans=(exactly(here.midnight(), here.now),))


def _yesterday(rng: random.Random, here: Here, words: Words) -> Saying:
    return Saying(text=rng.choice(words), spans=(exactly(here.midnight(1), here.midnight()),))


def _since_yesterday(rng: random.Random, here: Here, words: Words) -> Saying:
    return Saying(text=rng.choice(words), spans=(exactly(here.midnight(1), here.now),))


def _before_yesterday(rng: random.Random, here: Here, words: Words) -> Saying:
    return Saying(text=rng.choice(words), spans=(exactly(here.midnight(2), here.midnight(1)),))


def _night(rng: random.Random, here: Here, words: Words) -> Saying:
    begins = (here.at(16, 1), here.at(0.5))
    ends = (min(here.at(4), here.now), min(here.at(10), here.now))
    late = loosely(begins, (ends[0], here.now))
    return Saying(text=rng.choice(words), spans=(late,))


def _since_clock(rng: random.Random, here: Here) -> Saying:
    if rng.random() < 0.5:
        return _clock(rng, here, ("since {h}:00", "after {h}:00", "from {h}:00 on"), 24)
    hour = rng.choice([h for h in range(1, 12) if h != here.hour % 12])
    half = rng.choice(["am", "pm"])
    start = here.last(hour + (12 if half == "pm" else 0))
    text = rng.choice(("since {h}{x}", "since {h} {x}", "since i went to bed ({h}{x})"))
    return Saying(text=text.format(h=hour, x=half), spans=(exactly(start, here.now),))


def _clock(rng: random.Random, here: Here, words: Words, most: int) -> Saying:
    hour = rng.choice([h for h in range(13, most) if h != here.hour])
    text = rng.choice(words).format(h=hour)
    return Saying(text=text, spans=(exactly(here.last(hour), here.now),))


def _since_bare(rng: random.Random, here: Here) -> Saying:
    hour = rng.choice([h for h in range(1, 12) if h != here.hour % 12])
    starts = {here.last(hour), here.last(hour + 12)}
    spans = tuple(exactly(start, here.now) for start in starts)
    return Saying(text=f"since {hour}", spans=spans)


def _between(rng: random.Random, here: Here, words: Words) -> Saying:
    first = rng.randrange(13, 22)
    last = first + rng.choice([1, 2])
    ago = 0 if here.at(last) <= here.now else 1
    clock = "{}:00" if "uhr" not in words[0] else "{}"
    text = rng.choice(words).format(a=clock.format(first), b=clock.format(last))
    yesterdays = exactly(here.at(first, ago), here.at(last, ago))
    return Saying(text=text, spans=(yesterdays,))


def _between_bare(rng: random.Random, here: Here) -> Saying:
    most = min(here.hour, 11)
    first = rng.randrange(max(1, most - 1))
    last = rng.randrange(first + 1, most + 1)
    text = rng.choice(("between {a} and {b}", "between {a} and {b} am")).format(a=first, b=last)
    spans = [exactly(here.at(first), here.at(last))]
    if "am" not in text and first:
        ago = 0 if here.at(last + 12) <= here.now else 1
        spans.append(exactly(here.at(first + 12, ago), here.at(last + 12, ago)))
    return Saying(text=text, spans=tuple(spans))


def _weekday(rng: random.Random, here: Here, language: str, words: Words) -> Saying:
    ago = rng.randrange(2, 7)
    name = WEEKDAYS[language][(here.today - timedelta(days=ago)).weekday()]
    span = exactly(here.midnight(ago), here.midnight(ago - 1))
    return Saying(text=rng.choice(words).format(d=name), spans=(span,))


def _since_weekday(rng: random.Random, here: Here, language: str, words: Words) -> Saying:
    ago = rng.randrange(2, 7)
    name = WEEKDAYS[language][(here.today - timedelta(days=ago)).weekday()]
    begins = (here.midnight(ago), here.midnight(ago - 1))
    span = loosely(begins, (here.now, here.now))
    return Saying(text=rng.choice(words).format(d=name), spans=(span,))


def _this_week(rng: random.Random, here: Here, words: Words) -> Saying:
    monday = here.midnight(here.today.weekday())
    earliest = min(here.now - 7 * DAY, monday)
    span = loosely((here.midnight(7), max(monday, earliest)), (here.now, here.now))
    return Saying(text=rng.choice(words), spans=(span,))


def _last_week(rng: random.Random, here: Here, words: Words) -> Saying:
    day = here.today.weekday()
    calendar = loosely(
        (here.midnight(day + 8), here.midnight(day + 7)), (here.midnight(day + 1), here.at(0, day))
    )
    rolling = loosely((here.midnight(8), here.midnight(6)), (here.midnight(), here.now))
    return Saying(text=rng.choice(words), spans=(calendar, rolling))


def _evening(rng: random.Random, here: Here, words: Words) -> Saying:
    span = loosely((here.at(16, 1), here.at(20, 1)), (here.at(21, 1), here.at(4)))
    return Saying(text=rng.choice(words), spans=(span,))


def _by_daylight(rng: random.Random, here: Here, early: Words, late: Words) -> Iterator[Saying]:
    if here.hour >= 9:
        span = loosely((here.midnight(), here.at(7)), (min(here.at(10), here.now), here.now))
        yield Saying(text=rng.choice(early), spans=(span,))
    if here.hour >= 15:
        span = loosely((here.at(11), here.at(13.5)), (here.now, here.now))
        yield Saying(text=rng.choice(late), spans=(span,))


def _dated(rng: random.Random, here: Here) -> Saying:
    ago = rng.randrange(2, 9)
    day = here.today - timedelta(days=ago)
    month = MONTHS[day.month - 1]
    text = rng.choice((f"on {day:%Y-%m-%d}", f"on {day.day} {month}", f"on {month} {day.day}"))
    return Saying(text=text, spans=(exactly(here.midnight(ago), here.midnight(ago - 1)),))
