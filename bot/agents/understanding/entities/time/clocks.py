"""Clock times: "6", "6am", "18:00", "6 o'clock", "18 Uhr", "half past six", "noon"."""

from datetime import datetime, time, timedelta

from bot.agents.understanding.entities.time.cursor import Tokens, count_at, look
from bot.agents.understanding.entities.time.points import ClockStyle, ClockTime

_HOUR_LETTERS = frozenset({"h", "hs"})
_QUARTERS = frozenset({"quarter", "a quarter", "viertel"})
_HALVES = frozenset({"half"})
_PAST = frozenset({"past", "nach"})
# "A" and "un" are articles; minutes are said by two words from ten on: "seven oh five".
_SHORTEST_NUMBER, _FEWEST_MINUTES = 3, 10
_MERIDIEMS = frozenset({"am", "pm", "a m", "p m"})
# "The one of the night before", "do the two newest differ": things are counted there, no hours.
_COUNTS_THINGS = frozenset({"the", "this", "that", "these", "those", "which", "each", "other"})
Found = tuple[ClockTime, int] | None


def clock_at(tokens: Tokens, at: int, *, strong: bool = False) -> Found:
    """The clock time at a place, and the place after it; `strong` takes a bare number for one."""
    one = look(tokens, at)
    if "clock" in one:
        return ClockTime(times=(time(int(one.tags["clock"])),), style=ClockStyle.HALF), at + 1
    if one.clock:
        vague = not one.padded and 1 <= one.clock.hour <= 9
        return _with_half(tokens, at + 1, one.clock, vague=vague)
    if one.ordinal or one.is_plain:
        return None
    in_words = _in_words(tokens, at) or (_spoken(tokens, at) if strong else None)
    return in_words or _military(tokens, at, strong) or _hour(tokens, at, strong)


def _in_words(tokens: Tokens, at: int) -> Found:
    """As in "half past six", "quarter to 7", "halb sieben"."""
    one, after = look(tokens, at), look(tokens, at + 1)
    if "half_to" in one:
        return _shifted(tokens, at + 1, -30)
    step = 30 if one.word in _HALVES else 15 if one.word in _QUARTERS else 0
    if not step or not ("after" in after or after.word in {"to", "vor"}):
        return None
    return _shifted(tokens, at + 2, step if "after" in after else -step)


def _spoken(tokens: Tokens, at: int) -> Found:
    """As it is dictated: "seven thirty", "ten past six"."""
    one, after = look(tokens, at), look(tokens, at + 1)
    number, more = one.tags.get("number"), after.tags.get("number")
    if number is None or len(one.word) < _SHORTEST_NUMBER:
        return None
    if after.word in _PAST:
        return _shifted(tokens, at + 2, float(number)) if _is_hour(float(number), 59) else None
    minute = float(more or 0)
    if not _is_hour(float(number), 12) or not (_FEWEST_MINUTES <= minute < 60):
        return None
    following = look(tokens, at + 2)
    if "unit" in following or "measured" in following:
        return None
    return _with_half(tokens, at + 2, time(int(float(number)) % 24, int(minute)), vague=True)


def _shifted(tokens: Tokens, at: int, minutes: float) -> Found:
    counted = count_at(tokens, at)
    if counted is None or not _is_hour(counted[0], 12):
        return None
    whole = datetime(2000, 1, 2, int(counted[0]) % 24) + timedelta(minutes=minutes)  # noqa: DTZ001
    return _with_half(tokens, counted[1], whole.time(), vague=True)


def _military(tokens: Tokens, at: int, strong: bool) -> Found:
    """As in "since 0600", "at 1800 hours"."""
    word, after = look(tokens, at).word, look(tokens, at + 1)
    if not strong or len(word) != 4 or not word.isdecimal():
        return None
    marked = "oclock" in after or after.word in {"hours", "hrs"}
    if not (marked or word[0] == "0") or int(word[:2]) > 23 or int(word[2:]) > 59:
        return None
    found = ClockTime(times=(time(int(word[:2]), int(word[2:])),), style=ClockStyle.FULL)
    return found, at + 1 + marked


