"""Words and numbers for cards: foreign text made harmless, durations, times, short ids.

A TextBlock and a Fact read markdown, so foreign text goes through `md` there. TextRun, CodeBlock,
Badge, button titles, fallbackText and speak are plain: `clean` is enough, an escape would show.
What markdown reads is typed `Said`, our own literal or `Md`: the type checker refuses a bare `str`.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import LiteralString
from zoneinfo import ZoneInfo

from adf.records import RangeKind, TimeRange
from adf.records.durations import duration as duration
from adf.records.glossary import counted
from adf.records.moments import ANCHOR, MOMENT, in_plain_words, time_of_day
from cards.ranges import range_label

_GONE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+"
)
# Honoured with a backslash by every client's markdown, the mobile one included.
_ESCAPABLE = re.compile(r"([*_\[\])])")
# The rest of markdown is stopped by an invisible joiner, because mobile would show the backslash.
JOINER = "\u200c"
# What a name of a host ends in: countries, and what linkifiers and phishers use most.
_DOMAINS = (
    r"[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|pro|name|app|dev|cloud|online|site|website|web"
    r"|xyz|top|link|click|shop|store|tech|page|zone|live|email|example|space|world|digital|host|asia"
)
_ACTIVE = re.compile(
    r"(?i)((?:mailto|xmpp|tel|javascript|data)(?=:)|!(?=\[)|/(?=/)|\{(?=\{)|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)|(?<=w)ww(?=\.)|@(?=\w)|:(?=/)"
    # Clients guess a link behind the bare name of a host: its last dots are what they look for.
    rf"|(?<=\w)\.(?=(?:{_DOMAINS})(?:\.(?:{_DOMAINS})){{0,3}}(?![\w.-]*\w)))"
)
_ADDRESS = re.compile(r"(?i)(/(?=/)|(?<=w)ww(?=\.))")
_LEADING = re.compile(r"^(?=[-+#>|=]|\d+[.)](?:\s|$))")


class Md(str):
    """Text that is safe where markdown is read."""

    __slots__ = ()


Said = Md | LiteralString
LONGEST_TEXT = 600
LONGEST_VALUE = 160


def say(template: LiteralString, *values: object) -> Md:
    """Our own sentence with foreign values in its places, each escaped unless it is `Md`."""
    return Md(template.format(*map(_escaped_value, values)))


def _escaped_value(value: object) -> str:
    """A value inside a sentence; a space at its ends parts words, so it stays."""
    if isinstance(value, Md):
        return value
    text = str(value)
    return f"{' ' * text.startswith(' ')}{md(text, LONGEST_VALUE)}{' ' * text.endswith(' ')}"


def bold(text: object, limit: int = LONGEST_VALUE) -> Md:
    """Foreign text in bold."""
    return Md(f"**{md(text, limit) or '?'}**")


def clean(text: object, limit: int = 0) -> str:
    """Plain text without controls, bidi overrides and lone surrogates, cut to `limit`."""
    plain = str(text)
    # Most text is of printable ASCII, of which nothing has to go.
    if not (plain.isascii() and plain.isprintable()):
        plain = in_plain_words(plain).encode("utf-8", "replace").decode("utf-8")
        plain = _STACKED.sub(r"\1", _GONE.sub("", _BREAK.sub("\n", plain)))
    return cut(plain, limit) if limit else plain


def unlinked(text: str) -> str:
    """The text with an invisible sign in each address, so that no client makes a link of it."""
    return _ADDRESS.sub(lambda found: found[1][0] + JOINER + found[1][1:], text)


def line(text: object, limit: int = 0) -> str:
    """`clean` text on one line."""
    plain = " ".join(clean(text).split())
    return cut(plain, limit) if limit else plain


def md(text: object, limit: int = LONGEST_TEXT) -> Md:
    """One line of foreign text that shows literally where markdown is read."""
    said = str(text)
    return _often_escaped(said, limit) if len(said) <= LONGEST_VALUE else _escaped(said, limit)


@lru_cache(maxsize=4096)
def _often_escaped(text: str, limit: int) -> Md:
    """Names, titles and our own words come again on card after card."""
    return _escaped(text, limit)


def _escaped(text: str, limit: int) -> Md:
    plain = line(text, limit).replace("`", "\u02cb").replace("~", "\u223c")
    plain = _ACTIVE.sub(lambda found: found[1][0] + JOINER + found[1][1:], plain)
    plain = _LEADING.sub(JOINER, plain.replace("\\", "\\" + JOINER))
    return Md(_ESCAPABLE.sub(r"\\\1", plain))


def sentence(text: str, limit: int = LONGEST_TEXT) -> Md:
    """One line of our own making, its moments put into the reader's own zone by the client."""
    if ANCHOR not in text or len(in_plain_words(text)) > limit:
        return md(text, limit)
    parts = MOMENT.split(text)
    said = "".join(
        f"{_piece(words)}{_macro_of(stamp, form)}"
        for words, stamp, form in zip(parts[::4], parts[1::4], parts[2::4], strict=False)
    )
    return Md(f"{said}{_piece(parts[-1])}")


