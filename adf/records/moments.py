"""Moments inside sentences: each carries its instant, so that a card can show it in any zone.

A sentence is made before anybody knows where it is shown. Its moments are written as Unicode's
annotations are: the instant, then how it reads in plain text. Cards show the instant in the zone of
their reader, all else shows the plain text.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ANCHOR = "\ufff9"
MOMENT = re.compile(
    "\ufff9(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)([DT])\ufffa([^\ufff9-\ufffb]*)\ufffb"
)

_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d) UTC")


def moment_said(moment: datetime, zone: ZoneInfo, now: datetime | None = None) -> str:
    """A moment for a sentence, with its day unless that is the one of `now`.

    Without `now` it is the time alone, its zone named where it is plain: "02:31 CET".
    """
    local = moment.astimezone(zone)
    if now is None:
        form, plain = "T", f"{local:%H:%M %Z}"
    elif local.date() == now.astimezone(zone).date():
        form, plain = "T", f"{local:%H:%M}"
    else:
        form, plain = "D", f"{local:%a %d %b %H:%M}"
    return f"{ANCHOR}{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}{form}\ufffa{plain}\ufffb"


def time_of_day_said(said: str, now: datetime, zone: ZoneInfo) -> str:
    """A time of day as it was declared ("06:00 UTC"), as a moment of the day of `now`."""
    at = time_of_day(said, now)
    return moment_said(at, zone) if at else said


def due_text(name: str, due: str | None, now: datetime, zone: ZoneInfo) -> str:
    """A name with the time by which it is due, if one is declared."""
    return f"{name}, due {time_of_day_said(due, now, zone)}" if due else name


def time_of_day(said: str, now: datetime) -> datetime | None:
    """The moment of a declared time of day ("06:00 UTC") on the day of `now`; None for others."""
    found = _TIME_OF_DAY.fullmatch(said)
    if found is None:
        return None
    return now.astimezone(UTC).replace(
        hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0
    )


def in_plain_words(text: str) -> str:
    """The sentence as it reads where no card shows it."""
    return MOMENT.sub(r"\3", text) if ANCHOR in text else text
