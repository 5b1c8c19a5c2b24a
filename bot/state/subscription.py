"""One subscription: whose it is, what it is about, and whether it tells of an occasion."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from bot.state.notification_terms import EventKind, NotificationTerms

VERSION = 2
EVERYTHING = "everything"
CRITICAL = "critical"
# What stands now is told to who asks now; what is past was told to those who had asked before.
_STANDING = frozenset({EventKind.OVERLONG, EventKind.RUNTIME, EventKind.QUEUE})


# A retry or a rerun that takes longer is no reason to keep quiet.
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something to tell: of which kind, about which pipelines, by which limit, and since when."""

    factory: str
    kind: EventKind
    pipelines: Collection[str]
    critical: bool
    since: datetime
    limit: str = ""
    is_retried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubscription:
    """A subscription as it is kept: of a factory, for the room at `conversation` or for a `person`.

    `target` is a pipeline, a pattern such as "PL_*", "everything" or "critical". What was added
    after the first `version` has a default, so an older row reads as it was meant.
    """

    factory: str
    target: str
    events: EventKind
    tenant: str
    conversation: str = ""
    person: str = ""
    once: bool = False
    since: str = ""
    limit: str = ""
    wait: int = 0
    quiet: str = ""
    version: int = 1

    @property
    def terms(self) -> NotificationTerms:
        """What is told, and when."""
        return NotificationTerms(
            kind=self.events, limit=self.limit, wait=self.wait, quiet=self.quiet
        )

    def covers(self, pipelines: Collection[str], *, critical: bool) -> bool:
        """Whether something about these pipelines is told."""
        if self.target == CRITICAL:
            return critical
        if self.target == EVERYTHING or self.target in pipelines:
            return True
        if "*" not in self.target:
            return False
        return any(fnmatchcase(one.lower(), self.target.lower()) for one in pipelines)

    def wants(self, occasion: Occasion) -> bool:
        """Whether that is told here at all, sooner or later."""
        return (
            self.events.includes(occasion.kind)
            and self.limit == occasion.limit
            and self.covers(occasion.pipelines, critical=occasion.critical)
            and (occasion.kind in _STANDING or is_since_before(self, occasion.since))
        )

    def is_due(self, occasion: Occasion, now: datetime) -> bool:
        """Whether it is told now: it stands as long as was asked for, and the hours are not quiet.

        Quiet hours hold a thing back; if it still stands when they end, it is told then. Who waits
        also waits for a run under way that may end it, an hour at most.
        """
        wait = timedelta(minutes=self.wait)
        if self.wait and occasion.is_retried:
            wait += LONGEST_RETRY
        return now - occasion.since >= wait and self.terms.opens(now)


def is_since_before(subscription: StoredSubscription, ended: datetime) -> bool:
    """Whether somebody asked before that; a time that cannot be read is taken for long ago."""
    try:
        return datetime.fromisoformat(subscription.since) <= ended
    except (ValueError, TypeError):
        return True


def changed_subscription(
    known: StoredSubscription | None, wanted: StoredSubscription
) -> StoredSubscription | None:
    """What takes the place of a subscription; None where it says that already."""
    if known is None:
        return wanted
    return None if known.terms == wanted.terms else replace(wanted, once=known.once)


def subscription_key(kept: StoredSubscription) -> str:
    place = f"{kept.tenant}|{kept.conversation}|{kept.person}|{kept.target}|{kept.events}"
    return f"{kept.factory}|{hashlib.sha256(place.encode()).hexdigest()[:32]}"