def _piece(text: str) -> str:
    return f"{' ' * text.startswith(' ')}{md(text)}{' ' * text.endswith(' ')}" if text else ""


def _macro_of(stamp: str, form: str) -> str:
    moment = datetime.fromisoformat(stamp)
    return time_macro(moment) if form == "T" else macro(moment)


def cut(text: str, limit: int) -> str:
    """The text, shortened with an ellipsis when it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def range_words(span: TimeRange, now: datetime, zone: ZoneInfo) -> str:
    """The time range a question asked for, as it was asked: "last 48 h", "yesterday"."""
    if span.kind is RangeKind.CLOSED:
        return range_label(span.start, span.end, now, zone)
    length = span.kind is RangeKind.LENGTH
    return range_label(span.start, None, span.end, zone, length=length)


def range_said(over: TimeRange, now: datetime, zone: ZoneInfo) -> Md:
    """The same where the client puts times into the reader's own zone, the day with the time."""
    words = range_words(over, now, zone)
    if ":" not in words:
        return md(words)
    if over.kind is RangeKind.CLOSED:
        return span(over.start, over.end, now, zone)
    return say("{} to now", when(over.start, now, zone))


def within_said(over: TimeRange, now: datetime, zone: ZoneInfo) -> Md:
    """The same at the end of a sentence there: "in the last 48 h", "(Fri 6:00 PM to now)"."""
    words = within_range(over, now, zone)
    return say("({})", range_said(over, now, zone)) if ":" in words else md(words)


def within_range(span: TimeRange, now: datetime, zone: ZoneInfo) -> str:
    """The same at the end of a sentence: "in the last 48 h", "yesterday", "(Fri 18:00 to now)"."""
    words = range_words(span, now, zone)
    if words.startswith("last "):
        return f"in the {words}"
    since = words.removesuffix(" to now")
    if since != words and ":" not in since:
        return f"since {since}"
    return words if words in {"yesterday", "since midnight"} else f"({words})"


def over_range(span: TimeRange, now: datetime, zone: ZoneInfo) -> str:
    """The same behind a number: "in 48 h", "yesterday"."""
    return within_range(span, now, zone).replace("in the last ", "in ")


def time_macro(moment: datetime) -> Md:
    """The time of day, put into the reader's own zone by the client."""
    return Md(f"{{{{TIME({_stamp(moment)})}}}}")


def macro(moment: datetime) -> Md:
    """Date and time, put into the reader's own zone by the client."""
    return Md(f"{{{{DATE({_stamp(moment)},SHORT)}}}} {time_macro(moment)}")


def brief(moment: datetime, now: datetime, zone: ZoneInfo) -> Md:
    """The time alone on the day of `now`, else the short date: for narrow places."""
    if moment.astimezone(zone).date() == now.astimezone(zone).date():
        return time_macro(moment)
    return Md(f"{{{{DATE({_stamp(moment)})}}}}")


def when(moment: datetime, now: datetime, zone: ZoneInfo) -> Md:
    """The time alone on the day of `now`, else date and time."""
    same_day = moment.astimezone(zone).date() == now.astimezone(zone).date()
    return time_macro(moment) if same_day else macro(moment)


def span(start: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> Md:
    """From when to when, the date at most once: "2:00 AM to 2:31 AM" on the day of `now`."""
    return Md(f"{when(start, now, zone)} to {when(end, start, zone)}")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """A time where no macro is read, with its zone named: "02:31 CET"."""
    return f"{moment.astimezone(zone):%H:%M %Z}"


def short_id(run_id: str) -> str:
    """The first part of an id, as Studio shows it in lists."""
    return clean(run_id)[:8]


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 run", "1,204 runs"."""
    return counted(number, noun)


def names(listed: Sequence[str], most: int, limit: int = 60) -> Md:
    """Foreign names for a markdown place: "A, B and 3 more"."""
    shown = ", ".join(md(one, limit) for one in listed[:most])
    rest = len(listed) - most
    return Md(f"{shown} and {rest} more" if rest > 0 else shown)


def phrases(listed: Sequence[str], most: int, limit: int) -> Md:
    """Sentences of our own making in a row: "A, due 7:00 AM, B and 3 more"."""
    first = ", ".join(sentence(one, limit) for one in listed[:most])
    rest = len(listed) - most
    return Md(f"{first} and {rest} more" if rest > 0 else first)


def due(said: str | None, now: datetime) -> Md:
    """A declared time of day ("06:00 UTC"), put into the reader's own zone by the client."""
    at = time_of_day(said or "", now)
    return time_macro(at) if at else md(said or "")


def _stamp(moment: datetime) -> str:
    """Exactly seconds and Z: fractions show raw in some clients."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
