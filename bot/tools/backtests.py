"""What a subscription would have posted in the past, said before it is saved."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from adf.client import Factories
from adf.errors import AdfError
from adf.history.backtest import Backtest, LastDue, failures_before, late_before, overlong_before
from bot.state.notification_terms import EventKind, NotificationTerms, last_deadline, longest_of
from bot.state.subscription import CRITICAL, EVERYTHING, StoredSubscription
from bot.tools.context import ToolContext
from cards.text import count

LONGEST_LOOK = 5.0
USUAL_WAIT = 20
# Where waiting spares at least that many posts, and half of them, it is offered.
WORTH_WAITING = 3
_OF_FAILURES = frozenset({EventKind.FAILURES, EventKind.PROBLEMS})
_NO_HISTORY = "I can't tell from past runs how often that would have posted."


class FactoryHistory:
    """What was before a subscription, read from Data Factory; it keeps nothing."""

    def __init__(self, factories: Factories, clock: Callable[[], datetime]) -> None:
        """Borrow the clients."""
        self._factories = factories
        self._clock = clock

    async def failures(
        self, factory: str, name: str | None, covers: Callable[[str], bool], wait: timedelta
    ) -> Backtest | None:
        """How often a failure would have been posted."""
        client = await self._factories.client(factory)
        return await failures_before(client, name, covers, wait, self._clock())

    async def overlong(self, factory: str, name: str, longest: timedelta) -> Backtest | None:
        """How many runs of a pipeline took longer than that."""
        client = await self._factories.client(factory)
        return await overlong_before(client, name, longest, self._clock())

    async def late(self, factory: str, name: str, due: LastDue) -> Backtest | None:
        """On how many days a pipeline was not done by then."""
        client = await self._factories.client(factory)
        return await late_before(client, name, due, self._clock())

    async def runtimes(self, factory: str) -> Sequence[str]:
        """The integration runtimes that are the owner's own."""
        client = await self._factories.client(factory)
        return [one.name for one in await client.list_runtimes() if one.is_self_hosted]


async def backtest_text(
    here: ToolContext, factory: str, target: str, terms: NotificationTerms
) -> tuple[str, bool]:
    """How often it would have been posted, and whether waiting would have spared many posts."""
    if terms.kind is EventKind.FINISH or here.state.past is None:
        return "", False
    if terms.kind not in _OF_FAILURES and not terms.limit:
        return _NO_HISTORY, False
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            found = await _backtest(here, factory, target, terms)
    except (AdfError, TimeoutError):
        return "I couldn't read enough history to tell how often it would have been posted.", False
    if found is None:
        return f"{_what(target)} has no run in the last 45 days, so I can't tell how often.", False
    return _words(found, terms), _is_worth_waiting(found, terms)


async def _backtest(
    here: ToolContext, factory: str, target: str, terms: NotificationTerms
) -> Backtest | None:
    past = here.state.past
    longest = longest_of(terms.limit)
    is_one = target not in {EVERYTHING, CRITICAL} and "*" not in target
    if past is None or (terms.limit and not is_one):
        return None
    if longest is not None:
        return await past.overlong(factory, target, longest)
    if terms.limit:
        return await past.late(factory, target, partial(last_deadline, terms.limit))
    pipelines = await here.state.pipelines((factory,))
    critical = {one.name for one in pipelines if one.notes.critical}
    wish = StoredSubscription(factory=factory, target=target, events=terms.kind, tenant="")
    wait = timedelta(minutes=terms.wait or USUAL_WAIT)
    return await past.failures(
        factory,
        target if is_one else None,
        lambda name: wish.covers({name}, critical=name in critical),
        wait,
    )


def _words(found: Backtest, terms: NotificationTerms) -> str:
    """How often, over how many days, and what a wait would have spared."""
    days = f"In the last {count(found.days, 'day')}"
    short = "" if found.days >= 40 else " (there are no older runs)"
    about = "failures alone " if terms.kind is EventKind.PROBLEMS else "this "
    whole = "" if found.is_whole else " at least"
    if longest_of(terms.limit):
        return f"{days}{short}, {_runs(found.posts)} took longer than that."
    if terms.limit:
        late = count(found.posts, "day") if found.posts else "no day"
        return f"{days}{short}, there was {late} on which it ran and was not done by then."
    if not found.posts:
        return f"{days}{short}, {about}would have posted nothing."
    minutes = f"{round(found.wait.total_seconds() / 60)} min"
    if terms.wait and found.quick:
        sent = f"{count(found.with_wait, 'time')}"
        left = f"{count(found.quick, 'failure')} recovered within {minutes}"
        return f"{days}{short}, {about}would have posted{whole} {sent}: {left} and stayed silent."
    sent = count(found.posts, "time")
    if not found.quick or terms.wait:
        return f"{days}{short}, {about}would have posted{whole} {sent}."
    return (
        f"{days}{short}, {about}would have posted{whole} {sent}; {found.quick} recovered within "
        f"{minutes}. With a wait of {minutes}: {count(found.with_wait, 'time')}."
    )


def _runs(number: int) -> str:
    return "no run" if not number else count(number, "run")


def _what(target: str) -> str:
    return "Nothing like that" if target in {EVERYTHING, CRITICAL} or "*" in target else target


def _is_worth_waiting(found: Backtest, terms: NotificationTerms) -> bool:
    spared = found.quick >= WORTH_WAITING and 2 * found.quick >= found.posts
    return spared and not terms.wait and terms.kind is EventKind.FAILURES
