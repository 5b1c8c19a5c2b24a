"""The states of Azure that rows ask for in words, as faults of the simulator."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adf.simulator import Fault
from tests.doubles.pages import PAGES, Page

# Told of the model, the documentation, of proposals and of the bot's store; each is made there.
_ELSEWHERE = frozenset(
    {"llm", "mcp", "proposal_state", "proposal_age_min", "policy", "world", "incidents"}
)


# "CLT", "AEDT": how people write the time of the place they are at.
_SHORT = re.compile(r"[A-Z]{1,4}T")


class UnknownState(Exception):
    """A state that this runner cannot make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """How ARM behaves for a row, and when the question was answered before, if it was."""

    faults: tuple[Fault, ...] = ()
    snapshot: datetime | None = None


def arm_of(setup: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Arm:
    """The behaviour that a row's setup tells; UnknownState for what is not known."""
    known = {key: value for key, value in setup.items() if key not in _ELSEWHERE}
    if known.keys() - {"arm", "cache"}:
        raise UnknownState(json.dumps(dict(setup)))
    arm = Arm(faults=_faults(str(known["arm"]))) if "arm" in known else Arm()
    if "cache" in known:
        return replace(arm, snapshot=_snapshot(str(known["cache"]), now, zone))
    return arm


def pages_of(setup: Mapping[str, Any]) -> list[Page]:
    """The pages of the documentation, with what a row's setup plants into each of them."""
    if "mcp" not in setup:
        return list(PAGES)
    match = re.fullmatch(r"page text contains: '(?P<text>.+)'", str(setup["mcp"]), re.DOTALL)
    if match is None:
        raise UnknownState(str(setup["mcp"]))
    return [replace(one, text=f"{one.text}\n\n{match['text']}") for one in PAGES]


def _faults(words: str) -> tuple[Fault, ...]:
    for pattern, make in _STATES:
        match = re.fullmatch(pattern, words)
        if match:
            return (make(match),)
    raise UnknownState(words)


def _snapshot(words: str, now: datetime, room: ZoneInfo) -> datetime:
    """The time of today in the room; a zone is named as the room has it, or by its own name."""
    match = re.fullmatch(r"(?P<at>\d\d:\d\d) (?P<zone>\S+) snapshot", words)
    if match is None:
        raise UnknownState(words)
    today = now.astimezone(room)
    zone = zone_named(match["zone"], today.tzname(), room)
    at = datetime.combine(today.date(), time.fromisoformat(match["at"]), zone)
    return at.astimezone(now.tzinfo)


def zone_named(named: str, now: str | None, room: ZoneInfo) -> ZoneInfo:
    """The room's zone by its short name, which few zones have in the tz database; or another."""
    if named == now:
        return room
    try:
        return ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError):
        if _SHORT.fullmatch(named):
            return room
        raise UnknownState(named) from None


def _throttled(match: re.Match[str]) -> Fault:
    times = {"once": 1, "twice": 2, "three times": 3}[match["times"]]
    return Fault(status=429, retry_after=int(match["wait"]), times=times)


def _child_fails(match: re.Match[str]) -> Fault:
    return Fault(path=rf"/pipelineruns/{match['run']}[0-9a-f-]*/queryActivityruns$", status=500)


_STATES: tuple[tuple[str, Callable[[re.Match[str]], Fault]], ...] = (
    (r"429 (?P<times>once|twice|three times), Retry-After (?P<wait>\d+), then ok", _throttled),
    (r"429 always", lambda _: Fault(status=429, code="TooManyPipelineRunQueryRequests")),
    (
        r"(?:401/)?(?P<status>40[13])(?:/403)? for the bot identity",
        lambda match: Fault(status=int(match["status"])),
    ),
    (
        r"createRun returns 403 although the role check passed",
        lambda _: Fault(
            path=r"(?i)/createRun$", method="POST", status=403, code="AuthorizationFailed"
        ),
    ),
    (r"connect timeout", lambda _: Fault(cut="before_headers")),
    (r"activity query for child (?P<run>[0-9a-f]+)-?\.\.\. returns 500", _child_fails),
    (
        r"results in 3 pages with continuationToken; newest failure on page 3",
        lambda _: Fault(path="queryPipelineRuns$", pages=3, order="reversed"),
    ),
    (
        r"child activity query answers 100 rows.*page 2",
        lambda _: Fault(path="queryActivityruns$", pages=2, order="failures_last"),
    ),
)
