"""What an examination finds: one line each, with the mend and who can make it."""

from dataclasses import dataclass
from enum import StrEnum


class CheckResult(StrEnum):
    """How a check came out; only `wrong` keeps the bot from its work."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


class Fixer(StrEnum):
    """Who can usually mend something."""

    OPERATOR = "whoever runs the bot"
    AZURE = "an Owner or User Access Administrator of the factory's subscription"
    ENTRA = "an owner of the app registration, or an application administrator"
    NETWORK = "whoever runs the network around the bot"
    MICROSOFT = "nobody here: wait, and run doctor again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, what was found, and what to do where it is not well."""

    verdict: CheckResult
    what: str
    said: str
    mend: str = ""
    who: str = ""


def ok(what: str, said: str) -> Finding:
    """All is well with it."""
    return Finding(verdict=CheckResult.OK, what=what, said=said)


def warn(what: str, said: str, mend: str = "", who: Fixer = Fixer.OPERATOR) -> Finding:
    """The bot works, but somebody should know."""
    return Finding(verdict=CheckResult.WARN, what=what, said=said, mend=mend, who=who)


def wrong(what: str, said: str, mend: str, who: Fixer = Fixer.OPERATOR) -> Finding:
    """The bot cannot do its work until this is mended."""
    return Finding(verdict=CheckResult.WRONG, what=what, said=said, mend=mend, who=who)
