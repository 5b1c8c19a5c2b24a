"""Of what somebody can be told: pipelines, patterns of names, runtimes, everything, critical."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from rapidfuzz import process, utils

from adf.errors import BadArguments
from adf.records import Pipeline
from bot.access.policy import Grant
from bot.state.notification_terms import EventKind, NotificationTerms
from bot.state.subscription import CRITICAL, EVERYTHING
from bot.tools.context import ToolContext
from cards.records import Choice, Picker

NEAREST = 5


async def find_target(
    here: ToolContext, grant: Grant, target: str, factory: str | None, terms: NotificationTerms
) -> tuple[str, str] | Picker:
    """The factory and the target as they are spelled; a picker when no such thing is known."""
    alias = _alias(grant, factory)
    if target.lower() in {EVERYTHING, CRITICAL}:
        return _checked(alias, target.lower(), terms)
    among = (alias,) if factory else grant.aliases
    known = await here.state.pipelines(among)
    if "*" in target:
        return _of_pattern(alias, target, known, terms)
    if terms.kind is EventKind.RUNTIME:
        return await _of_runtime(here, among, target)
    fitting = [one for one in known if one.name.lower() == target.lower()]
    if not fitting:
        return _nearest(target, known)
    one = next((one for one in fitting if one.factory == alias), fitting[0])
    if terms.kind is EventKind.DEADLINE and not terms.limit and not one.notes.due:
        raise BadArguments(
            f"no deadline is declared for {one.name}: say one, as in “tell us if {one.name} isn't "
            "done by 06:00”"
        )
    return one.factory, one.name


def _alias(grant: Grant, factory: str | None) -> str:
    if factory is None:
        return grant.meant
    found = next((one for one in grant.aliases if one.lower() == factory.lower()), None)
    if found is None:
        raise BadArguments(f"there is no factory called {factory} that you can see here")
    return found


def _checked(alias: str, target: str, terms: NotificationTerms) -> tuple[str, str]:
    if terms.kind is EventKind.DEADLINE and terms.limit:
        raise BadArguments(
            "a time of day is for one pipeline, or for a pattern of names: say which one has to be"
            " done by then"
        )
    return alias, target


def _of_pattern(
    alias: str, pattern: str, known: Sequence[Pipeline], terms: NotificationTerms
) -> tuple[str, str] | Picker:
    """A pattern that fits a pipeline, in the factory that is meant or in the only one it fits."""
    found = [one for one in known if fnmatchcase(one.name.lower(), pattern.lower())]
    if not found:
        return _nearest(pattern.strip("*"), known)
    places = {one.factory for one in found}
    return alias if alias in places else min(places), pattern


async def _of_runtime(
    here: ToolContext, among: Sequence[str], target: str
) -> tuple[str, str] | Picker:
    """An integration runtime by its name."""
    names: dict[str, str] = {}
    for alias in among:
        found = await here.state.past.runtimes(alias) if here.state.past else ()
        names |= {name: alias for name in found if name not in names}
    exact = next((name for name in names if name.lower() == target.lower()), None)
    if exact is not None:
        return names[exact], exact
    choices = [
        Choice(title=name, question=f"tell us when integration runtime {name} goes offline")
        for name in sorted(names)[:NEAREST]
    ]
    return Picker(
        question=f"There is no integration runtime called “{target}”. Which one should I watch?",
        choices=tuple(choices),
    )


def _nearest(target: str, known: Sequence[Pipeline]) -> Picker:
    names = sorted({one.name for one in known})
    near = process.extract(target, names, processor=utils.default_process, limit=NEAREST)
    return Picker(
        question=f"There is no pipeline called “{target}”. Which one should I watch?",
        choices=tuple(
            Choice(title=name, question=f"tell me when {name} fails") for name, *_ in near
        ),
    )
