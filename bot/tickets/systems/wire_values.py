"""Values out of what a ticket system answered, in whatever form they came."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from bot.tickets.plain_text import plain_line
from bot.tickets.ports import TicketUnclear

LONGEST = 80
# Names and numbers are short; what is longer is none, and is cut where people read it.


def part(value: object, *path: str) -> Any:  # noqa: ANN401 - JSON of others
    """What lies under these names; None where there is nothing."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, object]", value).get(name)
    return value


def rows(value: object, *path: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list that lies under these names."""
    found = part(value, *path) if path else value
    listed = cast("Sequence[object]", found) if isinstance(found, list) else ()
    return [cast("Mapping[str, Any]", one) for one in listed if isinstance(one, Mapping)]


def word(value: object) -> str:
    """A short name or number of theirs, as plain text."""
    return plain_line(value, LONGEST) if isinstance(value, str | int) else ""


def needed(value: object) -> str:
    """The same, where an answer without it tells nothing."""
    found = word(value)
    if not found:
        raise TicketUnclear("no number in the answer")
    return found
