"""What an examination finds: one line each, with the fix and who can make it."""

from dataclasses import dataclass
from enum import StrEnum


class CheckResult(StrEnum):
    """How a check came out; only `wrong` keeps the bot from its work."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


class Fixer(StrEnum):
    """Who can usually fix something."""

    OPERATOR = "the bot admin"
    AZURE = "an Owner or User Access Administrator of the factory's subscription"
    ENTRA = "an owner of the app registration, or an application administrator"
    NETWORK = "the network admin"
    MICROSOFT = "nobody: wait, then run doctor again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, what was found, and what to do where it is not well."""

    verdict: CheckResult
    what: str
    said: str
    fix: str = ""
    who: str = ""


def ok(what: str, said: str) -> Finding:
    """All is well with it."""
    return Finding(verdict=CheckResult.OK, what=what, said=said)


def warn(what: str, said: str, fix: str = "", who: Fixer = Fixer.OPERATOR) -> Finding:
    """The bot works, but somebody should know."""
    return Finding(verdict=CheckResult.WARN, what=what, said=said, fix=fix, who=who)


def wrong(what: str, said: str, fix: str, who: Fixer = Fixer.OPERATOR) -> Finding:
    """The bot cannot do its work until this is fixed."""
    return Finding(verdict=CheckResult.WRONG, what=what, said=said, fix=fix, who=who)