def _hour(tokens: Tokens, at: int, strong: bool) -> Found:
    counted = count_at(tokens, at)
    if counted is None or "fraction" in look(tokens, at):
        return None
    number, after = counted
    following = look(tokens, after)
    if _counts_things(tokens, at) and not ("oclock" in following or following.word in _MERIDIEMS):
        return None
    dotted = _dotted(look(tokens, at).word)
    if dotted and ((strong and _may_be_bare(tokens, at, after)) or "half_of_day" in following):
        return _with_half(tokens, after, dotted, vague=True)
    if "oclock" in following and following.word != "hours":
        return _on_the_clock(tokens, after, number)
    if following.word in _HOUR_LETTERS and strong and _is_hour(number, 24):
        return ClockTime(times=(time(int(number) % 24),), style=ClockStyle.FULL), after + 1
    if "half_of_day" in following and _is_hour(number, 12) and _is_half(tokens, at, after):
        return _with_half(tokens, after, time(int(number)), vague=True)
    if not strong or not _is_hour(number, 24) or not _may_be_bare(tokens, at, after):
        return None
    padded = look(tokens, at).padded
    return _with_half(tokens, after, time(int(number) % 24), vague=not padded)


def _counts_things(tokens: Tokens, at: int) -> bool:
    """Whether a number in words stands behind a word that points at things."""
    is_word = not look(tokens, at).word[:1].isdigit()
    return is_word and at > 0 and look(tokens, at - 1).word in _COUNTS_THINGS


def _dotted(word: str) -> time | None:
    """As in "between 3 and 3.30": two digits behind the point are minutes."""
    hour, point, minute = word.replace(",", ".").partition(".")
    if not point or len(minute) != 2 or not _is_hour(int(hour or 24), 23) or int(minute) > 59:
        return None
    return time(int(hour), int(minute))


def _on_the_clock(tokens: Tokens, after: int, number: float) -> Found:
    """As in "6 o'clock", "18 Uhr 30", "18.30 Uhr"."""
    hour, minute = int(number), round(number % 1 * 100)
    if not _is_hour(hour, 24) or minute > 59:
        return None
    place, more = after + 1, look(tokens, after + 1)
    if more.number is not None and len(more.word) == 2 and more.number < 60:
        place, minute = after + 2, int(more.number)
    vague = "clock" in look(tokens, after).word
    return _with_half(tokens, place, time(hour % 24, minute), vague=vague)


def _is_hour(number: float, most: int) -> bool:
    return number == int(number) and 0 <= number <= most


def _is_half(tokens: Tokens, at: int, after: int) -> bool:
    """Whether a half of the day belongs to the number: "an evening" has none."""
    return look(tokens, at).number is not None or len(look(tokens, at).word) > 2


def _may_be_bare(tokens: Tokens, at: int, after: int) -> bool:
    """Whether a bare number may be a clock time: "after 3 retries" and "a" are none."""
    one, following = look(tokens, at), look(tokens, after)
    if one.number is None and len(one.word) < 3:
        return False
    counts = "measured" in following or "unit" in following or "fraction" in following
    return not counts or "half_of_day" in following


def _with_half(tokens: Tokens, at: int, clock: time, *, vague: bool) -> Found:
    """The clock time with the half of the day after it, if one is said."""
    half = look(tokens, at).tags.get("half_of_day")
    if half and clock.hour <= 12:
        hour = _hour_of(half, clock.hour)
        return ClockTime(times=(clock.replace(hour=hour),), style=ClockStyle.HALF), at + 1
    if half and look(tokens, at).word in _MERIDIEMS:
        at += 1
    if vague and 1 <= clock.hour <= 12:
        other = clock.replace(hour=(clock.hour + 12) % 24)
        return ClockTime(times=(clock, other), style=ClockStyle.VAGUE), at
    return ClockTime(times=(clock,), style=ClockStyle.FULL), at


def _hour_of(half: str, hour: int) -> int:
    if half == "am":
        return hour % 12
    if half == "pm":
        return hour % 12 + 12
    return hour + 12 if 6 <= hour < 12 else hour % 12
