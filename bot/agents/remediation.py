"""What an AdfError means: which trouble it is, in words of our own, the fix, who can do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adf.errors import (
    BUDGET_SPENT,
    AdfError,
    BadArguments,
    Forbidden,
    NotFound,
    OutOfRange,
    Reach,
    Rejected,
    Throttled,
    Unavailable,
)

READER_ROLE = "ADF Ops Reader"
HOST = "the bot admin"
_AZURE = "nobody: Azure recovers by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """Which area of trouble it is, what happened, how it is fixed and who can."""

    area: str
    happened: str
    fix: str
    who: str


class ClassifiedError(AdfError):
    """Something asked of another server than Data Factory; it brings its own advice."""

    def __init__(self, said: str, advice: Remediation, *, asked: str = "") -> None:
        """Keep the advice beside what was said."""
        super().__init__(said, asked=asked)
        self.advice = advice


def advice_for(error: AdfError) -> Remediation:
    """The advice for an error of any kind."""
    advise = next(advise for kind, advise in _KINDS if isinstance(error, kind))
    return advise(error)


def _own(error: ClassifiedError) -> Remediation:
    return error.advice


def _out_of_range(error: OutOfRange) -> Remediation:
    fix = "Ask about a later time; logs sent to Log Analytics may reach further back."
    return Remediation(area="window", happened=error.said, fix=fix, who="")


def _bad_arguments(error: BadArguments) -> Remediation:
    fix = "Ask again with what is missing."
    return Remediation(area="input", happened=error.said, fix=fix, who="")


def _rejected(error: Rejected) -> Remediation:
    fix = "Data Factory rejected my request: tell the bot admin."
    return Remediation(area="input", happened=error.said, fix=fix, who=HOST)


def _anything(error: AdfError) -> Remediation:
    return Remediation(area="internal", happened=error.said, fix="Ask again.", who=HOST)


def _missing(error: NotFound) -> Remediation:
    if error.what in {"subscription", "resource group", "factory"}:
        fix = (
            f"The {error.what} in the bot's settings doesn't exist or was moved: correct it in "
            f"ADFOPS_FACTORIES{_named(error.resource)}."
        )
        return Remediation(area="name", happened=error.said, fix=fix, who=HOST)
    fix = "Check the name, or the whole run id; runs are kept for 45 days."
    return Remediation(area="name", happened=error.said, fix=fix, who="")


def _forbidden(error: Forbidden) -> Remediation:
    return _identity(error) if error.status == 401 else _permission(error)


def _identity(error: Forbidden) -> Remediation:
    fix = (
        "The bot's own sign-in was refused: check its managed identity or its secret, the tenant "
        "it signs in to, and the clock of its machine; “python app.py doctor” tells which."
    )
    return Remediation(area="identity", happened=error.said, fix=fix, who=HOST)


def _permission(error: Forbidden) -> Remediation:
    lacks = f" It lacks {error.action}." if error.action else ""
    happened = (
        "The bot's identity isn't allowed to read this in Data Factory." if lacks else error.said
    )
    where = _named(error.resource) or " on the data factory"
    fix = (
        f'Assign the custom role "{READER_ROLE}" (deploy/reader-role.json) to the bot\'s identity'
        f"{where}; it takes a few minutes to take effect."
    )
    who = f"an administrator with Owner or User Access Administrator{where}"
    return Remediation(area="permission", happened=f"{happened}{lacks}", fix=fix, who=who)


def _throttling(error: Throttled) -> Remediation:
    wait = f" in {error.retry_after:.0f} s" if error.retry_after else " in a minute"
    if error.code == BUDGET_SPENT:
        happened = f"I paused so that Azure doesn't throttle us: {error.said}."
        return Remediation(area="throttling", happened=happened, fix=f"Try again{wait}.", who="")
    return Remediation(
        area="throttling",
        happened="Azure is busy: it is throttling requests to this subscription.",
        fix=f"Try again{wait}.",
        who=_AZURE,
    )


def _network(error: Unavailable) -> Remediation:
    first, who = _REACH[error.reach]
    fix = f"{first} {_ELSEWHERE}"
    happened = f"Data Factory didn't answer: {error.reach}."
    if error.reach is Reach.BROKEN:
        happened = f"Data Factory returned an error: {error.said}"
    return Remediation(area="network", happened=happened, fix=fix, who=who)


_ELSEWHERE = "Until then, Data Factory Studio (adf.azure.com) or the Azure portal may show it."
_AGAIN = "Try again. If it keeps failing, check Azure's status page."
_REACH = {
    Reach.NAME: ("Check the DNS of the bot's network, and its private endpoints.", HOST),
    Reach.TRUST: (
        "Check for a proxy in between, and which certificates the bot trusts.",
        HOST,
    ),
    Reach.NOBODY: ("Check the bot's outbound network: firewall, proxy, private endpoint.", HOST),
    Reach.SILENCE: (_AGAIN, _AZURE),
    Reach.CUT: (_AGAIN, _AZURE),
    Reach.BROKEN: (_AGAIN, _AZURE),
    Reach.NONSENSE: ("Check whether a proxy answers instead of Azure.", HOST),
}


def _named(resource: str | None) -> str:
    """Of which factory, in a phrase."""
    return f" on {resource.rpartition('/')[2]}" if resource else ""


# Each kind before the one it is a kind of.
_KINDS: tuple[tuple[type[AdfError], Callable[[Any], Remediation]], ...] = (
    (ClassifiedError, _own),
    (OutOfRange, _out_of_range),
    (BadArguments, _bad_arguments),
    (NotFound, _missing),
    (Forbidden, _forbidden),
    (Throttled, _throttling),
    (Rejected, _rejected),
    (Unavailable, _network),
    (AdfError, _anything),
)
